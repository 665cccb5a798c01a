package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// TestR03AWriteThatDoesNotFitIsRefusedAndTheNextIsNot lets one in a hundred
// writes to the disk fail, as on a disk that is nearly full.
func TestR03AWriteThatDoesNotFitIsRefusedAndTheNextIsNot(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startWriters(t, address, members[2:18])
	fault := server.fail("pwrite64:error=ENOSPC:when=100+100")
	began := time.Now()
	require.Eventually(t, func() bool {
		return clients.repeated.Load() > 50 && time.Since(began) > chaostest.Of(time.Second, 20*time.Second)
	}, 60*time.Second, 10*time.Millisecond, "no write failed")
	fault.detach()
	healed, before := time.Now(), clients.ledger.count()
	require.Eventually(t, func() bool { return clients.ledger.count() > before+16 }, patience, time.Millisecond, "it goes on without a restart")
	resumed := time.Since(healed)
	repeated := clients.repeated.Load()
	clients.end()
	code, _ := server.stop()
	require.Zero(t, code, server.log.String())
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("R3", "writes=1%%_ENOSPC refused_503=%d acknowledged=%d lost=0 doubled=0 resumed=%v restarts=0", repeated, len(acked), resumed.Round(time.Millisecond))
	require.LessOrEqual(t, resumed, chaostest.Of(patience, 5*time.Second))
}

// TestR03ADiskThatDoesNotConfirmAWriteEndsTheProcessForItsSupervisor lets an
// fsync fail: what a disk says after that cannot be believed.
func TestR03ADiskThatDoesNotConfirmAWriteEndsTheProcessForItsSupervisor(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startWriters(t, address, members[2:18])
	require.Eventually(t, func() bool { return clients.ledger.count() > 300 }, patience, 10*time.Millisecond)
	times, worst := chaostest.Of(2, 20), time.Duration(0)
	for range times {
		server.fail("fsync,fdatasync:error=EIO:when=20+20") // one in twenty
		began := time.Now()
		select {
		case <-server.ended:
		case <-time.After(patience):
			require.FailNow(t, "the server goes on although nothing reaches the disk")
		}
		worst = max(worst, time.Since(began))
		require.Equal(t, 1, server.cmd.ProcessState.ExitCode(), server.log.String())
		require.Contains(t, server.log.String(), "did not confirm a write (fsync)")
		server = start(t, folder, address, unlimited...) // what a supervisor does
		server.ready()
		acked, announced, wrong := clients.ledger.copies()
		require.Empty(t, wrong)
		clients.whileSilent(func() { requireKept(t, folder, acked, announced) })
		require.Eventually(t, func() bool { return clients.ledger.count() > len(acked) }, patience, 10*time.Millisecond, "and everybody goes on")
	}
	clients.end()
	code, _ := server.stop()
	require.Zero(t, code)
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("R3", "fsyncs=5%%_EIO times=%d exit=1 ended_worst=%v acknowledged=%d lost=0 doubled=0", times, worst.Round(time.Millisecond), len(acked))
}

// TestR23ACrashBetweenAnyTwoStepsLosesNothing kills the server at a write to
// its log, at an fsync, or at a write to a client: before a message is on disk,
// between that and its acknowledgement, and between that and its announcement.
func TestR23ACrashBetweenAnyTwoStepsLosesNothing(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startWriters(t, address, members[2:10])
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	listener := clients.listen(ctx, members[18], head(t, folder))
	rounds := chaostest.Of(2, 30)
	for n := range rounds * 3 {
		call := []string{"pwrite64", "fsync,fdatasync", "write"}[n%3]
		server.fail(fmt.Sprintf("%s:signal=KILL:when=%d", call, 1+rand.IntN(40)))
		select {
		case <-server.ended:
		case <-time.After(patience):
			require.FailNow(t, "nothing was written")
		}
		acked, announced, wrong := clients.ledger.copies()
		server = start(t, folder, address, unlimited...)
		server.ready()
		require.Empty(t, wrong)
		clients.whileSilent(func() { requireKept(t, folder, acked, announced) })
	}
	clients.stop()
	require.Eventually(t, func() bool { return listener.last.Load() >= head(t, folder) }, patience, 20*time.Millisecond,
		"the listener catches up with what it missed")
	stop()
	clients.end()
	acked, announced := clients.requireKept(t, folder)
	chaostest.Figures("R23", "crashes=%d before_write=%d before_fsync=%d before_telling=%d acknowledged=%d announced=%d lost=0 doubled=0",
		rounds*3, rounds, rounds, rounds, len(acked), len(announced))
}
