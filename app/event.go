package app

import (
	"context"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// Audience is what the reader of an event is to it. All readers of the same
// audience are told the same, so that a door encodes it once for all of them.
type Audience int

// The audiences, from the one that is told least.
const (
	ForMembers Audience = iota
	ForStaff
	ForSubject // whom the event is about: the speaker of a message, the member
	Audiences  // how many there are
)

// AudienceOf tells which audience of e a reader is in, who has that role in the
// class.
func AudienceOf(e *models.Event, reader *Actor, role models.MemberRole) Audience {
	switch data := e.Data.(type) {
	case models.Message:
		if data.SpeakerID == reader.User.ID {
			return ForSubject
		}
		return ForMembers
	case models.Member:
		if data.UserID == reader.User.ID {
			return ForSubject
		}
	case models.JoinCode:
		if !reader.maySeeCode(data, role) {
			return ForMembers
		}
	}
	if role.Staff() {
		return ForStaff
	}
	return ForMembers
}

// For returns the event as an audience may know it.
func For(e models.Event, audience Audience) models.Event {
	switch data := e.Data.(type) {
	case models.Message:
		if audience != ForSubject {
			data.ClientID = nil
		}
		e.Data = data
	case models.Member:
		if audience == ForMembers {
			data.MutedUntil = nil
		}
		e.Data = data
	}
	if e.Type.StaffOnly() && audience == ForMembers {
		return hidden(e)
	}
	return e
}

func hidden(e models.Event) models.Event {
	return models.Event{ClassID: e.ClassID, Seq: e.Seq, At: e.At, Type: models.Hidden}
}

func messageFor(m models.Message, userID int64) models.Message {
	if m.SpeakerID != userID {
		m.ClientID = nil
	}
	return m
}

// EventPage is a stretch of a class's events.
type EventPage struct {
	Items []models.Event `json:"items" nullable:"false" doc:"Fewer than the limit are not the end: go on until the last has the number head. Where the first number is not the one after, what lies between is kept no longer: read the class anew"`
	Head  int64          `json:"head" doc:"Number of the class's newest event"`
}

// Events returns the events of a class after a number, as the actor may know
// them, with what they are about as it is now. Faults: those of enter.
func (a *App) Events(ctx context.Context, actor Actor, classID, after int64, limit int) (EventPage, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return EventPage{}, err
	}
	page, err := a.events(ctx, at, after, min(limit, a.Limits.ReplayEvents))
	page.Items = page.Items[:Light(page.Items, textOfEvent)]
	return page, err
}

// textOfEvent is how many bytes of text an event carries: each edit of a message
// is one that carries all of it.
func textOfEvent(e models.Event) int {
	m, _ := e.Data.(models.Message)
	return len(m.Content)
}

func (a *App) events(ctx context.Context, at here, after int64, limit int) (EventPage, error) {
	class, _ := at.roster.openClass()
	q := a.reading(ctx)
	events, err := q.Events(class.ID, after, limit)
	if err != nil {
		return EventPage{}, err
	}
	if err := fill(q, class.ID, events); err != nil {
		return EventPage{}, err
	}
	for i := range events {
		events[i] = For(events[i], AudienceOf(&events[i], &at.actor, at.member.Role))
	}
	return EventPage{Items: events, Head: class.Seq}, nil
}

// fill reads what the events are about. What is gone is hidden: from the rows
// altogether, or with its thread, whose rows stay.
func fill(q store.Queries, classID int64, events []models.Event) error {
	ids := map[string][]int64{}
	for _, e := range events {
		if e.ThreadID != 0 {
			ids["thread"] = append(ids["thread"], e.ThreadID)
		}
	}
	threads, err := byID(ids["thread"], func(ids []int64) ([]models.Thread, error) { return q.ThreadsByID(classID, ids) },
		func(t models.Thread) int64 { return t.ID })
	if err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		thread, there := threads[e.ThreadID]
		if e.ThreadID != 0 && noun(e.Type) != "thread" && (!there || thread.DeletedAt != nil) {
			*e = hidden(*e)
		}
		ids[noun(e.Type)] = append(ids[noun(e.Type)], e.SubjectID)
	}
	messages, err := byID(ids["message"], func(ids []int64) ([]models.Message, error) { return q.MessagesByID(classID, ids) },
		func(m models.Message) int64 { return m.ID })
	if err != nil {
		return err
	}
	members, err := byID(ids["member"], func(ids []int64) ([]models.Member, error) { return q.MembersByID(classID, ids) },
		func(m models.Member) int64 { return m.UserID })
	if err != nil {
		return err
	}
	codes, err := byID(ids["code"], func(ids []int64) ([]models.JoinCode, error) { return q.JoinCodesByID(classID, ids) },
		func(c models.JoinCode) int64 { return c.ID })
	if err != nil {
		return err
	}
	class, err := q.Class(classID)
	if err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		known := true
		switch noun(e.Type) {
		case "message":
			e.Data, known = got(messages, e.SubjectID)
		case "reaction":
			e.Data = models.ReactionChange{MessageID: e.SubjectID, ThreadID: e.ThreadID, Emoji: e.Emoji, UserID: e.ActorID}
		case "thread":
			e.Data, known = got(threads, e.SubjectID)
		case "member":
			e.Data, known = got(members, e.SubjectID)
		case "code":
			e.Data, known = got(codes, e.SubjectID)
		case "class":
			e.Data = class
		}
		if !known {
			*e = hidden(*e)
		}
	}
	return nil
}

// noun is the part of an event's type before the dot.
func noun(t models.EventType) string {
	for i := range t {
		if t[i] == '.' {
			return string(t[:i])
		}
	}
	return string(t)
}

func byID[T any](ids []int64, read func([]int64) ([]T, error), id func(T) int64) (map[int64]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := read(ids)
	m := make(map[int64]T, len(rows))
	for _, row := range rows {
		m[id(row)] = row
	}
	return m, err
}

func got[T any](m map[int64]T, id int64) (any, bool) {
	row, ok := m[id]
	return row, ok
}

// Heads returns the number of the newest event of every class that the actor
// is in. Faults: SignInFirst, NotAllowed.
func (a *App) Heads(ctx context.Context, actor Actor) (map[int64]int64, error) {
	if err := actor.may(models.ScopeRead); err != nil {
		return nil, err
	}
	heads, err := a.reading(ctx).Heads(actor.User.ID)
	return among(heads, actor.ClassIDs), err
}

// Replay returns the events of a class that a connection missed since a
// number. tooMany tells that there are more than Limits.ReplayEvents, that they
// carry more than mostPageText, that some of them are kept no longer, or that
// since is no number of this class: then the client reads the class anew.
// Faults: those of enter.
func (a *App) Replay(ctx context.Context, actor Actor, classID, since int64) (missed []models.Event, tooMany bool, err error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return nil, false, err
	}
	page, err := a.events(ctx, at, since, a.Limits.ReplayEvents+1)
	if err != nil {
		return nil, false, err
	}
	if len(page.Items) > a.Limits.ReplayEvents || Light(page.Items, textOfEvent) < len(page.Items) || since > page.Head {
		return nil, true, nil
	}
	if len(page.Items) == 0 && since < page.Head || len(page.Items) > 0 && page.Items[0].Seq != since+1 {
		return nil, true, nil // they were purged
	}
	return page.Items, false, nil
}

// Head returns the number of the newest event of a class. Faults: those of
// enter.
func (a *App) Head(ctx context.Context, actor Actor, classID int64) (int64, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return 0, err
	}
	class, _ := at.roster.openClass()
	return class.Seq, nil
}

// Visit looks into a thread, as the live dialects do before anything else.
// With NoThread the member is returned too. Faults: those of enter, NoThread.
func (a *App) Visit(ctx context.Context, actor Actor, classID, threadID int64) (models.Member, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return models.Member{}, err
	}
	_, err = at.thread(threadID)
	return at.member, err
}

// RoleIn returns the actor's role in a class. Faults: those of enter.
func (a *App) RoleIn(ctx context.Context, actor Actor, classID int64) (models.MemberRole, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	return at.member.Role, err
}

// Roles returns the classes that the actor is in, with the role in each.
// Faults: SignInFirst, NotAllowed.
func (a *App) Roles(ctx context.Context, actor Actor) (map[int64]models.MemberRole, error) {
	if err := actor.may(models.ScopeRead); err != nil {
		return nil, err
	}
	return a.rolesOf(ctx, actor)
}

// ClassOfThread returns the class of a thread that the actor may look into.
// To everybody else there is no such thread. Faults: SignInFirst, NotAllowed,
// NoThread.
func (a *App) ClassOfThread(ctx context.Context, actor Actor, threadID int64) (int64, error) {
	if err := actor.may(models.ScopeRead); err != nil {
		return 0, err
	}
	classID, err := a.reading(ctx).ClassOfThread(threadID)
	if err != nil {
		return 0, err
	}
	if _, err := a.enter(ctx, actor, models.ScopeRead, classID); err != nil {
		return 0, fault.NoThread
	}
	return classID, nil
}

// StudentsSeePresence tells whether all members of a class, not only its
// staff, may know who is online.
func (a *App) StudentsSeePresence(classID int64) bool {
	r := a.rosters.get(classID)
	if r == nil {
		return false
	}
	class, _ := r.openClass()
	return class.StudentsSeePresence
}

// Type tells those who look at a thread that the actor is writing. Faults:
// those of enter, NoThread, Archived, Muted, Locked.
func (a *App) Type(ctx context.Context, actor Actor, classID, threadID int64) error {
	at, err := a.enter(ctx, actor, models.ScopeWrite, classID)
	if err != nil {
		return err
	}
	thread, err := at.thread(threadID)
	if err != nil {
		return err
	}
	if err := at.mayWriteIn(&thread, a.now()); err != nil {
		return err
	}
	a.bus.Publish(bus.Announcement{Typing: &bus.Typing{ClassID: classID, ThreadID: threadID, UserID: actor.User.ID, Name: at.member.Name}})
	return nil
}
