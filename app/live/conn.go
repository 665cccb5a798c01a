package live

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/fasthttp/websocket"
	"golang.org/x/time/rate"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/app/door"
	"homeroom/models"
)

// conn is one connection. Its reader is the goroutine that the server gave it.
//
// The hub holds this struct, never the wrapper that the web framework gives to
// a handler: that one is pooled, and a stale one writes to somebody else's
// socket.
type conn struct {
	id      uint64
	hub     *Hub
	ws      *websocket.Conn
	out     *outbox
	actor   app.Actor
	dialect dialect

	requestID string // of the handshake, for the log
	address   string // the client's

	rooms   map[int64]*room     // where it has a seat; under the hub's lock
	watched map[string]struct{} // tasks; under the hub's lock
	greeted atomic.Bool         // v2: said hello

	// Of the reader alone.
	frames      *rate.Limiter
	refused     int
	excessSince time.Time
	bad         int
	begun       bool            // the first frame has come
	deep        bool            // the crew works for it
	looking     map[int64]int64 // thread → class: what the connection looks at, or joined
	typedAt     map[int64]time.Time
	used        models.Time // when it was noted last that somebody did something

	pingAt              time.Time // of the beat alone
	keepAt, lookAgainAt time.Time // of the care alone
}

func newConn(h *Hub, ws *websocket.Conn, request *door.Request) *conn {
	now := time.Now()
	c := &conn{
		id: h.lastID.Add(1), hub: h, ws: ws, out: newOutbox(ws, &h.limits), requestID: request.ID, address: request.Address, actor: request.Actor,
		dialect: classic{},
		frames:  rate.NewLimiter(rate.Limit(h.limits.FrameRate), h.limits.FrameBurst),
		pingAt:  now.Add(h.limits.Ping), keepAt: now.Add(h.limits.Keep), lookAgainAt: now.Add(h.limits.Recheck),
	}
	c.actor.Conn = c.id
	if ws.Subprotocol() == subprotocol {
		c.dialect = v2{}
	}
	ws.SetPingHandler(c.ping)
	ws.SetPongHandler(c.pong)
	ws.SetCloseHandler(c.answerClose)
	return c
}

// use notes that somebody did something, as soon as it is done: the next look at
// the sign-in must find it, but for what the last second brought. It is for the
// reader.
func (c *conn) use() { c.used = c.hub.app.Used(c.actor, c.used) }

func (c *conn) lookAt(threadID, classID int64) {
	if c.looking == nil {
		c.looking = map[int64]int64{}
	}
	c.looking[threadID] = classID
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

// send tells whether the frame was taken: a connection that closes takes none.
func (c *conn) send(f frame) (taken bool) {
	taken, tooSlow := c.out.send(f)
	c.countSlow(tooSlow)
	return taken
}

// sendWaiting is send for the connection's own reader, which waits for room.
func (c *conn) sendWaiting(f frame) (taken bool) {
	taken, tooSlow := c.out.sendWaiting(f)
	c.countSlow(tooSlow)
	return taken
}

// sendSoon is send for the hub's announcements, which are written together.
func (c *conn) sendSoon(f frame) {
	tooSlow, owed := c.out.put(f)
	c.countSlow(tooSlow)
	if owed {
		c.hub.unsent = append(c.hub.unsent, c.out)
	}
}

func (c *conn) countSlow(tooSlow bool) {
	if tooSlow {
		c.hub.metrics.slow.Add(1)
		c.hub.metrics.closed.Add(closeTooSlow)
	}
}

func (c *conn) sendJSON(v any) { c.send(jsonFrame(v)) }

// reply answers a frame of the connection's own, from its reader: who does not
// take the answers is not read from either.
func (c *conn) reply(v any) { c.sendWaiting(jsonFrame(v)) }

// close queues the frame that ends the connection, in place of all that waits.
func (c *conn) close(code int, reason string) { c.end(code, reason, false) }

// closeAfter is close, but lets what is queued go first: what came before a fault
// of the peer's, or its leave, is answered.
func (c *conn) closeAfter(code int, reason string) { c.end(code, reason, true) }

func (c *conn) end(code int, reason string, after bool) {
	if c.out.end(closeFrame(code, reason), after) {
		c.hub.metrics.closed.Add(code)
	}
}

// resync asks the client to come back: what it is owed could not be read.
func (c *conn) resync() { c.closeAfter(closeResync, "say hello again") }

// run reads until the connection ends. It returns only when its writer has
// ended too: the server uses the socket's memory again.
func (c *conn) run() {
	defer c.out.finish()
	defer c.hub.remove(c)
	c.out.extend(c.hub.limits.First)
	c.guard(func() { c.dialect.greet(c) })
	for {
		text, ok := c.next()
		if !ok {
			return
		}
		first := !c.begun
		c.begun = true
		c.alive()
		c.hub.metrics.frames.Add(1)
		if first { // a hello, most often, and then nothing for a long time
			c.deeply(func() { c.answer(text) })
		} else {
			c.guard(func() { c.answer(text) })
		}
		c.alive() // a long replay is no silence of the peer's
	}
}

func (c *conn) answer(text []byte) {
	if wait := c.overRate(); wait > 0 {
		c.dialect.refuse(c, text, wait)
		return
	}
	c.dialect.receive(c, text)
	if c.bad >= c.hub.limits.BadFrames {
		c.closeAfter(closeProtocol, "repeated protocol errors")
	}
}

// deeply runs f, which may need a deep stack, and waits for it. It is for the
// reader.
func (c *conn) deeply(f func()) {
	if c.deep {
		f()
		return
	}
	c.deep = true
	c.hub.crew.do(func() { c.guard(f) })
	c.deep = false
}

// guard keeps a panic from ending more than this connection.
func (c *conn) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic on a connection", "request_id", c.requestID, "panic", p, "stack", stack())
			c.close(closeInternal, "internal error")
		}
	}()
	f()
}

// next returns the next text frame, false when the connection has ended. Once
// the close frame is under way, whatever comes is passed over: closing a socket
// over unread bytes resets it, and the peer never learns why.
func (c *conn) next() (text []byte, ok bool) {
	limit := int64(c.hub.limits.Frame)
	for {
		kind, r, err := c.ws.NextReader()
		if err == nil && kind == websocket.TextMessage {
			text, err = io.ReadAll(io.LimitReader(r, limit+1))
		}
		if err == nil && c.out.isClosing() { // a frame that was begun before is no exception
			continue
		}
		switch {
		case err != nil:
			c.ended(err)
			return nil, false
		case kind != websocket.TextMessage:
			c.closeAfter(closeUnsupported, "text frames only")
		case int64(len(text)) > limit:
			c.closeAfter(closeTooBig, "the frame is too big")
		case !utf8.Valid(text):
			c.closeAfter(closeBadText, "not UTF-8")
		default:
			return text, true
		}
	}
}

// ended tells a peer that can still hear it why it is cut.
func (c *conn) ended(err error) {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		// answerClose has answered.
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.close(closeNoHeartbeat, "no heartbeat")
	case errors.Is(err, websocket.ErrReadLimit):
		c.closeAfter(closeTooBig, "the frame is too big")
	case errors.As(err, &closed), errors.As(err, &network), errors.Is(err, io.EOF):
		c.out.drop()
	default: // no WebSocket
		c.closeAfter(closeNoProtocol, "not a WebSocket frame")
		_ = c.out.socket.SetReadDeadline(time.Now().Add(farewell / 2))
		_, _ = io.CopyN(io.Discard, c.out.socket, 1<<20)
	}
}

// alive notes a sign of life. Before its first frame a connection has none: who
// only answers pings would hold a place for ever.
func (c *conn) alive() {
	if c.begun {
		c.out.extend(c.hub.limits.Ping + c.hub.limits.Pong)
	}
}

// ping answers a ping through the queue: what the library would write by itself
// could come after our close frame. Pings count as frames, those over the limit
// are not answered.
func (c *conn) ping(payload string) error {
	c.alive()
	if c.overRate() == 0 {
		c.send(controlFrame(opPong, []byte(payload)))
	}
	return nil
}

func (c *conn) pong(string) error {
	c.alive()
	c.overRate()
	return nil
}

func (c *conn) answerClose(code int, _ string) error {
	if c.out.end(controlFrame(opClose, websocket.FormatCloseMessage(code, "")), true) {
		c.hub.metrics.left.Add(1)
	}
	return nil
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
	if c.refused >= c.hub.limits.Refused || now.Sub(c.excessSince) > c.hub.limits.Excess {
		c.closeAfter(closeTooMany, "too many frames")
	}
	return wait
}

// isObject reads text as a JSON object into v. One that is none is counted.
func (c *conn) isObject(text []byte, v any) bool {
	if err := json.Unmarshal(text, v); err == nil && firstByte(text) == '{' {
		return true
	}
	c.bad++
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
