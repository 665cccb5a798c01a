package live_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// exchange is a line of the transcript: what one connection sent to the
// original server, and what every connection received.
type exchange struct {
	Case string              `json:"case"`
	Conn string              `json:"conn"`
	Send string              `json:"send"`
	Recv map[string][]string `json:"recv"`
}

func transcript(t testing.TB) []exchange {
	t.Helper()
	file, err := os.Open("testdata/pokers/transcript.jsonl")
	require.NoError(t, err)
	defer file.Close()
	var all []exchange
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e exchange
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		all = append(all, e)
	}
	require.NotEmpty(t, all)
	return all
}

// changed are the exchanges that docs/protocol.md changes on purpose.
var changed = map[string]map[string][]string{
	// To the sender alone and without the 105 before it. In the original it
	// reached strangers.
	"send a message that is another speaker's": {
		"A": {`{"op":"sent","status":false,"code":108,"msg":"Illegal Request"}`},
	},
}

// pokers is a server whose users, class, thread and messages have the ids of
// the transcript: u1 and u2 are in class 1 with thread 1, u4 is outside.
func pokers(t *testing.T) (s *school, users map[string]models.User) {
	t.Helper()
	s = &school{Server: servertest.New(t, patient), t: t}
	named := func(u models.User, id int64, name string) models.User {
		require.Equal(t, id, u.ID)
		renamed, err := s.ChangeMe(t.Context(), apptest.As(u), app.Profile{Name: &name})
		require.NoError(t, err)
		return renamed
	}
	u1, u2, u4 := named(s.Ada, 1, "u1"), named(s.Ann, 2, "u2"), named(s.Cai, 4, "u4")
	var err error
	s.class, err = s.CreateClass(t.Context(), apptest.As(u2), app.NewClass{Name: "Class"})
	require.NoError(t, err)
	_, err = s.AddMember(t.Context(), apptest.As(u2), s.class.ID, app.NewMember{UserID: u1.ID, Role: models.Student})
	require.NoError(t, err)
	s.thread, err = s.OpenThread(t.Context(), apptest.As(u2), s.class.ID, app.NewThread{Name: "Thread"})
	require.NoError(t, err)
	require.EqualValues(t, 1, s.class.ID)
	require.EqualValues(t, 1, s.thread.ID)
	return s, map[string]models.User{"A": u1, "B": u2, "C": u4}
}

// sameFrame compares all but the times, which the original recorded as 0.
func sameFrame(t *testing.T, want string, got frame, why string) {
	t.Helper()
	if _, isMessage := got["belong_class"]; isMessage {
		require.Greater(t, got["date"], 1e9, why)
		got["date"] = 0
	}
	equal(t, want, got, why)
}

func TestPokersClientsHearWhatTheOriginalServerToldThem(t *testing.T) {
	s, users := pokers(t)
	require.EqualValues(t, 1, s.post(users["A"], s.thread, "hello 1").ID)
	require.EqualValues(t, 2, s.post(users["B"], s.thread, "hello 2").ID)
	conns := map[string]*servertest.Socket{}
	deviations := 0
	for _, e := range transcript(t) {
		want := e.Recv
		if ours, ok := changed[e.Case]; ok {
			want = ours
			deviations++
		}
		if e.Send == "" {
			conns[e.Conn] = s.Dial(users[e.Conn], servertest.Classic)
		} else {
			conns[e.Conn].Say(e.Send)
		}
		for name, frames := range want {
			for _, f := range frames {
				sameFrame(t, f, conns[name].Hear(), e.Case)
			}
		}
		for name, c := range conns {
			quiet(t, c, "%s: %s hears more", e.Case, name)
		}
	}
	require.Equal(t, len(changed), deviations)
}

// The two steps of a Pokers client: it stores its message through REST, then
// says "send". The message must stand there once, whoever was there when.
func TestAMessageOfAPokersClientIsShownOnce(t *testing.T) {
	s, users := pokers(t)
	join := func(name string) *servertest.Socket {
		u := users[name]
		c := s.Dial(u, servertest.Classic)
		c.Hear()
		c.Say(frame{"action": "join", "thread_id": 1, "class_id": 1, "speaker": u.ID, "speaker_name": u.Name})
		require.EqualValues(t, 100, c.Hear()["code"])
		return c
	}
	a, b := join("A"), join("B")
	message := `{"belong_class":1,"content":"hello 1","date":0,"emoji_1":0,"emoji_2":0,"emoji_3":0,"file_name":"","file_size":"",
		"file_url":"","id":1,"img_url":"","is_super":0,"log":0,"speaker":1,"speaker_name":"u1","thread":1,"type":"text"}`
	s.post(users["A"], s.thread, "hello 1")
	sameFrame(t, message, a.Hear(), "announced at the commit")
	sameFrame(t, message, b.Hear(), "announced at the commit")

	send := frame{"action": "send", "thread_id": 1, "class_id": 1, "speaker": 1, "speaker_name": "u1", "mes_id": 1}
	late := join("B")
	for range 2 {
		a.Say(send)
		equal(t, `{"op":"send","status":true,"code":105}`, a.Hear())
	}
	sameFrame(t, message, late.Hear(), "not announced to who came later")
	for _, c := range []*servertest.Socket{a, b, late} {
		quiet(t, c)
	}
}
