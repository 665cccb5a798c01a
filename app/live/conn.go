package live

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/fasthttp/websocket"
	"golang.org/x/time/rate"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/app/door"
)

// conn is one connection. Its reader is the goroutine that the server gave it;
// its writer exists only while something is queued.
//
// The hub holds this struct, never the wrapper that the web framework gives to
// a handler: that one is pooled, and a stale one writes to somebody else's
// socket.
type conn struct {
	id      uint64
	hub     *Hub
	ws      *websocket.Conn
	net     net.Conn
	request door.Request
	actor   app.Actor
	dialect dialect

	mu      sync.Mutex
	queue   []frame
	bytes   int
	writing bool       // a writer is under way
	closing bool       // the last frame is queued, nothing follows it
	room    *sync.Cond // there is room in the queue again

	writerDone sync.WaitGroup
	rooms      map[int64]*room     // where it has a seat; under the hub's lock
	watched    map[string]struct{} // tasks; under the hub's lock
	greeted    atomic.Bool         // v2: said hello

	// Of the reader alone.
	frames      *rate.Limiter
	refused     int
	excessSince time.Time
	bad         int
	looking     map[int64]int64 // thread → class: what the connection looks at, or joined
	typedAt     map[int64]time.Time

	// Of the beat alone.
	pingAt, keepAt, recheckAt time.Time
}

func newConn(h *Hub, ws *websocket.Conn, request door.Request) *conn {
	now := time.Now()
	c := &conn{
		id: h.lastID.Add(1), hub: h, ws: ws, net: ws.NetConn(), request: request, actor: request.Actor,
		dialect: classic{},
		frames:  rate.NewLimiter(rate.Limit(h.limits.FrameRate), h.limits.FrameBurst),
		looking: map[int64]int64{},
		typedAt: map[int64]time.Time{},
		pingAt:  now.Add(h.limits.Ping), keepAt: now.Add(h.limits.Keep), recheckAt: now.Add(h.limits.Recheck),
	}
	c.actor.Conn = c.id
	c.room = sync.NewCond(&c.mu)
	if ws.Subprotocol() == subprotocol {
		c.dialect = v2{}
	}
	return c
}

// mayEnter tells whether the connection's token is for a class.
func (c *conn) mayEnter(classID int64) bool {
	return len(c.actor.ClassIDs) == 0 || slices.Contains(c.actor.ClassIDs, classID)
}

// dialect decodes what a connection says and encodes what it is told.
type dialect interface {
	// greet is called before anything is read.
	greet(c *conn)
	// receive answers one text frame.
	receive(c *conn, text []byte)
	// refuse says that the frame was over the limit, and when to try again.
	refuse(c *conn, text []byte, wait time.Duration)
	// keep says that all is well.
	keep(c *conn)
}

// send queues a frame and never waits. A connection that does not take its
// frames in time is closed: it comes back and asks for what it missed, and
// nobody else has waited for it.
func (c *conn) send(f frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sendLocked(f)
}

func (c *conn) sendLocked(f frame) {
	if c.closing {
		return
	}
	if len(c.queue) >= c.hub.limits.QueueFrames || c.bytes+len(f) > c.hub.limits.QueueBytes {
		c.hub.metrics.slow.Add(1)
		c.closeLocked(closeTooSlow, "too slow")
		return
	}
	c.queue = append(c.queue, f)
	c.bytes += len(f)
	c.startWriter()
}

// sendWaiting queues a frame when there is room for it. Only the connection's
// own reader may call it: a replay is longer than the queue.
func (c *conn) sendWaiting(f frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closing && (len(c.queue) >= c.hub.limits.QueueFrames/2 || c.bytes+len(f) > c.hub.limits.QueueBytes/2) && len(c.queue) > 0 {
		c.room.Wait()
	}
	c.sendLocked(f)
}

func (c *conn) sendJSON(v any) { c.send(jsonFrame(v)) }

// close queues the frame that ends the connection, in place of all that waits.
func (c *conn) close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(code, reason)
}

func (c *conn) closeLocked(code int, reason string) {
	if c.closing {
		return
	}
	c.queue = append(c.queue[:0], closeFrame(code, reason))
	c.closing = true
	c.startWriter()
	c.room.Broadcast()
}

// closeAfter is close, but lets what is queued go first.
func (c *conn) closeAfter(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	c.queue = append(c.queue, closeFrame(code, reason))
	c.closing = true
	c.startWriter()
	c.room.Broadcast()
}

func (c *conn) startWriter() {
	if !c.writing {
		c.writing = true
		c.writerDone.Add(1)
		go c.write()
	}
}

// write sends what is queued, each time all of it in one write, and ends when
// there is nothing left.
func (c *conn) write() {
	defer c.writerDone.Done()
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	for {
		c.mu.Lock()
		if len(c.queue) == 0 {
			c.writing = false
			c.mu.Unlock()
			return
		}
		out := []byte(c.queue[0])
		if len(c.queue) > 1 {
			out = (*buffer)[:0]
			for _, f := range c.queue {
				out = append(out, f...)
			}
			if cap(out) <= 64<<10 {
				*buffer = out
			}
		}
		clear(c.queue)
		if cap(c.queue) > 16 {
			c.queue = nil // a connection that was busy once does not keep the room for it
		} else {
			c.queue = c.queue[:0]
		}
		c.bytes = 0
		last := c.closing
		c.room.Broadcast()
		c.mu.Unlock()

		_ = c.net.SetWriteDeadline(time.Now().Add(c.hub.limits.Write))
		_, err := c.net.Write(out)
		if err != nil {
			c.mu.Lock()
			c.closing, c.writing, c.queue = true, false, nil
			c.room.Broadcast()
			c.mu.Unlock()
			_ = c.net.Close()
			return
		}
		if last {
			// The peer answers with its own close frame, which ends the reader.
			_ = c.net.SetReadDeadline(time.Now().Add(2 * time.Second))
		}
	}
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// run reads until the connection ends. It returns only when its writer has
// ended too: the server uses the socket's memory again.
func (c *conn) run() {
	defer c.writerDone.Wait()
	defer c.hub.remove(c)
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic on a connection", "request_id", c.request.ID, "panic", p, "stack", stack())
			c.close(closeInternal, "internal error")
		}
	}()
	c.ws.SetReadLimit(int64(c.hub.limits.Frame))
	alive := func(string) error {
		c.extend(c.hub.limits.Ping + c.hub.limits.Pong)
		return nil
	}
	c.ws.SetPongHandler(alive)
	c.extend(c.hub.limits.First)
	c.dialect.greet(c)
	for {
		kind, text, err := c.ws.ReadMessage()
		if err != nil {
			c.ended(err)
			return
		}
		if c.isClosing() {
			continue // only the answer to the close frame is waited for
		}
		if kind != websocket.TextMessage {
			c.close(closeUnsupported, "text frames only")
			continue
		}
		if !utf8.Valid(text) {
			c.close(closeBadText, "not UTF-8")
			continue
		}
		_ = alive("")
		c.hub.metrics.frames.Add(1)
		if wait := c.overRate(); wait > 0 {
			c.dialect.refuse(c, text, wait)
			continue
		}
		c.dialect.receive(c, text)
	}
}

// extend puts off the moment at which the peer counts as gone. The last frame
// has set a deadline of its own.
func (c *conn) extend(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closing {
		_ = c.net.SetReadDeadline(time.Now().Add(d))
	}
}

func (c *conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// ended tells a peer that went silent why it is cut.
func (c *conn) ended(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) && !c.isClosing() {
		c.close(closeNoHeartbeat, "no heartbeat")
	}
}

// overRate counts a frame and tells how long to wait where it is one too many.
// Who goes on for long is cut.
func (c *conn) overRate() time.Duration {
	now := time.Now()
	r := c.frames.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		if c.frames.TokensAt(now) > float64(c.hub.limits.FrameBurst)/2 {
			c.refused, c.excessSince = 0, time.Time{}
		}
		return 0
	}
	r.CancelAt(now)
	if c.excessSince.IsZero() {
		c.excessSince = now
	}
	c.refused++
	if c.refused > mostRefusedFrames || now.Sub(c.excessSince) > longestExcess {
		c.close(closeTooMany, "too many frames")
	}
	return wait
}

// isObject reads text as a JSON object into v. One that is none counts; after
// too many of them the connection is cut.
func (c *conn) isObject(text []byte, v any) bool {
	if err := json.Unmarshal(text, v); err == nil && firstByte(text) == '{' {
		return true
	}
	c.bad++
	if c.bad >= c.hub.limits.BadFrames {
		c.closeAfter(closeProtocol, "repeated protocol errors")
	}
	return false
}

func firstByte(text []byte) byte {
	for _, b := range text {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' {
			return b
		}
	}
	return 0
}

// covers tells whether what ended is this connection's sign-in.
func covers(e *bus.Ended, actor app.Actor) bool {
	switch {
	case e.UserID != 0 && e.UserID != actor.User.ID:
		return false
	case e.SessionID != 0 && e.SessionID != actor.SessionID:
		return false
	case e.TokenID != 0 && e.TokenID != actor.TokenID:
		return false
	}
	return e.Except == 0 || e.Except != actor.SessionID
}
