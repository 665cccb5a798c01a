package live

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inBothWays runs f with what this system has, and with what every system has.
func inBothWays(t *testing.T, f func(t *testing.T, fan *fanout)) {
	t.Helper()
	t.Run("in one call", func(t *testing.T) {
		fan := newFanout()
		if fan.ring == nil {
			t.Skip("this system has no such call")
		}
		defer fan.close()
		f(t, fan)
	})
	t.Run("each by itself", func(t *testing.T) { f(t, &fanout{}) })
}

func readAll(t *testing.T, peer net.Conn) []byte {
	t.Helper()
	require.NoError(t, peer.SetReadDeadline(time.Now().Add(10*time.Second)))
	wire, err := io.ReadAll(peer)
	require.NoError(t, err)
	return wire
}

func TestAFanoutGivesEachWhatItIsOwed(t *testing.T) {
	inBothWays(t, func(t *testing.T, fan *fanout) {
		const many = 150 // more than go in one call, twice
		event, answer, last := jsonFrame("event"), jsonFrame("answer"), closeFrame(closeRestart, "bye")
		big := jsonFrame(strings.Repeat("b", mostInFanout))
		var outboxes []*outbox
		var peers []net.Conn
		owed := make([][]byte, many)
		for i := range many {
			o, peer := pair(t)
			outboxes, peers = append(outboxes, o), append(peers, peer)
			o.put(event)
			owed[i] = bytes.Clone(event)
			switch i % 5 {
			case 1:
				o.send(answer)
				owed[i] = append(owed[i], answer...)
			case 2:
				o.end(last, true)
				owed[i] = append(owed[i], last...)
			case 3:
				o.put(big)
				owed[i] = append(owed[i], big...)
			case 4:
				o.drop()
				owed[i] = nil
			}
		}
		fan.flush(outboxes)
		fan.flush(outboxes) // they are owed nothing any more
		for i, o := range outboxes {
			o.finish()
			_ = o.socket.Close()
			require.Equal(t, string(owed[i]), string(readAll(t, peers[i])), "%d", i)
		}
	})
}

func TestAPeerThatReadsSlowlyGetsTheRestOfWhatAFanoutBegan(t *testing.T) {
	inBothWays(t, func(t *testing.T, fan *fanout) {
		o, peer := pair(t)
		var owed []byte
		for i := range 100 {
			f := jsonFrame(strings.Repeat(string(rune('a'+i%26)), 8<<10))
			owed = append(owed, f...)
			tooSlow, _ := o.put(f)
			require.False(t, tooSlow)
			fan.flush([]*outbox{o})
		}
		last := closeFrame(closeRestart, "bye")
		o.end(last, true)
		go func() {
			o.finish()
			_ = o.socket.Close()
		}()
		require.True(t, bytes.Equal(append(owed, last...), readAll(t, peer)))
	})
}

func TestWhatComesWhileAFanoutWritesIsWrittenBehindIt(t *testing.T) {
	event, answer, last := jsonFrame("event"), jsonFrame("answer"), closeFrame(closeRestart, "bye")
	for name, c := range map[string]struct {
		meanwhile func(o *outbox)
		behind    []byte
	}{
		"nothing":           {func(*outbox) {}, nil},
		"an answer":         {func(o *outbox) { o.send(answer) }, answer},
		"another flush":     {func(o *outbox) { o.put(answer); o.flush() }, answer},
		"a close":           {func(o *outbox) { o.end(last, false) }, last},
		"an answer, closed": {func(o *outbox) { o.send(answer); o.end(last, true) }, append(bytes.Clone(answer), last...)},
	} {
		t.Run(name, func(t *testing.T) {
			o, peer := pair(t)
			o.put(event)
			out, buffer := o.begin()
			require.Equal(t, []byte(event), out)
			require.Nil(t, buffer)
			c.meanwhile(o)
			require.NoError(t, peer.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
			_, err := peer.Read(make([]byte, 1))
			require.Error(t, err, "it would be in front of what is begun")
			o.wrote(out, o.now.write(out))
			wire := make([]byte, len(event)+len(c.behind))
			require.NoError(t, peer.SetReadDeadline(time.Now().Add(5*time.Second)))
			_, err = io.ReadFull(peer, wire)
			require.NoError(t, err)
			require.Equal(t, append(bytes.Clone(event), c.behind...), wire)
			o.finish()
		})
	}
}

func TestAConnectionDoesNotEndWhileAFanoutWritesToIt(t *testing.T) {
	o, _ := pair(t)
	o.put(jsonFrame("event"))
	out, _ := o.begin()
	ended := make(chan struct{})
	go func() {
		o.finish()
		close(ended)
	}()
	select {
	case <-ended:
		t.Fatal("whoever gets the memory of this connection next would be written to")
	case <-time.After(50 * time.Millisecond):
	}
	o.wrote(out, o.now.write(out))
	<-ended
}

// A close may come while the call is under way, and so may what is sent and the
// end of the connection.
func TestNothingIsLostOrDoubledOrCutBesideAFanout(t *testing.T) {
	inBothWays(t, func(t *testing.T, fan *fanout) {
		const many, rounds = 40, 300
		event, answer, last := jsonFrame("event"), jsonFrame("answer"), closeFrame(closeRestart, "bye")
		var outboxes []*outbox
		var senders, readers sync.WaitGroup
		for i := range many {
			o, peer := pair(t)
			outboxes = append(outboxes, o)
			readers.Go(func() {
				wire, _ := io.ReadAll(peer)
				whole, ended := bytes.CutSuffix(wire, last)
				events, answers := bytes.Count(whole, event), bytes.Count(whole, answer)
				if !ended || len(whole) != events*len(event)+answers*len(answer) {
					t.Errorf("%d: a frame is cut, or something follows the last: %q", i, wire[max(0, len(wire)-100):])
				}
				if i%2 == 0 && (events != rounds || answers != rounds) {
					t.Errorf("%d: %d events and %d answers of %d", i, events, answers, rounds)
				}
			})
			senders.Go(func() {
				for round := range rounds {
					o.send(answer)
					if i%2 == 1 && round == rounds/2 {
						o.end(last, i%4 == 1)
					}
				}
			})
		}
		for range rounds {
			for _, o := range outboxes {
				o.put(event)
			}
			fan.flush(outboxes)
		}
		senders.Wait()
		for _, o := range outboxes {
			o.end(last, true)
			o.finish()
			_ = o.socket.Close()
		}
		readers.Wait()
	})
}
