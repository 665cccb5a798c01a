// Package bench loads a server and tells what it costs: deliveries a second,
// latency, processor time per delivery, memory per connection. Everything is
// measured from outside, and beside a floor in the same run.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Member is one membership, as `homeroom demo` writes it.
type Member struct {
	UserID    int64   `json:"user_id"`
	Name      string  `json:"name"`
	Token     string  `json:"token"`
	Role      string  `json:"role"`
	ClassID   int64   `json:"class_id"`
	ThreadIDs []int64 `json:"thread_ids"`
}

// Load is what is asked of a server: an open loop of messages, sent at their
// time whether or not the server keeps up.
type Load struct {
	Rate     float64       // messages a second in all
	Warm     time.Duration // before anything is counted
	Duration time.Duration
	Size     int // bytes of a message
}

// Result is what came of a load.
type Result struct {
	Connections    int     `json:"connections"`
	Rate           float64 `json:"messages_per_second_asked"`
	Sent           int64   `json:"messages_sent"`
	Seconds        float64 `json:"seconds"`
	Refused        int64   `json:"refused"`
	Closed         int64   `json:"connections_closed"`
	PerSecond      float64 `json:"deliveries_per_second"`
	Delivery       Latency `json:"delivery"`
	Acknowledgment Latency `json:"acknowledgment"`
	CPUPerDelivery float64 `json:"cpu_us_per_delivery,omitempty"`
	CPUPerMessage  float64 `json:"cpu_us_per_message,omitempty"`
	Memory         int64   `json:"memory_bytes,omitempty"`
}

// run is what the clients of one load share.
type run struct {
	delivered, acknowledged *latencies
	refused, closed         atomic.Int64
}

// Connect opens a connection for every member, some at a time, and returns
// them with how long it took until each had its hello answered.
func connect(address string, members []Member, atATime int) ([]*client, time.Duration, error) {
	clients := make([]*client, len(members))
	errs := make([]error, len(members))
	var wg sync.WaitGroup
	next := atomic.Int64{}
	begin := time.Now()
	for range atATime {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(members) {
					return
				}
				c, err := dial(address, members[i])
				if err == nil {
					err = c.hello()
				}
				clients[i], errs[i] = c, err
			}
		})
	}
	wg.Wait()
	took := time.Since(begin)
	for i, err := range errs {
		if err != nil { // a thousand others would say the same
			return clients, took, fmt.Errorf("%s: %w", members[i].Name, err)
		}
	}
	return clients, took, nil
}

func closeAll(clients []*client) {
	for _, c := range clients {
		if c != nil {
			_ = c.net.Close()
		}
	}
}

// send runs the load over open connections and counts what the server p used.
func (l Load) send(ctx context.Context, p *process, clients []*client, frame func(c *client, content string, n int64) []byte) (Result, error) {
	r := &run{delivered: &latencies{}, acknowledged: &latencies{}}
	counted := r
	var listening sync.WaitGroup
	warm := &run{delivered: &latencies{}, acknowledged: &latencies{}}
	current := atomic.Pointer[run]{}
	current.Store(warm)
	for _, c := range clients {
		listening.Go(func() { c.listenTo(&current) })
	}
	padding := strings.Repeat("a message that somebody wrote ", l.Size/30+1)
	begin := time.Now()
	var sent, total int64
	var cpu time.Duration
	var counting time.Time
	every := time.Duration(float64(time.Second) / l.Rate)
	for at := begin; at.Before(begin.Add(l.Warm + l.Duration)); at = at.Add(every) {
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		if counting.IsZero() && at.Sub(begin) >= l.Warm {
			// What is still under way counts as warming up.
			var err error
			if cpu, err = p.cpu(); err != nil {
				return Result{}, err
			}
			current.Store(counted)
			counting = time.Now()
			sent = 0
		}
		c := clients[rand.IntN(len(clients))]
		content := (stamp + fmt.Sprintf("%019d", at.UnixNano()) + padding)[:max(l.Size, len(stamp)+19)]
		total++
		if err := c.write(1, frame(c, content, total)); err != nil {
			return Result{}, fmt.Errorf("sending: %w", err)
		}
		sent++
	}
	took := time.Since(counting)
	after, err := p.cpu()
	if err != nil {
		return Result{}, err
	}
	memory, err := p.memory()
	if err != nil {
		return Result{}, err
	}
	deliveriesInTime := counted.delivered.sum().Count
	time.Sleep(time.Second) // stragglers
	closeAll(clients)
	listening.Wait()

	out := Result{
		Connections: len(clients), Rate: l.Rate, Sent: sent, Seconds: took.Seconds(),
		Refused: r.refused.Load(), Closed: r.closed.Load(),
		PerSecond: float64(deliveriesInTime) / took.Seconds(),
		Delivery:  r.delivered.sum(), Acknowledgment: r.acknowledged.sum(), Memory: memory,
	}
	used := float64((after - cpu).Microseconds())
	if deliveriesInTime > 0 {
		out.CPUPerDelivery = used / float64(deliveriesInTime)
	}
	out.CPUPerMessage = used / float64(max(sent, 1))
	return out, nil
}

// sendFrame is a message of the product's v2 dialect.
func sendFrame(c *client, content string, n int64) []byte {
	f, err := json.Marshal(map[string]any{
		"action": "send", "class_id": c.member.ClassID, "thread_id": c.member.ThreadIDs[n%int64(len(c.member.ThreadIDs))],
		"content": content, "client_id": fmt.Sprintf("b%d-%d", time.Now().UnixNano(), n),
	})
	if err != nil {
		panic(err) // numbers and text can be encoded
	}
	return f
}

// floorFrame is what the floor passes on.
func floorFrame(_ *client, content string, _ int64) []byte { return []byte(content) }
