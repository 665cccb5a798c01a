//go:build unix

package live

import (
	"net"
	"syscall"
)

// nonblocking writes to a socket what it takes at once. Most frames are taken
// at once, and then cost neither a goroutine nor a timer.
type nonblocking struct {
	raw     syscall.RawConn
	out     []byte
	written int
	try     func(fd uintptr)
}

// newNonblocking returns nil for what is no socket of the system.
func newNonblocking(c net.Conn) *nonblocking {
	socket, ok := c.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	n := &nonblocking{raw: raw}
	n.try = func(fd uintptr) {
		// An error counts as nothing written: the writer that comes then meets it.
		if written, err := syscall.Write(int(fd), n.out); err == nil {
			n.written = written
		}
	}
	return n
}

// write returns how many bytes the socket took. It asks for control of the
// socket, not for a turn to write: it would wait for one behind what the
// WebSocket library may be writing to a peer that does not read.
func (n *nonblocking) write(out []byte) int {
	n.out, n.written = out, 0
	_ = n.raw.Control(n.try)
	n.out = nil
	return n.written
}
