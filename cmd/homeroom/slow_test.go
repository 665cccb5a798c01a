package main

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
)

// TestR07NobodyWaitsForSlowReaders has a class of which some never read what
// they are sent, at half of the load that it can take.
func TestR07NobodyWaitsForSlowReaders(t *testing.T) {
	folder, address, metrics := t.TempDir(), freeAddress(t), freeAddress(t)
	quick, slow := chaostest.Of(30, 100), chaostest.Of(5, 20)
	members := school(t, folder, "--classes=1", fmt.Sprint("--members=", quick+slow+1), "--threads=2", "--messages=100")
	server := start(t, folder, address, append([]string{"--metrics-listen=" + metrics}, unlimited...)...)
	server.ready()
	var heard hearing
	for _, m := range members[:quick] {
		conn := helloed(t, address, m, 0)
		go heard.listen(conn)
		t.Cleanup(func() { _ = conn.Close() })
	}
	speaker := &socketDoor{address: address, as: members[quick+slow], ledger: newLedger()}
	defer speaker.close()
	sent := 0
	// say sends for a while, so many in a second, and returns how long the
	// slowest of a hundred deliveries took.
	say := func(long time.Duration, rate float64) (p99 time.Duration, reached float64) {
		heard.take()
		began, before := time.Now(), sent
		for time.Since(began) < long {
			content := fmt.Sprintf("@%019d %s", time.Now().UnixNano(), strings.Repeat("字", 5300)) // 16 KB as UTF-8
			_, err := speaker.send(t.Context(), fmt.Sprint("slow-", sent), content)
			require.NoError(t, err)
			sent++
			if rate > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(float64(sent-before) / rate * float64(time.Second)))))
			}
		}
		return percentile(heard.take(), 99), float64(sent-before) / time.Since(began).Seconds()
	}
	long := chaostest.Of(time.Second, 15*time.Second)
	_, most := say(long/2, 0)
	half := most / 2
	without, _ := say(long, half)
	memory := server.memory()
	for _, m := range members[quick : quick+slow] {
		defer helloed(t, address, m, 16<<10).Close()
	}
	began := time.Now()
	var cut atomic.Int64 // nanoseconds until all of them were
	var watching sync.WaitGroup
	watching.Go(func() {
		for time.Since(began) < long+20*time.Second && int(figure(t, metrics, "homeroom_connections_too_slow_total")) < slow {
			time.Sleep(20 * time.Millisecond)
		}
		cut.Store(int64(time.Since(began)))
	})
	with, _ := say(long, half)
	for time.Since(began) < long+20*time.Second && cut.Load() == 0 { // a busy machine's half is little
		say(time.Second/2, 0)
	}
	grown := server.memory() - memory
	watching.Wait()
	closed := int(figure(t, metrics, `homeroom_connections_closed_total{code="4000"}`))
	chaostest.Figures("R7", "sockets=%d never_reading=%d frame=16KB messages=%.0f/s (half of the most) closed_4000=%d all_after=%v p99_without=%v p99_with=%v memory=+%.1fMiB",
		quick+slow, slow, half, closed, time.Duration(cut.Load()).Round(10*time.Millisecond), without.Round(100*time.Microsecond), with.Round(100*time.Microsecond), float64(grown)/(1<<20))
	require.Equal(t, slow, closed)
	if chaostest.Full() {
		require.Less(t, time.Duration(cut.Load()), 10*time.Second)
		require.LessOrEqual(t, with, max(without*3/2, without+20*time.Millisecond))
		require.Less(t, grown, slow*(1<<20+256<<10)+16<<20)
	}
}

// helloed is a connection that has said hello; received bounds what the system
// takes in for it, 0 is as it likes.
func helloed(t *testing.T, address string, as demo.Membership, received int) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"homeroom.v2"}, NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.Dial(network, address)
		if err == nil && received > 0 {
			err = conn.(*net.TCPConn).SetReadBuffer(received)
		}
		return conn, err
	}}
	conn, response, err := dialer.Dial("ws://"+address+"/ws", map[string][]string{"Authorization": {"Bearer " + as.Token}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, conn.WriteJSON(map[string]any{"action": "hello", "since": map[string]int64{}}))
	return conn
}

// hearing is how long messages were on their way to those who read.
type hearing struct {
	mu   sync.Mutex
	took []time.Duration
}

func (h *hearing) listen(conn *websocket.Conn) {
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		now := time.Now().UnixNano()
		_, rest, found := strings.Cut(string(text), `"content":"@`)
		var at int64
		if !found {
			continue
		}
		if _, err := fmt.Sscanf(rest, "%d", &at); err == nil {
			h.mu.Lock()
			h.took = append(h.took, time.Duration(now-at))
			h.mu.Unlock()
		}
	}
}

// take returns what was heard since it was last asked.
func (h *hearing) take() []time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	took := h.took
	h.took = nil
	return took
}
