package history

import (
	"encoding/json"
	"flag"
	"hash/fnv"
	"os"
	"strconv"
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

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.checks", strconv.Itoa(chaostest.Of(80, 10_000))); err != nil {
		panic(err)
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

func TestR09WhateverIsLostOnTheWayAClientEndsWithWhatIsStored(t *testing.T) {
	s := school(t, servertest.Options{App: func(l *app.Limits) { l.ReplayEvents = 12 }})
	begun := time.Now()
	ran, events, resyncs, restarts := 0, int64(0), 0, 0
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
			if mixed%25 == 0 && i == 8 {
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
			resyncs += c.resyncs
			c.hangUp()
		}
		h.requireNoHoles()
		ran, restarts = ran+1, restarts+h.restarts
		events += h.clients[0].classes[h.class].seq
	})
	problems, err := storetest.Problems(t.Context(), s.Dir)
	require.NoError(t, err)
	require.Empty(t, problems)
	chaostest.Figures("R9", "histories=%d events=%d resyncs=%d restarts=%d different=0 in=%v", ran, events, resyncs, restarts, time.Since(begun).Round(time.Second))
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
