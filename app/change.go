package app

import (
	"context"

	"homeroom/app/bus"
	"homeroom/app/store"
	"homeroom/models"
)

// change is one transaction: rows, and the numbered events that tell of them.
type change struct {
	*store.Tx
	app *App
	now models.Time
}

// change runs fn in a transaction of its own. What fn emits is announced after
// the commit, in the order of the numbers; nothing else announces events.
func (a *App) change(ctx context.Context, fn func(*change) error) error {
	return a.store.Write(ctx, a.changing(fn))
}

// changeOften is change for what comes often: it shares the transaction with
// what else has gathered. fn must refuse before it writes.
func (a *App) changeOften(ctx context.Context, fn func(*change) error) error {
	return a.store.Batch(ctx, a.changing(fn))
}

func (a *App) changing(fn func(*change) error) func(*store.Tx) error {
	return func(tx *store.Tx) error { return fn(&change{Tx: tx, app: a, now: a.now()}) }
}

// emit stores an event under the class's next number.
func (c *change) emit(e models.Event) error {
	seq, err := c.NextSeq(e.ClassID)
	if err != nil {
		return err
	}
	e.Seq = seq
	return c.emitNumbered(e)
}

// emitNumbered is emit for an event whose number is part of its rows.
func (c *change) emitNumbered(e models.Event) error {
	e.At = c.now
	if err := c.CreateEvent(&e); err != nil {
		return err
	}
	c.AfterCommit(func() {
		c.app.rosters.apply(e)
		c.app.bus.Publish(bus.Announcement{Event: &e})
	})
	return nil
}

// note keeps an act that somebody may have to answer for.
func (c *change) note(actor Actor, action string, classID, subjectID int64, detail string) error {
	return c.CreateAudit(&models.AuditEntry{
		At: c.now, ActorID: actor.User.ID, Action: action,
		ClassID: orNil(classID), SubjectID: orNil(subjectID), Detail: detail,
	})
}

func orNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
