package details

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

func TestWhatWasEditedOrDeletedIsKeptForStaffAndTheAskingIsNoted(t *testing.T) {
	r := newRoom(t)
	r.Token(r.Ada) // the making of a token is noted too
	m := r.say(r.Bob, "first")
	r.do(r.Bob, "PATCH", r.message(m), object{"content": "second"})
	r.do(r.Bob, "PATCH", r.message(m), object{"content": "third"})
	r.do(r.Ann, "DELETE", r.message(m), nil)

	versions := ok[page[models.MessageVersion]](r, r.Ann, "GET", r.message(m)+"/versions", nil).Items
	require.Len(t, versions, 3)
	for i, want := range []struct {
		content, reason string
		by              int64
	}{{"first", "edited", r.Bob.ID}, {"second", "edited", r.Bob.ID}, {"third", "deleted", r.Ann.ID}} {
		v := versions[i]
		require.Equal(t, []any{want.content, want.reason, want.by}, []any{v.Content, v.Reason, v.ReplacedBy})
		if i > 0 {
			require.Equal(t, versions[i-1].ReplacedAt, v.WrittenAt)
		}
	}
	entries := ok[page[models.AuditEntry]](r, r.Ada, "GET", "/audit", nil).Items
	require.Equal(t, "message.versions.read", entries[0].Action)
	require.Equal(t, r.Ann.ID, entries[0].ActorID)
	require.Equal(t, []int64{r.class.ID, m.ID}, []int64{*entries[0].ClassID, *entries[0].SubjectID})

	before := len(entries)
	r.refused(125, r.Bob, "GET", r.message(m)+"/versions", nil)
	require.Len(t, ok[page[models.AuditEntry]](r, r.Ada, "GET", "/audit", nil).Items, before, "who is refused has seen nothing")
}

// The list once ended after a thousand: who edited often enough kept the last of
// it from staff.
func TestEveryVersionCanBeReadHoweverManyThereAre(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Bob, "0")
	const edits = 1010
	for i := range edits {
		r.do(r.Bob, "PATCH", r.message(m), object{"content": itoa(int64(i + 1))})
	}
	seen := 0
	for cursor := ""; ; {
		p := ok[page[models.MessageVersion]](r, r.Ann, "GET", r.message(m)+"/versions?limit=100&cursor="+cursor, nil)
		for _, v := range p.Items {
			require.Equal(t, itoa(int64(seen)), v.Content)
			seen++
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	require.Equal(t, edits, seen)
}

// Every answer that REST gives about the class, and every frame, to a student
// and to a teacher: the deleted text is in none, but for the staff's versions.
func TestDeletedTextIsNowhereElse(t *testing.T) {
	const canary = "canary-7f3a"
	r := newRoom(t)
	live := r.Dial(r.Ann, servertest.V2)
	live.Hello()
	m := r.say(r.Bob, canary)
	r.do(r.Ann, "PUT", r.thread+"/pin", object{"message_id": m.ID})
	r.do(r.Bob, "PATCH", r.message(m), object{"content": canary + " edited"})
	answered := r.REST(r.Bob, "DELETE", r.message(m), nil)
	require.NotContains(t, string(answered.Bytes), canary)

	for f := live.HearOp("event"); f["type"] != "thread.changed" || f["data"].(map[string]any)["pinned_message_id"] != nil; f = live.HearOp("event") {
		if f["type"] == "message.deleted" {
			require.NotContains(t, fmt.Sprint(f), canary)
		}
	}
	for _, u := range []models.User{r.Bob, r.Cai, r.Ann} {
		for _, path := range []string{
			r.path, "/classes", r.path + "/threads", r.path + "/threads?archived=true", r.thread, r.thread + "/messages", r.message(m),
			r.thread + "/messages?around=" + itoa(m.ID), r.path + "/events", r.path + "/events?limit=500", r.path + "/members",
		} {
			a := r.REST(u, "GET", path, nil)
			require.Equal(t, 200, a.StatusCode, path)
			require.NotContains(t, string(a.Bytes), canary, path)
		}
		replay := r.Dial(u, servertest.V2)
		replay.Say(object{"action": "hello", "since": object{itoa(r.class.ID): 0}, "ref": "x"})
		for n := int64(0); n < r.head(); {
			f := replay.Hear()
			require.NotContains(t, fmt.Sprint(f), canary)
			if f["op"] == "event" {
				n++
			}
		}
		classic := r.Dial(u, servertest.Classic)
		classic.Say(object{"action": "join", "class_id": r.class.ID, "thread_id": r.id, "speaker": u.ID, "speaker_name": u.Name})
		classic.Say(object{"action": "send", "class_id": r.class.ID, "thread_id": r.id, "speaker": u.ID, "speaker_name": u.Name, "mes_id": m.ID})
		for range 3 {
			if f, err := classic.TryHear(300 * time.Millisecond); err == nil {
				require.NotContains(t, fmt.Sprint(f), canary)
			}
		}
	}
	audit := r.REST(r.Ada, "GET", "/audit?limit=100", nil)
	require.NotContains(t, string(audit.Bytes), canary, "the audit holds no text of a message")
	require.True(t, strings.Contains(string(r.REST(r.Ann, "GET", r.message(m)+"/versions", nil).Bytes), canary))
}
