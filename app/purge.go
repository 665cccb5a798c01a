package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"homeroom/app/store"
	"homeroom/models"
)

const (
	// purgeAtOnce is how many events go in one transaction. It is shared with the
	// sends that have gathered, and they wait for it.
	purgeAtOnce = 40

	// purgeRest is how long a purge or an erasure rests after a transaction, in
	// times of what that took: most of the writer's time is the sends'.
	purgeRest = 6

	// leap is how far a clock may stand from all that was written up to a day ago
	// before it is doubted.
	leap = 30 * 24 * time.Hour

	// confirms is after how long what was written vouches for the clock that dated
	// it: until then somebody may set that.
	confirms = 24 * time.Hour
)

// Purged is what a purge removed.
type Purged struct{ Messages, Events int }

// Purge removes for good what was said longer than Limits.KeepMessages ago, with
// its files, and the events that told of it; acts that were noted by then lose their details.
// It goes through each class from its beginning and stops at the first event
// that is young enough, so that a message which a wrong clock dated too early
// stays with its neighbours. A clock that leapt is believed at the second call
// only, or once something was said a day ago by it: whoever runs the server calls
// it once a day. What stays in the database's log, where this is cut off or
// somebody reads the log for long, goes with FinishErasures. The fault is
// Unavailable.
func (a *App) Purge(ctx context.Context) (done Purged, err error) {
	if a.Limits.KeepMessages <= 0 {
		return done, nil
	}
	if doubted, err := a.clockLeapt(ctx); doubted || err != nil {
		return done, err
	}
	before := models.At(a.clock().Add(-a.Limits.KeepMessages))
	details := false
	if err = a.purgeClasses(ctx, before, &done); err == nil {
		details, err = a.purgeDetails(ctx, before)
	}
	if (done != Purged{} || details) {
		err = errors.Join(err, a.scrub(ctx))
	}
	return done, err
}

func (a *App) purgeClasses(ctx context.Context, before models.Time, done *Purged) error {
	for after := int64(0); ; {
		ids, err := a.reading(ctx).ClassIDs(after, MostPerPage)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := a.purgeClass(ctx, id, before, done); err != nil {
				return err
			}
			after = id
		}
		if len(ids) < MostPerPage {
			return nil
		}
	}
}

// clockLeapt tells whether nothing was written anywhere for so long, but for the
// last day, that the clock may be ahead: what it calls old would be gone before
// somebody sets it.
func (a *App) clockLeapt(ctx context.Context) (doubted bool, err error) {
	newest, err := a.reading(ctx).NewestEvent(models.At(a.clock().Add(-confirms)))
	if err != nil {
		return false, err
	}
	leapt := !newest.IsZero() && a.clock().Sub(newest.Time) > leap
	if !leapt || a.leapt.Swap(true) {
		a.leapt.Store(leapt)
		return false, nil
	}
	slog.Warn("nothing is purged today: the clock is far ahead of the newest event. If it is wrong, set it", "clock", a.now(), "newest_event", newest)
	return true, nil
}

func (a *App) purgeClass(ctx context.Context, classID int64, before models.Time, done *Purged) error {
	last, err := a.lastOld(ctx, classID, before)
	if err != nil {
		return err
	}
	for {
		events, err := a.reading(ctx).Events(classID, 0, purgeAtOnce)
		if err != nil {
			return err
		}
		old := slices.DeleteFunc(events, func(e models.Event) bool { return e.Seq > last })
		if len(old) == 0 || len(old) == 1 && old[0].Type == models.Hidden {
			return nil // that one is the newest, which keeps its number
		}
		start := time.Now()
		if err := a.purge(ctx, classID, old, done); err != nil {
			return err
		}
		if err := restAfter(ctx, start); err != nil {
			return err
		}
	}
}

// restAfter rests after a transaction that began at start.
func restAfter(ctx context.Context, start time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(purgeRest * time.Since(start)):
		return nil
	}
}

// lastOld returns the number of the last event from before that no young enough
// one precedes, 0 where there is none. What a clock that was ahead dated later
// than now does not protect what followed it.
func (a *App) lastOld(ctx context.Context, classID int64, before models.Time) (last int64, err error) {
	for after := int64(0); ; {
		events, err := a.reading(ctx).Events(classID, after, MostPerPage)
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			switch {
			case e.At.Before(before.Time):
				last = e.Seq
			case !e.At.After(a.clock()):
				return last, nil
			}
			after = e.Seq
		}
		if len(events) < MostPerPage {
			return last, nil
		}
	}
}

// purge removes the oldest events of a class with the messages that they
// announced.
func (a *App) purge(ctx context.Context, classID int64, old []models.Event, done *Purged) error {
	var messages, threads []int64
	for _, e := range old {
		if e.Type == models.MessageCreated {
			messages, threads = append(messages, e.SubjectID), append(threads, e.ThreadID)
		}
	}
	slices.Sort(threads)
	threads = slices.Compact(threads)
	for _, id := range threads {
		if err := a.letGo(ctx, classID, id, messages); err != nil {
			return err
		}
	}
	var names []string
	err := a.store.Batch(ctx, func(tx *store.Tx) (err error) {
		tx.AfterCommit(func() {
			a.tails.forget(threads)
			a.edition.Add(1)
		})
		if names, err = tx.DeleteFilesOfMessages(messages); err != nil {
			return err
		}
		if err := tx.PurgeMessages(messages); err != nil {
			return err
		}
		return tx.PurgeEvents(classID, old[len(old)-1].Seq)
	})
	if err == nil {
		a.removeBytes(names)
		done.Messages += len(messages)
		done.Events += len(old)
	}
	return err
}

// letGo takes the pin from a message that is to go, and makes it no thread's
// last, before it goes: the thread is told with what it has then.
func (a *App) letGo(ctx context.Context, classID, threadID int64, messages []int64) error {
	names := func(id *int64) bool { return id != nil && slices.Contains(messages, *id) }
	found, err := a.reading(ctx).ThreadsByID(classID, []int64{threadID})
	if err != nil || len(found) == 0 || !names(found[0].PinnedMessageID) && !names(found[0].LastMessageID) {
		return err
	}
	return a.change(ctx, func(c *change) error {
		found, err := c.ThreadsByID(classID, []int64{threadID})
		if err != nil || len(found) == 0 {
			return err
		}
		thread := found[0]
		if names(thread.PinnedMessageID) {
			thread.PinnedMessageID = nil
		}
		if names(thread.LastMessageID) {
			thread.LastMessageID = nil
		}
		if err := c.UpdateThread(threadID, store.Change{"pinned_message_id": thread.PinnedMessageID, "last_message_id": thread.LastMessageID}); err != nil {
			return err
		}
		class, err := c.Class(classID)
		if err != nil || thread.DeletedAt != nil || class.DeletedAt != nil {
			return err // nobody is told of what nobody sees
		}
		return c.emit(threadEvent(models.ThreadChanged, thread, Actor{}))
	})
}

// purgeDetails empties what the noted acts from before say in words, and tells
// whether there was any.
func (a *App) purgeDetails(ctx context.Context, before models.Time) (any bool, err error) {
	for {
		ids, err := a.reading(ctx).OldDetails(before, MostPerPage)
		if err != nil || len(ids) == 0 {
			return any, err
		}
		if err := a.store.Batch(ctx, func(tx *store.Tx) error { return tx.PurgeDetails(ids) }); err != nil {
			return any, err
		}
		any = true
	}
}
