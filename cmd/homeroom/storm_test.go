package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
)

// crowded are flags of a server that a crowd on one machine may visit.
var crowded = append([]string{"--max-connections-per-address=20000"}, unlimited...)

// schoolOf fills a folder with classes of fifty, and returns who sits in the
// crowd and who writes: of sixteen classes one each.
func schoolOf(t *testing.T, folder string, members int) (guests, speakers []demo.Membership) {
	t.Helper()
	classes := members / 50
	all := school(t, folder, "--classes="+strconv.Itoa(classes), "--members=51", "--threads=2", "--messages=500")
	for i, m := range all {
		if i%51 == 50 {
			speakers = append(speakers, m)
		} else {
			guests = append(guests, m)
		}
	}
	return guests, speakers[:min(len(speakers), 16)]
}

// probes are connections that were open before the server was asked to stop:
// they see how it answers while it does.
type probes struct {
	mu      sync.Mutex
	refused time.Time // the first 503
	running sync.WaitGroup
}

// watchReady asks /readyz over and over, each on its own connection, until one
// is told 503 or cut off.
func watchReady(t *testing.T, address string) *probes {
	t.Helper()
	p := &probes{}
	var warm sync.WaitGroup
	for range 4 {
		client := &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
		warm.Add(1)
		p.running.Go(func() {
			for asked := 0; ; asked++ {
				response, err := client.Get("http://" + address + "/readyz")
				if asked == 0 {
					warm.Done()
				}
				if err != nil {
					return
				}
				_ = response.Body.Close()
				if response.StatusCode == http.StatusServiceUnavailable {
					p.mu.Lock()
					defer p.mu.Unlock()
					if p.refused.IsZero() {
						p.refused = time.Now()
					}
					return
				}
			}
		})
	}
	warm.Wait()
	return p
}

// after is how long after a moment somebody was told 503.
func (p *probes) after(t *testing.T, began time.Time) time.Duration {
	t.Helper()
	p.running.Wait()
	require.False(t, p.refused.IsZero(), "/readyz never said 503")
	return p.refused.Sub(began)
}

// TestR05AServerThatStopsTellsEverybody asks a server to stop while a crowd
// listens and sixteen clients write.
func TestR05AServerThatStopsTellsEverybody(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	guests, speakers := schoolOf(t, folder, chaostest.Of(300, 5000))
	// Long enough for a probe to come by, as behind a proxy.
	server := start(t, folder, address, append([]string{"--shutdown-delay=500ms"}, crowded...)...)
	server.ready()
	crowd, _ := gather(t, address, guests, 20*time.Second)
	clients := startPaced(t, address, speakers, 25*time.Millisecond)
	require.Eventually(t, func() bool { return clients.ledger.count() > chaostest.Of(100, 1000) }, 60*time.Second, 10*time.Millisecond)
	probes := watchReady(t, address)
	asked := time.Now()
	code, took := server.stop()
	clients.end()
	require.Zero(t, code, server.log.String())
	ready := probes.after(t, asked)
	require.Eventually(t, func() bool { return crowd.here.Load() == 0 }, patience, time.Millisecond)
	closes := crowd.seen()
	crowd.leave()
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("R5", "sockets=%d told_1012=%d readyz_503_after=%v exit=%v code=%d acknowledged=%d lost=0",
		len(guests), closes[1012], ready.Round(time.Millisecond), took.Round(time.Millisecond), code, len(acked))
	require.Equal(t, map[int]int{1012: len(guests)}, closes)
	require.Less(t, took, chaostest.Of(patience, 10*time.Second))
	require.Less(t, ready, chaostest.Of(patience, time.Second))
}

// TestR06AfterARestartEverybodyComesBackAndHasMissedNothing restarts a server
// under a crowd; the crowd spreads its return as it was told.
func TestR06AfterARestartEverybodyComesBackAndHasMissedNothing(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	guests, speakers := schoolOf(t, folder, chaostest.Of(300, 10_000))
	spread := chaostest.Of(2*time.Second, 20*time.Second)
	server := start(t, folder, address, crowded...)
	server.ready()
	crowd, _ := gather(t, address, guests, spread)
	clients := startPaced(t, address, speakers, 100*time.Millisecond)
	require.Eventually(t, func() bool { return clients.ledger.count() > 50 }, 60*time.Second, 10*time.Millisecond)
	code, _ := server.stop()
	require.Zero(t, code, server.log.String())
	again := start(t, folder, address, crowded...)
	again.ready()
	crowd.wait(len(guests), spread+patience)
	back := time.Since(again.began)
	clients.end()
	crowd.requireWhole(folder)
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("R6", "sockets=%d jitter=%v all_back=%v refused=%d resyncs=%d gaps=0 acknowledged=%d lost=0",
		len(guests), spread, back.Round(10*time.Millisecond), crowd.refused.Load(), crowd.resyncs.Load(), len(acked))
	require.Zero(t, crowd.resyncs.Load())
	require.Less(t, back, spread+chaostest.Of(patience, 10*time.Second))
}

// TestR08AStormOfReturnsIsServed lets everybody come at the same time: first
// with nothing to spread them, then after a crash, with the jitter of pages.
func TestR08AStormOfReturnsIsServed(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	guests, speakers := schoolOf(t, folder, chaostest.Of(300, 8000))
	server := start(t, folder, address, crowded...)
	server.ready()
	before := server.memory()
	asking := askOften(t, address, speakers[0])
	crowd, took := gather(t, address, guests, 20*time.Second)
	rest := asking.end()
	rate := float64(len(guests)) / took.Seconds()
	time.Sleep(chaostest.Of(time.Second, 20*time.Second))
	each := (server.memory() - before) / len(guests)

	clients := startPaced(t, address, speakers, 100*time.Millisecond)
	server.kill()
	require.Eventually(t, func() bool { return crowd.here.Load() == 0 }, patience, time.Millisecond)
	again := start(t, folder, address, crowded...)
	again.ready()
	asking = askOften(t, address, speakers[0])
	crowd.wait(len(guests), 60*time.Second)
	back := time.Since(again.began)
	restAfter := asking.end()
	clients.end()
	crowd.requireWhole(folder)
	clients.requireKept(t, folder)
	chaostest.Figures("R8", "sockets=%d at_once=%v joins=%.0f/s rest_p99=%v memory=%dKiB/socket; after kill -9: all_back=%v rest_p99=%v gaps=0 lost=0",
		len(guests), took.Round(10*time.Millisecond), rate, rest.Round(time.Millisecond), each>>10, back.Round(10*time.Millisecond), restAfter.Round(time.Millisecond))
	if chaostest.Full() {
		require.Less(t, took, 15*time.Second)
		require.Less(t, back, 15*time.Second)
		require.Greater(t, rate, 1000.0)
		require.Less(t, max(rest, restAfter), 500*time.Millisecond)
		require.Less(t, each, 40<<10)
	}
}

func percentile(of []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// memory is how many bytes the process holds in memory, 0 where the system does
// not say.
func (p *process) memory() int {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kib, _ := strconv.Atoi(fields[1])
			return kib << 10
		}
	}
	return 0
}
