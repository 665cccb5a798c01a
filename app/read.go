package app

import (
	"context"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// ReadState is how far a user has read in a thread, and what is left.
type ReadState struct {
	ClassID  int64 `json:"class_id"`
	ThreadID int64 `json:"thread_id"`
	Seq      int64 `json:"seq" doc:"Events up to this number are read"`
	Unread   int   `json:"unread" doc:"Messages of others behind it, at most 1000"`
}

// MarkRead moves the actor's read marker in a thread forward to an event
// number, and tells the actor's other connections. It never moves back.
// Faults: those of enter, NoThread, Malformed.
func (a *App) MarkRead(ctx context.Context, actor Actor, classID, threadID, seq int64) (read ReadState, err error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return read, err
	}
	if _, err := at.thread(threadID); err != nil {
		return read, err
	}
	class, _ := at.roster.openClass()
	if seq < 0 || seq > class.Seq {
		return read, fault.Malformed.With("seq is no event of the class yet")
	}
	before, err := a.reading(ctx).ReadMarker(actor.User.ID, threadID)
	if err != nil {
		return read, err
	}
	marker := models.ReadMarker{UserID: actor.User.ID, ThreadID: threadID, ClassID: classID, Seq: max(seq, before)}
	if seq > before {
		if err := a.store.Batch(ctx, func(tx *store.Tx) error { return tx.PutReadMarker(marker) }); err != nil {
			return read, err
		}
	}
	unread, err := a.reading(ctx).Unread(actor.User.ID, threadID)
	if err != nil {
		return read, err
	}
	read = ReadState{ClassID: classID, ThreadID: threadID, Seq: marker.Seq, Unread: unread}
	if seq > before {
		a.bus.Publish(bus.Announcement{Read: &bus.Read{Conn: actor.Conn, UserID: actor.User.ID, ClassID: classID, ThreadID: threadID, Seq: read.Seq, Unread: unread}})
	}
	return read, nil
}
