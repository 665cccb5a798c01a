package live

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"runtime"
	"time"
	"unicode/utf8"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/models"
)

// subprotocol names the v2 dialect in the handshake.
const subprotocol = "homeroom.v2"

// mostRef is how many characters a client's own id of a frame may have.
const mostRef = 64

// v2 is the dialect of our own pages and of bots.
type v2 struct{}

func (v2) greet(*conn) {}

func (v2) keep(c *conn) {
	ctx, cancel := context.WithTimeout(c.hub.ctx, patience)
	defer cancel()
	heads, err := c.hub.app.Heads(ctx, c.actor)
	if err != nil {
		return // the next look at the sign-in closes the connection, if that is why
	}
	c.sendJSON(keepFrame{Op: "keep", Heads: byName(heads)})
}

// opening is what every frame of a client has.
type opening struct {
	Action string `json:"action"`
	Ref    string `json:"ref"`
}

func (v2) refuse(c *conn, text []byte, wait time.Duration) {
	var o opening
	_ = json.Unmarshal(text, &o) // what cannot be read has no ref
	answer(c, o, answerFrame{}, fault.TooMany.After(wait))
}

func (d v2) receive(c *conn, text []byte) {
	var o opening
	said, isPlain := plainSend(text)
	if isPlain {
		o = opening{Action: said.Action, Ref: said.Ref}
	} else if !c.isObject(text, &o) {
		answer(c, o, answerFrame{}, fault.Malformed)
		return
	}
	if utf8.RuneCountInString(o.Ref) > mostRef {
		answer(c, o, answerFrame{}, fault.Malformed.With("ref is longer than 64"))
		return
	}
	var out answerFrame
	var err error
	switch o.Action {
	case "join", "send", "read", "typing":
		c.use() // somebody sits there; all else a page left open says by itself
	}
	switch o.Action {
	case "hello":
		c.deeply(func() { err = take(text, func(in *helloRequest) error { return d.hello(c, o, in) }) })
		if err == nil {
			return // it has answered
		}
	case "join":
		err = take(text, func(in *joinRequest) error { return d.join(c, in) })
	case "leave":
		err = take(text, func(in *leaveRequest) error { return d.leave(c, in) })
	case "send":
		send := func(in *sendRequest) (err error) {
			out.Message, err = d.send(c, in)
			return err
		}
		if isPlain {
			err = send(&said)
		} else {
			err = take(text, send)
		}
	case "read":
		err = take(text, func(in *readRequest) error {
			state, err := d.read(c, in)
			out.Seq, out.Unread = state.Seq, &state.Unread
			return err
		})
	case "typing":
		err = take(text, func(in *typingRequest) error { return d.typing(c, in) })
	case "watch":
		err = take(text, func(in *watchRequest) error { return d.watch(c, in) })
	case "unwatch":
		err = take(text, func(in *unwatchRequest) error { return d.unwatch(c, in) })
	case "keep":
		err = take(text, func(*keepRequest) error {
			heads, err := c.hub.app.Heads(c.hub.ctx, c.actor)
			out.Heads = byName(heads)
			return err
		})
	default:
		err = fault.UnknownAction
	}
	answer(c, o, out, err)
}

// take decodes a frame into what its action wants, without a field too many.
func take[T any](text []byte, f func(*T) error) error {
	var in T
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return fault.Malformed
	}
	return f(&in)
}

// given refuses with fault.Malformed ids that are missing: no id is 0.
func given(ids ...int64) error {
	for _, id := range ids {
		if id <= 0 {
			return fault.Malformed.With("an id is missing")
		}
	}
	return nil
}

// answer says what came of a frame.
func answer(c *conn, o opening, out answerFrame, err error) {
	out.Op, out.Ref = o.Action, o.Ref
	if err == nil && out.Message != nil {
		if c.out.isEmpty() {
			// The hub goes first, so that the answer goes in one write with the event
			// that it is the answer to, most often.
			runtime.Gosched()
		}
		c.sendWaiting(sentFrame(out.Ref, out.Message))
		return
	}
	if err == nil {
		out.Status, out.Code = true, fault.OK
		c.reply(out)
		return
	}
	f := fault.Of(err)
	if f == fault.Internal {
		slog.Error("internal error", "request_id", c.requestID, "error", err.Error())
	}
	if utf8.RuneCountInString(out.Ref) > mostRef {
		out.Ref = string([]rune(out.Ref)[:mostRef])
	}
	switch out.Op {
	case "hello", "join", "leave", "send", "read", "typing", "watch", "unwatch", "keep":
	default:
		out.Op = "unknown"
	}
	c.reply(answerFrame{
		Op: out.Op, Ref: out.Ref, Code: f.Code, Msg: f.Message, Detail: f.Detail,
		RetryAfter: math.Ceil(f.Retry.Seconds()*100) / 100,
	})
}

func (v2) join(c *conn, in *joinRequest) error {
	if err := given(in.ClassID, in.ThreadID); err != nil {
		return err
	}
	if _, err := c.hub.app.Visit(c.hub.ctx, c.actor, in.ClassID, in.ThreadID); err != nil {
		return err
	}
	if _, ok := c.looking[in.ThreadID]; !ok && len(c.looking) >= c.hub.limits.Joined {
		return fault.TooMany.With("threads looked at")
	}
	c.hub.sit(c, in.ClassID, func(r *room, s *seat) {
		s.lookAt(in.ThreadID, &look{})
		r.presence[in.ThreadID] = true
	})
	if err := c.hub.settle(c, in.ClassID); err != nil {
		return err
	}
	c.lookAt(in.ThreadID, in.ClassID)
	return nil
}

// leave stops looking at a thread. Not to have looked at it is no failure.
func (v2) leave(c *conn, in *leaveRequest) error {
	if err := given(in.ClassID, in.ThreadID); err != nil {
		return err
	}
	if c.looking[in.ThreadID] != in.ClassID {
		return nil
	}
	delete(c.looking, in.ThreadID)
	if r := c.hub.room(in.ClassID); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if s := r.at[c]; s != nil {
			delete(s.threads, in.ThreadID)
			r.presence[in.ThreadID] = true
		}
	}
	return nil
}

func (v2) send(c *conn, in *sendRequest) (*models.Message, error) {
	if err := given(in.ClassID, in.ThreadID); err != nil {
		return nil, err
	}
	if in.ClientID == "" {
		return nil, fault.Malformed.With("client_id is empty")
	}
	message, _, err := c.hub.app.Send(c.hub.ctx, c.actor, in.ClassID, in.ThreadID,
		app.NewMessage{Content: in.Content, ClientID: in.ClientID, ReplyTo: in.ReplyTo, Files: in.Files})
	return &message, err
}

// classOf finds the class of a thread that a frame names by itself.
func (v2) classOf(c *conn, threadID int64) (int64, error) {
	if err := given(threadID); err != nil {
		return 0, err
	}
	if id, ok := c.looking[threadID]; ok {
		return id, nil
	}
	return c.hub.app.ClassOfThread(c.hub.ctx, c.actor, threadID)
}

func (d v2) read(c *conn, in *readRequest) (app.ReadState, error) {
	classID, err := d.classOf(c, in.ThreadID)
	if err != nil {
		return app.ReadState{}, err
	}
	return c.hub.app.MarkRead(c.hub.ctx, c.actor, classID, in.ThreadID, in.Seq)
}

func (d v2) typing(c *conn, in *typingRequest) error {
	classID, err := d.classOf(c, in.ThreadID)
	if err != nil {
		return err
	}
	now := time.Now()
	if now.Sub(c.typedAt[in.ThreadID]) < c.hub.limits.Typing {
		return nil
	}
	if err := c.hub.app.Type(c.hub.ctx, c.actor, classID, in.ThreadID); err != nil {
		return err
	}
	if len(c.typedAt) >= c.hub.limits.Joined {
		clear(c.typedAt)
	}
	if c.typedAt == nil {
		c.typedAt = map[int64]time.Time{}
	}
	c.typedAt[in.ThreadID] = now
	return nil
}
