package app

import (
	"context"
	"encoding/json"
	"io"

	"homeroom/app/store"
	"homeroom/models"
)

// mostExports is how many exports a user may ask for in a minute: each reads all
// that somebody ever said.
const mostExports = 6

// Export is everything that is kept of one person, and nothing of others: not
// what they said, not who reacted to what this one said, and not what others
// reported of it.
type Export struct {
	MadeAt      models.Time          `json:"made_at" format:"date-time"`
	Account     models.User          `json:"account"`
	Memberships []ExportedMembership `json:"memberships" nullable:"false" doc:"Of every class, those that were left too"`
	Sessions    []models.Session     `json:"sessions" nullable:"false" doc:"Signed-in browsers"`
	Tokens      []models.Token       `json:"tokens" nullable:"false" doc:"Without their secrets"`
	ReadMarkers []models.ReadMarker  `json:"read_markers" nullable:"false"`
	Pushes      []models.Push        `json:"pushes" nullable:"false" doc:"Those that wait to be shown"`
	Messages    []ExportedMessage    `json:"messages" nullable:"false" doc:"In the order in which they were sent; content is empty where one was deleted"`
	Files       []models.File        `json:"files" nullable:"false" doc:"What the person uploaded; their bytes are read one by one"`
	Reactions   []ExportedReaction   `json:"reactions" nullable:"false"`
	Reports     []ExportedReport     `json:"reports" nullable:"false" doc:"Those that the person made, without the words of whom they are about"`
	Audit       []models.AuditEntry  `json:"audit" nullable:"false" doc:"What was noted that the person did, or that was done to the account or a membership"`
}

// ExportedMembership is a membership with the name of its class.
type ExportedMembership struct {
	Class string `json:"class"`
	models.Member
}

// ExportedMessage is a message of the person's, with what it said before it was
// edited or deleted.
type ExportedMessage struct {
	ID        int64                   `json:"id"`
	ClassID   int64                   `json:"class_id"`
	ThreadID  int64                   `json:"thread_id"`
	Speaker   string                  `json:"speaker_name"`
	Role      models.MemberRole       `json:"speaker_role"`
	Content   string                  `json:"content"`
	ClientID  *string                 `json:"client_id,omitempty"`
	ReplyTo   *int64                  `json:"reply_to,omitempty"`
	CreatedAt models.Time             `json:"created_at" format:"date-time"`
	EditedAt  *models.Time            `json:"edited_at,omitempty" format:"date-time"`
	DeletedAt *models.Time            `json:"deleted_at,omitempty" format:"date-time"`
	Versions  []models.MessageVersion `json:"versions,omitempty"`
}

// ExportedReaction is a reaction of the person's.
type ExportedReaction struct {
	ClassID   int64       `json:"class_id"`
	MessageID int64       `json:"message_id"`
	Emoji     string      `json:"emoji"`
	CreatedAt models.Time `json:"created_at" format:"date-time"`
}

// ExportedReport is a report that the person made.
type ExportedReport struct {
	ClassID    int64                 `json:"class_id"`
	MessageID  int64                 `json:"message_id"`
	Reason     models.ReportReason   `json:"reason"`
	Note       string                `json:"note"`
	CreatedAt  models.Time           `json:"created_at" format:"date-time"`
	ResolvedAt *models.Time          `json:"resolved_at,omitempty" format:"date-time"`
	Outcome    *models.ReportOutcome `json:"outcome,omitempty"`
}

// ExportUser is everything that is kept of one person: write writes it, in
// parts. Everybody may ask for themselves, admins for anybody; it is noted.
// Faults: SignInFirst, NotAllowed, ConfirmFirst, TooManyTries, NotFound,
// Unavailable.
func (a *App) ExportUser(ctx context.Context, actor Actor, id int64) (write func(context.Context, io.Writer) error, err error) {
	if id == actor.User.ID {
		err = actor.mayOnServer(models.ScopeManage)
	} else {
		err = actor.mayAsAdmin(models.ScopeManage)
	}
	if err != nil {
		return nil, err
	}
	if err := a.fresh(actor); err != nil {
		return nil, err
	}
	user, err := a.reading(ctx).User(id)
	if err != nil {
		return nil, err
	}
	if err := a.gate.exports.take(userKey(actor.User.ID), a.clock()); err != nil {
		return nil, err
	}
	if err := a.change(ctx, func(c *change) error { return c.note(actor, "user.exported", 0, id, "") }); err != nil {
		return nil, err
	}
	return func(ctx context.Context, to io.Writer) error {
		return a.export(a.reading(ctx), actor.User.ID, user, to)
	}, nil
}

// export writes an Export, part after part: not all that somebody said is in
// memory at once. Whoever reads it is shown nothing of reports about themselves.
func (a *App) export(q store.Queries, readerID int64, user models.User, to io.Writer) error {
	w := &parts{to: to}
	w.part("made_at", func() (any, error) { return a.now(), nil })
	w.part("account", func() (any, error) { return user, nil })
	w.part("memberships", func() (any, error) { return exportedMemberships(q, user.ID) })
	w.part("sessions", func() (any, error) { return q.Sessions(user.ID, a.now()) })
	w.part("tokens", func() (any, error) { return q.Tokens(user.ID) })
	w.part("read_markers", func() (any, error) { return q.ReadMarkersOf(user.ID) })
	w.part("pushes", func() (any, error) { return exportedPushes(q, user.ID) })
	ids, err := q.MessageIDsOf(user.ID)
	if err != nil {
		return err
	}
	list(w, "messages", func() (page []ExportedMessage, err error) {
		for len(ids) > 0 && len(page) == 0 && err == nil { // all of some may be purged meanwhile
			some := ids[:min(MostPerPage, len(ids))]
			ids = ids[len(some):]
			page, err = exportedMessages(q, user.ID, some)
		}
		return page, err
	})
	after := int64(0)
	list(w, "files", func() ([]models.File, error) {
		rows, err := q.FilesOfUser(user.ID, after, MostPerPage)
		if len(rows) > 0 {
			after = rows[len(rows)-1].ID
		}
		return rows, err
	})
	after = 0
	list(w, "reactions", func() (page []ExportedReaction, err error) {
		rows, err := q.ReactionsOf(user.ID, after, MostPerPage)
		for _, r := range rows {
			after = r.ID
			page = append(page, ExportedReaction{ClassID: r.ClassID, MessageID: r.MessageID, Emoji: r.Emoji, CreatedAt: r.CreatedAt})
		}
		return page, err
	})
	after = 0
	list(w, "reports", func() (page []ExportedReport, err error) {
		rows, err := q.ReportsBy(user.ID, readerID, after, MostPerPage)
		for _, r := range rows {
			after = r.ID
			page = append(page, ExportedReport{
				ClassID: r.ClassID, MessageID: r.MessageID, Reason: r.Reason, Note: r.Note,
				CreatedAt: r.CreatedAt, ResolvedAt: r.ResolvedAt, Outcome: r.Outcome,
			})
		}
		return page, err
	})
	after = 0
	list(w, "audit", func() ([]models.AuditEntry, error) {
		rows, err := q.AuditOf(user.ID, after, MostPerPage)
		if len(rows) > 0 {
			after = rows[len(rows)-1].ID
		}
		return rows, err
	})
	w.write([]byte("\n}\n"))
	return w.err
}

func exportedMemberships(q store.Queries, userID int64) (all []ExportedMembership, err error) {
	all = []ExportedMembership{}
	members, err := q.MembershipsEver(userID)
	for _, m := range members {
		class, err := q.Class(m.ClassID)
		if err != nil {
			return nil, err
		}
		all = append(all, ExportedMembership{Class: class.Name, Member: m})
	}
	return all, err
}

func exportedPushes(q store.Queries, userID int64) (all []models.Push, err error) {
	all = []models.Push{}
	kept, err := q.KeptPushesOf(userID)
	for _, k := range kept {
		all = append(all, k.Push)
	}
	return all, err
}

func exportedMessages(q store.Queries, userID int64, ids []int64) (all []ExportedMessage, err error) {
	messages, err := q.MessagesOf(userID, ids)
	if err != nil {
		return nil, err
	}
	versions, err := q.VersionsOf(ids)
	if err != nil {
		return nil, err
	}
	before := map[int64][]models.MessageVersion{}
	for _, v := range versions {
		v.Files = []models.File{} // they stand by themselves
		before[v.MessageID] = append(before[v.MessageID], v)
	}
	for _, m := range messages {
		all = append(all, ExportedMessage{
			ID: m.ID, ClassID: m.ClassID, ThreadID: m.ThreadID, Speaker: m.SpeakerName, Role: m.SpeakerRole,
			Content: m.Content, ClientID: m.ClientID, ReplyTo: m.ReplyTo,
			CreatedAt: m.CreatedAt, EditedAt: m.EditedAt, DeletedAt: m.DeletedAt, Versions: before[m.ID],
		})
	}
	return all, nil
}

// parts writes an object of JSON field by field. After an error it writes
// nothing more.
type parts struct {
	to    io.Writer
	begun bool
	err   error
}

func (w *parts) write(text []byte) {
	if w.err == nil {
		_, w.err = w.to.Write(text)
	}
}

func (w *parts) value(v any) {
	if w.err != nil {
		return
	}
	encoded, err := json.Marshal(v)
	w.err = err
	w.write(encoded)
}

func (w *parts) name(name string) {
	start := "{\n"
	if w.begun {
		start = ",\n"
	}
	w.begun = true
	w.write([]byte(start + `"` + name + `": `))
}

func (w *parts) part(name string, read func() (any, error)) {
	if w.err != nil {
		return
	}
	value, err := read()
	w.err = err
	w.name(name)
	w.value(value)
}

// list writes a field that is a list, page after page until one is empty.
func list[T any](w *parts, name string, read func() ([]T, error)) {
	w.name(name)
	for between := "["; w.err == nil; {
		page, err := read()
		if w.err = err; err != nil || len(page) == 0 {
			if between == "[" {
				w.write([]byte("["))
			}
			w.write([]byte("]"))
			return
		}
		for _, one := range page {
			w.write([]byte(between + "\n"))
			between = ","
			w.value(one)
		}
	}
}
