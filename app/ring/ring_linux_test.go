package ring

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func newRing(t testing.TB) *Ring {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(r.Close)
	return r
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

// pair is a connection and its peer's end.
func pair(t testing.TB, ln net.Listener) (socket, peer *net.TCPConn) {
	t.Helper()
	dialled, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	accepted, err := ln.Accept()
	require.NoError(t, err)
	socket, peer = accepted.(*net.TCPConn), dialled.(*net.TCPConn)
	t.Cleanup(func() {
		_ = socket.Close()
		_ = peer.Close()
	})
	return socket, peer
}

func raw(t testing.TB, c *net.TCPConn) syscall.RawConn {
	t.Helper()
	to, err := c.SyscallConn()
	require.NoError(t, err)
	return to
}

func TestEachSocketGetsItsOwnBytes(t *testing.T) {
	r, ln := newRing(t), listen(t)
	writes, peers := make([]Write, Most), make([]*net.TCPConn, Most)
	for i := range writes {
		var socket *net.TCPConn
		socket, peers[i] = pair(t, ln)
		writes[i].To = raw(t, socket)
	}
	for round := range 5 { // the queues are as long as one round, and begin anew
		for i := range writes {
			writes[i].Bytes = fmt.Appendf(nil, "%d of %d", i, round)
		}
		few := writes[:Most-round]
		r.Write(few)
		for i := range few {
			require.Equal(t, len(few[i].Bytes), few[i].Taken)
			got := make([]byte, 100)
			n, err := peers[i].Read(got)
			require.NoError(t, err)
			require.Equal(t, string(few[i].Bytes), string(got[:n]))
		}
	}
}

func TestASocketTakesWhatItHasRoomForAndTheOthersDoNotWait(t *testing.T) {
	r, ln := newRing(t), listen(t)
	full, slow := pair(t, ln)
	require.NoError(t, full.SetWriteBuffer(64<<10))
	require.NoError(t, slow.SetReadBuffer(64<<10))
	free, quick := pair(t, ln)
	big := bytes.Repeat([]byte("0123456789"), 400<<10)
	taken := 0
	for round := 0; ; round++ {
		require.Less(t, round, 1000)
		writes := []Write{{To: raw(t, full), Bytes: big[taken:]}, {To: raw(t, free), Bytes: []byte("x")}}
		r.Write(writes)
		require.Equal(t, 1, writes[1].Taken)
		if taken += writes[0].Taken; writes[0].Taken == 0 {
			break
		}
	}
	require.Positive(t, taken)
	require.Less(t, taken, len(big))
	require.NoError(t, full.Close())
	require.NoError(t, free.Close())
	got, err := io.ReadAll(slow)
	require.NoError(t, err)
	require.True(t, bytes.Equal(big[:taken], got), "what was taken, and nothing else")
	got, err = io.ReadAll(quick)
	require.NoError(t, err)
	require.NotEmpty(t, got)
}

func TestASocketThatIsClosedOrResetTakesNothing(t *testing.T) {
	r, ln := newRing(t), listen(t)
	closed, _ := pair(t, ln)
	alsoClosed, _ := pair(t, ln)
	broken, leaver := pair(t, ln)
	good, peer := pair(t, ln)
	writes := []Write{
		{To: raw(t, closed), Bytes: []byte("one")},
		{To: raw(t, broken), Bytes: []byte("two")},
		{To: raw(t, good), Bytes: []byte("three")},
		{To: raw(t, alsoClosed), Bytes: []byte("four")},
	}
	require.NoError(t, closed.Close())
	require.NoError(t, alsoClosed.Close())
	require.NoError(t, leaver.SetLinger(0))
	require.NoError(t, leaver.Close())
	_, err := broken.Read(make([]byte, 1))
	require.Error(t, err)
	r.Write(writes)
	require.Equal(t, []int{0, 0, 5, 0}, []int{writes[0].Taken, writes[1].Taken, writes[2].Taken, writes[3].Taken})
	got := make([]byte, 5)
	_, err = io.ReadFull(peer, got)
	require.NoError(t, err)
	require.Equal(t, "three", string(got))
	r.Write([]Write{{To: raw(t, closed), Bytes: []byte("none is left")}})
}

func TestWhatTheKernelRefusesIsNotWrittenThenNorLater(t *testing.T) {
	r, ln := newRing(t), listen(t)
	socket, peer := pair(t, ln)
	writes := []Write{{To: raw(t, socket), Bytes: []byte("refused"), Taken: 7}}
	own := r.fd
	r.fd = -1
	r.Write(writes)
	r.fd = own
	require.Zero(t, writes[0].Taken)
	writes[0].Bytes = []byte("taken")
	r.Write(writes)
	require.Equal(t, 5, writes[0].Taken)
	require.NoError(t, socket.Close())
	got, err := io.ReadAll(peer)
	require.NoError(t, err)
	require.Equal(t, "taken", string(got))
}

func TestMoreThanGoInOneCallAreRefused(t *testing.T) {
	r := newRing(t)
	require.Panics(t, func() { r.Write(make([]Write, Most+1)) })
}

// The number of a socket that is closed belongs to the next one that is opened: who
// writes to a number without a hold on what it means writes to a stranger.
func TestWhatIsWrittenToASocketNeverReachesTheNextOneOfItsNumber(t *testing.T) {
	r, ln := newRing(t), listen(t)
	var (
		mu      sync.Mutex
		sockets []*net.TCPConn
		readers sync.WaitGroup
	)
	stop := make(chan struct{})
	open := func() (*net.TCPConn, error) { // it is sent the port of its peer, which no other has meanwhile
		peer, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			return nil, err
		}
		socket, err := ln.Accept()
		if err != nil {
			return nil, err
		}
		own := peer.LocalAddr().String()
		readers.Go(func() {
			defer peer.Close()
			for lines := bufio.NewScanner(peer); lines.Scan(); {
				if lines.Text() != own {
					t.Errorf("%s was sent %q", own, lines.Text())
				}
			}
		})
		readers.Go(func() { // a number may go to this end too
			if n, _ := io.Copy(io.Discard, socket); n > 0 {
				t.Errorf("the end that dialled as %s was taken for another", own)
			}
		})
		return socket.(*net.TCPConn), nil
	}
	for range Most {
		socket, err := open()
		require.NoError(t, err)
		sockets = append(sockets, socket)
	}
	var changers sync.WaitGroup
	for changer := range 2 {
		changers.Go(func() {
			for i := changer; ; i = (i + 2) % Most {
				select {
				case <-stop:
					return
				default:
				}
				mu.Lock()
				before := sockets[i]
				mu.Unlock()
				_ = before.Close()
				next, err := open()
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				sockets[i] = next
				mu.Unlock()
			}
		})
	}
	for until := time.Now().Add(2 * time.Second); time.Now().Before(until); {
		var writes []Write
		mu.Lock()
		for _, socket := range sockets {
			if to, err := socket.SyscallConn(); err == nil {
				writes = append(writes, Write{To: to, Bytes: []byte(socket.RemoteAddr().String() + "\n")})
			}
		}
		mu.Unlock()
		r.Write(writes)
	}
	close(stop)
	changers.Wait()
	for _, socket := range sockets {
		_ = socket.Close()
	}
	readers.Wait()
}

// BenchmarkAClass writes 260 bytes to each of 50 sockets of this machine, whose peers
// read at once. The metric is the processor time of both ends.
func BenchmarkAClass(b *testing.B) {
	const class = 50
	for _, pause := range []time.Duration{2500 * time.Microsecond, 50 * time.Millisecond} {
		writes, fds := make([]Write, class), make([]int, class)
		ln := listen(b)
		for i := range writes {
			socket, peer := pair(b, ln)
			writes[i] = Write{To: raw(b, socket), Bytes: make([]byte, 260)}
			require.NoError(b, writes[i].To.Control(func(fd uintptr) { fds[i] = int(fd) }))
			go func() { _, _ = io.Copy(io.Discard, struct{ io.Reader }{peer}) }()
		}
		times := func(name string, write func()) {
			b.Run(fmt.Sprintf("%s, %v apart", name, pause), func(b *testing.B) {
				before := processorTime(b)
				for b.Loop() {
					write()
					time.Sleep(pause)
				}
				used := processorTime(b) - before
				b.ReportMetric(float64(used.Nanoseconds())/float64(b.N*class), "ns-cpu/socket")
			})
		}
		times("a call each", func() {
			for i, fd := range fds {
				if _, err := unix.Write(fd, writes[i].Bytes); err != nil {
					b.Fatal(err)
				}
			}
		})
		r := newRing(b)
		times("one call", func() { r.Write(writes) })
	}
}

func processorTime(b *testing.B) time.Duration {
	var u unix.Rusage
	require.NoError(b, unix.Getrusage(unix.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
