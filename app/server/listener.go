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
