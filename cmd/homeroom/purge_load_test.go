package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
)

// TestR25APurgeHardlySlowsThoseWhoSend purges everything that was said before
// the server started, while some send.
func TestR25APurgeHardlySlowsThoseWhoSend(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes="+chaostest.Of("1", "20"), "--members=20", "--threads=3", "--messages="+chaostest.Of("1000", "1000000"))
	sending := func(keep string, who []demo.Membership, until func()) (p99 time.Duration, acknowledged int) {
		server := start(t, folder, address, append([]string{"--keep-messages=" + keep}, unlimited...)...)
		server.ready()
		clients := startPaced(t, address, who, 20*time.Millisecond)
		until()
		p99 = percentile(clients.ledger.times(), 99)
		clients.end()
		code, _ := server.stop()
		require.Zero(t, code)
		acked, _ := clients.requireKept(t, folder)
		return p99, len(acked)
	}
	before, _ := sending("0", members[2:10], func() { time.Sleep(chaostest.Of(time.Second, 30*time.Second)) })
	var had, newest int64
	require.NoError(t, database(t, folder).QueryRow("SELECT count(*), max(id) FROM messages").Scan(&had, &newest))
	time.Sleep(1100 * time.Millisecond) // until the last of them is old enough
	began := time.Now()
	during, acked := sending("1s", members[10:18], func() {
		rows := database(t, folder)
		for left := int64(1); left > 0; time.Sleep(50 * time.Millisecond) {
			require.Less(t, time.Since(began), time.Hour)
			require.NoError(t, rows.QueryRow("SELECT count(*) FROM (SELECT 1 FROM messages WHERE id <= ? LIMIT 1)", newest).Scan(&left))
		}
	})
	chaostest.Figures("R25", "purged=%d in %v send_p99_before=%v during=%v ratio=%.1f acknowledged=%d lost=0",
		had, time.Since(began).Round(time.Millisecond), before.Round(100*time.Microsecond), during.Round(100*time.Microsecond), float64(during)/float64(before), acked)
	if chaostest.Full() {
		require.LessOrEqual(t, during, max(2*before, before+20*time.Millisecond))
	}
}
