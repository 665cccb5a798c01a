package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
)

// mostMemory is what the machine of the flood has.
const mostMemory = 256 << 20

// TestR22AFloodDoesNotEndAServerWithLittleMemory lets a crowd flood a server
// that may have 256 MiB, with the limits that it has by itself.
func TestR22AFloodDoesNotEndAServerWithLittleMemory(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "200MiB")
	folder, address := t.TempDir(), freeAddress(t)
	guests, _ := schoolOf(t, folder, chaostest.Of(100, 2000))
	server := start(t, folder, address, "--max-connections-per-address=20000", "--address-requests-per-second=1e6", "--address-request-burst=1000000")
	server.ready()
	fence := server.fence()
	crowd, _ := gather(t, address, guests, 20*time.Second)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var flood sync.WaitGroup
	var accepted, refused, cut atomic.Int64
	text := strings.Repeat("字", 10_000)
	for i, g := range guests {
		flood.Go(func() {
			if i%4 == 0 {
				pour(ctx, address, g, text, &accepted, &refused)
				return
			}
			for ctx.Err() == nil { // frames as large as may be, as fast as they go
				conn, err := dial(address, g.Token)
				if err != nil {
					refused.Add(1)
					time.Sleep(100 * time.Millisecond)
					continue
				}
				for ctx.Err() == nil && err == nil {
					_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
					err = conn.WriteJSON(map[string]any{"action": "send", "ref": "f", "class_id": g.ClassID, "thread_id": g.ThreadIDs[1], "content": text, "client_id": "f"})
				}
				cut.Add(1)
				_ = conn.Close()
			}
		})
	}
	peak := 0
	for began := time.Now(); time.Since(began) < chaostest.Of(3*time.Second, 30*time.Second); time.Sleep(50 * time.Millisecond) {
		peak = max(peak, server.memory())
	}
	stop()
	flood.Wait()
	crowd.leave()
	select {
	case <-server.ended:
		require.FailNow(t, "the server ended", server.log.String())
	default:
	}
	began := time.Now()
	require.Eventually(t, func() bool {
		status, _ := sendOver(t, address, guests[0], "and all is well")
		return status == http.StatusCreated
	}, patience, 20*time.Millisecond)
	chaostest.Figures("R22", "fence=%s sockets=%d memory_peak=%dMiB accepted=%d refused=%d cut=%d killed=0 well_after=%v",
		fence, len(guests)*2, peak>>20, accepted.Load(), refused.Load(), cut.Load(), time.Since(began).Round(time.Millisecond))
	require.Less(t, peak, mostMemory)
	require.Positive(t, refused.Load()+cut.Load(), "there was no flood")
}

// pour sends large messages over REST without a pause.
func pour(ctx context.Context, address string, as demo.Membership, text string, accepted, refused *atomic.Int64) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	path := fmt.Sprintf("/classes/%d/threads/%d/messages", as.ClassID, as.ThreadIDs[1])
	for ctx.Err() == nil {
		var out map[string]any
		switch status, err := ask(ctx, client, address, as.Token, http.MethodPost, path, map[string]string{"content": text}, &out); {
		case err == nil:
			accepted.Add(1)
		case status > 0:
			refused.Add(1)
		}
	}
}

// fence keeps the process within mostMemory, where the system lets us, and
// tells by what: what needs more is killed.
func (p *process) fence() string {
	p.t.Helper()
	group := filepath.Join("/sys/fs/cgroup/memory", "homeroom-"+strconv.Itoa(p.cmd.Process.Pid))
	limit := filepath.Join(group, "memory.limit_in_bytes")
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		group = filepath.Join("/sys/fs/cgroup", "homeroom-"+strconv.Itoa(p.cmd.Process.Pid))
		limit = filepath.Join(group, "memory.max")
	}
	if err := os.Mkdir(group, 0o755); err != nil {
		return "GOMEMLIMIT"
	}
	p.t.Cleanup(func() {
		p.kill()
		for range 50 {
			if err := os.Remove(group); err == nil || errors.Is(err, os.ErrNotExist) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	err := errors.Join(os.WriteFile(limit, []byte(strconv.Itoa(mostMemory)), 0o644),
		os.WriteFile(filepath.Join(group, "cgroup.procs"), []byte(strconv.Itoa(p.cmd.Process.Pid)), 0o644))
	if err != nil {
		return "GOMEMLIMIT"
	}
	return "cgroup"
}
