package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"unicode/utf8"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// NewMessage is what a member says.
type NewMessage struct {
	Content  string `json:"content,omitempty" doc:"Markdown, 1 to 10,000 characters; may be empty where there are files" example:"When is the test?"`
	ClientID string `json:"client_id,omitempty" maxLength:"64" doc:"The sender's own id, 1 to 64 characters: the same one again is the same message, as long as that is kept. Without it a repeated request is a second message" example:"5f0c6a7e-1"`
	ReplyTo  *int64 `json:"reply_to,omitempty" doc:"The message it answers, in the same thread"`

	Files []int64 `json:"files,omitempty" nullable:"false" doc:"Files of one's own that are ready, at most 10, in the order in which they are shown"`
}

// hash tells a repeated request from a client id that is used for something
// else.
func (in NewMessage) hash(threadID int64) []byte {
	h := sha256.New()
	var number [16]byte
	binary.BigEndian.PutUint64(number[:8], uint64(threadID))
	if in.ReplyTo != nil {
		binary.BigEndian.PutUint64(number[8:], uint64(*in.ReplyTo))
	}
	h.Write(number[:])
	h.Write([]byte(in.Content))
	if len(in.Files) > 0 {
		h.Write([]byte{0}) // which no text holds
		for _, id := range in.Files {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(id)))
		}
	}
	return h.Sum(nil)[:16]
}

// Send stores a message in a thread and announces it. isNew is false where the
// client id is known: then the message is the one stored first. Faults, in
// order: Malformed, TextTooLong, those of enter, NoThread, Exists (the client
// id with other content), Archived, Muted, Locked, TooMany, NotFound
// (reply_to, files), Busy, Unavailable.
func (a *App) Send(ctx context.Context, actor Actor, classID, threadID int64, in NewMessage) (message models.Message, isNew bool, err error) {
	if err := a.checkMessage(in); err != nil {
		return message, false, err
	}
	if utf8.RuneCountInString(in.ClientID) > 64 {
		return message, false, fault.Malformed.With("client_id is longer than 64")
	}
	at, err := a.enter(ctx, actor, models.ScopeWrite, classID)
	if err != nil {
		return message, false, err
	}
	thread, err := at.thread(threadID)
	if err != nil {
		return message, false, err
	}
	hash := in.hash(threadID)
	if err := a.maySend(&at, &thread); err != nil {
		return sentBefore(a.reading(ctx), actor, in, hash, err)
	}
	err = a.changeText(ctx, in.Content, func(c *change) error {
		message, isNew, err = c.send(actor, classID, threadID, in, hash)
		return err
	})
	if err == nil && isNew {
		a.counts.sends.Add(1)
	}
	return message, isNew, err
}

// checkMessage refuses with fault.Malformed or fault.TextTooLong what cannot be
// said.
func (a *App) checkMessage(in NewMessage) error {
	if err := in.checkFiles(a.Limits.FilesPerMessage); err != nil {
		return err
	}
	if len(in.Files) > 0 {
		return checkOptional("content", in.Content, a.Limits.TextLength)
	}
	return checkText("content", in.Content, a.Limits.TextLength)
}

// sentBefore answers a message that is refused: where its client id is known,
// it was accepted once and is so as long as it is kept, whatever has happened
// to its speaker since. It is not looked for first, because most messages are
// new.
func sentBefore(q store.Queries, actor Actor, in NewMessage, hash []byte, refusal error) (models.Message, bool, error) {
	if in.ClientID == "" {
		return models.Message{}, false, refusal
	}
	first, err := q.MessageByClientID(actor.User.ID, in.ClientID)
	if errors.Is(err, fault.NotFound) {
		return models.Message{}, false, refusal
	}
	if err != nil {
		return models.Message{}, false, err
	}
	if !bytes.Equal(first.ContentHash, hash) {
		return first, false, fault.Exists.With("client_id was used for another message")
	}
	return first, false, nil
}

// maySend refuses what need not wait for its turn to be refused, and counts the
// message against the limits: Archived, Muted, Locked, TooMany.
func (a *App) maySend(at *here, thread *models.Thread) error {
	if err := at.mayWriteIn(thread, a.now()); err != nil {
		return err
	}
	now := a.clock()
	if wait := a.sends.take(at.actor.User.ID, now); wait > 0 {
		return fault.TooMany.After(wait)
	}
	if wait := a.threads.take(thread.ID, now); wait > 0 {
		return fault.TooMany.After(wait)
	}
	return nil
}

// send is Send in its transaction.
func (c *change) send(actor Actor, classID, threadID int64, in NewMessage, hash []byte) (message models.Message, isNew bool, err error) {
	at, err := c.enter(actor, classID)
	if err != nil {
		return message, false, err
	}
	thread, err := at.thread(threadID)
	if err != nil {
		return message, false, err
	}
	if err := at.mayWriteIn(&thread, c.now); err != nil {
		return sentBefore(c.Queries, actor, in, hash, err)
	}
	if in.ReplyTo != nil {
		if _, err := c.Message(classID, threadID, *in.ReplyTo); err != nil {
			return message, false, err
		}
	}
	var sent []models.File
	if len(in.Files) > 0 {
		// Sent once, they are no longer to be sent: a repeat is looked for first.
		if sent, err = c.toSend(actor, classID, in.Files); err != nil {
			return sentBefore(c.Queries, actor, in, hash, err)
		}
	}
	message = models.Message{
		ClassID: classID, ThreadID: threadID,
		SpeakerID: actor.User.ID, SpeakerName: at.member.Name, SpeakerRole: at.member.Role,
		Content: in.Content, ContentHash: hash, ReplyTo: in.ReplyTo,
		CreatedAt: c.now, Reactions: []models.Reaction{}, Files: []models.File{},
	}
	if in.ClientID != "" {
		message.ClientID = &in.ClientID
	}
	if err := c.CreateMessage(&message); errors.Is(err, store.ErrDuplicate) {
		return sentBefore(c.Queries, actor, in, hash, err)
	} else if err != nil {
		return message, false, err
	}
	if len(sent) > 0 {
		if err := c.attach(&message, sent); err != nil {
			return message, false, err
		}
	}
	return message, true, c.emitNumbered(models.Event{
		ClassID: classID, Seq: message.Seq, Type: models.MessageCreated,
		ThreadID: threadID, SubjectID: message.ID, ActorID: actor.User.ID, Data: message,
	})
}

// Message returns one message. Faults: those of enter, NoThread, NotFound.
func (a *App) Message(ctx context.Context, actor Actor, classID, threadID, id int64) (models.Message, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return models.Message{}, err
	}
	if _, err := at.thread(threadID); err != nil {
		return models.Message{}, err
	}
	message, err := a.reading(ctx).Message(classID, threadID, id)
	return messageFor(message, actor.User.ID), err
}

// Edit replaces what a message says; only its author may. What it said stays
// readable for staff. It may say nothing where files say it. Faults: Malformed,
// TextTooLong, those of enter, TooMany, NoThread, NotFound, Archived, Muted,
// Locked, NotAllowed, Busy.
func (a *App) Edit(ctx context.Context, actor Actor, classID, threadID, id int64, content string) (message models.Message, err error) {
	if err := checkOptional("content", content, a.Limits.TextLength); err != nil {
		return message, err
	}
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return message, err
	}
	// Each edit is told to the class and keeps what was said before: it counts
	// like a message.
	if wait := a.sends.take(actor.User.ID, a.clock()); wait > 0 {
		return message, fault.TooMany.After(wait)
	}
	err = a.changeText(ctx, content, func(c *change) error {
		message, err = c.edit(actor, classID, threadID, id, content)
		return err
	})
	return message, err
}

// edit is Edit in its transaction.
func (c *change) edit(actor Actor, classID, threadID, id int64, content string) (models.Message, error) {
	_, m, err := c.messageAt(actor, classID, threadID, id)
	if err != nil {
		return m, err
	}
	if m.SpeakerID != actor.User.ID {
		return m, fault.NotAllowed
	}
	if len(m.Files) == 0 {
		if err := checkText("content", content, c.app.Limits.TextLength); err != nil {
			return m, err
		}
	}
	if m.Content == content {
		return m, nil
	}
	message, now := m, c.now
	message.Content, message.EditedAt = content, &now
	return message, c.replaceMessage(m, message, "edited", models.MessageEdited, actor)
}

// Delete empties a message; its author and staff may. What it said stays
// readable for staff. A deleted message is deleted again without effect.
// Faults: those of enter, NoThread, NotFound, NotAllowed, Archived, Muted,
// Locked.
func (a *App) Delete(ctx context.Context, actor Actor, classID, threadID, id int64) (message models.Message, err error) {
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return message, err
	}
	err = a.changeOften(ctx, func(c *change) error {
		message, err = c.delete(actor, classID, threadID, id)
		return err
	})
	return messageFor(message, actor.User.ID), err
}

// delete is Delete in its transaction.
func (c *change) delete(actor Actor, classID, threadID, id int64) (models.Message, error) {
	at, err := c.enter(actor, classID)
	if err != nil {
		return models.Message{}, err
	}
	thread, err := at.thread(threadID)
	if err != nil {
		return models.Message{}, err
	}
	m, err := c.Message(classID, threadID, id)
	if err != nil || m.DeletedAt != nil {
		return m, err
	}
	if m.SpeakerID != actor.User.ID && !at.staff() {
		return m, fault.NotAllowed
	}
	if err := at.mayWriteIn(&thread, c.now); err != nil {
		return m, err
	}
	message, now := m, c.now
	message.Content, message.DeletedAt, message.DeletedBy = "", &now, &actor.User.ID
	message.Files = []models.File{}
	if err := c.replaceMessage(m, message, "deleted", models.MessageDeleted, actor); err != nil {
		return message, err
	}
	if thread.PinnedMessageID != nil && *thread.PinnedMessageID == id {
		return message, c.setPin(actor, thread, nil)
	}
	return message, nil
}

// messageAt returns a message that the actor may act upon: it is not deleted,
// and the actor may write in its thread.
func (c *change) messageAt(actor Actor, classID, threadID, id int64) (here, models.Message, error) {
	at, err := c.enter(actor, classID)
	if err != nil {
		return at, models.Message{}, err
	}
	thread, err := at.thread(threadID)
	if err != nil {
		return at, models.Message{}, err
	}
	message, err := c.Message(classID, threadID, id)
	if err != nil {
		return at, message, err
	}
	if message.DeletedAt != nil {
		return at, message, fault.NotFound
	}
	return at, message, at.mayWriteIn(&thread, c.now)
}

// shown returns the thread of a message, and whether anybody sees it: of what
// was deleted with its thread or its class, nobody is told any more.
func (c *change) shown(m models.Message) (thread models.Thread, ok bool, err error) {
	class, err := c.Class(m.ClassID)
	if err != nil || class.DeletedAt != nil {
		return thread, false, err
	}
	thread, err = c.Thread(m.ClassID, m.ThreadID)
	if errors.Is(err, fault.NoThread) {
		return thread, false, nil
	}
	return thread, err == nil, err
}

func (c *change) replaceMessage(old, message models.Message, reason string, event models.EventType, actor Actor) error {
	written := old.CreatedAt
	if old.EditedAt != nil {
		written = *old.EditedAt
	}
	if err := c.CreateMessageVersion(&models.MessageVersion{
		MessageID: old.ID, Content: old.Content, WrittenAt: written,
		ReplacedAt: c.now, ReplacedBy: actor.User.ID, Reason: reason,
	}); err != nil {
		return err
	}
	if err := c.UpdateMessage(old.ID, store.Change{
		"content": message.Content, "edited_at": message.EditedAt,
		"deleted_at": message.DeletedAt, "deleted_by": message.DeletedBy,
	}); err != nil {
		return err
	}
	return c.emit(models.Event{
		ClassID: old.ClassID, Type: event, ThreadID: old.ThreadID,
		SubjectID: old.ID, ActorID: actor.User.ID, Data: message,
	})
}

// Versions returns what a message said before it was edited or deleted, the
// oldest first, after the version after. Staff alone may ask, and the asking is
// noted, once an hour. Faults: those of enter, NotAllowed, NoThread, NotFound,
// TooManyTries.
func (a *App) Versions(ctx context.Context, actor Actor, classID, threadID, id, after int64, limit int) ([]models.MessageVersion, error) {
	at, err := a.enter(ctx, actor, models.ScopeManage, classID)
	if err != nil {
		return nil, err
	}
	if !at.staff() {
		return nil, fault.NotAllowed
	}
	if _, err := at.thread(threadID); err != nil {
		return nil, err
	}
	if _, err := a.reading(ctx).Message(classID, threadID, id); err != nil {
		return nil, err
	}
	if err := a.noteLook(ctx, actor, "message.versions.read", classID, id); err != nil {
		return nil, err
	}
	versions, err := a.reading(ctx).MessageVersions(id, after, limit)
	if err != nil {
		return nil, err
	}
	return versions, a.addDeletedFiles(ctx, id, versions)
}

// addDeletedFiles names, under what a message said until it was deleted, what
// was sent with it.
func (a *App) addDeletedFiles(ctx context.Context, id int64, versions []models.MessageVersion) error {
	for i := range versions {
		versions[i].Files = []models.File{}
		if versions[i].Reason != "deleted" {
			continue
		}
		sent, err := a.reading(ctx).FilesOfMessages([]int64{id})
		if err != nil {
			return err
		}
		versions[i].Files = append(versions[i].Files, sent[id]...)
	}
	return nil
}

// ShowAgain is the classic dialect's "send": announce shows a stored message of
// the actor's own to the classic connections that joined the thread after it
// was announced. Faults: those of enter, NoThread, NotYours.
func (a *App) ShowAgain(ctx context.Context, actor Actor, classID, threadID, id int64) (announce func(), err error) {
	at, err := a.enter(ctx, actor, models.ScopeWrite, classID)
	if err != nil {
		return nil, err
	}
	if _, err := at.thread(threadID); err != nil {
		return nil, err
	}
	message, err := a.reading(ctx).Message(classID, threadID, id)
	if errors.Is(err, fault.NotFound) {
		return nil, fault.NotYours
	}
	if err != nil {
		return nil, err
	}
	if message.SpeakerID != actor.User.ID || message.DeletedAt != nil {
		return nil, fault.NotYours
	}
	return func() { a.bus.Publish(bus.Announcement{Repeat: &bus.Repeat{Message: message}}) }, nil
}
