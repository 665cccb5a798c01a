package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// MostPerPage is the largest page of any list.
const MostPerPage = 100

// NewMessage is what a member says.
type NewMessage struct {
	Content  string `json:"content" doc:"Markdown, 1 to 10,000 characters" example:"When is the test?"`
	ClientID string `json:"client_id,omitempty" maxLength:"64" doc:"The sender's own id, 1 to 64 characters: the same one again is the same message, for good. Without it a repeated request is a second message" example:"5f0c6a7e-1"`
	ReplyTo  *int64 `json:"reply_to,omitempty" doc:"The message it answers, in the same thread"`
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
	return h.Sum(nil)[:16]
}

// Send stores a message in a thread and announces it. isNew is false where the
// client id is known: then the message is the one stored first. Faults, in
// order: Malformed, TextTooLong, those of enter, NoThread, Exists (the client
// id with other content), Archived, Muted, Locked, TooMany, NotFound
// (reply_to), Unavailable.
func (a *App) Send(ctx context.Context, actor Actor, classID, threadID int64, in NewMessage) (message models.Message, isNew bool, err error) {
	if err := checkText("content", in.Content, a.Limits.TextLength); err != nil {
		return message, false, err
	}
	if len(in.ClientID) > 64 {
		return message, false, fault.Malformed.With("client_id is longer than 64")
	}
	at, err := a.enter(ctx, actor, models.ScopeWrite, classID)
	if err != nil {
		return message, false, err
	}
	if _, err := at.thread(threadID); err != nil {
		return message, false, err
	}
	hash := in.hash(threadID)
	if in.ClientID != "" {
		first, err := a.reading(ctx).MessageByClientID(actor.User.ID, in.ClientID)
		if err == nil {
			return first, false, sameMessage(first, hash)
		}
		if !errors.Is(err, fault.NotFound) {
			return message, false, err
		}
	}
	if err := a.maySend(at, threadID); err != nil {
		return message, false, err
	}
	err = a.changeOften(ctx, func(c *change) error {
		message, isNew, err = c.send(actor, classID, threadID, in, hash)
		return err
	})
	return message, isNew, err
}

// maySend refuses what need not wait for its turn to be refused, and counts the
// message against the limits: Archived, Muted, Locked, TooMany.
func (a *App) maySend(at here, threadID int64) error {
	thread, err := at.thread(threadID)
	if err != nil {
		return err
	}
	if err := at.mayWriteIn(thread, a.now()); err != nil {
		return err
	}
	now := a.clock()
	if wait := a.sends.take(at.actor.User.ID, now); wait > 0 {
		return fault.TooMany.After(wait)
	}
	if wait := a.threads.take(threadID, now); wait > 0 {
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
	var clientID *string
	if in.ClientID != "" {
		first, err := c.MessageByClientID(actor.User.ID, in.ClientID)
		if err == nil {
			return first, false, sameMessage(first, hash)
		}
		if !errors.Is(err, fault.NotFound) {
			return message, false, err
		}
		clientID = &in.ClientID
	}
	if err := at.mayWriteIn(thread, c.now); err != nil {
		return message, false, err
	}
	if in.ReplyTo != nil {
		if _, err := c.Message(classID, threadID, *in.ReplyTo); err != nil {
			return message, false, err
		}
	}
	seq, err := c.NextSeq(classID)
	if err != nil {
		return message, false, err
	}
	message = models.Message{
		ClassID: classID, ThreadID: threadID, Seq: seq,
		SpeakerID: actor.User.ID, SpeakerName: at.member.Name, SpeakerRole: at.member.Role,
		Content: in.Content, ClientID: clientID, ContentHash: hash, ReplyTo: in.ReplyTo,
		CreatedAt: c.now, Reactions: []models.Reaction{},
	}
	if err := c.CreateMessage(&message); err != nil {
		return message, false, err
	}
	return message, true, c.emitNumbered(models.Event{
		ClassID: classID, Seq: seq, Type: models.MessageCreated,
		ThreadID: threadID, SubjectID: message.ID, ActorID: actor.User.ID, Data: message,
	})
}

func sameMessage(first models.Message, hash []byte) error {
	if !bytes.Equal(first.ContentHash, hash) {
		return fault.Exists.With("client_id was used for another message")
	}
	return nil
}

// MessagePage is a stretch of a thread, in the order of the messages' ids.
type MessagePage struct {
	Items    []models.Message `json:"items" nullable:"false"`
	HasOlder bool             `json:"has_older"`
	HasNewer bool             `json:"has_newer"`
	Seq      int64            `json:"seq" doc:"The page holds every event of the class up to this number"`
}

// PageAround says which stretch of a thread: at most one of Before, After and
// Around is set, none is the newest.
type PageAround struct {
	Before int64 `query:"before" minimum:"0" doc:"Messages with an id below this one"`
	After  int64 `query:"after" minimum:"0" doc:"Messages with an id above this one"`
	Around int64 `query:"around" minimum:"0" doc:"The message with this id and those on both sides"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (p PageAround) newest() bool { return p.Before == 0 && p.After == 0 && p.Around == 0 }

// Messages returns a stretch of a thread. Faults: those of enter, NoThread,
// Malformed.
func (a *App) Messages(ctx context.Context, actor Actor, classID, threadID int64, page PageAround) (MessagePage, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return MessagePage{}, err
	}
	if _, err := at.thread(threadID); err != nil {
		return MessagePage{}, err
	}
	if page.Limit <= 0 || page.Limit > MostPerPage {
		page.Limit = MostPerPage
	}
	// The number is read before the rows: the page may hold more than it says,
	// never less.
	class, _ := at.roster.openClass()
	var out MessagePage
	if page.newest() {
		out.Items, out.HasOlder, err = a.tails.page(a.reading(ctx), threadID, at.roster.lastTouched(threadID), page.Limit)
	} else {
		out, err = readPage(a.reading(ctx), threadID, page)
	}
	out.Seq = class.Seq
	for i := range out.Items {
		out.Items[i] = messageFor(out.Items[i], actor.User.ID)
	}
	return out, err
}

func readPage(q store.Queries, threadID int64, page PageAround) (out MessagePage, err error) {
	set := 0
	for _, id := range []int64{page.Before, page.After, page.Around} {
		if id != 0 {
			set++
		}
	}
	switch {
	case set > 1:
		return out, fault.Malformed.With("at most one of before, after and around")
	case page.Around > 0:
		half := page.Limit / 2
		older, err := q.MessagesBefore(threadID, page.Around, half+1)
		if err != nil {
			return out, err
		}
		newer, err := q.MessagesAfter(threadID, page.Around-1, page.Limit-half+1)
		if err != nil {
			return out, err
		}
		older, out.HasOlder = dropFirst(older, half)
		newer, out.HasNewer = dropLast(newer, page.Limit-half)
		out.Items = append(older, newer...)
	case page.After > 0:
		out.Items, err = q.MessagesAfter(threadID, page.After, page.Limit+1)
		out.Items, out.HasNewer = dropLast(out.Items, page.Limit)
		out.HasOlder = true
	default:
		out.Items, err = q.MessagesBefore(threadID, page.Before, page.Limit+1)
		out.Items, out.HasOlder = dropFirst(out.Items, page.Limit)
		out.HasNewer = page.Before > 0
	}
	return out, err
}

// dropFirst keeps the last n of rows and tells whether there were more.
func dropFirst[T any](rows []T, n int) ([]T, bool) {
	if len(rows) <= n {
		return rows, false
	}
	return rows[len(rows)-n:], true
}

// dropLast keeps the first n of rows and tells whether there were more.
func dropLast[T any](rows []T, n int) ([]T, bool) {
	if len(rows) <= n {
		return rows, false
	}
	return rows[:n], true
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
// readable for staff. Faults: Malformed, TextTooLong, those of enter,
// NoThread, NotFound, Archived, Muted, Locked, NotAllowed.
func (a *App) Edit(ctx context.Context, actor Actor, classID, threadID, id int64, content string) (message models.Message, err error) {
	if err := checkText("content", content, a.Limits.TextLength); err != nil {
		return message, err
	}
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return message, err
	}
	err = a.changeOften(ctx, func(c *change) error {
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
	return message, err
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
	if err := at.mayWriteIn(thread, c.now); err != nil {
		return m, err
	}
	message, now := m, c.now
	message.Content, message.DeletedAt, message.DeletedBy = "", &now, &actor.User.ID
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
	return at, message, at.mayWriteIn(thread, c.now)
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
// oldest first. Staff alone may ask, and the asking is noted. Faults: those of
// enter, NotAllowed, NoThread, NotFound.
func (a *App) Versions(ctx context.Context, actor Actor, classID, threadID, id int64) ([]models.MessageVersion, error) {
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
	if err := a.change(ctx, func(c *change) error {
		return c.note(actor, "message.versions.read", classID, id, "")
	}); err != nil {
		return nil, err
	}
	return a.reading(ctx).MessageVersions(id)
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
