//go:build unix

package main

import (
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOneProcessorIsEnoughOnlyAfterAWhileAndNoLongerAtOnce(t *testing.T) {
	var p processors
	looks := func(n int, used float64, late time.Duration) (alone bool) {
		for range n {
			alone = p.look(used, late)
		}
		return alone
	}
	require.False(t, looks(calmLooks-1, 0.2, 0), "it is calm, but not for long")
	require.True(t, looks(1, 0.2, 0))
	require.True(t, looks(100, 0.6, 0), "one can do it")
	require.False(t, looks(1, 0.7, 0), "one is busy")
	require.False(t, looks(calmLooks-1, 0.9, 0))
	require.False(t, looks(1, 0.2, 0), "two were busy in this second, on the whole")
	require.False(t, looks(calmLooks-1, 0.5, 0))
	require.True(t, looks(1, 0.9, 0), "for a moment only")
	require.False(t, looks(1, 0.1, lateLook), "a processor that is not to be had is as good as busy")
	require.False(t, looks(100, 0.1, lateLook))
	require.False(t, looks(calmLooks-1, 0.1, 0))
	require.False(t, looks(1, 0.1, lateLook), "the calm second begins anew")
	require.False(t, looks(calmLooks-1, 0.1, 0))
	require.True(t, looks(1, 0.1, 0))
}

func TestTheServerWorksOnOneProcessorWhileThatIsEnough(t *testing.T) {
	most := runtime.GOMAXPROCS(0)
	if most == 1 {
		t.Skip("there is one processor")
	}
	t.Setenv("GOMAXPROCS", "")
	metrics := freeAddress(t)
	server := start(t, t.TempDir(), freeAddress(t), "--metrics-listen="+metrics)
	server.ready()
	asks := func(path string) string {
		response, err := watching.Get("http://" + metrics + path)
		if err != nil {
			return ""
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		return string(text)
	}
	on := func() (processors string) {
		_, rest, _ := strings.Cut(asks("/metrics"), "\ngo_sched_gomaxprocs_threads ")
		processors, _, _ = strings.Cut(rest, "\n")
		return processors
	}
	// Asked seldom: to answer is work as well.
	require.Eventually(t, func() bool { return on() == "1" }, patience, time.Second)
	done := make(chan struct{})
	var busy sync.WaitGroup
	defer busy.Wait()
	defer close(done)
	for range 2 * most {
		busy.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					asks("/debug/pprof/allocs?debug=1")
				}
			}
		})
	}
	require.Eventually(t, func() bool { n, err := strconv.Atoi(on()); return err == nil && n > 1 }, patience, 100*time.Millisecond)
}
