// Package inner is the inner port: other programs on the same machine push
// through it, a JSON object a line, as they did to Workerman's. It asks nobody
// who they are, so it listens on the machine itself and nowhere else.
package inner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"homeroom/app"
)

// Limits bound what the port takes.
type Limits struct {
	Line        int           `name:"push-line" default:"65536" help:"Bytes of one line at the inner port."`
	Idle        time.Duration `name:"push-idle" default:"60s" help:"How long a connection to the inner port may be silent."`
	Connections int           `name:"push-connections" default:"64" help:"Connections to the inner port."`
}

// Port is an open inner port.
type Port struct {
	app    *app.App
	limits Limits
	ln     net.Listener
	ended  sync.WaitGroup
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

// Listen opens the port at a loopback address, or at the path of a Unix socket
// (one that begins with / or .). It refuses every other address.
func Listen(a *app.App, address string, limits Limits) (*Port, error) {
	ln, err := listen(address)
	if err != nil {
		return nil, fmt.Errorf("inner port %s: %w", address, err)
	}
	p := &Port{app: a, limits: limits, ln: ln, conns: map[net.Conn]struct{}{}}
	p.ended.Go(p.accept)
	return p, nil
}

var errNotLocal = errors.New("it must be a loopback address or the path of a Unix socket: the port asks nobody who they are")

func listen(address string) (net.Listener, error) {
	if strings.HasPrefix(address, "/") || strings.HasPrefix(address, ".") {
		if info, err := os.Lstat(address); err == nil && info.Mode().Type() == os.ModeSocket {
			if err := os.Remove(address); err != nil { // of a server that was killed: the data folder's lock says that none runs
				return nil, err
			}
		}
		ln, err := net.Listen("unix", address)
		if err != nil {
			return nil, err
		}
		return ln, os.Chmod(address, 0o600)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errNotLocal
	}
	return net.Listen("tcp", address)
}

// Addr is where the port listens.
func (p *Port) Addr() net.Addr { return p.ln.Addr() }

// Close ends the port and its connections.
func (p *Port) Close() error {
	p.mu.Lock()
	p.closed = true
	err := p.ln.Close()
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.ended.Wait()
	return err
}

func (p *Port) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *Port) accept() {
	for {
		c, err := p.ln.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		full := len(p.conns) >= p.limits.Connections
		if !full && !p.closed {
			p.conns[c] = struct{}{}
			p.ended.Go(func() { p.serve(c) })
		}
		p.mu.Unlock()
		if p.isClosed() {
			_ = c.Close()
			return
		}
		if full {
			_ = c.SetWriteDeadline(time.Now().Add(time.Second))
			_, _ = c.Write(fail)
			_ = c.Close()
		}
	}
}

var (
	ok   = []byte("ok\n")
	fail = []byte("fail\n")
)

// serve answers each line in its turn. A connection that breaks a limit is
// told "fail" and closed.
func (p *Port) serve(c net.Conn) {
	defer func() {
		p.mu.Lock()
		delete(p.conns, c)
		p.mu.Unlock()
		_ = c.Close()
	}()
	lines := bufio.NewReaderSize(c, p.limits.Line+1)
	for {
		if err := c.SetDeadline(time.Now().Add(p.limits.Idle)); err != nil {
			return
		}
		line, err := lines.ReadSlice('\n')
		if len(bytes.TrimSpace(line)) == 0 && err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return // the other side is done
		}
		answer := p.push(line, err)
		_ = c.SetWriteDeadline(time.Now().Add(5 * time.Second))
		if _, werr := c.Write(answer); werr != nil || err != nil {
			return
		}
	}
}

// push answers one line: "ok" where it was told to somebody's page, "fail"
// where it could not be read, or nobody is there.
func (p *Port) push(line []byte, err error) []byte {
	if err != nil {
		return fail
	}
	result, err := p.app.PushLine(context.Background(), bytes.TrimSpace(line))
	if err != nil {
		slog.Debug("inner port", "error", err.Error())
	}
	if result.Result != app.PushOK {
		return fail
	}
	return ok
}
