package history

import (
	"encoding/json"
	"flag"
	"hash/fnv"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"homeroom/app"
	"homeroom/app/chaostest"
	"homeroom/app/server/servertest"
	"homeroom/app/store/storetest"
	"homeroom/models"
)

// groups are how many servers the histories are spread over, several at a time:
// what a server tells of somebody who is in thousands of classes takes its time.
var groups = chaostest.Of(2, 50)

func TestMain(m *testing.M) {
	flag.Parse()
	for name, value := range map[string]int{"rapid.checks": chaostest.Of(30, 10_000) / groups, "test.parallel": 4} {
		if err := flag.Set(name, strconv.Itoa(value)); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func jsonInto(raw []byte, v any) error { return json.Unmarshal(raw, v) }

// commands are what may happen, the frequent ones more than once.
var commands = []func(*story){
	(*story).send, (*story).send, (*story).send, (*story).send, (*story).sendLive, (*story).sendLive,
	(*story).edit, (*story).edit, (*story).delete, (*story).react, (*story).react, (*story).react,
	(*story).openThread, (*story).changeThread, (*story).deleteThread, (*story).pin, (*story).pin,
	(*story).addMember, (*story).addMember, (*story).removeMember, (*story).changeMember,
	(*story).makeCode, (*story).join, (*story).changeClass, (*story).reconnect, (*story).offline,
}

// ways are the fates of frames, as often as they come about.
var ways = []fault{none, none, none, none, none, none, none, none, dropped, doubled, late, cut}

var lengths = []int{10, 20, 30, 40, 60, 100}

// mix makes an even number of what was drawn: rapid likes the ends of a range,
// and a restart takes as long as ten histories.
func mix(fates []fault) (n uint32) {
	h := fnv.New32a()
	for _, f := range fates {
		h.Write([]byte{byte(f)})
	}
	return h.Sum32()
}

// told is what the histories came to.
type told struct {
	mu                           sync.Mutex
	histories, resyncs, restarts int
	events                       int64
}

func TestR09WhateverIsLostOnTheWayAClientEndsWithWhatIsStored(t *testing.T) {
	begun := time.Now()
	var all told
	t.Run("histories", func(t *testing.T) {
		for group := range groups {
			t.Run(strconv.Itoa(group), func(t *testing.T) {
				t.Parallel()
				tellHistories(t, &all)
			})
		}
	})
	chaostest.Figures("R9", "histories=%d events=%d resyncs=%d restarts=%d different=0 in=%v",
		all.histories, all.events, all.resyncs, all.restarts, time.Since(begun).Round(time.Second))
}

// tellHistories lets the histories of a group happen on a server of their own.
func tellHistories(t *testing.T, all *told) {
	s := school(t, servertest.Options{App: func(l *app.Limits) { l.ReplayEvents = 12 }})
	rapid.Check(t, func(rt *rapid.T) {
		scene := newScene(t, s)
		h := &story{T: rt, s: s, class: scene.class, path: scene.path, threads: []int64{scene.thread}}
		h.remember(models.Message{ID: scene.message, ThreadID: scene.thread})
		for _, u := range []models.User{s.Ann, s.Bob} {
			c := reference(rt, s, u, h.class)
			defer c.hangUp()
			c.connect()
			h.clients = append(h.clients, c)
		}
		fates := rapid.SliceOfN(rapid.SampledFrom(ways), 32, 32).Draw(rt, "fates of the frames")
		turn := 0
		fate := func() fault {
			turn++
			return fates[turn%len(fates)]
		}
		mixed := mix(fates)
		for i := range rapid.SampledFrom(lengths).Draw(rt, "commands") {
			rapid.SampledFrom(commands).Draw(rt, "command")(h)
			if mixed%chaostest.Of[uint32](8, 25) == 0 && i == 8 {
				h.restart()
			}
			for _, c := range h.clients {
				if c.link != nil && rapid.Bool().Draw(rt, "listens") {
					c.listen(fate)
				}
			}
		}
		for _, c := range h.clients {
			c.settle()
			c.requireSame(h.class, "in the end")
			c.hangUp()
		}
		h.requireNoHoles()
		all.add(h)
	})
	problems, err := storetest.Problems(t.Context(), s.Dir)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func (all *told) add(h *story) {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.histories++
	all.restarts += h.restarts
	all.events += h.clients[0].classes[h.class].seq
	for _, c := range h.clients {
		all.resyncs += c.resyncs
	}
}

// requireNoHoles reads the numbers of the class from the first to the last.
func (h *story) requireNoHoles() {
	for after := int64(0); ; {
		page := must[struct {
			Items []event
			Head  int64
		}](h, h.s, h.s.Ann, "GET", h.path+"/events?limit=500&after="+strconv.FormatInt(after, 10), nil)
		for _, e := range page.Items {
			require.Equal(h, after+1, e.Seq)
			after++
		}
		if after == page.Head {
			return
		}
		require.NotEmpty(h, page.Items)
	}
}
