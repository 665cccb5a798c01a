package server

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// listener bounds the open connections of all clients, and how long a new one
// may stay silent: the timeouts of the server begin with the first byte.
type listener struct {
	net.Listener
	most   int64
	buffer int // what the kernel may hold for a client that does not read
	silent time.Duration
	open   atomic.Int64
}

func newListener(ln net.Listener, limits Limits) *listener {
	return &listener{Listener: ln, most: int64(limits.Connections), buffer: limits.SendBuffer, silent: limits.Read}
}

// Accept waits for a connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Load() >= l.most {
			_ = accepted.Close()
			continue
		}
		l.open.Add(1)
		if tcp, ok := accepted.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(l.buffer)
		}
		_ = accepted.SetReadDeadline(time.Now().Add(l.silent))
		return &conn{Conn: accepted, listener: l}, nil
	}
}

// SyscallConn is the system's own connection underneath: what is written to it
// needs none of what this type adds.
func (c *conn) SyscallConn() (syscall.RawConn, error) {
	inner, ok := c.Conn.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return inner.SyscallConn()
}

// conn is a connection that is counted until it is closed.
type conn struct {
	net.Conn
	listener *listener
	linger   atomic.Bool
	once     sync.Once
	before   atomic.Pointer[func()]
	taken    atomic.Bool
}

// TakeOver returns the connection for whoever writes to it from now on; nobody
// else can. What reads a socket's frames would answer a broken one by itself,
// in the middle of what is being written.
func (c *conn) TakeOver() net.Conn {
	c.taken.Store(true)
	return takenOver{c}
}

type takenOver struct{ *conn }

func (t takenOver) Write(p []byte) (int, error)         { return t.Conn.Write(p) }
func (t takenOver) SetWriteDeadline(at time.Time) error { return t.Conn.SetWriteDeadline(at) }

// Write sends to the client, as long as nobody has taken the connection over.
func (c *conn) Write(p []byte) (int, error) {
	if c.taken.Load() {
		return 0, net.ErrClosed
	}
	return c.Conn.Write(p)
}

// SetWriteDeadline bounds the writes to come, likewise.
func (c *conn) SetWriteDeadline(at time.Time) error {
	if c.taken.Load() {
		return net.ErrClosed
	}
	return c.Conn.SetWriteDeadline(at)
}

// beforeRead has f called once, when the connection is read next.
func (c *conn) beforeRead(f func()) { c.before.Store(&f) }

// Read reads what the client sent.
func (c *conn) Read(p []byte) (int, error) {
	if c.before.Load() != nil {
		if f := c.before.Swap(nil); f != nil {
			(*f)()
		}
	}
	return c.Conn.Read(p)
}

// What is read of a request that was refused before its end.
const (
	lingerTime  = time.Second
	lingerBytes = 1 << 20
)

// Close closes the connection. Where the client is still sending, what it
// sends is read for a moment: closing over unread bytes resets the connection,
// and the client never sees why it was refused.
func (c *conn) Close() error {
	c.once.Do(func() {
		c.listener.open.Add(-1)
		half, ok := c.Conn.(interface{ CloseWrite() error })
		if !ok || !c.linger.Load() || half.CloseWrite() != nil {
			return
		}
		_ = c.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
	})
	return c.Conn.Close()
}
