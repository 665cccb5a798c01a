package main

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// TestThreat27AServerDoesNotGrowByLengthsThatAreClaimed sends heads of frames
// that say how much is to come, and nothing of it.
func TestThreat27AServerDoesNotGrowByLengthsThatAreClaimed(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=20")
	server := start(t, folder, address, unlimited...)
	server.ready()
	many := chaostest.Of(100, 1000)
	peak := 0
	claim := func(lengths ...uint64) {
		for i := range many {
			conn, err := dial(address, members[2].Token)
			require.NoError(t, err)
			_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
			length := lengths[i%len(lengths)]
			_, err = conn.NetConn().Write(append(binary.BigEndian.AppendUint64([]byte{0x80 | 1, 0x80 | 127}, length), 1, 2, 3, 4, 'x'))
			require.NoError(t, err)
			if length>>63 == 1 { // RFC 6455, 5.2: the first bit is 0
				for err == nil {
					_, _, err = conn.ReadMessage()
				}
				require.True(t, websocket.IsCloseError(err, 1002, 1009), "%v", err)
			}
			_ = conn.Close()
			peak = max(peak, server.memory())
		}
	}
	// As many before, of lengths that are true enough: what connections take is
	// taken by then.
	claim(100, 1<<63)
	claim(100, 1<<63)
	before := peak
	claim(1<<63, 1<<63-1, 1<<64-1, 1<<40)
	chaostest.Figures("T27", "claims=%d of 2^63, 2^63-1, 2^64-1 and 2^40 bytes: memory_peak=%.1fMiB before=%.1fMiB grown=%.2fMiB",
		many, float64(peak)/(1<<20), float64(before)/(1<<20), float64(peak-before)/(1<<20))
	require.Less(t, peak-before, chaostest.Of(16<<20, 1<<20))
}
