package main

import (
	"fmt"
	"io"
	"net/http"
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
	long := chaostest.Of(time.Second, 15*time.Second)
	time.Sleep(long / 5)
	clients.ledger.times()
	time.Sleep(long)
	before := percentile(clients.ledger.times(), 99)

	var compared, busy, other, missed atomic.Int64
	var all sync.WaitGroup
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 512}}
	defer client.CloseIdleConnections()
	places := make(chan struct{}, 400) // who waits for an answer does not come again
	began, tries := time.Now(), 0
	for tick := time.NewTicker(2 * time.Millisecond); time.Since(began) < long; <-tick.C {
		for due := int(time.Since(began) / (2 * time.Millisecond)); tries < due; tries++ {
			select {
			case places <- struct{}{}:
			default:
				missed.Add(1)
				continue
			}
			n := tries
			all.Go(func() {
				defer func() { <-places }()
				switch status := tryName(t, client, address, n); status {
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
	during := percentile(clients.ledger.times(), 99)
	all.Wait()
	clients.end()
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("T31", "tries=%d in %v: compared=%d busy=%d other=%d not_begun=%d; send_p99_before=%v during=%v ratio=%.1f acknowledged=%d lost=0",
		tries, long, compared.Load(), busy.Load(), other.Load(), missed.Load(),
		before.Round(100*time.Microsecond), during.Round(100*time.Microsecond), float64(during)/float64(before), len(acked))
	require.Zero(t, other.Load())
	require.Positive(t, busy.Load(), "who comes too many is sent away")
	if chaostest.Full() {
		require.LessOrEqual(t, during, 2*before)
	}
}

// tryName tries to sign in as nobody, from an address of its own.
func tryName(t *testing.T, client *http.Client, address string, n int) (status int) {
	r, err := asBrowser(t.Context(), address, map[string]string{"name": fmt.Sprintf("Nobody %d", n), "password": fmt.Sprintf("not this one, %d", n)})
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
