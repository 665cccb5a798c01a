package live

import (
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
	online        []int64        // users, as the class was told last
	presence      map[int64]bool // threads whose lookers changed
}

// seat is a connection's place in a room.
type seat struct {
	conn *conn
	role models.MemberRole
	v2   bool

	// v2: what happens while the missed events are read from the database waits
	// here, so that the connection gets each number once and in order.
	waiting    bool
	pending    []*models.Event
	overflow   bool
	toldOnline bool  // how many are online
	gone       bool  // the membership ended while the seat waited: what is pending is the last
	last       int64 // the newest number that the connection was told; the largest there is until it says hello

	threads map[int64]*look // what the connection looks at, or (classic) joined
}

// look is a connection's view of a thread. For a classic connection it
// remembers which messages it was shown, the newest of them.
type look struct {
	since  int64 // the class's newest number at the join
	shown  map[int64]struct{}
	before map[int64]struct{} // what was in shown when it was last full
}

const mostShown = 256

// lookAt notes that the connection looks at a thread. Most seats look at none
// or one, and have no room for more until they need it.
func (s *seat) lookAt(threadID int64, l *look) {
	if s.threads == nil {
		s.threads = map[int64]*look{}
	}
	s.threads[threadID] = l
}

func (l *look) show(messageID int64) {
	if l.shown == nil || len(l.shown) >= mostShown {
		l.before, l.shown = l.shown, map[int64]struct{}{}
	}
	l.shown[messageID] = struct{}{}
}

func (l *look) wasShown(messageID int64) bool {
	_, shown := l.shown[messageID]
	_, before := l.before[messageID]
	return shown || before
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
	r.removeIf(func(s *seat) bool { return s.conn.actor.User.ID == userID })
}

func (r *room) removeAll() {
	r.removeIf(func(*seat) bool { return true })
}

func (r *room) removeIf(goes func(*seat) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(r.seats) - 1; i >= 0; i-- {
		if s := r.seats[i]; goes(s) {
			s.gone = true
			r.removeLocked(s.conn)
		}
	}
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
			r.setRoleLocked(s, role)
		}
	}
}

func (r *room) setRoleLocked(s *seat, role models.MemberRole) {
	if s.role != role {
		s.role = role
		r.tellAnewLocked(s)
	}
}

// tellAnewLocked lets a seat hear again who is online and who looks: it may have
// gained the right to the names.
func (r *room) tellAnewLocked(s *seat) {
	s.toldOnline, r.onlineChanged = false, true
	for thread := range s.threads {
		r.presence[thread] = true
	}
}

func (r *room) tellAllAnew() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		r.tellAnewLocked(s)
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
				s.conn.sendSoon(f)
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
			s.conn.sendSoon(encoded.v2(app.AudienceOf(e, &s.conn.actor, s.role)))
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
		if l.wasShown(m.ID) {
			continue
		}
		l.show(m.ID)
		if f == nil {
			f = classicMessage(m)
		}
		s.conn.sendSoon(f)
	}
}

// typing tells those who look at the thread, but for the one who types.
func (r *room) typing(t *bus.Typing) {
	f := jsonFrame(typingFrame{Op: "typing", ClassID: t.ClassID, ThreadID: t.ThreadID, UserID: t.UserID, Name: t.Name})
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if s.v2 && s.threads[t.ThreadID] != nil && s.conn.actor.User.ID != t.UserID {
			s.conn.sendSoon(f)
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
