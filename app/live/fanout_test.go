package live

import (
	"bytes"
	"fmt"
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

// readSlowly reads so that the peer's writes find no room now and then.
func readSlowly(c net.Conn) (wire []byte) {
	piece := make([]byte, 32<<10)
	for {
		n, err := c.Read(piece)
		if wire = append(wire, piece[:n]...); err != nil {
			return wire
		}
		time.Sleep(time.Millisecond)
	}
}

func TestAFanoutGivesEachWhatItIsOwed(t *testing.T) {
	inBothWays(t, func(t *testing.T, fan *fanout) {
		const many = 400 // of which two fifths go with others: in two calls and a third
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
		"more than a slow peer may owe": {func(o *outbox) {
			for range o.limits.QueueFrames + 10 {
				o.send(answer)
			}
		}, bytes.Repeat(answer, DefaultLimits().QueueFrames+10)},
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

func TestWhatAFanoutCouldNotEvenTryIsWrittenWithoutAWriter(t *testing.T) {
	o, peer := pair(t)
	event := jsonFrame("event")
	o.put(event)
	out, _ := o.begin()
	o.wrote(out, 0)
	require.False(t, o.writing)
	o.finish()
	require.NoError(t, o.socket.Close())
	require.Equal(t, []byte(event), readAll(t, peer))
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
		const many, rounds = 80, 100
		last := closeFrame(closeRestart, "bye")
		numbered := func(kind string, n int) frame {
			return jsonFrame(fmt.Sprintf("%s %03d %s", kind, n, strings.Repeat(".", 2<<10)))
		}
		size, payload := len(numbered("e", 0)), len(`"`)+4 // behind the header of a frame of that size
		start := make(chan struct{})
		var outboxes []*outbox
		var senders, readers sync.WaitGroup
		for i := range many {
			o, peer := pair(t)
			o.limits.QueueFrames = 3 * rounds // slowness is not what is tried here
			outboxes = append(outboxes, o)
			readers.Go(func() {
				wire, ended := bytes.CutSuffix(readSlowly(peer), last)
				if !ended {
					t.Errorf("%d: the last frame is not the last", i)
				}
				next := map[string]int{}
				for ; len(wire) >= size; wire = wire[size:] {
					kind := string(wire[payload : payload+1])
					if !bytes.Equal(numbered(kind, next[kind]), wire[:size]) {
						t.Errorf("%d: where %s %d should be is %q", i, kind, next[kind], wire[:20])
						return
					}
					next[kind]++
				}
				if len(wire) > 0 {
					t.Errorf("%d: a frame is cut", i)
				}
				if i%2 == 0 && (next["e"] != rounds || next["a"] != rounds) {
					t.Errorf("%d: of %d there are %v", i, rounds, next)
				}
			})
			senders.Go(func() {
				<-start
				for round := range rounds {
					o.send(numbered("a", round))
					if i%2 == 1 && round == rounds/2 {
						o.end(last, i%4 == 1)
					}
				}
			})
		}
		close(start)
		for round := range rounds {
			event := numbered("e", round)
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
