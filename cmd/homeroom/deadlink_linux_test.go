package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"homeroom/app/chaostest"
)

// wire is a link to a machine of its own, as far as the network goes.
type wire struct {
	t           *testing.T
	name        string
	here, there string // addresses of its ends
}

// newWire lays one until the test ends, or skips the test.
func newWire(t *testing.T) *wire {
	t.Helper()
	n := 1 + rand.IntN(250)
	w := &wire{t: t, name: fmt.Sprintf("hr%d", n), here: fmt.Sprintf("10.203.%d.1", n), there: fmt.Sprintf("10.203.%d.2", n)}
	if out, err := exec.Command("ip", "netns", "add", w.name).CombinedOutput(); err != nil {
		t.Skipf("no network can be made here: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", w.name).Run() })
	w.ip("link add", w.name+"a type veth peer name", w.name+"b")
	w.ip("link set", w.name+"b netns", w.name)
	w.ip("addr add", w.here+"/24 dev", w.name+"a")
	w.ip("link set", w.name+"a up")
	w.ip("-n", w.name, "addr add", w.there+"/24 dev", w.name+"b")
	w.ip("-n", w.name, "link set", w.name+"b up")
	return w
}

func (w *wire) ip(words ...string) {
	w.t.Helper()
	out, err := exec.Command("ip", strings.Fields(strings.Join(words, " "))...).CombinedOutput()
	require.NoError(w.t, err, "ip %v: %s", words, out)
}

// cut takes the far end away: nobody is told, packets just do not arrive.
func (w *wire) cut() { w.ip("-n", w.name, "link set", w.name+"b down") }

// dial connects from the other end.
func (w *wire) dial(network, address string) (conn net.Conn, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		var file *os.File
		if file, err = os.Open("/var/run/netns/" + w.name); err != nil {
			return
		}
		defer file.Close()
		if err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err == nil {
			conn, err = net.Dial(network, address)
		}
	}()
	<-done
	return conn, err
}

// TestR20ADeadLinkIsNoticedOnBothSides takes a link down under an open
// connection. The client notices by the rule of docs/protocol.md: after a
// silence it asks, and leaves where nobody answers.
func TestR20ADeadLinkIsNoticedOnBothSides(t *testing.T) {
	w := newWire(t)
	folder, metrics := t.TempDir(), freeAddress(t)
	_, port, err := net.SplitHostPort(freeAddress(t))
	require.NoError(t, err)
	address := net.JoinHostPort(w.here, port)
	members := school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=20")
	ping, pong := chaostest.Of(2*time.Second, 25*time.Second), chaostest.Of(time.Second, 10*time.Second)
	server := start(t, folder, address, "--metrics-listen="+metrics, fmt.Sprint("--ping=", ping), fmt.Sprint("--pong=", pong))
	server.ready()
	dialer := websocket.Dialer{NetDial: w.dial, Subprotocols: []string{"homeroom.v2"}}
	conn, response, err := dialer.Dial("ws://"+address+"/ws", map[string][]string{"Authorization": {"Bearer " + members[2].Token}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	defer conn.Close()
	require.NoError(t, conn.WriteJSON(map[string]any{"action": "hello", "since": map[string]int64{}}))
	silence := ping - time.Second // as in frontend/src/live/socket.ts
	heard := func(within time.Duration) error {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(within)))
		_, _, err := conn.ReadMessage()
		return err
	}
	require.NoError(t, heard(patience))
	connections := func() float64 { return figure(t, metrics, `homeroom_connections{dialect="v2"}`) }
	require.EqualValues(t, 1, connections())
	time.Sleep(time.Second) // what is told once at the beginning has been told
	w.cut()
	began := time.Now()
	client := make(chan time.Duration, 1)
	go func() {
		for {
			_ = conn.SetReadDeadline(time.Now().Add(silence))
			if _, _, err := conn.ReadMessage(); err != nil {
				break
			}
		}
		_ = conn.SetWriteDeadline(time.Now().Add(pong))
		_ = conn.WriteJSON(map[string]any{"action": "keep", "ref": "alive"})
		time.Sleep(pong) // and nobody answers
		client <- time.Since(began)
	}()
	require.Eventually(t, func() bool { return connections() == 0 }, ping+pong+patience, 10*time.Millisecond, "the server notices")
	atServer := time.Since(began)
	atClient := <-client
	chaostest.Figures("R20", "ping=%v pong=%v server_noticed=%v client_noticed=%v", ping, pong, atServer.Round(10*time.Millisecond), atClient.Round(10*time.Millisecond))
	late := chaostest.Of(patience, 0) // what a busy machine adds
	require.LessOrEqual(t, max(atServer, atClient), ping+pong+late)
}
