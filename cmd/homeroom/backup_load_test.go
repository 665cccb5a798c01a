package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// TestR16ABackupHardlySlowsThoseWhoSend makes backups while some send.
func TestR16ABackupHardlySlowsThoseWhoSend(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages="+chaostest.Of("3000", "200000"))
	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startPaced(t, address, members[2:10], 20*time.Millisecond)
	time.Sleep(time.Second)
	clients.ledger.times()
	time.Sleep(chaostest.Of(time.Second, 10*time.Second))
	before := percentile(clients.ledger.times(), 99)
	backups, began := 0, time.Now()
	for ; backups < chaostest.Of(1, 5); backups++ {
		_, err := run(t, "backup", filepath.Join(t.TempDir(), "b.tar"), "--data", folder)
		require.NoError(t, err)
	}
	each := time.Since(began) / time.Duration(backups)
	during := percentile(clients.ledger.times(), 99)
	clients.end()
	code, _ := server.stop()
	require.Zero(t, code)
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("R16", "backups=%d each=%v send_p99_before=%v during=%v ratio=%.1f acknowledged=%d lost=0",
		backups, each.Round(time.Millisecond), before.Round(100*time.Microsecond), during.Round(100*time.Microsecond), float64(during)/float64(before), len(acked))
	if chaostest.Full() {
		require.LessOrEqual(t, during, 2*before)
	}
}
