package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"homeroom/app/fault"
	"homeroom/models"
)

// classic is the dialect of Pokers: its clients work unchanged. Nothing is
// ever sent to them but what docs/protocol.md lists, because they take any
// other frame for a message.
type classic struct{}

type classicAnswer struct {
	Op      string          `json:"op"`
	Thread  json.RawMessage `json:"thread,omitempty"`
	Status  bool            `json:"status"`
	Code    int             `json:"code,omitempty"`
	Msg     string          `json:"msg,omitempty"`
	CountID int64           `json:"count_id,omitempty"`
	EmojiID int             `json:"emoji_id,omitempty"`
}

var classicKeep = jsonFrame(struct {
	Op string `json:"op"`
}{"keep"})

func (classic) greet(c *conn) { c.sendJSON(classicAnswer{Op: "connect", Status: true}) }

func (classic) keep(c *conn) { c.send(classicKeep) }

func (d classic) refuse(c *conn, _ []byte, _ time.Duration) { d.fail(c, fault.TooMany) }

// fail says why not. The original gives every refusal the name of "send", but
// for a message that is not the speaker's.
func (classic) fail(c *conn, err error) {
	f := fault.Of(err)
	if f == fault.Internal {
		slog.Error("internal error", "request_id", c.requestID, "error", err.Error())
	}
	op := "send"
	if f.Code == fault.NotYours.Code {
		op = "sent"
	}
	c.reply(classicAnswer{Op: op, Code: f.Code, Msg: f.Message})
}

// classicRequest is a client's frame, its fields as they came.
type classicRequest struct {
	Action      json.RawMessage `json:"action"`
	ThreadID    json.RawMessage `json:"thread_id"`
	ClassID     json.RawMessage `json:"class_id"`
	Speaker     json.RawMessage `json:"speaker"`
	SpeakerName json.RawMessage `json:"speaker_name"`
	MessageID   json.RawMessage `json:"mes_id"`
}

// number reads an id that came as a number or as a numeric string; 0 is none.
func number(raw json.RawMessage) int64 {
	s := string(raw)
	if strings.HasPrefix(s, `"`) && json.Unmarshal(raw, &s) != nil {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n >= 1<<53 {
		return 0
	}
	return n
}

func word(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// receive checks in the order of docs/protocol.md: fields, class, user, thread,
// action, message.
func (d classic) receive(c *conn, text []byte) {
	var in classicRequest
	if !c.isObject(text, &in) {
		d.fail(c, fault.Malformed)
		return
	}
	action, name := word(in.Action), word(in.SpeakerName)
	threadID, classID, speaker, messageID := number(in.ThreadID), number(in.ClassID), number(in.Speaker), number(in.MessageID)
	if action == "" || name == "" || threadID == 0 || classID == 0 || speaker == 0 || action == "send" && messageID == 0 {
		d.fail(c, fault.Malformed)
		return
	}
	ctx := c.hub.ctx
	c.use()
	member, err := c.hub.app.Visit(ctx, c.actor, classID, threadID)
	isSpeaker := speaker == c.actor.User.ID && name == member.Name
	if !isSpeaker && (err == nil || errors.Is(err, fault.NoThread)) {
		err = fault.NotMember
	}
	if err != nil {
		d.fail(c, err)
		return
	}
	switch action {
	case "join":
		d.join(c, classID, threadID, in.ThreadID)
	case "send":
		announce, err := c.hub.app.ShowAgain(ctx, c.actor, classID, threadID, messageID)
		if err != nil {
			d.fail(c, err)
			return
		}
		c.reply(classicAnswer{Op: "send", Status: true, Code: fault.Sent})
		announce()
	default:
		d.fail(c, fault.UnknownAction)
	}
}

func (d classic) join(c *conn, classID, threadID int64, echo json.RawMessage) {
	if _, ok := c.looking[threadID]; !ok && len(c.looking) >= c.hub.limits.Joined {
		d.fail(c, fault.TooMany)
		return
	}
	head, err := c.hub.app.Head(c.hub.ctx, c.actor, classID)
	if err != nil {
		d.fail(c, err)
		return
	}
	c.lookAt(threadID, classID)
	c.hub.sit(c, classID, func(_ *room, s *seat) {
		if s.threads[threadID] == nil {
			s.lookAt(threadID, &look{since: head})
		}
		// Under the room's lock, so that no message comes before the answer.
		c.sendJSON(classicAnswer{Op: "join", Thread: echo, Status: true, Code: fault.OK})
	})
	_ = c.hub.settle(c, classID) // or it is out again, and is told so by the next frame or by its end
}

// classicMessageFrame is a message as Pokers has it.
type classicMessageFrame struct {
	BelongClass int64  `json:"belong_class"`
	Content     string `json:"content"`
	Date        int64  `json:"date"`
	Emoji1      int    `json:"emoji_1"`
	Emoji2      int    `json:"emoji_2"`
	Emoji3      int    `json:"emoji_3"`
	FileName    string `json:"file_name"`
	FileSize    string `json:"file_size"`
	FileURL     string `json:"file_url"`
	ID          int64  `json:"id"`
	ImgURL      string `json:"img_url"`
	IsSuper     int    `json:"is_super"`
	Log         int    `json:"log"`
	Speaker     int64  `json:"speaker"`
	SpeakerName string `json:"speaker_name"`
	Thread      int64  `json:"thread"`
	Type        string `json:"type"`
}

func classicMessage(m models.Message) frame {
	f := classicMessageFrame{
		ID: m.ID, Speaker: m.SpeakerID, SpeakerName: m.SpeakerName, BelongClass: m.ClassID, Thread: m.ThreadID,
		Content: m.Content, Date: m.CreatedAt.Unix(), Type: "text",
	}
	if len(m.Files) > 0 {
		first := m.Files[0]
		at := fmt.Sprintf("/api/v1/classes/%d/files/%d/", first.ClassID, first.ID)
		f.Type, f.FileURL, f.FileName, f.FileSize = "file", at+"content", first.Name, strconv.FormatInt(first.Size, 10)
		if first.Picture() {
			f.ImgURL = at + "preview"
		}
	}
	if m.SpeakerRole.Staff() {
		f.IsSuper = 1
	}
	counts := [...]*int{1: &f.Emoji1, 2: &f.Emoji2, 3: &f.Emoji3}
	for _, r := range m.Reactions {
		if id := classicEmoji(r.Emoji); id > 0 {
			*counts[id] += len(r.UserIDs)
		}
	}
	return jsonFrame(f)
}

// classicEmoji returns the number that Pokers gives a reaction, 0 for one that
// it does not have.
func classicEmoji(emoji string) int {
	switch emoji {
	case "👍":
		return 1
	case "❤️", "❤":
		return 2
	case "😂":
		return 3
	}
	return 0
}

// classicEvent returns an event as a classic connection is told of it, nil
// where it is not.
func classicEvent(e *models.Event) frame {
	switch e.Type {
	case models.MessageCreated:
		if m, ok := e.Data.(models.Message); ok {
			return classicMessage(m)
		}
	case models.MessageEdited:
		return jsonFrame(classicAnswer{Op: "edit", Status: true, Code: fault.EditDone, CountID: e.SubjectID})
	case models.MessageDeleted:
		return jsonFrame(classicAnswer{Op: "delete", Status: true, Code: fault.DeleteDone, CountID: e.SubjectID})
	case models.ReactionAdded, models.ReactionRemoved:
		op := "emoji_add"
		if e.Type == models.ReactionRemoved {
			op = "emoji_remove"
		}
		if id := classicEmoji(e.Emoji); id > 0 {
			return jsonFrame(classicAnswer{Op: op, Status: true, Code: fault.ReactionDone, CountID: e.SubjectID, EmojiID: id})
		}
	}
	return nil
}
