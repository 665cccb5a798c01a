package live

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pair is an outbox and the peer's end of its socket.
func pair(t *testing.T) (*outbox, net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	peer, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	socket, err := ln.Accept()
	require.NoError(t, err)
	require.NoError(t, socket.(*net.TCPConn).SetWriteBuffer(64<<10))
	require.NoError(t, peer.(*net.TCPConn).SetReadBuffer(64<<10))
	t.Cleanup(func() {
		_ = socket.Close()
		_ = peer.Close()
	})
	limits := DefaultLimits()
	o := &outbox{socket: socket, limits: &limits, now: newNonblocking(socket)}
	o.room = sync.NewCond(&o.mu)
	return o, peer
}

// A close used to overtake the second half of a frame that the socket had taken
// the first half of: the peer read it as text, and never why it was cut.
func TestACloseComesAfterAWholeFrame(t *testing.T) {
	for range 20 {
		o, peer := pair(t)
		big := encode(opText, append(make([]byte, header), make([]byte, 900<<10)...))
		o.send(big)
		o.end(closeFrame(closeSignedOut, "bye"), false)
		require.NoError(t, peer.SetReadDeadline(time.Now().Add(5*time.Second)))
		wire := make([]byte, len(big)+len(closeFrame(closeSignedOut, "bye")))
		_, err := io.ReadFull(peer, wire)
		require.NoError(t, err)
		require.Equal(t, []byte(closeFrame(closeSignedOut, "bye")), wire[len(big):])
		o.finish()
	}
}

func TestNobodyWritesToASocketAfterItsConnectionEnded(t *testing.T) {
	o, peer := pair(t)
	late, owed := o.put(jsonFrame("put"))
	require.False(t, late)
	require.True(t, owed)
	o.finish() // writes what was put
	for range 10 {
		o.send(jsonFrame("late"))
		o.put(jsonFrame("late"))
		o.flush()
		o.end(closeFrame(closeRestart, "late"), true)
	}
	require.NoError(t, o.socket.Close())
	require.NoError(t, peer.SetReadDeadline(time.Now().Add(5*time.Second)))
	wire, err := io.ReadAll(peer)
	require.NoError(t, err)
	require.Equal(t, []byte(jsonFrame("put")), wire)
}

func TestWhatIsSentBehindWhatWaitsGoesWithIt(t *testing.T) {
	o, peer := pair(t)
	hears := func() []byte {
		require.NoError(t, peer.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
		wire := make([]byte, 100)
		n, _ := peer.Read(wire)
		return wire[:n]
	}
	_, owed := o.put(jsonFrame("event"))
	require.True(t, owed)
	o.send(jsonFrame("answer"))
	require.Empty(t, hears(), "the one who put the event writes both")
	o.flush()
	require.Equal(t, append([]byte(jsonFrame("event")), jsonFrame("answer")...), hears())
	o.send(jsonFrame("alone"))
	require.Equal(t, []byte(jsonFrame("alone")), hears())
	o.finish()
}
