package app

import (
	"maps"
	"sync"
	"time"

	"homeroom/models"
)

// remembered is an actor and what its going on depends on.
type remembered struct {
	actor   Actor
	readAt  models.Time
	seen    models.Time   // last use, as it is stored
	expires models.Time   // zero: never
	idle    time.Duration // zero: never
}

func (r remembered) good(now models.Time) bool {
	if r.actor.User.DisabledAt != nil {
		return false
	}
	if !r.expires.IsZero() && !r.expires.After(now.Time) {
		return false
	}
	return r.idle == 0 || r.seen.Add(r.idle).After(now.Time)
}

// toNote tells whether a use is to be noted. One that lies ahead was noted by a
// clock that was wrong: kept, it would put off the end of the session.
func (r remembered) toNote(now models.Time) bool {
	return now.Sub(r.seen.Time).Abs() >= touchEvery
}

// actorsLive is how long an actor may be used without asking the rows again: how
// long a change made outside of this process (by the command line) stays
// unnoticed. Changes made by this process are noticed at once.
const actorsLive = time.Second

// mostActors bounds the memory of the actors: more than make a request within
// their second.
const mostActors = 4096

// actors remembers for a second who has which secret.
type actors struct {
	mu   sync.Mutex
	m    map[[32]byte]*remembered
	turn uint64 // goes up with every forgetting
}

func newActors() *actors { return &actors{m: map[[32]byte]*remembered{}} }

// get returns the actor, or the turn under which one may be put.
func (s *actors) get(key [32]byte, now models.Time) (*remembered, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.m[key]
	if r == nil || r.stale(now) {
		return nil, s.turn
	}
	copied := *r
	return &copied, s.turn
}

func (r *remembered) stale(now models.Time) bool {
	age := now.Sub(r.readAt.Time)
	return age < 0 || age >= actorsLive
}

// stillGood tells whether what was read of an actor may be used without asking
// the rows again, as for the next request.
func (s *actors) stillGood(a Actor, now models.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return a.turn == s.turn && !(&remembered{readAt: a.readAt}).stale(now)
}

// put keeps an actor, unless somebody was forgotten since the turn: what was
// read before a sign-out must not be kept after it.
func (s *actors) put(key [32]byte, r *remembered, turn uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn != turn {
		return
	}
	if now := r.readAt; len(s.m) >= mostActors {
		makeRoom(s.m, mostActors, func(r *remembered) bool { return r.stale(now) })
	}
	copied := *r
	s.m[key] = &copied
}

// mayTouch tells one of those who ask at the same time to note the use.
func (s *actors) mayTouch(key [32]byte, now models.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.m[key]
	if r == nil {
		return true
	}
	if !r.toNote(now) {
		return false
	}
	r.seen = now
	return true
}

// tidy lets go of those who have not come again within their second.
func (s *actors) tidy(now models.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.m, func(_ [32]byte, r *remembered) bool { return r.stale(now) })
}

// forget makes the next request of a user ask the rows again.
func (s *actors) forget(userID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	for key, r := range s.m {
		if r.actor.User.ID == userID {
			delete(s.m, key)
		}
	}
}

// forgetAll makes everybody's next request ask the rows again.
func (s *actors) forgetAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	clear(s.m)
}

// forgetActors is forget once the change is on disk.
func (c *change) forgetActors(userID int64) {
	c.AfterCommit(func() { c.app.gate.actors.forget(userID) })
}
