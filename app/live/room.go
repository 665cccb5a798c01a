package live

import (
	"math"
	"sync"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/models"
)

// room is a class as the hub sees it: who listens, and who looks at which
// thread.
type room struct {
	classID int64
	mu      sync.Mutex
	seats   []*seat
	at      map[*conn]*seat

	onlineChanged bool
	presence      map[int64]bool // threads whose lookers changed
}

// seat is a connection's place in a room.
type seat struct {
	conn *conn
	role models.MemberRole
	v2   bool

	// v2: what happens while the missed events are read from the database waits
	// here, so that the connection gets each number once and in order.
	waiting  bool
	pending  []*models.Event
	overflow bool
	last     int64 // the newest number that the connection was told; the largest there is until it says hello

	threads map[int64]*look // what the connection looks at, or (classic) joined
}

// look is a connection's view of a thread. For a classic connection it
// remembers which messages it was shown, up to a bound.
type look struct {
	since int64 // the class's newest number at the join
	shown map[int64]struct{}
}

const mostShown = 1024

func (l *look) show(messageID int64) {
	if l.shown == nil || len(l.shown) >= mostShown {
		l.shown = map[int64]struct{}{}
	}
	l.shown[messageID] = struct{}{}
}

// room returns the room of a class that somebody listens to, or nil.
func (h *Hub) room(classID int64) *room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[classID]
}

// sit gives a connection a seat in a class, or returns the one that it has.
// change runs under the room's lock.
func (h *Hub) sit(c *conn, classID int64, role models.MemberRole, change func(r *room, s *seat)) {
	h.mu.Lock()
	r := h.rooms[classID]
	if r == nil {
		r = &room{classID: classID, at: map[*conn]*seat{}, presence: map[int64]bool{}}
		h.rooms[classID] = r
	}
	c.rooms[classID] = r
	r.mu.Lock() // before the hub lets go: an empty room is removed under both
	h.mu.Unlock()
	defer r.mu.Unlock()
	s := r.at[c]
	if s == nil {
		_, isV2 := c.dialect.(v2)
		s = &seat{conn: c, v2: isV2, last: math.MaxInt64, threads: map[int64]*look{}}
		r.at[c] = s
		r.seats = append(r.seats, s)
		r.onlineChanged = true
	}
	s.role = role
	change(r, s)
}

// removeLocked takes a connection out of the room.
func (r *room) removeLocked(c *conn) {
	s := r.at[c]
	if s == nil {
		return
	}
	delete(r.at, c)
	for i := range r.seats {
		if r.seats[i] == s {
			r.seats[i] = r.seats[len(r.seats)-1]
			r.seats[len(r.seats)-1] = nil
			r.seats = r.seats[:len(r.seats)-1]
			break
		}
	}
	r.onlineChanged = true
	for thread := range s.threads {
		r.presence[thread] = true
	}
}

func (r *room) removeUser(userID int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(r.seats) - 1; i >= 0; i-- {
		if c := r.seats[i].conn; c.actor.User.ID == userID {
			r.removeLocked(c)
		}
	}
}

func (r *room) removeAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seats, r.at = nil, map[*conn]*seat{}
}

func (r *room) removeThread(threadID int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		delete(s.threads, threadID)
	}
}

func (r *room) setRole(userID int64, role models.MemberRole) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if s.conn.actor.User.ID == userID {
			s.role = role
		}
	}
}

// deliver tells those in the room of an event, encoded once for each dialect
// and audience, and returns how many were told.
func (r *room) deliver(e *models.Event) int {
	encoded := encoder{event: e}
	told := 0
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if !s.v2 {
			if f := encoded.classic(); f != nil && s.hears(e) {
				s.conn.send(f)
				told++
			}
			continue
		}
		if s.waiting {
			if len(s.pending) < mostPending {
				s.pending = append(s.pending, e)
			} else {
				s.overflow = true
			}
			continue
		}
		if e.Seq > s.last {
			s.last = e.Seq
			s.conn.send(encoded.v2(app.AudienceOf(e, s.conn.actor.User.ID, s.role)))
			told++
		}
	}
	return told
}

// hears tells whether a classic connection is told of an event: it joined the
// thread.
func (s *seat) hears(e *models.Event) bool {
	l := s.threads[e.ThreadID]
	if l == nil {
		return false
	}
	if e.Type == models.MessageCreated {
		if e.Seq <= l.since {
			return false
		}
		l.show(e.SubjectID)
	}
	return true
}

// repeat shows a stored message to the classic connections in its thread that
// have not been shown it.
func (r *room) repeat(m models.Message) {
	var f frame
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		l := s.threads[m.ThreadID]
		if s.v2 || l == nil {
			continue
		}
		if _, shown := l.shown[m.ID]; shown {
			continue
		}
		l.show(m.ID)
		if f == nil {
			f = classicMessage(m)
		}
		s.conn.send(f)
	}
}

// typing tells those who look at the thread, but for the one who types.
func (r *room) typing(t *bus.Typing) {
	f := jsonFrame(typingFrame{Op: "typing", ClassID: t.ClassID, ThreadID: t.ThreadID, UserID: t.UserID, Name: t.Name})
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if s.v2 && s.threads[t.ThreadID] != nil && s.conn.actor.User.ID != t.UserID {
			s.conn.send(f)
		}
	}
}

// encoder encodes an event at most once for each dialect and audience.
type encoder struct {
	event       *models.Event
	audiences   [app.Audiences]frame
	old         frame
	oldIsNeeded bool
}

func (e *encoder) v2(audience app.Audience) frame {
	if e.audiences[audience] == nil {
		e.audiences[audience] = eventFrameOf(app.For(*e.event, audience))
	}
	return e.audiences[audience]
}

// classic returns the frame of the classic dialect, nil where it has none for
// the event.
func (e *encoder) classic() frame {
	if !e.oldIsNeeded {
		e.oldIsNeeded = true
		e.old = classicEvent(e.event)
	}
	return e.old
}
