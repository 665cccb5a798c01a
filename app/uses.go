package app

import (
	"context"
	"log/slog"
	"maps"
	"sync"

	"homeroom/app/store"
	"homeroom/models"
)

// mostUses bounds the memory of uses: more than come within a second.
const mostUses = 1 << 16

// proof is the session or the token that somebody came with.
type proof struct{ sessionID, tokenID int64 }

// uses gathers when sessions and tokens were used last, until NoteUses writes
// it: when a whole school comes back, thousands of them change within a second.
type uses struct {
	mu     sync.Mutex
	m      map[proof]models.Time
	noting sync.Mutex // held until what was taken is written, or back
}

func newUses() *uses { return &uses{m: map[proof]models.Time{}} }

func (u *uses) add(actor Actor, at models.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.m) < mostUses { // else it is noted at the next use
		u.m[proof{actor.SessionID, actor.TokenID}] = at
	}
}

func (u *uses) take() map[proof]models.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.m
	if len(taken) > 0 {
		u.m = map[proof]models.Time{}
	}
	return taken
}

// putBack keeps what could not be written, where nothing newer has come.
func (u *uses) putBack(taken map[proof]models.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.Copy(taken, u.m)
	u.m = taken
}

// Used tells that a connection was in use: who talks all morning is not idle,
// even without a request. noted is what it returned to the connection before: of
// what follows within a minute nothing is noted.
func (a *App) Used(actor Actor, noted models.Time) models.Time {
	now := a.now()
	if since := now.Sub(noted.Time); since >= 0 && since < touchEvery {
		return noted
	}
	a.uses.add(actor, now)
	return now
}

// NoteUses writes when sessions and tokens were used last, and lets go of who
// was remembered only for having come. Whoever runs the
// server calls it every second, and before the end: what was not written when
// the process died is noted at the next use. The fault is Unavailable.
func (a *App) NoteUses(ctx context.Context) error {
	a.uses.noting.Lock()
	defer a.uses.noting.Unlock()
	a.gate.actors.tidy(a.now())
	taken := a.uses.take()
	if len(taken) == 0 {
		return nil
	}
	err := a.changeOften(ctx, func(c *change) error {
		for of, at := range taken {
			if err := c.noteUse(of, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.uses.putBack(taken)
	}
	return err
}

// listing is reading for a list that says when each was used last. A disk in
// trouble must not keep people from reading: then it says what it said before.
func (a *App) listing(ctx context.Context) store.Queries {
	if err := a.NoteUses(ctx); err != nil {
		slog.Warn("last uses were not noted", "error", err.Error())
	}
	return a.reading(ctx)
}

func (c *change) noteUse(of proof, at models.Time) error {
	if of.sessionID != 0 {
		return c.TouchSession(of.sessionID, at)
	}
	return c.TouchToken(of.tokenID, at)
}
