package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app/demo"
)

// crowd is many sockets of many members, which come back as docs/protocol.md
// asks clients to.
type crowd struct {
	t       *testing.T
	address string
	guests  []*guest
	restart time.Duration               // the longest wait after 1012, of which each takes a random part
	look    func(g *guest, text []byte) // is shown every frame, where there is one
	stop    context.CancelFunc
	running sync.WaitGroup
	here    atomic.Int64 // guests whose hello was answered
	resyncs atomic.Int64
	refused atomic.Int64 // handshakes that were told to come again

	mu     sync.Mutex
	closes map[int]int // close code → how many sockets saw it
	wrong  []string
}

// guest is one of them. It keeps account of the numbers of its class.
type guest struct {
	*crowd
	as    demo.Membership
	began atomic.Bool
	seq   atomic.Int64 // of the last event that it applied
	gap   bool         // a number is missing: until hello is answered, what follows it does not count
	conn  atomic.Pointer[websocket.Conn]
}

// gather brings a guest of each membership in, all at the same time, and
// returns when everybody's hello is answered.
func gather(t *testing.T, address string, as []demo.Membership, restart time.Duration) (c *crowd, took time.Duration) {
	t.Helper()
	return gatherThat(t, address, as, restart, nil)
}

// gatherThat gathers guests that look at every frame.
func gatherThat(t *testing.T, address string, as []demo.Membership, restart time.Duration, look func(*guest, []byte)) (c *crowd, took time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	c = &crowd{t: t, address: address, restart: restart, look: look, stop: stop, closes: map[int]int{}}
	began := time.Now()
	for _, m := range as {
		g := &guest{crowd: c, as: m}
		c.guests = append(c.guests, g)
		c.running.Go(func() { g.stay(ctx) })
	}
	t.Cleanup(c.leave)
	c.wait(len(as), 90*time.Second)
	return c, time.Since(began)
}

// wait waits until so many are here.
func (c *crowd) wait(n int, most time.Duration) {
	c.t.Helper()
	require.Eventually(c.t, func() bool { return c.here.Load() == int64(n) }, most, 2*time.Millisecond,
		"%d of %d are here", c.here.Load(), n)
}

// leave ends everybody.
func (c *crowd) leave() {
	c.stop()
	c.running.Wait()
}

// seen returns the close codes, and begins to count anew.
func (c *crowd) seen() (closes map[int]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	closes = maps.Clone(c.closes)
	clear(c.closes)
	return closes
}

// requireWhole requires that everybody has applied every number of their class
// up to its newest, each once and in order.
func (c *crowd) requireWhole(folder string) {
	c.t.Helper()
	var behind []string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		behind = nil
		heads := headsOf(c.t, folder) // a message whose writer has left may be on its way yet
		for _, g := range c.guests {
			if g.seq.Load() != heads[g.as.ClassID] {
				behind = append(behind, fmt.Sprintf("%s of class %d is at %d of %d", g.as.Name, g.as.ClassID, g.seq.Load(), heads[g.as.ClassID]))
			}
		}
		if len(behind) == 0 {
			break
		}
	}
	require.Empty(c.t, behind, "they missed something")
	c.mu.Lock()
	defer c.mu.Unlock()
	require.Empty(c.t, c.wrong)
}

var guestDialer = websocket.Dialer{
	HandshakeTimeout: 10 * time.Second, Subprotocols: []string{"homeroom.v2"},
	ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
}

// dialing bounds the connections that are being opened. A kernel lets 4096 wait
// to be accepted (net.core.somaxconn), and who comes on top of that is told
// nothing and tries again after seconds: a test of the kernel, not of the server.
var dialing = make(chan struct{}, 3000)

// stay comes in, and comes back whenever it is cut off.
func (g *guest) stay(ctx context.Context) {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		in, code := g.visit(ctx)
		if in {
			attempt = 0
		}
		wait := 100*time.Millisecond + rand.N(min(30*time.Second, 500*time.Millisecond<<min(attempt, 6)))
		if code == websocket.CloseServiceRestart {
			wait = g.restart/40 + rand.N(g.restart-g.restart/40)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// visit is one connection from its beginning to its end. It tells whether hello
// was answered, and how it ended.
func (g *guest) visit(ctx context.Context) (in bool, code int) {
	dialing <- struct{}{}
	conn, response, err := guestDialer.DialContext(ctx, "ws://"+g.address+"/ws", http.Header{"Authorization": {"Bearer " + g.as.Token}})
	<-dialing
	if err != nil {
		if response != nil {
			g.refused.Add(1)
		}
		return false, websocket.CloseAbnormalClosure
	}
	_ = response.Body.Close()
	done := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		done()
		_ = conn.Close()
		if in {
			g.here.Add(-1)
		}
	}()
	g.gap = false
	g.conn.Store(conn)
	g.hello()
	var buffer bytes.Buffer
	for {
		buffer.Reset()
		_, r, err := conn.NextReader()
		if err == nil {
			_, err = io.Copy(&buffer, r)
		}
		if err != nil {
			return in, g.ended(ctx, err)
		}
		if g.look != nil {
			g.look(g, buffer.Bytes())
		}
		if g.hear(buffer.Bytes()) && !in {
			in = true
			g.here.Add(1)
		}
	}
}

func (g *guest) hello() {
	since := map[string]int64{}
	if g.began.Load() {
		since[strconv.FormatInt(g.as.ClassID, 10)] = g.seq.Load()
	}
	if conn := g.conn.Load(); conn != nil {
		_ = conn.WriteJSON(map[string]any{"action": "hello", "ref": "h", "since": since})
	}
}

func (g *guest) ended(ctx context.Context, err error) (code int) {
	code = websocket.CloseAbnormalClosure
	if end := (*websocket.CloseError)(nil); errors.As(err, &end) {
		code = end.Code
	}
	if ctx.Err() == nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.closes[code]++
	}
	return code
}

// hear takes in a frame and tells whether it is the answer to hello.
func (g *guest) hear(text []byte) (hello bool) {
	switch {
	case bytes.HasPrefix(text, []byte(`{"op":"event"`)):
		g.number(numberIn(text))
	case bytes.HasPrefix(text, []byte(`{"op":"resync"`)):
		g.resyncs.Add(1)
		g.seq.Store(numberIn(text))
	case bytes.HasPrefix(text, []byte(`{"op":"hello"`)):
		var f frame
		if err := json.Unmarshal(text, &f); err != nil || !f.Status {
			g.complain("hello was answered with %s", text)
		}
		if g.gap = false; !g.began.Swap(true) {
			g.seq.Store(f.Heads[strconv.FormatInt(g.as.ClassID, 10)])
		}
		return true
	}
	return false
}

// number applies a number by the rules of docs/protocol.md.
func (g *guest) number(seq int64) {
	switch last := g.seq.Load(); {
	case g.gap || seq <= last:
	case seq == last+1:
		g.seq.Store(seq)
	default:
		g.complain("%s heard %d after %d on a connection that was never cut", g.as.Name, seq, last)
		g.gap = true
		g.hello()
	}
}

func (g *guest) complain(format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrong = append(g.wrong, fmt.Sprintf(format, args...))
}

// numberIn is the number of an event or of a resync.
func numberIn(text []byte) (seq int64) {
	_, rest, _ := bytes.Cut(text, []byte(`"seq":`))
	for _, digit := range rest {
		if digit < '0' || digit > '9' {
			break
		}
		seq = seq*10 + int64(digit-'0')
	}
	return seq
}

// headsOf are the numbers of the newest events of all classes.
func headsOf(t *testing.T, folder string) map[int64]int64 {
	t.Helper()
	db := database(t, folder)
	defer db.Close()
	rows, err := db.Query("SELECT id, seq FROM classes")
	require.NoError(t, err)
	defer rows.Close()
	heads := map[int64]int64{}
	for rows.Next() {
		var id, seq int64
		require.NoError(t, rows.Scan(&id, &seq))
		heads[id] = seq
	}
	require.NoError(t, rows.Err())
	return heads
}
