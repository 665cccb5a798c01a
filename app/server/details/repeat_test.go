package details

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

func (r *room) head() int64 {
	r.t.Helper()
	return ok[models.Class](r, r.Ann, "GET", r.path, nil).Seq
}

// once makes a request twice: the second has no effect and the same answer.
func (r *room) once(u models.User, method, path string, body any) {
	r.t.Helper()
	r.do(u, method, path, body)
	head := r.head()
	r.do(u, method, path, body)
	require.Equal(r.t, head, r.head(), "%s %s a second time is no event", method, path)
}

func TestARepeatedMessageIsTheSameMessage(t *testing.T) {
	r := newRoom(t)
	first := object{"content": "once", "client_id": "1"}
	created := r.REST(r.Bob, "POST", r.thread+"/messages", first)
	require.Equal(t, 201, created.StatusCode)
	again := r.REST(r.Bob, "POST", r.thread+"/messages", first)
	require.Equal(t, 200, again.StatusCode)
	require.JSONEq(t, string(created.Bytes), string(again.Bytes))
	var m models.Message
	created.JSON(t, &m)

	_, other := r.open("Trips")
	r.refused(127, r.Bob, "POST", r.thread+"/messages", object{"content": "other", "client_id": "1"})
	r.refused(127, r.Bob, "POST", r.thread+"/messages", object{"content": "once", "client_id": "1", "reply_to": m.ID})
	r.refused(127, r.Bob, "POST", other+"/messages", first)
	require.Equal(t, 201, r.REST(r.Cai, "POST", r.thread+"/messages", first).StatusCode, "client ids are each user's own")

	// For good: edited, deleted, muted, locked, archived.
	r.do(r.Bob, "PATCH", r.message(m), object{"content": "edited"})
	require.Equal(t, "edited", ok[models.Message](r, r.Bob, "POST", r.thread+"/messages", first).Content)
	r.do(r.Bob, "DELETE", r.message(m), nil)
	r.do(r.Ann, "PATCH", r.member(r.Bob), object{"muted_until": "2030-01-01T00:00:00.000Z"})
	r.do(r.Ann, "PATCH", r.thread, object{"locked": true})
	r.do(r.Ann, "PATCH", r.path, object{"archived": true})
	gone := ok[models.Message](r, r.Bob, "POST", r.thread+"/messages", first)
	require.Equal(t, m.ID, gone.ID)
	require.Empty(t, gone.Content)
	require.NotNil(t, gone.DeletedAt)
	r.refused(123, r.Bob, "POST", r.thread+"/messages", object{"content": "new", "client_id": "2"})
}

func TestAClientIDIsOneTo64Characters(t *testing.T) {
	r := newRoom(t)
	r.do(r.Bob, "POST", r.thread+"/messages", object{"content": "x", "client_id": strings.Repeat("天", 64)})
	r.refused(104, r.Bob, "POST", r.thread+"/messages", object{"content": "x", "client_id": strings.Repeat("天", 65)})
	r.refused(104, r.Bob, "POST", r.thread+"/messages", object{"content": "x", "client_id": strings.Repeat("x", 65)})
	require.Equal(t, 201, r.REST(r.Bob, "POST", r.thread+"/messages", object{"content": "x"}).StatusCode)
	require.Equal(t, 201, r.REST(r.Bob, "POST", r.thread+"/messages", object{"content": "x"}).StatusCode, "without one, a repeat is a second message")
}

// The answer to a deletion by staff once held it.
func TestAClientIDIsToldToItsSpeakerAlone(t *testing.T) {
	const canary = "canary-client-id"
	r := newRoom(t)
	live := r.Dial(r.Ann, servertest.V2)
	live.Hello()
	m := ok[models.Message](r, r.Bob, "POST", r.thread+"/messages", object{"content": "hello", "client_id": canary})
	require.Equal(t, canary, *m.ClientID)
	for _, one := range []struct {
		method, path string
		body         any
	}{
		{"GET", r.thread + "/messages", nil},
		{"GET", r.thread + "/messages?around=" + itoa(m.ID), nil},
		{"GET", r.message(m), nil},
		{"GET", r.thread, nil},
		{"GET", r.path + "/threads", nil},
		{"GET", r.path + "/events?limit=500", nil},
		{"PUT", r.message(m) + "/reactions/👍", nil},
		{"PUT", r.thread + "/pin", object{"message_id": m.ID}},
		{"DELETE", r.message(m), nil},
	} {
		a := r.REST(r.Ann, one.method, one.path, one.body)
		require.Equal(t, 200, a.StatusCode, "%s: %s", one.path, a.Bytes)
		require.NotContains(t, string(a.Bytes), canary, "%s %s", one.method, one.path)
	}
	for f := live.HearOp("event"); f["type"] != "message.deleted"; f = live.HearOp("event") {
		require.NotContains(t, fmt.Sprint(f), canary)
	}
}

func TestATextIsOneTo10000Characters(t *testing.T) {
	r := newRoom(t)
	for _, content := range []string{"x", strings.Repeat("天", 10_000), strings.Repeat("👍", 10_000), " x ", "a\nb"} {
		require.Equal(t, content, r.say(r.Bob, content).Content)
	}
	r.refused(124, r.Bob, "POST", r.thread+"/messages", object{"content": strings.Repeat("x", 10_001)})
	for _, content := range []any{"", " ", "\n\t", "a\x00b", nil, 7} {
		a := r.REST(r.Bob, "POST", r.thread+"/messages", object{"content": content})
		require.Equal(t, 422, a.StatusCode, "%q: %s", content, a.Bytes)
		require.Equal(t, 104, a.Code(), "%q", content)
	}
}

func TestWhatIsDoneTwiceHasNoSecondEffect(t *testing.T) {
	r := newRoom(t)
	m, other := r.say(r.Bob, "x"), r.say(r.Bob, "y")
	reaction := r.message(m) + "/reactions/%F0%9F%91%8D"
	r.once(r.Cai, "PUT", reaction, nil)
	reacted := ok[models.Message](r, r.Bob, "PUT", reaction, nil)
	require.Equal(t, []models.Reaction{{Emoji: "👍", UserIDs: []int64{r.Cai.ID, r.Bob.ID}}}, reacted.Reactions)
	r.once(r.Cai, "DELETE", reaction, nil)
	r.once(r.Ann, "PUT", r.thread+"/pin", object{"message_id": m.ID})
	r.once(r.Ann, "DELETE", r.thread+"/pin", nil)
	r.once(r.Bob, "PATCH", r.message(m), object{"content": "edited"})
	r.once(r.Bob, "DELETE", r.message(m), nil)
	r.once(r.Ann, "DELETE", r.message(other), nil)
	r.once(r.Ann, "PATCH", r.thread, object{"locked": true})
	r.once(r.Ann, "PATCH", r.thread, object{"name": "Home"})
	r.once(r.Ann, "PATCH", r.path, object{"name": "Physics 10b", "hue": 3, "students_open_threads": true})
	r.once(r.Ann, "PATCH", r.path, object{"archived": false})
	r.once(r.Ann, "PATCH", r.member(r.Cai), object{"role": "assistant"})
	r.once(r.Ann, "PATCH", r.member(r.Cai), object{"unmute": true})
	code := ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", object{"role": "student"})
	r.once(r.Ann, "DELETE", r.path+"/codes/"+itoa(code.ID), nil)
}

func TestADeletedMessageTakesNothingMore(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Bob, "x")
	r.do(r.Bob, "DELETE", r.message(m), nil)
	r.refused(126, r.Bob, "PATCH", r.message(m), object{"content": "y"})
	r.refused(126, r.Bob, "PUT", r.message(m)+"/reactions/%F0%9F%91%8D", nil)
	r.refused(126, r.Ann, "PUT", r.thread+"/pin", object{"message_id": m.ID})
}

func TestOnlyAnEmojiIsAReactionAndAtMostTwentyKinds(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Bob, "x")
	for _, emoji := range []string{"a", "1", "lol", "👍👍", "%3Cb%3E", "天", "%20", "👍 ", "a👍", strings.Repeat("👍", 30)} {
		require.Contains(t, []int{404, 422}, r.REST(r.Bob, "PUT", r.message(m)+"/reactions/"+emoji, nil).StatusCode, emoji)
	}
	kinds := []string{"👍", "❤️", "😂", "🎉", "🙏", "🔥", "👏", "👀", "✅", "❌", "➕", "1️⃣", "🇩🇪", "👨‍👩‍👧", "👍🏽", "☕", "⭐", "🐢", "🚀", "🍎"}
	for _, emoji := range kinds {
		r.do(r.Bob, "PUT", r.message(m)+"/reactions/"+emoji, nil)
	}
	r.refused(120, r.Bob, "PUT", r.message(m)+"/reactions/🦊", nil)
	r.do(r.Cai, "PUT", r.message(m)+"/reactions/🍎", nil)
	now := ok[models.Message](r, r.Ann, "GET", r.message(m), nil)
	require.Len(t, now.Reactions, 20)
	for i, reaction := range now.Reactions {
		require.Equal(t, kinds[i], reaction.Emoji)
	}
}
