//go:build !unix

package inner

import "net"

// isRefused cannot tell here why nobody answered.
func isRefused(error) bool { return true }

// listenAlone listens at a path; who can connect is what its folder says.
func listenAlone(path string) (net.Listener, error) { return net.Listen("unix", path) }
