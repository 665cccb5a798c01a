// Package ring writes to many sockets in one call of the system. It does so on Linux
// only, by io_uring(7), where the kernel has it and allows it.
package ring

import "syscall"

// Most is how many sockets are written to in one call.
const Most = 64

// Write is what goes to one socket.
type Write struct {
	To    syscall.RawConn // to be written to without waiting
	Bytes []byte          // not empty
	Taken int             // how many the socket took at once; none where it has no room, is closed or failed
}
