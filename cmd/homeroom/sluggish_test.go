package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// TestThreat32ThousandsOfSlowRequestsSlowNobodyDown opens connections that send
// their request a byte a second, half of them in its head and half in its body.
func TestThreat32ThousandsOfSlowRequestsSlowNobodyDown(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=100")
	patience := chaostest.Of(2*time.Second, 10*time.Second) // 10 s is what a server has by itself
	server := start(t, folder, address, append([]string{"--read-timeout=" + patience.String()}, unlimited...)...)
	server.ready()
	idle := helloed(t, address, members[2], 0)
	defer idle.Close()
	quiet := askOften(t, address, members[0])
	time.Sleep(chaostest.Of(time.Second, 8*time.Second))
	before := quiet.end()

	many := chaostest.Of(100, 2000)
	var refused, other atomic.Int64
	var longest atomic.Int64
	var open, all sync.WaitGroup
	open.Add(many)
	for i := range many {
		all.Go(func() {
			conn, err := net.DialTimeout("tcp", address, 10*time.Second)
			open.Done()
			if err != nil {
				other.Add(1)
				return
			}
			defer conn.Close()
			head := "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
			if i%2 == 1 {
				head = "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
			}
			began := time.Now()
			_, _ = conn.Write([]byte(head))
			done := make(chan struct{})
			go func() {
				defer close(done)
				for tick := time.NewTicker(time.Second); time.Since(began) < 3*patience; <-tick.C {
					if _, err := conn.Write([]byte("x")); err != nil {
						return
					}
				}
			}()
			_ = conn.SetReadDeadline(began.Add(4 * patience))
			answer, _ := io.ReadAll(conn)
			_ = conn.Close()
			<-done
			if strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
				refused.Add(1)
			} else {
				other.Add(1)
			}
			for took := int64(time.Since(began)); ; {
				if most := longest.Load(); took <= most || longest.CompareAndSwap(most, took) {
					return
				}
			}
		})
	}
	open.Wait()
	asking := askOften(t, address, members[0])
	time.Sleep(patience * 8 / 10)
	during := asking.end()
	all.Wait()
	require.NoError(t, idle.WriteJSON(map[string]any{"action": "keep", "ref": "still"}))
	_ = idle.SetReadDeadline(time.Now().Add(10 * time.Second))
	for answer := (frame{}); answer.Ref != "still"; {
		require.NoError(t, idle.ReadJSON(&answer), "a socket that is silent is no slow request")
	}
	chaostest.Figures("T32", "slow=%d told_408=%d at_the_latest_after=%v; others: p99_before=%v beside_them=%v",
		many, refused.Load(), time.Duration(longest.Load()).Round(100*time.Millisecond), before.Round(100*time.Microsecond), during.Round(100*time.Microsecond))
	require.EqualValues(t, many, refused.Load(), fmt.Sprint(other.Load(), " were told something else"))
	if chaostest.Full() {
		require.LessOrEqual(t, during, max(2*before, before+20*time.Millisecond))
		require.Less(t, time.Duration(longest.Load()), patience+5*time.Second)
	}
}
