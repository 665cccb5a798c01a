package live

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"time"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/models"
)

// subprotocol names the v2 dialect in the handshake.
const subprotocol = "homeroom.v2"

// v2 is the dialect of our own pages and of bots.
type v2 struct{}

func (v2) greet(*conn) {}

func (v2) keep(c *conn) {
	heads, err := c.hub.app.Heads(context.Background(), c.actor)
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
	if !c.isObject(text, &o) {
		answer(c, opening{}, answerFrame{}, fault.Malformed)
		return
	}
	var out answerFrame
	var err error
	switch o.Action {
	case "hello":
		err = take(text, func(in *helloRequest) error { return d.hello(c, o, in) })
		if err == nil {
			return // it has answered
		}
	case "join":
		err = take(text, func(in *joinRequest) error { return d.join(c, in) })
	case "leave":
		err = take(text, func(in *leaveRequest) error { return d.leave(c, in) })
	case "send":
		err = take(text, func(in *sendRequest) (err error) {
			out.Message, err = d.send(c, in)
			return err
		})
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
			heads, err := c.hub.app.Heads(context.Background(), c.actor)
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

// answer says what came of a frame.
func answer(c *conn, o opening, out answerFrame, err error) {
	out.Op, out.Ref = o.Action, o.Ref
	if err == nil {
		out.Status, out.Code = true, fault.OK
		if out.Message != nil {
			out.Code = fault.Sent
		}
		c.sendJSON(out)
		return
	}
	f := fault.Of(err)
	if f == fault.Internal {
		slog.Error("internal error", "request_id", c.request.ID, "error", err.Error())
	}
	if len(out.Ref) > 64 {
		out.Ref = out.Ref[:64]
	}
	switch out.Op {
	case "hello", "join", "leave", "send", "read", "typing", "watch", "unwatch", "keep":
	default:
		out.Op = "unknown"
	}
	c.sendJSON(answerFrame{
		Op: out.Op, Ref: out.Ref, Code: f.Code, Msg: f.Message, Detail: f.Detail,
		RetryAfter: math.Ceil(f.Retry.Seconds()*100) / 100,
	})
}

// hello answers where each class stands, tells what the connection missed, and
// lets it hear what follows. The connection listens before the database is
// read: what happens in between waits in its seat, and what was read already
// is dropped there by its number.
func (d v2) hello(c *conn, o opening, in *helloRequest) error {
	ctx := context.Background()
	since := make(map[int64]int64, len(in.Since))
	for key, seq := range in.Since {
		id, err := strconv.ParseInt(key, 10, 64)
		if err != nil || seq < 0 {
			return fault.Malformed.With("since")
		}
		since[id] = seq
	}
	c.greeted.Store(true)
	roles, err := c.hub.app.Roles(ctx, c.actor)
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(roles))
	for id, role := range roles {
		ids = append(ids, id)
		c.hub.sit(c, id, role, func(_ *room, s *seat) { s.waiting, s.pending, s.overflow = true, nil, false })
	}
	slices.Sort(ids)
	heads := make(map[int64]int64, len(ids))
	for _, id := range ids {
		if head, err := c.hub.app.Head(ctx, c.actor, id); err == nil {
			heads[id] = head
		}
	}
	user := c.actor.User
	c.sendWaiting(jsonFrame(answerFrame{
		Op: "hello", Ref: o.Ref, Status: true, Code: fault.OK,
		User: &user, Heads: byName(heads), Keep: int(c.hub.limits.Keep.Seconds()),
	}))
	for _, id := range ids {
		last, named := since[id]
		if named {
			last = d.replay(c, id, last, heads[id])
		} else {
			last = heads[id]
		}
		d.goLive(c, id, last)
	}
	d.kept(c)
	return nil
}

// replay tells the events of a class after a number, and returns the number of
// the last.
func (v2) replay(c *conn, classID, since, head int64) int64 {
	missed, tooMany, err := c.hub.app.Replay(context.Background(), c.actor, classID, since)
	if err != nil || tooMany {
		c.sendWaiting(jsonFrame(resyncFrame{Op: "resync", ClassID: classID, Seq: head}))
		return head
	}
	for _, e := range missed {
		c.sendWaiting(eventFrameOf(e))
		since = e.Seq
	}
	return since
}

// goLive tells what waited in the seat and has a number above last, until
// nothing waits any more.
func (v2) goLive(c *conn, classID, last int64) {
	r := c.hub.room(classID)
	if r == nil {
		return
	}
	for {
		r.mu.Lock()
		s := r.at[c]
		if s == nil {
			r.mu.Unlock()
			return
		}
		pending, overflow := s.pending, s.overflow
		s.pending, s.overflow = nil, false
		if len(pending) == 0 && !overflow {
			s.waiting, s.last = false, last
			r.onlineChanged = true // the connection has not been told yet
			r.mu.Unlock()
			return
		}
		role := s.role
		r.mu.Unlock()
		for _, e := range pending {
			if e.Seq > last {
				last = e.Seq
				c.sendWaiting(eventFrameOf(app.For(*e, app.AudienceOf(e, c.actor.User.ID, role))))
			}
		}
		if overflow {
			head, err := c.hub.app.Head(context.Background(), c.actor, classID)
			if err != nil {
				return
			}
			last = head
			c.sendWaiting(jsonFrame(resyncFrame{Op: "resync", ClassID: classID, Seq: head}))
		}
	}
}

// joined gives the connection a seat in a class that its user has just joined;
// the event that says so is the first it hears there.
func (v2) joined(c *conn, member models.Member, seq int64) {
	if !c.greeted.Load() || !c.mayEnter(member.ClassID) {
		return
	}
	c.hub.sit(c, member.ClassID, member.Role, func(_ *room, s *seat) {
		if s.last == math.MaxInt64 && !s.waiting {
			s.last = seq - 1
		}
	})
}

func (v2) join(c *conn, in *joinRequest) error {
	member, err := c.hub.app.Visit(context.Background(), c.actor, in.ClassID, in.ThreadID)
	if err != nil {
		return err
	}
	if _, ok := c.looking[in.ThreadID]; !ok && len(c.looking) >= mostJoined {
		return fault.TooMany.With("threads looked at")
	}
	c.looking[in.ThreadID] = in.ClassID
	c.hub.sit(c, in.ClassID, member.Role, func(r *room, s *seat) {
		s.threads[in.ThreadID] = &look{}
		r.presence[in.ThreadID] = true
	})
	return nil
}

func (v2) leave(c *conn, in *leaveRequest) error {
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
	if in.ClientID == "" {
		return nil, fault.Malformed.With("client_id is empty")
	}
	message, _, err := c.hub.app.Send(context.Background(), c.actor, in.ClassID, in.ThreadID,
		app.NewMessage{Content: in.Content, ClientID: in.ClientID, ReplyTo: in.ReplyTo})
	return &message, err
}

// classOf finds the class of a thread that a frame names by itself.
func (v2) classOf(c *conn, threadID int64) (int64, error) {
	if id, ok := c.looking[threadID]; ok {
		return id, nil
	}
	return c.hub.app.ClassOfThread(context.Background(), c.actor, threadID)
}

func (d v2) read(c *conn, in *readRequest) (app.ReadState, error) {
	classID, err := d.classOf(c, in.ThreadID)
	if err != nil {
		return app.ReadState{}, err
	}
	return c.hub.app.MarkRead(context.Background(), c.actor, classID, in.ThreadID, in.Seq)
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
	if err := c.hub.app.Type(context.Background(), c.actor, classID, in.ThreadID); err != nil {
		return err
	}
	if len(c.typedAt) >= mostJoined {
		clear(c.typedAt)
	}
	c.typedAt[in.ThreadID] = now
	return nil
}
