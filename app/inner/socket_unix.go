//go:build unix

package inner

import (
	"errors"
	"net"
	"syscall"
)

// isRefused tells that nobody listens at the other end.
func isRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// listenAlone listens at a path that nobody but the owner can connect to, from
// the first moment on: rights that are taken away afterwards come too late.
func listenAlone(path string) (net.Listener, error) {
	defer syscall.Umask(syscall.Umask(0o077)) // what else is made meanwhile is the owner's, too
	return net.Listen("unix", path)
}
