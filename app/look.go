package app

import (
	"context"
	"sync"
	"time"
)

const (
	// lookLasts is for how long the same look at the same thing is noted once:
	// lists are read page by page, their pictures one by one.
	lookLasts = time.Hour
	// mostLooks is how many looks a minute of one user are noted. Each is a row
	// that stays, and a wait for the disk, though nothing but reading is asked for.
	mostLooks = 300
	// mostLooksKept bounds the memory.
	mostLooksKept = 10_000
)

// look is somebody's at what is not for everybody: reports (of a class, 0: of
// all), what a message said before, a file of a deleted one.
type look struct {
	userID    int64
	action    string
	classID   int64
	subjectID int64
}

// looks are those that were noted lately.
type looks struct {
	mu sync.Mutex
	m  map[look]time.Time
}

func newLooks() *looks { return &looks{m: map[look]time.Time{}} }

// noted tells whether l was noted lately. A clock that went back has noted
// nothing.
func (ls *looks) noted(l look, now time.Time) bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	at, ok := ls.m[l]
	since := now.Sub(at)
	return ok && since >= 0 && since < lookLasts
}

func (ls *looks) add(l look, now time.Time) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if len(ls.m) >= mostLooksKept {
		makeRoom(ls.m, mostLooksKept, func(at time.Time) bool { return now.Sub(at) >= lookLasts })
	}
	ls.m[l] = now
}

// noteLook notes that the actor looks at something, unless that was noted
// lately. Whoever calls it shows nothing where it fails. Faults: TooManyTries,
// Unavailable.
func (a *App) noteLook(ctx context.Context, actor Actor, action string, classID, subjectID int64) error {
	l, now := look{actor.User.ID, action, classID, subjectID}, a.clock()
	if a.looks.noted(l, now) {
		return nil
	}
	if err := a.gate.looks.take(userKey(actor.User.ID), now); err != nil {
		return err
	}
	err := a.changeOften(ctx, func(c *change) error { return c.note(actor, action, classID, subjectID, "") })
	if err == nil {
		a.looks.add(l, now)
	}
	return err
}
