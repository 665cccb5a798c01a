package live_test

import (
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// says is a classic frame of a user's in the thread; pairs change its fields.
func (s *school) says(u models.User, action string, pairs ...any) frame {
	f := frame{"action": action, "thread_id": s.thread.ID, "class_id": s.class.ID, "speaker": u.ID, "speaker_name": u.Name}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i].(string)] = pairs[i+1]
	}
	return f
}

// classic opens a classic connection that has been greeted.
func (s *school) classic(u models.User) *servertest.Socket {
	s.t.Helper()
	c := s.Dial(u, servertest.Classic)
	equal(s.t, `{"op":"connect","status":true}`, c.Hear())
	return c
}

// joined is classic for one that has joined threads, by default the one.
func (s *school) joined(u models.User, threads ...models.Thread) *servertest.Socket {
	s.t.Helper()
	c := s.classic(u)
	if threads == nil {
		threads = []models.Thread{s.thread}
	}
	for _, thread := range threads {
		c.Say(s.says(u, "join", "thread_id", thread.ID))
		equal(s.t, frame{"op": "join", "thread": thread.ID, "status": true, "code": 100}, c.Hear())
	}
	return c
}

var refusals = map[int]string{
	101: `{"op":"send","status":false,"code":101,"msg":"Illegal request"}`,
	102: `{"op":"send","status":false,"code":102,"msg":"Thread does not exist"}`,
	103: `{"op":"send","status":false,"code":103,"msg":"Class does not exist"}`,
	104: malformed,
	107: `{"op":"send","status":false,"code":107,"msg":"User does not exist or not in the class"}`,
	108: `{"op":"sent","status":false,"code":108,"msg":"Illegal Request"}`,
}

func TestAClassicFrameIsCheckedInTheOldOrder(t *testing.T) {
	s := open(t, patient)
	other := s.Class("Chemistry")
	there := s.openThread(other, "Lab")
	bob, eve := s.classic(s.Bob), s.classic(s.Eve)
	theirs := s.post(s.Cai, s.thread, "of Cai")
	for _, step := range []struct {
		code int
		conn *servertest.Socket
		say  frame
		why  string
	}{
		// Each frame is wrong in everything that is looked at later, too.
		{104, eve, s.says(s.Cai, "dance", "class_id", 999_999, "thread_id", 999_999, "speaker_name", ""), "fields"},
		{103, eve, s.says(s.Cai, "dance", "class_id", 999_999, "thread_id", 999_999), "class"},
		{107, bob, s.says(s.Cai, "dance", "thread_id", 999_999), "the speaker is another user"},
		{107, bob, s.says(s.Bob, "dance", "thread_id", 999_999, "speaker_name", s.Cai.Name), "the name is another's"},
		{107, eve, s.says(s.Eve, "dance", "thread_id", 999_999), "not in the class"},
		{107, eve, s.says(s.Eve, "dance"), "not in the class, where the thread is"},
		{107, eve, s.says(s.Bob, "join"), "a member's name from outside"},
		{107, bob, s.says(models.User{ID: 999_999, Name: "nobody"}, "dance"), "no such user"},
		{102, bob, s.says(s.Bob, "dance", "thread_id", 999_999), "thread"},
		{102, bob, s.says(s.Bob, "dance", "thread_id", there.ID), "a thread of another class"},
		{101, bob, s.says(s.Bob, "dance", "mes_id", theirs.ID), "action"},
		{108, bob, s.says(s.Bob, "send", "mes_id", theirs.ID), "message"},
	} {
		step.conn.Say(step.say)
		equal(t, refusals[step.code], step.conn.Hear(), step.why)
	}
}

func TestAClassicFrameWithoutAFieldIsRefused(t *testing.T) {
	s := open(t, patient)
	bob := s.classic(s.Bob)
	good := s.says(s.Bob, "send", "mes_id", 1)
	for field := range good {
		bad := []any{nil, "", 0, "0", -1, "-1", 1.5, "x", true, []int{1}, frame{"a": 1}, "1 ", 1 << 53, "9007199254740992"}
		if field == "action" || field == "speaker_name" {
			bad = []any{nil, "", 0, 1, true, []int{1}}
		}
		missing := maps.Clone(good)
		delete(missing, field)
		bob.Say(missing)
		equal(t, malformed, bob.Hear(), "without %s", field)
		for _, value := range bad {
			f := maps.Clone(good)
			f[field] = value
			bob.Say(f)
			equal(t, malformed, bob.Hear(), "%s: %v", field, value)
		}
	}
	for _, text := range []string{``, ` `, `null`, `[]`, `[{}]`, `"join"`, `1`, `{`, `{"action":"join"`, `{}{}`, `nonsense`} {
		bob.Say(text)
		equal(t, malformed, bob.Hear(), text)
	}
}

func TestAClassicClientMayWriteItsIdsAsText(t *testing.T) {
	s := open(t, patient)
	bob := s.classic(s.Bob)
	message := s.post(s.Bob, s.thread, "hi")
	text := func(id int64) string { return fmt.Sprint(id) }
	bob.Say(s.says(s.Bob, "join", "thread_id", text(s.thread.ID), "class_id", text(s.class.ID), "speaker", text(s.Bob.ID)))
	equal(t, frame{"op": "join", "thread": text(s.thread.ID), "status": true, "code": 100}, bob.Hear(), "the thread as it came")
	bob.Say(s.says(s.Bob, "join"))
	equal(t, frame{"op": "join", "thread": s.thread.ID, "status": true, "code": 100}, bob.Hear(), "the thread as it came")
	bob.Say(s.says(s.Bob, "send", "mes_id", text(message.ID)))
	equal(t, `{"op":"send","status":true,"code":105}`, bob.Hear())
	require.Equal(t, "hi", bob.Hear()["content"])
	quiet(t, bob)
}

func TestOnlyTheSenderHearsThatAMessageIsNotTheirs(t *testing.T) {
	s := open(t, patient)
	elsewhere := s.openThread(s.class, "Elsewhere")
	bob, cai := s.joined(s.Bob, s.thread, elsewhere), s.joined(s.Cai, s.thread, elsewhere)
	theirs := s.post(s.Cai, s.thread, "of Cai")
	mine := s.post(s.Bob, elsewhere, "in another thread")
	gone := s.post(s.Bob, s.thread, "taken back")
	s.ask(s.Bob, http.MethodDelete, s.inThread("/messages/%d", gone.ID), nil)
	for _, c := range []*servertest.Socket{bob, cai} {
		for range 4 { // three messages and a deletion
			c.Hear()
		}
	}
	for why, id := range map[string]int64{"another's": theirs.ID, "in another thread": mine.ID, "deleted": gone.ID, "none": 999_999} {
		bob.Say(s.says(s.Bob, "send", "mes_id", id))
		equal(t, refusals[108], bob.Hear(), why)
		quiet(t, bob, why)
		quiet(t, cai, why)
	}
}

func TestAClassicConnectionHearsEveryThreadThatItJoined(t *testing.T) {
	s := open(t, patient)
	second, third := s.openThread(s.class, "Second"), s.openThread(s.class, "Third")
	cai := s.joined(s.Cai, s.thread, second)
	s.post(s.Bob, s.thread, "one")
	s.post(s.Bob, third, "not joined")
	s.post(s.Ann, second, "two")
	first, next := cai.Hear(), cai.Hear()
	require.Equal(t, "one", first["content"])
	require.EqualValues(t, 0, first["is_super"])
	require.Equal(t, "two", next["content"])
	require.EqualValues(t, second.ID, next["thread"])
	require.EqualValues(t, 1, next["is_super"], "Ann teaches")
	quiet(t, cai)
}

func TestAClassicConnectionHearsOfChangesToMessages(t *testing.T) {
	s := open(t, patient)
	cai := s.joined(s.Cai)
	m := s.post(s.Bob, s.thread, "hi")
	cai.Hear()
	at := s.inThread("/messages/%d", m.ID)
	for _, step := range []struct {
		method, path string
		body         any
		want         string
	}{
		{http.MethodPatch, at, frame{"content": "hello"}, `{"op":"edit","status":true,"code":115,"count_id":%d}`},
		{http.MethodPut, at + "/reactions/%F0%9F%91%8D", nil, `{"op":"emoji_add","status":true,"code":110,"count_id":%d,"emoji_id":1}`},
		{http.MethodPut, at + "/reactions/%E2%9D%A4%EF%B8%8F", nil, `{"op":"emoji_add","status":true,"code":110,"count_id":%d,"emoji_id":2}`},
		{http.MethodPut, at + "/reactions/%F0%9F%98%82", nil, `{"op":"emoji_add","status":true,"code":110,"count_id":%d,"emoji_id":3}`},
		{http.MethodPut, at + "/reactions/%F0%9F%8E%89", nil, ""}, // Pokers has no 🎉
		{http.MethodDelete, at + "/reactions/%F0%9F%91%8D", nil, `{"op":"emoji_remove","status":true,"code":110,"count_id":%d,"emoji_id":1}`},
		{http.MethodDelete, at + "/reactions/%F0%9F%8E%89", nil, ""},
	} {
		s.ask(s.Bob, step.method, step.path, step.body)
		if step.want != "" {
			equal(t, fmt.Sprintf(step.want, m.ID), cai.Hear(), step.path)
		}
	}
	quiet(t, cai)

	late := s.joined(s.Cai)
	bob := s.joined(s.Bob)
	bob.Say(s.says(s.Bob, "send", "mes_id", m.ID))
	shown := late.Hear()
	require.Equal(t, []any{0.0, 1.0, 1.0}, []any{shown["emoji_1"], shown["emoji_2"], shown["emoji_3"]}, "the counts as they are")
	require.Equal(t, "hello", shown["content"])

	s.ask(s.Ann, http.MethodDelete, at, nil)
	equal(t, fmt.Sprintf(`{"op":"delete","status":true,"code":113,"count_id":%d}`, m.ID), cai.HearOp("delete"))
}

// The client takes whatever it does not know for a message.
func TestAClassicConnectionHearsNothingThatItsClientDoesNotKnow(t *testing.T) {
	s := open(t, patient, servertest.Options{Live: func(l *live.Limits) { l.Online, l.Typing = 20*time.Millisecond, time.Millisecond }})
	cai := s.joined(s.Cai)
	bob := s.Dial(s.Bob, servertest.V2)
	bob.Hello()
	bob.Ask(frame{"action": "join", "class_id": s.class.ID, "thread_id": s.thread.ID})
	bob.Ask(frame{"action": "typing", "thread_id": s.thread.ID})
	bob.Ask(frame{"action": "read", "thread_id": s.thread.ID, "seq": 1})
	m := s.post(s.Bob, s.thread, "hi")
	at := s.inThread("/messages/%d", m.ID)
	var code models.JoinCode
	s.ask(s.Ann, http.MethodPost, s.path("/codes"), app.NewCode{Role: models.Student}).JSON(t, &code)
	s.ask(s.Eve, http.MethodPost, "/join", frame{"code": code.Code})
	until := models.At(s.Now().Add(time.Hour))
	var opened models.Thread
	s.ask(s.Ann, http.MethodPost, s.path("/threads"), frame{"name": "Opened"}).JSON(t, &opened)
	for _, step := range []struct {
		method, path string
		body         any
	}{
		{http.MethodPatch, at, frame{"content": "hello"}},
		{http.MethodPut, at + "/reactions/%F0%9F%8E%89", nil},
		{http.MethodPut, at + "/reactions/%F0%9F%91%8D", nil},
		{http.MethodPut, s.inThread("/pin"), frame{"message_id": m.ID}},
		{http.MethodDelete, s.inThread("/pin"), nil},
		{http.MethodPatch, s.inThread(""), frame{"name": "Homework!", "locked": true}},
		{http.MethodPatch, s.path("/threads/%d", opened.ID), frame{"archived": true}},
		{http.MethodDelete, s.path("/threads/%d", opened.ID), nil},
		{http.MethodDelete, s.path("/codes/%d", code.ID), nil},
		{http.MethodPatch, s.path("/members/%d", s.Cai.ID), frame{"muted_until": until}},
		{http.MethodPatch, s.path("/members/%d", s.Bob.ID), frame{"role": "assistant"}},
		{http.MethodDelete, s.path("/members/%d", s.Eve.ID), nil},
		{http.MethodPatch, s.path(""), frame{"name": "Physics 9b", "students_see_presence": true}},
		{http.MethodDelete, at, nil},
		{http.MethodPatch, s.path(""), frame{"archived": true}},
	} {
		who := s.Ann
		if step.path == at && step.method == http.MethodPatch {
			who = s.Bob // only who wrote it edits it
		}
		s.ask(who, step.method, step.path, step.body)
	}
	time.Sleep(100 * time.Millisecond) // what comes by the clock would have come
	heard := map[any]int{}
	for cai.Say("{}"); ; {
		f := cai.Hear()
		if f["code"] == 104.0 {
			break
		}
		op := f["op"]
		if op == nil {
			require.Equal(t, "hi", f["content"])
		}
		heard[op]++
	}
	require.Equal(t, map[any]int{nil: 1, "edit": 1, "emoji_add": 1, "delete": 1}, heard)
}

func TestWhoLeavesTheClassHearsNothingMoreThere(t *testing.T) {
	s := open(t, patient)
	cai, bob := s.joined(s.Cai), s.joined(s.Bob)
	s.remove(s.Cai)
	s.post(s.Bob, s.thread, "without Cai")
	require.Equal(t, "without Cai", bob.Hear()["content"])
	for _, action := range []string{"join", "send", "dance"} {
		cai.Say(s.says(s.Cai, action, "mes_id", 1))
		equal(t, refusals[107], cai.Hear(), action)
	}
	s.ask(s.Ann, http.MethodPost, s.path("/members"), app.NewMember{UserID: s.Cai.ID, Role: models.Student})
	s.post(s.Bob, s.thread, "Cai is back but has not joined")
	bob.Hear()
	quiet(t, cai)
	cai.Say(s.says(s.Cai, "join"))
	require.EqualValues(t, 100, cai.Hear()["code"])
	s.post(s.Bob, s.thread, "now")
	require.Equal(t, "now", cai.Hear()["content"])
}

func TestPokersClientsDialTheirOldPath(t *testing.T) {
	s := open(t, patient)
	ws, _, err := s.dial("/wss", servertest.Classic, s.bearer(s.Bob))
	require.NoError(t, err)
	_, text, err := ws.ReadMessage()
	require.NoError(t, err)
	require.JSONEq(t, `{"op":"connect","status":true}`, string(text))
}

func TestAQuietClassicConnectionHearsThatAllIsWell(t *testing.T) {
	require.Equal(t, 55*time.Second, live.DefaultLimits().Keep)
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Keep = 50 * time.Millisecond }})
	bob := s.classic(s.Bob)
	for range 3 {
		equal(t, `{"op":"keep"}`, bob.Hear())
	}
}
