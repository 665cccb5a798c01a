package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// NewThread is what a thread is made of.
type NewThread struct {
	Name string `json:"name" doc:"1 to 60 characters, unique in the class" example:"Homework"`
}

// ThreadChange says what is to change in a thread; what is absent stays.
type ThreadChange struct {
	Name     *string `json:"name,omitempty" example:"Homework in May"`
	Locked   *bool   `json:"locked,omitempty" doc:"Only staff write"`
	Archived *bool   `json:"archived,omitempty" doc:"Nobody writes"`
}

// OpenThread makes a thread: staff may, and students where the class lets
// them. Faults: Malformed, TextTooLong, those of enter, NotAllowed, Archived,
// Muted, Exists, TooMany.
func (a *App) OpenThread(ctx context.Context, actor Actor, classID int64, in NewThread) (thread models.Thread, err error) {
	name, err := a.cleanName("name", in.Name)
	if err != nil {
		return thread, err
	}
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return thread, err
	}
	err = a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, classID)
		if err != nil {
			return err
		}
		if err := at.mayWrite(c.now); err != nil {
			return err
		}
		class, _ := at.roster.openClass()
		if !at.staff() && !class.StudentsOpenThreads {
			return fault.NotAllowed
		}
		if _, threads := at.roster.counts(); threads >= a.Limits.ThreadsPerClass {
			return fault.TooMany.With("threads in the class")
		}
		key := nameKey(name)
		thread = models.Thread{ClassID: classID, Name: name, NameKey: &key, CreatedBy: actor.User.ID, CreatedAt: c.now}
		if err := c.CreateThread(&thread); err != nil {
			return taken(err, "a thread of that name")
		}
		return c.emit(threadEvent(models.ThreadCreated, thread, actor))
	})
	return thread, err
}

func threadEvent(t models.EventType, thread models.Thread, actor Actor) models.Event {
	return models.Event{ClassID: thread.ClassID, Type: t, ThreadID: thread.ID, SubjectID: thread.ID, ActorID: actor.User.ID, Data: thread}
}

// taken turns a duplicate row into the fault that says what there is already.
func taken(err error, what string) error {
	if errors.Is(err, store.ErrDuplicate) {
		return fault.Exists.With(what)
	}
	return err
}

// Threads returns threads of a class as the actor sees them: with unread
// count, read marker and last message, the newest talk first. Faults: those of
// enter.
func (a *App) Threads(ctx context.Context, actor Actor, classID int64, archived bool, after *store.ThreadPosition, limit int) ([]models.Thread, error) {
	if _, err := a.enter(ctx, actor, models.ScopeRead, classID); err != nil {
		return nil, err
	}
	q := a.reading(ctx)
	threads, err := q.ThreadsFor(actor.User.ID, classID, archived, after, limit)
	if err != nil {
		return nil, err
	}
	return threads, a.addLastMessages(q, actor, classID, threads)
}

// Thread returns one thread as Threads does. Faults: those of enter, NoThread.
func (a *App) Thread(ctx context.Context, actor Actor, classID, id int64) (models.Thread, error) {
	if _, err := a.enter(ctx, actor, models.ScopeRead, classID); err != nil {
		return models.Thread{}, err
	}
	q := a.reading(ctx)
	thread, err := q.ThreadFor(actor.User.ID, classID, id)
	if err != nil {
		return thread, err
	}
	page := []models.Thread{thread}
	err = a.addLastMessages(q, actor, classID, page)
	return page[0], err
}

func (a *App) addLastMessages(q store.Queries, actor Actor, classID int64, threads []models.Thread) error {
	var ids []int64
	for _, t := range threads {
		if t.LastMessageID != nil {
			ids = append(ids, *t.LastMessageID)
		}
	}
	if ids == nil {
		return nil
	}
	messages, err := q.MessagesByID(classID, ids)
	if err != nil {
		return err
	}
	last := make(map[int64]*models.Message, len(messages))
	for i := range messages {
		messages[i] = messageFor(messages[i], actor.User.ID)
		last[messages[i].ThreadID] = &messages[i]
	}
	for i := range threads {
		threads[i].LastMessage = last[threads[i].ID]
	}
	return nil
}

// ChangeThread renames, locks or archives a thread; staff may. Faults:
// Malformed, TextTooLong, those of enter, NotAllowed, Archived, NoThread,
// Exists.
func (a *App) ChangeThread(ctx context.Context, actor Actor, classID, id int64, in ThreadChange) (models.Thread, error) {
	set := store.Change{}
	var name string
	if in.Name != nil {
		clean, err := a.cleanName("name", *in.Name)
		if err != nil {
			return models.Thread{}, err
		}
		name = clean
		set["name"], set["name_key"] = name, nameKey(name)
	}
	return a.changeThread(ctx, actor, classID, id, func(c *change, t *models.Thread) error {
		before := *t
		if in.Name != nil {
			t.Name = name
		}
		if in.Locked != nil {
			t.LockedAt = since(t.LockedAt, *in.Locked, c.now)
			set["locked_at"] = t.LockedAt
		}
		if in.Archived != nil {
			t.ArchivedAt = since(t.ArchivedAt, *in.Archived, c.now)
			set["archived_at"] = t.ArchivedAt
		}
		if *t == before {
			return nil
		}
		if err := c.UpdateThread(id, set); err != nil {
			return taken(err, "a thread of that name")
		}
		return c.emit(threadEvent(models.ThreadChanged, *t, actor))
	})
}

// since returns the time from which something holds: was, where it held
// already.
func since(was *models.Time, holds bool, now models.Time) *models.Time {
	if !holds {
		return nil
	}
	if was != nil {
		return was
	}
	return &now
}

// Pin puts a message of the thread at its top, in place of the one before;
// staff may. Faults: those of enter, NotAllowed, Archived, NoThread, NotFound.
func (a *App) Pin(ctx context.Context, actor Actor, classID, id, messageID int64) (models.Thread, error) {
	return a.changeThread(ctx, actor, classID, id, func(c *change, t *models.Thread) error {
		message, err := c.Message(classID, id, messageID)
		if err != nil {
			return err
		}
		if message.DeletedAt != nil {
			return fault.NotFound
		}
		if t.PinnedMessageID != nil && *t.PinnedMessageID == messageID {
			return nil
		}
		t.PinnedMessageID = &messageID
		return c.setPin(actor, *t, &messageID)
	})
}

// Unpin takes the pinned message from the top; staff may. Faults: those of
// enter, NotAllowed, Archived, NoThread.
func (a *App) Unpin(ctx context.Context, actor Actor, classID, id int64) (models.Thread, error) {
	return a.changeThread(ctx, actor, classID, id, func(c *change, t *models.Thread) error {
		if t.PinnedMessageID == nil {
			return nil
		}
		t.PinnedMessageID = nil
		return c.setPin(actor, *t, nil)
	})
}

// setPin reads the thread anew: messages of the same batch have changed it, and
// the memory does not know before the commit.
func (c *change) setPin(actor Actor, thread models.Thread, messageID *int64) error {
	thread, err := c.Thread(thread.ClassID, thread.ID)
	if err != nil {
		return err
	}
	thread.PinnedMessageID = messageID
	if err := c.UpdateThread(thread.ID, store.Change{"pinned_message_id": messageID}); err != nil {
		return err
	}
	return c.emit(threadEvent(models.ThreadChanged, thread, actor))
}

// DeleteThread takes a thread with its messages away from everybody; the
// class's owner and teachers may. The rows stay, as evidence; files, which take
// most of the room, are gone. Faults: those of
// enter, NotAllowed, Archived, NoThread, ConfirmFirst.
func (a *App) DeleteThread(ctx context.Context, actor Actor, classID, id int64) error {
	var names []string
	_, err := a.changeThread(ctx, actor, classID, id, func(c *change, t *models.Thread) (err error) {
		if err := asManager(c.enter(actor, classID)); err != nil {
			return err
		}
		if err := a.fresh(actor); err != nil {
			return err
		}
		t.DeletedAt = &c.now
		if err := c.UpdateThread(id, store.Change{"deleted_at": c.now, "name_key": nil}); err != nil {
			return err
		}
		if err := c.note(actor, "thread.deleted", classID, id, ""); err != nil {
			return err
		}
		if names, err = c.DeleteFilesOfThread(id); err != nil {
			return err
		}
		return c.emit(threadEvent(models.ThreadDeleted, *t, actor))
	})
	if err == nil {
		a.removeBytes(names)
	}
	return err
}

// changeThread runs fn on a thread that the actor, one of the staff, may
// change.
func (a *App) changeThread(ctx context.Context, actor Actor, classID, id int64, fn func(*change, *models.Thread) error) (thread models.Thread, err error) {
	if _, err := a.enter(ctx, actor, models.ScopeManage, classID); err != nil {
		return thread, err
	}
	err = a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, classID)
		if err != nil {
			return err
		}
		if err := at.as(at.staff()); err != nil {
			return err
		}
		if thread, err = at.thread(id); err != nil {
			return err
		}
		return fn(c, &thread)
	})
	return thread, err
}
