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
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

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
	app     *app.App
	limits  Limits
	ln      net.Listener
	ended   sync.WaitGroup
	mu      sync.Mutex
	conns   map[net.Conn]struct{}
	served  int // of conns; the others are being refused
	closed  bool
	closing chan struct{} // closed once closed is set
}

// Listen opens the port at a loopback address, or at the path of a Unix socket
// (one that begins with / or .). It refuses every other address.
func Listen(a *app.App, address string, limits Limits) (*Port, error) {
	ln, err := listen(address)
	if err != nil {
		return nil, fmt.Errorf("inner port %s: %w", address, err)
	}
	p := &Port{app: a, limits: limits, ln: ln, conns: map[net.Conn]struct{}{}, closing: make(chan struct{})}
	p.ended.Go(p.accept)
	return p, nil
}

var errNotLocal = errors.New("it must be a loopback address or the path of a Unix socket: the port asks nobody who they are")

func listen(address string) (net.Listener, error) {
	if strings.HasPrefix(address, "/") || strings.HasPrefix(address, ".") {
		return listenUnix(address)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errNotLocal
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if bound, ok := ln.Addr().(*net.TCPAddr); !ok || !bound.IP.IsLoopback() {
		return nil, errors.Join(errNotLocal, ln.Close()) // a name means what /etc/hosts says
	}
	return ln, nil
}

func listenUnix(path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == os.ModeSocket {
		c, err := net.DialTimeout("unix", path, time.Second)
		switch {
		case err == nil:
			return nil, errors.Join(errors.New("another program listens there"), c.Close())
		case !isRefused(err): // somebody may be there, and not have time for us
			return nil, err
		}
		if err := os.Remove(path); err != nil { // of a server that was killed
			return nil, err
		}
	}
	ln, err := listenAlone(path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// Addr is where the port listens.
func (p *Port) Addr() net.Addr { return p.ln.Addr() }

// Close ends the port and its connections.
func (p *Port) Close() error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.closing)
	}
	err := p.ln.Close()
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.ended.Wait()
	return err
}

// After an error, most likely too many open files, accept waits, each time twice
// as long.
const (
	shortestPause = 100 * time.Millisecond
	longestPause  = 5 * time.Second
)

func (p *Port) accept() {
	pause := shortestPause
	for {
		c, err := p.ln.Accept()
		if err == nil {
			pause = shortestPause
			p.admit(c)
			continue
		}
		select {
		case <-p.closing:
			return
		default:
		}
		slog.Warn("inner port", "error", err.Error())
		select {
		case <-p.closing:
			return
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		}
	}
}

// admit serves a connection, or tells it "fail" where there are too many.
func (p *Port) admit(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	serve := p.serve
	switch {
	case p.closed, len(p.conns) >= 2*p.limits.Connections:
		_ = c.SetWriteDeadline(time.Now().Add(time.Millisecond))
		_, _ = c.Write(fail)
		_ = c.Close()
		return
	case p.served >= p.limits.Connections:
		serve = p.refuse
	default:
		p.served++
	}
	p.conns[c] = struct{}{}
	p.ended.Go(func() { serve(c) })
}

// forget closes a connection.
func (p *Port) forget(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
	_ = c.Close()
}

func (p *Port) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.served--
}

var (
	ok   = []byte("ok\n")
	fail = []byte("fail\n")
)

// farewell is how long a connection that is closed may take to read why, and
// mostUnread how much of what it still sends is passed over.
const (
	farewell   = time.Second
	mostUnread = 4 << 20
)

// refuse tells a connection "fail" and closes it. What it is sending is read
// first: a socket that is closed over unread bytes is reset, and the other side
// may never see the answer.
func (p *Port) refuse(c net.Conn) {
	defer p.forget(c)
	_ = c.SetDeadline(time.Now().Add(farewell))
	if _, err := c.Write(fail); err != nil {
		return
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.CopyN(io.Discard, c, mostUnread)
}

// serve answers each line in its turn. A connection that breaks a limit is
// told "fail" and closed.
func (p *Port) serve(c net.Conn) {
	defer p.forget(c)
	if p.answer(c) {
		p.leave()
		p.refuse(c)
		return
	}
	p.leave()
}

// answer answers lines until the connection ends, or until one breaks a limit,
// which it tells.
func (p *Port) answer(c net.Conn) (broken bool) {
	lines := bufio.NewReaderSize(c, p.limits.Line+1)
	for {
		if err := c.SetReadDeadline(time.Now().Add(p.limits.Idle)); err != nil {
			return false
		}
		line, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return len(line) > 0 // half a line
		case errors.Is(err, bufio.ErrBufferFull), errors.Is(err, os.ErrDeadlineExceeded):
			return true
		case err != nil:
			return false
		case isHTTP(line), !isText(line):
			return true
		}
		_ = c.SetWriteDeadline(time.Now().Add(longestWrite))
		if _, err := c.Write(p.push(line)); err != nil {
			return false
		}
	}
}

// isHTTP tells a request's first line: a page that somebody opens on this
// machine can make their browser send one, with lines of its own for a body.
func isHTTP(line []byte) bool {
	return bytes.HasSuffix(bytes.TrimSpace(line), []byte(" HTTP/1.1"))
}

// isText tells whether a line can be JSON at all: what cannot was sent by
// something that speaks another protocol, such as a browser that begins TLS, and
// may have a line of somebody else's choosing in it.
func isText(line []byte) bool {
	isControl := func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' }
	return utf8.Valid(line) && !bytes.ContainsFunc(line, isControl)
}

// longestWrite is how long a connection that reads no answers is kept.
const longestWrite = 5 * time.Second

// push answers one line: "ok" where it was told to somebody's page, "fail"
// where it could not be read, or nobody is there.
func (p *Port) push(line []byte) (answer []byte) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("panic", "of", "inner port", "panic", r, "stack", string(debug.Stack()))
			answer = fail
		}
	}()
	result, err := p.app.PushLine(context.Background(), bytes.TrimSpace(line))
	if err != nil {
		slog.Debug("inner port", "error", err.Error())
	}
	if result.Result != app.PushOK {
		return fail
	}
	return ok
}
