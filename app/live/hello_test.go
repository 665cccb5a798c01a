package live_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func key(id int64) string { return strconv.FormatInt(id, 10) }

// v2 opens a connection that has said hello.
func (s *school) v2(u models.User) *servertest.Socket {
	s.t.Helper()
	c := s.Dial(u, servertest.V2)
	require.EqualValues(s.t, 100, c.Hello()["code"])
	return c
}

// missed says hello since a number of the class and returns the answer and the
// frames up to the next answer, without what comes by the clock.
func (s *school) missed(c *servertest.Socket, since int64) (hello frame, after []frame) {
	s.t.Helper()
	hello = c.Ask(frame{"action": "hello", "since": frame{key(s.class.ID): since}})
	_, before := told(s.t, c, frame{"action": "keep"})
	for _, f := range before {
		if f["op"] == "event" || f["op"] == "resync" {
			after = append(after, f)
		}
	}
	return hello, after
}

func TestHelloSaysWhoOneIsAndWhereEachClassStands(t *testing.T) {
	s := open(t)
	other := s.Class("Chemistry")
	bob := s.Dial(s.Bob, servertest.V2)
	answer := bob.Ask(frame{"action": "hello"})
	user := answer["user"].(map[string]any)
	require.Equal(t, "Bob Ray", user["name"])
	require.Equal(t, map[string]any{key(s.class.ID): float64(s.head()), key(other.ID): 3.0}, answer["heads"])
	require.EqualValues(t, 55, answer["keep"])
	require.Equal(t, []any{"hello", "ask", true, 100.0}, []any{answer["op"], answer["ref"], answer["status"], answer["code"]})

	name := "Bob Rayne"
	_, err := s.ChangeMe(t.Context(), apptest.As(s.Bob), app.Profile{Name: &name})
	require.NoError(t, err)
	again := bob.Ask(frame{"action": "hello"})
	require.Equal(t, name, again["user"].(map[string]any)["name"], "as it is now, not as it was when the connection opened")
}

func TestHelloTellsWhatWasMissedInOrder(t *testing.T) {
	s := open(t)
	since := s.head()
	first := s.post(s.Ann, s.thread, "one")
	s.post(s.Bob, s.thread, "two")
	s.ask(s.Ann, http.MethodPatch, s.inThread("/messages/%d", first.ID), frame{"content": "one!"})
	_, after := s.missed(s.Dial(s.Cai, servertest.V2), since)
	require.Len(t, after, 3)
	for i, want := range []string{"message.created", "message.created", "message.edited"} {
		require.Equal(t, want, after[i]["type"])
		require.EqualValues(t, since+int64(i)+1, after[i]["seq"])
	}
	require.Equal(t, "one!", after[0]["data"].(map[string]any)["content"], "a row is told as it is now")

	hello, after := s.missed(s.Dial(s.Cai, servertest.V2), s.head())
	require.Empty(t, after, "nothing was missed")
	require.Equal(t, float64(s.head()), hello["heads"].(map[string]any)[key(s.class.ID)])
}

func TestHelloOfSomebodyFarBehindAsksToReadTheClassAnew(t *testing.T) {
	s := open(t, patient)
	since := s.head()
	bob := s.Dial(s.Bob, servertest.V2)
	for i := range 500 {
		bob.Say(s.sending("hi", fmt.Sprint(i)))
	}
	for range 500 {
		require.EqualValues(t, 105, bob.Hear()["code"])
	}
	_, after := s.missed(s.Dial(s.Cai, servertest.V2), since)
	require.Len(t, after, 500, "500 are told")
	s.post(s.Bob, s.thread, "one more")
	_, after = s.missed(s.Dial(s.Cai, servertest.V2), since)
	require.Len(t, after, 1, "501 are not")
	equal(t, frame{"op": "resync", "class_id": s.class.ID, "seq": s.head()}, after[0])
}

func TestHelloBeyondTheNewestEventAsksToReadTheClassAnew(t *testing.T) {
	s := open(t)
	_, after := s.missed(s.Dial(s.Cai, servertest.V2), s.head()+1)
	require.Len(t, after, 1)
	equal(t, frame{"op": "resync", "class_id": s.class.ID, "seq": s.head()}, after[0])
}

func TestHelloPassesOverClassesThatAreNotOnesOwn(t *testing.T) {
	s := open(t)
	eve := s.Dial(s.Eve, servertest.V2)
	hello, after := s.missed(eve, 0)
	require.Equal(t, map[string]any{}, hello["heads"])
	require.Empty(t, after)
	s.post(s.Bob, s.thread, "not for Eve")
	_, before := told(t, eve, frame{"action": "keep"})
	require.Empty(t, before)
	require.EqualValues(t, 104, eve.Ask(frame{"action": "hello", "since": frame{"x": 1}})["code"])
	require.EqualValues(t, 104, eve.Ask(frame{"action": "hello", "since": frame{"1": -1}})["code"])
}

// follow reads events and checks that each number of the class comes once, in
// order, until it has come to until.
func follow(t *testing.T, c *servertest.Socket, last, until int64) bool {
	for last < until {
		f, err := c.TryHear(20 * time.Second)
		if !assert.NoError(t, err) {
			return false
		}
		if f["op"] == "event" {
			if last++; !assert.EqualValues(t, last, f["seq"], "a hole, or a number twice") {
				return false
			}
		}
	}
	return true
}

func TestNothingIsMissedBetweenHelloAndLive(t *testing.T) {
	s := open(t, patient, servertest.Options{
		App:  func(l *app.Limits) { l.ReplayEvents = 100_000 },
		Live: func(l *live.Limits) { l.QueueFrames, l.QueueBytes = 100_000, 64<<20 },
	})
	const senders, each, listeners = 16, 25, 32
	start := s.head()
	end := start + senders*each
	cast := []models.User{s.Ann, s.Bob, s.Cai}
	var sending, listening sync.WaitGroup
	var sent atomic.Int64
	for i := range senders {
		c := s.Dial(cast[i%len(cast)], servertest.V2)
		sending.Go(func() {
			for n := range each {
				answer := c.Ask(frame{"action": "send", "class_id": s.class.ID, "thread_id": s.thread.ID,
					"content": "hi", "client_id": fmt.Sprintf("%d-%d", i, n)})
				assert.EqualValues(t, 105, answer["code"])
				sent.Add(1)
			}
		})
	}
	// Connections come all along, in step with what is sent: some with a number
	// to begin after, some without, some say hello again in the middle.
	for i := range listeners {
		for sent.Load() < int64(i*senders*each/listeners) {
			time.Sleep(time.Millisecond)
		}
		c := s.Dial(s.Cai, servertest.V2)
		listening.Go(func() {
			since := frame{}
			last := int64(0)
			if i%2 == 0 {
				last = start + int64(i)
				since[key(s.class.ID)] = last
			}
			if i%2 == 0 && last > s.head() {
				last, since = start, frame{key(s.class.ID): start}
			}
			hello := c.Ask(frame{"action": "hello", "since": since})
			head := int64(hello["heads"].(map[string]any)[key(s.class.ID)].(float64))
			if i%2 == 1 {
				last = head
			}
			if i%3 == 0 {
				middle := min(end, head+10)
				if !follow(t, c, last, middle) {
					return
				}
				last = max(last, middle)
				c.Say(frame{"action": "hello", "ref": "again", "since": frame{key(s.class.ID): last}})
				// What was live before the server read the hello is told by it again.
				for f := c.Hear(); f["ref"] != "again"; f = c.Hear() {
					continue
				}
			}
			follow(t, c, last, end)
		})
	}
	sending.Wait()
	listening.Wait()
	require.Equal(t, end, s.head())
}

func TestAQuietClientIsToldWhereItsClassesStand(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Keep = 100 * time.Millisecond }})
	cai := s.v2(s.Cai)
	s.post(s.Bob, s.thread, "hi")
	for {
		f := firstOf(cai, "keep")
		if heads := f["heads"].(map[string]any); heads[key(s.class.ID)] == float64(s.head()) {
			break
		}
	}
	answer := cai.Ask(frame{"action": "keep"})
	require.Equal(t, float64(s.head()), answer["heads"].(map[string]any)[key(s.class.ID)])
}

func TestNothingIsSaidBeforeHello(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Online = 20 * time.Millisecond }})
	cai := s.Dial(s.Cai, servertest.V2)
	s.v2(s.Bob)
	s.post(s.Bob, s.thread, "hi")
	time.Sleep(60 * time.Millisecond)
	_, before := told(t, cai, frame{"action": "keep"})
	require.Empty(t, before)
}
