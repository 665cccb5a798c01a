package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// TestThreat31AFloodOfSignInsHardlySlowsThoseWhoTalk has strangers of as many
// addresses try names and passwords, 500 a second, while a class talks.
func TestThreat31AFloodOfSignInsHardlySlowsThoseWhoTalk(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=100")
	server := start(t, folder, address, append([]string{"--trusted-proxies=127.0.0.1"}, unlimited...)...)
	server.ready()
	clients := startPaced(t, address, members[2:10], 50*time.Millisecond)
	// By turns, because a disk is slower in one minute than in the next.
	rounds, long := chaostest.Of(1, 3), chaostest.Of(time.Second, 15*time.Second)
	var quiet, flooded []time.Duration
	var came figures
	time.Sleep(long / 5)
	for range rounds {
		clients.ledger.times()
		time.Sleep(long)
		quiet = append(quiet, clients.ledger.times()...)
		came.add(floodOfSignIns(t, address, long, func() { clients.ledger.times() }, func() { flooded = append(flooded, clients.ledger.times()...) }))
	}
	without, with := percentile(quiet, 99), percentile(flooded, 99)
	clients.end()
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("T31", "tries=%d in %d x %v: compared=%d busy=%d other=%d not_begun=%d; send_p99_without=%v with=%v ratio=%.1f acknowledged=%d lost=0",
		came.Tries, rounds, long, came.Compared, came.Busy, came.Other, came.NotBegun,
		without.Round(100*time.Microsecond), with.Round(100*time.Microsecond), float64(with)/float64(without), len(acked))
	require.Zero(t, came.Other)
	require.Positive(t, came.Busy, "who comes too many is sent away")
	if chaostest.Full() {
		require.Less(t, came.NotBegun, came.Tries/50, "it is a flood")
		require.LessOrEqual(t, with, 2*without)
	}
}

// floods is the variable that makes a test binary a flood of sign-ins.
const floods = "HOMEROOM_TEST_FLOODS"

// flood is what such a process is told, and figures what it tells.
type (
	flood struct {
		Address string
		For     time.Duration
	}
	figures struct{ Tries, Compared, Busy, Other, NotBegun int64 }
)

func (f *figures) add(more figures) {
	f.Tries += more.Tries
	f.Compared += more.Compared
	f.Busy += more.Busy
	f.Other += more.Other
	f.NotBegun += more.NotBegun
}

// floodOfSignIns comes from a process of its own that gives way to all else:
// strangers bring processors of their own. It calls began before the first try,
// and over after the last, when some are still answered.
func floodOfSignIns(t *testing.T, address string, long time.Duration, began, over func()) (came figures) {
	t.Helper()
	what, err := json.Marshal(flood{address, long})
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "nice", "-n", "10", os.Args[0])
	cmd.Env = append(os.Environ(), floods+"="+string(what))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said := json.NewDecoder(out)
	for _, now := range []func(){began, over} {
		var moment string
		require.NoError(t, said.Decode(&moment))
		now()
	}
	require.NoError(t, said.Decode(&came))
	require.NoError(t, cmd.Wait())
	return came
}

// comeAsFlood tries 500 times a second, each time as another name from another
// address, and prints what came of it.
func comeAsFlood(what string) error {
	var f flood
	if err := json.Unmarshal([]byte(what), &f); err != nil {
		return err
	}
	var compared, busy, other atomic.Int64
	var came figures
	var all sync.WaitGroup
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 512}}
	defer client.CloseIdleConnections()
	tell := json.NewEncoder(os.Stdout)
	if err := tell.Encode("began"); err != nil {
		return err
	}
	places := make(chan struct{}, 400) // who waits for an answer does not come again
	began := time.Now()
	for tick := time.NewTicker(2 * time.Millisecond); time.Since(began) < f.For; <-tick.C {
		for due := int64(time.Since(began) / (2 * time.Millisecond)); came.Tries < due; came.Tries++ {
			select {
			case places <- struct{}{}:
			default:
				came.NotBegun++
				continue
			}
			n := came.Tries
			all.Go(func() {
				defer func() { <-places }()
				switch tryName(client, f.Address, n) {
				case http.StatusUnauthorized:
					compared.Add(1)
				case http.StatusServiceUnavailable:
					busy.Add(1)
				default:
					other.Add(1)
				}
			})
		}
	}
	if err := tell.Encode("over"); err != nil {
		return err
	}
	all.Wait()
	came.Compared, came.Busy, came.Other = compared.Load(), busy.Load(), other.Load()
	return tell.Encode(came)
}

// tryName tries to sign in as nobody, from an address of its own.
func tryName(client *http.Client, address string, n int64) (status int) {
	r, err := asBrowser(context.Background(), address, map[string]string{"name": fmt.Sprintf("Nobody %d", n), "password": fmt.Sprintf("not this one, %d", n)})
	if err != nil {
		return 0
	}
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16, n>>8&255, n&255))
	r.Header.Set("X-Forwarded-Proto", "http")
	response, err := client.Do(r)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	if response.StatusCode == http.StatusServiceUnavailable && (!strings.Contains(string(answer), "140") || response.Header.Get("Retry-After") == "") {
		return 0
	}
	return response.StatusCode
}
