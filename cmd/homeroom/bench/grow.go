package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Growth compares a send where there is little of something with one where
// there is much: what it costs must not grow with it.
type Growth struct {
	Of    string  `json:"of"` // messages, threads or classes
	Few   int     `json:"few"`
	Many  int     `json:"many"`
	Less  float64 `json:"cpu_us_per_message_with_few"`
	More  float64 `json:"cpu_us_per_message_with_many"`
	Ratio float64 `json:"cpu_per_message_ratio"`
}

// grow makes the comparisons that the plan asks for. As many members are online
// on either side, and as many hear each message.
func (p Plan) grow(ctx context.Context, dir string, w io.Writer) (all []Growth, err error) {
	few := p.school(p.Members, 1000)
	compare := func(of string, little, much int, less, more school) {
		if much == 0 || err != nil {
			return
		}
		g := Growth{Of: of, Few: little, Many: much}
		if g.Less, g.More, err = p.compare(ctx, filepath.Join(dir, of), less, more, w); err != nil {
			return
		}
		g.Ratio = g.More / g.Less
		all = append(all, g)
		say(w, "a send with %d %s costs %.2f times that with %d (%.0f and %.0f µs)", g.Many, g.Of, g.Ratio, g.Few, g.More, g.Less)
	}

	many := few
	many.messages = p.ManyStored
	compare("messages", few.messages, p.ManyStored, few, many)

	many = few
	many.threads = max(p.ManyThreads/few.classes, 1)
	compare("threads", few.threads*few.classes, p.ManyThreads, few, many)

	few.members, few.threads = 3, 1 // the smallest that there are: ten thousand are to be filled
	few.classes = p.Members / few.members
	many = few
	many.classes = p.ManyClasses
	compare("classes", few.classes, p.ManyClasses, few, many)
	return all, err
}

// compare loads two schools by turns and returns what a message costs in each.
func (p Plan) compare(ctx context.Context, dir string, less, more school, w io.Writer) (with, against float64, err error) {
	var servers [2]*process
	var online [2][]Member
	for i, s := range []school{less, more} {
		server, members, err := p.product(ctx, filepath.Join(dir, []string{"few", "many"}[i]), s, w)
		if err != nil {
			return 0, 0, err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
		servers[i], online[i] = server, members[:min(len(members), p.Members)]
	}
	load := Load{Rate: 400, Warm: p.Warm, Duration: p.Duration, Size: p.Size}
	var cost [2]float64
	for _, i := range []int{0, 1, 1, 0} { // what the machine does meanwhile counts on both sides
		result, err := p.send(ctx, servers[i], online[i], load)
		if err != nil {
			return 0, 0, err
		}
		if result.Refused > 0 || result.Closed > 0 {
			return 0, 0, fmt.Errorf("%d messages refused, %d connections closed: that costs something else", result.Refused, result.Closed)
		}
		cost[i] += result.CPUPerMessage / 2
	}
	return cost[0], cost[1], nil
}
