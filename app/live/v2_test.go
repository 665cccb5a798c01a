package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// sending is a "send" in the thread; pairs change its fields.
func (s *school) sending(text, clientID string, pairs ...any) frame {
	f := frame{"action": "send", "class_id": s.class.ID, "thread_id": s.thread.ID, "content": text, "client_id": clientID}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i].(string)] = pairs[i+1]
	}
	return f
}

func data(f frame) map[string]any { return f["data"].(map[string]any) }

func TestAnIDThatIsMissingIsAMissingField(t *testing.T) {
	s := open(t, patient)
	c := s.Dial(s.Bob, servertest.V2)
	c.Hello()
	whole := frame{"class_id": s.class.ID, "thread_id": s.thread.ID, "content": "hi", "client_id": "1"}
	for action, fields := range map[string][]string{
		"join": {"class_id", "thread_id"}, "leave": {"class_id", "thread_id"},
		"send": {"class_id", "thread_id", "content", "client_id"}, "read": {"thread_id"}, "typing": {"thread_id"},
	} {
		for _, left := range fields {
			say := frame{"action": action}
			for _, name := range fields {
				if name != left {
					say[name] = whole[name]
				}
			}
			answer, _ := told(t, c, say)
			require.EqualValues(t, 104, answer["code"], "%s without %s", action, left)
		}
	}
}

func TestAMessageReachesEverybodyInTheClassOnce(t *testing.T) {
	s := open(t)
	bob, bobs, cai := s.v2(s.Bob), s.v2(s.Bob), s.v2(s.Cai)
	sent := bob.Ask(s.sending("hi", "1"))
	require.EqualValues(t, 105, sent["code"], sent)
	require.Equal(t, "1", sent["message"].(map[string]any)["client_id"])
	again := bob.Ask(s.sending("hi", "1"))
	require.EqualValues(t, 105, again["code"])
	require.Equal(t, sent["message"], again["message"], "the same id is the same message")
	other := bob.Ask(s.sending("something else", "1"))
	equal(t, `{"op":"send","ref":"ask","status":false,"code":127,"msg":"It already exists","detail":"client_id was used for another message"}`, other)

	event := cai.HearOp("event")
	require.Equal(t, "message.created", event["type"])
	require.Equal(t, "hi", data(event)["content"])
	require.NotContains(t, data(event), "client_id", "the sender's own id is for the sender")
	require.Equal(t, "1", data(bobs.HearOp("event"))["client_id"], "and for the sender's other windows")
	for _, c := range []*servertest.Socket{cai, bobs} {
		_, before := told(t, c, frame{"action": "keep"})
		for _, f := range before {
			require.NotEqual(t, "event", f["op"], "once")
		}
	}
	_, replayed := s.missed(s.Dial(s.Cai, servertest.V2), s.head()-1)
	require.NotContains(t, data(replayed[0]), "client_id", "nor is it told later")
	_, replayed = s.missed(s.Dial(s.Bob, servertest.V2), s.head()-1)
	require.Equal(t, "1", data(replayed[0])["client_id"])
}

func TestAnAnswerSaysWhatItAnswers(t *testing.T) {
	s := open(t)
	bob := s.v2(s.Bob)
	first := s.post(s.Ann, s.thread, "question")
	bob.HearOp("event")
	cai := s.v2(s.Cai)
	reply := bob.Ask(s.sending("answer", "1", "reply_to", first.ID))
	require.EqualValues(t, first.ID, reply["message"].(map[string]any)["reply_to"])
	require.EqualValues(t, first.ID, data(cai.HearOp("event"))["reply_to"])
	elsewhere := s.openThread(s.class, "Elsewhere")
	require.EqualValues(t, 126, bob.Ask(s.sending("answer", "2", "thread_id", elsewhere.ID, "reply_to", first.ID))["code"])
}

func TestAFrameIsAnsweredOnceAndUnderItsOwnName(t *testing.T) {
	s := open(t, patient)
	bob := s.v2(s.Bob)
	for _, step := range []struct {
		say  string
		want string
	}{
		{`{"action":"dance","ref":"a","class_id":1}`, `{"op":"unknown","ref":"a","status":false,"code":101,"msg":"Illegal request"}`},
		{`{"ref":"b"}`, `{"op":"unknown","ref":"b","status":false,"code":101,"msg":"Illegal request"}`},
		{`{"action":"join","ref":"c","class_id":1,"thread_id":1,"speaker":2}`, `{"op":"join","ref":"c","status":false,"code":104,"msg":"Illegal request"}`},
		{`{"action":"join","ref":"d","class_id":"1","thread_id":1}`, `{"op":"join","ref":"d","status":false,"code":104,"msg":"Illegal request"}`},
		{`{"action":"keep","ref":"e","more":1}`, `{"op":"keep","ref":"e","status":false,"code":104,"msg":"Illegal request"}`},
		{`{"action":"typing","ref":"f","thread_id":999999}`, `{"op":"typing","ref":"f","status":false,"code":102,"msg":"Thread does not exist"}`},
		{`{"action":"read","ref":"g","thread_id":999999,"seq":1}`, `{"op":"read","ref":"g","status":false,"code":102,"msg":"Thread does not exist"}`},
		{`{"action":"join","ref":"h","class_id":1,"thread_id":999999}`, `{"op":"join","ref":"h","status":false,"code":102,"msg":"Thread does not exist"}`},
		{`{"action":"join","ref":"i","class_id":999999,"thread_id":1}`, `{"op":"join","ref":"i","status":false,"code":103,"msg":"Class does not exist"}`},
		{`{"action":5,"ref":"j"}`, `{"op":"unknown","ref":"j","status":false,"code":104,"msg":"Illegal request"}`},
		{`{"action":"join","ref":"k","class_id":1,"thread_id":1}`, `{"op":"join","ref":"k","status":true,"code":100}`},
		{`{"action":"leave","ref":"l","class_id":1,"thread_id":1}`, `{"op":"leave","ref":"l","status":true,"code":100}`},
		{`{"action":"leave","class_id":1,"thread_id":1}`, `{"op":"leave","status":true,"code":100}`},
		{`[]`, `{"op":"unknown","status":false,"code":104,"msg":"Illegal request"}`},
		{`{"action":"keep","ref":"` + strings.Repeat("字", 65) + `"}`,
			`{"op":"keep","ref":"` + strings.Repeat("字", 64) + `","status":false,"code":104,"msg":"Illegal request","detail":"ref is longer than 64"}`},
	} {
		bob.Say(step.say)
		f := bob.Hear()
		for f["op"] == "online" || f["op"] == "presence" {
			f = bob.Hear()
		}
		equal(t, step.want, f, step.say)
	}
	eve := s.v2(s.Eve)
	require.EqualValues(t, 107, eve.Ask(frame{"action": "join", "class_id": s.class.ID, "thread_id": s.thread.ID})["code"])
	require.EqualValues(t, 107, eve.Ask(frame{"action": "join", "class_id": s.class.ID, "thread_id": 999_999})["code"])
	require.EqualValues(t, 107, eve.Ask(s.sending("hi", "1"))["code"])
	require.EqualValues(t, 102, eve.Ask(frame{"action": "typing", "thread_id": s.thread.ID})["code"], "to Eve there is no such thread")
	require.EqualValues(t, 102, eve.Ask(frame{"action": "read", "thread_id": s.thread.ID, "seq": 1})["code"])
}

func TestAMessageHasAnIdOfItsSender(t *testing.T) {
	s := open(t)
	bob := s.v2(s.Bob)
	require.EqualValues(t, 104, bob.Ask(s.sending("hi", ""))["code"])
	require.EqualValues(t, 105, bob.Ask(s.sending("hi", strings.Repeat("a", 64)))["code"])
	require.EqualValues(t, 104, bob.Ask(s.sending("hi", strings.Repeat("a", 65)))["code"])
	require.EqualValues(t, 105, bob.Ask(s.sending(strings.Repeat("字", 10_000), "1"))["code"])
	require.EqualValues(t, 124, bob.Ask(s.sending(strings.Repeat("字", 10_001), "2"))["code"])
	require.EqualValues(t, 104, bob.Ask(s.sending("", "3"))["code"])
}

func TestReadingMovesForwardAndIsToldToOnesOtherWindows(t *testing.T) {
	s := open(t)
	bob, bobs, cai := s.v2(s.Bob), s.v2(s.Bob), s.v2(s.Cai)
	seq := s.post(s.Ann, s.thread, "one").Seq
	s.post(s.Ann, s.thread, "two")
	bob.HearOp("event")
	bob.HearOp("event")
	read := frame{"action": "read", "thread_id": s.thread.ID, "seq": seq}
	answer, before := told(t, bob, read)
	equal(t, frame{"op": "read", "ref": "told", "status": true, "code": 100, "seq": seq, "unread": 1}, answer)
	equal(t, frame{"op": "read", "class_id": s.class.ID, "thread_id": s.thread.ID, "seq": seq, "unread": 1}, firstOf(bobs, "read"))

	answer, more := told(t, bob, frame{"action": "read", "thread_id": s.thread.ID, "seq": seq - 1})
	require.EqualValues(t, seq, answer["seq"], "never back")
	before = append(before, more...)
	answer, more = told(t, bob, frame{"action": "read", "thread_id": s.thread.ID, "seq": s.head() + 1})
	require.EqualValues(t, 104, answer["code"])
	before = append(before, more...)
	for _, c := range []*servertest.Socket{bob, bobs, cai} {
		_, more := told(t, c, frame{"action": "keep"})
		before = append(before, more...)
	}
	for _, f := range before {
		require.NotEqual(t, "read", f["op"], "not to where it came from, not twice, not to others")
	}
}

// firstOf returns the next frame with that op, whatever comes before.
func firstOf(c *servertest.Socket, op string) frame {
	for {
		if f := c.Hear(); f["op"] == op {
			return f
		}
	}
}

func TestTypingIsToldToThoseWhoLook(t *testing.T) {
	require.Equal(t, 3*time.Second, live.DefaultLimits().Typing)
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Typing = 300 * time.Millisecond }})
	bob, ann, cai := s.v2(s.Bob), s.v2(s.Ann), s.v2(s.Cai)
	look := frame{"action": "join", "class_id": s.class.ID, "thread_id": s.thread.ID}
	for _, c := range []*servertest.Socket{bob, ann} {
		require.EqualValues(t, 100, c.Ask(look)["code"])
	}
	typing := frame{"action": "typing", "thread_id": s.thread.ID}
	count := func(c *servertest.Socket) (n int) {
		_, before := told(t, c, frame{"action": "keep"})
		for _, f := range before {
			if f["op"] == "typing" {
				equal(t, frame{"op": "typing", "class_id": s.class.ID, "thread_id": s.thread.ID, "user_id": s.Bob.ID, "name": "Bob Ray"}, f)
				n++
			}
		}
		return n
	}
	for range 3 {
		require.EqualValues(t, 100, bob.Ask(typing)["code"])
	}
	require.Eventually(t, func() bool { return count(ann) == 1 }, 5*time.Second, 10*time.Millisecond)
	time.Sleep(300 * time.Millisecond)
	bob.Ask(typing)
	require.Eventually(t, func() bool { return count(ann) == 1 }, 5*time.Second, 10*time.Millisecond, "again after the wait")
	require.Zero(t, count(bob), "not to the one who types")
	require.Zero(t, count(cai), "not to who does not look")

	ann.Ask(frame{"action": "leave", "class_id": s.class.ID, "thread_id": s.thread.ID})
	time.Sleep(300 * time.Millisecond)
	bob.Ask(typing)
	time.Sleep(50 * time.Millisecond)
	require.Zero(t, count(ann), "not to who looks no more")

	s.ask(s.Ann, http.MethodPatch, s.inThread(""), frame{"locked": true})
	time.Sleep(300 * time.Millisecond)
	require.EqualValues(t, 122, bob.Ask(typing)["code"])
}

func TestOnlyStaffSeeWhoIsThereUnlessTheClassSaysOtherwise(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Online, l.Ping = 50*time.Millisecond, 100*time.Millisecond }})
	ann, bob := s.v2(s.Ann), s.v2(s.Bob)
	look := frame{"action": "join", "class_id": s.class.ID, "thread_id": s.thread.ID}
	ann.Ask(look)
	bob.Ask(look)
	wait := func(c *servertest.Socket, op string, want frame) {
		t.Helper()
		for {
			f := firstOf(c, op)
			if f["count"] == want["count"] {
				equal(t, want, f)
				return
			}
		}
	}
	presence := frame{"op": "presence", "class_id": s.class.ID, "thread_id": s.thread.ID, "count": 2.0}
	online := frame{"op": "online", "class_id": s.class.ID, "count": 3.0}
	with := func(f frame, users ...models.User) frame {
		out := frame{}
		for k, v := range f {
			out[k] = v
		}
		ids := []int64{}
		for _, u := range users {
			ids = append(ids, u.ID)
		}
		out["user_ids"] = ids
		return out
	}
	wait(bob, "presence", presence)
	wait(ann, "presence", with(presence, s.Ann, s.Bob))
	cai := s.v2(s.Cai)
	wait(bob, "online", online)
	wait(ann, "online", with(online, s.Ann, s.Bob, s.Cai))

	s.ask(s.Ann, http.MethodPatch, s.path(""), frame{"students_see_presence": true})
	_ = cai.Close()
	online["count"], presence["count"] = 2.0, 1.0
	wait(bob, "online", with(online, s.Ann, s.Bob))
	ann.Ask(frame{"action": "leave", "class_id": s.class.ID, "thread_id": s.thread.ID})
	wait(bob, "presence", with(presence, s.Bob))
}

func TestWhoGainsTheRightToNamesIsToldThem(t *testing.T) {
	for why, gains := range map[string]func(*school){
		"an assistant": func(s *school) {
			s.ask(s.Ann, http.MethodPatch, s.path("/members/%d", s.Bob.ID), frame{"role": "assistant"})
		},
		"a class of names": func(s *school) { s.ask(s.Ann, http.MethodPatch, s.path(""), frame{"students_see_presence": true}) },
	} {
		t.Run(why, func(t *testing.T) {
			s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Online, l.Ping = 50*time.Millisecond, 100*time.Millisecond }})
			bob := s.v2(s.Bob)
			bob.Ask(frame{"action": "join", "class_id": s.class.ID, "thread_id": s.thread.ID})
			gains(s) // nobody comes or goes
			for named := map[string]bool{}; !named["online"] || !named["presence"]; {
				f := bob.Hear()
				if _, names := f["user_ids"]; names {
					named[f["op"].(string)] = true
				}
			}
		})
	}
}

func TestAMemberIsToldNoMoreThanTheyMayKnow(t *testing.T) {
	s := open(t)
	since := s.head()
	ann, bob, cai := s.v2(s.Ann), s.v2(s.Bob), s.v2(s.Cai)
	var code models.JoinCode
	s.ask(s.Ann, http.MethodPost, s.path("/codes"), app.NewCode{Role: models.Student}).JSON(t, &code)
	until := models.At(s.Now().Add(time.Hour))
	s.ask(s.Ann, http.MethodPatch, s.path("/members/%d", s.Bob.ID), frame{"muted_until": until})
	s.ask(s.Ann, http.MethodDelete, s.path("/codes/%d", code.ID), nil)
	look := func(events []frame, names string, seesCode, seesMute bool) {
		t.Helper()
		require.Len(t, events, 3)
		for i, f := range events {
			require.EqualValues(t, since+int64(i)+1, f["seq"], "no hole for %s", names)
		}
		for i, kind := range map[int]string{0: "code.created", 2: "code.changed"} {
			if seesCode {
				require.Equal(t, kind, events[i]["type"])
				require.Equal(t, code.Code, data(events[i])["code"])
				continue
			}
			require.Equal(t, "hidden", events[i]["type"])
			require.NotContains(t, events[i], "data", names)
		}
		require.Equal(t, "member.changed", events[1]["type"])
		_, shown := data(events[1])["muted_until"]
		require.Equal(t, seesMute, shown, names)
	}
	look(events(ann, 3), "Ann, who teaches", true, true)
	look(events(bob, 3), "Bob, who is muted", false, true)
	look(events(cai, 3), "Cai", false, false)
	for _, u := range []models.User{s.Ann, s.Bob, s.Cai} {
		_, replayed := s.missed(s.Dial(u, servertest.V2), since)
		look(replayed, u.Name+", later", u.ID == s.Ann.ID, u.ID != s.Cai.ID)
	}
}

// An answer waits for the event that it is the answer to, and for both to be
// written together. A close that came meanwhile used to take their place.
func TestWhoSendsAndLeavesAtOnceIsAnsweredFirst(t *testing.T) {
	for what, last := range map[string][]byte{
		"a close frame":          whole(opClose, "\x03\xe8"),
		"what nobody may send":   whole(opBinary, "x"),
		"what is not UTF-8":      whole(opText, "\xff"),
		"what is no WebSocket's": wire(0xF0|opText, "x"),
	} {
		t.Run(what, func(t *testing.T) {
			s := open(t, patient)
			for i := range 20 {
				c := s.raw(s.Bob, servertest.V2)
				c.say(0, whole(opText, `{"action":"hello","ref":"h"}`))
				require.Equal(t, "100 h", c.hear())
				said, err := json.Marshal(s.sending("bye", fmt.Sprint(what, i), "ref", "s"))
				require.NoError(t, err)
				c.say(0, append(whole(opText, string(said)), last...))
				var heard []string
				for next := ""; next != "gone" && !strings.HasPrefix(next, "close"); heard = append(heard, next) {
					next = c.hear()
				}
				require.Contains(t, heard, "105 s")
				_ = c.Close()
			}
		})
	}
}
