// Package history holds a client that follows docs/protocol.md against the
// server: whatever happened, and whatever the network lost, what the client
// knows in the end is what REST tells.
package history

import (
	"encoding/json"
	"slices"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

// known is what a client knows of a class. The rows are as REST gives them,
// without what REST adds for the asker alone.
type known struct {
	seq      int64
	class    models.Class
	threads  map[int64]models.Thread
	messages map[int64]models.Message
	members  map[int64]models.Member
	codes    map[int64]models.JoinCode // staff only
}

// tb is what a test and a case of rapid have in common.
type tb interface {
	require.TestingT
	Helper()
}

// client is a reference client of a user.
type client struct {
	t       tb
	server  *servertest.Server
	user    models.User
	classes map[int64]*known
	link    *link
	follow  func(classID int64) bool // which classes it cares for
	gap     bool                     // it must say hello again
	refs    int
	resyncs int
}

// event is an event frame whose data waits for its type.
type event struct {
	ClassID int64            `json:"class_id"`
	Seq     int64            `json:"seq"`
	Type    models.EventType `json:"type"`
	Data    json.RawMessage  `json:"data"`
}

// hear takes in one frame that is no answer.
func (c *client) hear(raw []byte) {
	var opening struct {
		Op      string          `json:"op"`
		ClassID int64           `json:"class_id"`
		Heads   map[int64]int64 `json:"heads"`
	}
	require.NoError(c.t, json.Unmarshal(raw, &opening), string(raw))
	switch opening.Op {
	case "event":
		var e event
		require.NoError(c.t, json.Unmarshal(raw, &e))
		c.event(e)
	case "resync":
		if c.follow(opening.ClassID) {
			c.resyncs++
			c.refetch(opening.ClassID)
		}
	case "keep":
		c.compare(opening.Heads)
	}
}

// compare holds the heads against what is known: what is behind asks again.
func (c *client) compare(heads map[int64]int64) {
	for id, head := range heads {
		if !c.follow(id) {
			continue
		}
		if k := c.classes[id]; k == nil {
			c.refetch(id)
		} else if head > k.seq {
			c.gap = true
		}
	}
	for id := range c.classes {
		if _, in := heads[id]; !in {
			delete(c.classes, id)
		}
	}
}

// event applies the next number of a class, ignores those before it, and
// notices a gap.
func (c *client) event(e event) {
	if !c.follow(e.ClassID) {
		return
	}
	k := c.classes[e.ClassID]
	if k == nil {
		if e.Type == models.MemberJoined && decode[models.Member](c.t, e.Data).UserID == c.user.ID {
			c.refetch(e.ClassID)
		}
		return
	}
	switch {
	case e.Seq <= k.seq:
		return
	case e.Seq > k.seq+1:
		c.gap = true
		return
	}
	k.seq, k.class.Seq = e.Seq, e.Seq
	apply, ok := effects[e.Type]
	require.True(c.t, ok, "the client does not know the event %s", e.Type)
	apply(c, k, e)
}

func decode[T any](t tb, raw json.RawMessage) (v T) {
	require.NoError(t, json.Unmarshal(raw, &v), string(raw))
	return v
}

// effects says what each type of event does to what a client knows.
var effects = map[models.EventType]func(*client, *known, event){
	models.MessageCreated:  takeMessage,
	models.MessageEdited:   takeMessage,
	models.MessageDeleted:  takeMessage,
	models.ReactionAdded:   takeReaction,
	models.ReactionRemoved: takeReaction,
	models.ThreadCreated:   takeThread,
	models.ThreadChanged:   takeThread,
	models.ThreadDeleted:   takeThread,
	models.MemberJoined:    takeMember,
	models.MemberChanged:   takeMember,
	models.MemberLeft:      takeMember,
	models.ClassChanged:    takeClass,
	models.ClassDeleted:    takeClass,
	models.CodeCreated:     takeCode,
	models.CodeChanged:     takeCode,
	models.Hidden:          func(*client, *known, event) {},
}

func takeMessage(c *client, k *known, e event) {
	m := decode[models.Message](c.t, e.Data)
	k.messages[m.ID] = m
	// A thread that was told later than this message is ahead of it already.
	if t, ok := k.threads[m.ThreadID]; ok && m.Seq > t.LastSeq {
		t.LastSeq, t.LastMessageID = m.Seq, &m.ID
		k.threads[m.ThreadID] = t
	}
}

func takeReaction(c *client, k *known, e event) {
	r := decode[models.ReactionChange](c.t, e.Data)
	m, ok := k.messages[r.MessageID]
	if !ok {
		return
	}
	m.Reactions = slices.Clone(m.Reactions)
	at := slices.IndexFunc(m.Reactions, func(x models.Reaction) bool { return x.Emoji == r.Emoji })
	if at < 0 {
		at = len(m.Reactions)
		m.Reactions = append(m.Reactions, models.Reaction{Emoji: r.Emoji})
	}
	users := slices.Clone(m.Reactions[at].UserIDs)
	users = slices.DeleteFunc(users, func(id int64) bool { return id == r.UserID && e.Type == models.ReactionRemoved })
	if e.Type == models.ReactionAdded && !slices.Contains(users, r.UserID) {
		users = append(users, r.UserID)
	}
	m.Reactions[at].UserIDs = users
	if len(users) == 0 {
		m.Reactions = slices.Delete(m.Reactions, at, at+1)
	}
	k.messages[r.MessageID] = m
}

func takeThread(c *client, k *known, e event) {
	t := decode[models.Thread](c.t, e.Data)
	if t.DeletedAt == nil {
		k.threads[t.ID] = t
		return
	}
	delete(k.threads, t.ID)
	for id, m := range k.messages {
		if m.ThreadID == t.ID {
			delete(k.messages, id)
		}
	}
}

func takeMember(c *client, k *known, e event) {
	m := decode[models.Member](c.t, e.Data)
	if m.LeftAt != nil {
		delete(k.members, m.UserID)
		if m.UserID == c.user.ID {
			delete(c.classes, e.ClassID)
		}
		return
	}
	before, was := k.members[m.UserID]
	k.members[m.UserID] = m
	if m.UserID == c.user.ID && was && before.Role.Staff() != m.Role.Staff() {
		c.refetch(e.ClassID) // other things are told to staff
	}
}

func takeClass(c *client, k *known, e event) {
	k.class = decode[models.Class](c.t, e.Data)
	k.class.Seq = e.Seq
	if k.class.DeletedAt != nil {
		delete(c.classes, e.ClassID)
	}
}

func takeCode(c *client, k *known, e event) {
	code := decode[models.JoinCode](c.t, e.Data)
	k.codes[code.ID] = code
}
