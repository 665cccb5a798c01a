package access

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

// action says what a frame answers: the row's code, that of a stranger, that of
// a muted member and that of a token that may only read.
type action struct {
	name                           string
	frame                          servertest.Frame
	member, stranger, muted, reads int
}

func (w *world) actions() []action {
	class, thread := w.here.class.ID, w.here.thread.ID
	type f = servertest.Frame
	return []action{
		{"hello", f{"since": f{}}, 100, 100, 100, 100},
		{"join", f{"class_id": class, "thread_id": thread}, 100, 107, 100, 100},
		{"join", f{"class_id": class, "thread_id": missing}, 102, 107, 102, 102},
		{"join", f{"class_id": class, "thread_id": w.there.thread.ID}, 102, 107, 102, 102},
		{"leave", f{"class_id": class, "thread_id": thread}, 100, 100, 100, 100},
		{"send", f{"class_id": class, "thread_id": thread, "content": "hi", "client_id": "1"}, 105, 107, 121, 125},
		{"send", f{"class_id": class, "thread_id": missing, "content": "hi", "client_id": "2"}, 102, 107, 102, 125},
		{"send", f{"class_id": class, "thread_id": w.there.thread.ID, "content": "hi", "client_id": "3"}, 102, 107, 102, 125},
		{"read", f{"thread_id": thread, "seq": 1}, 100, 102, 100, 100},
		{"read", f{"thread_id": missing, "seq": 1}, 102, 102, 102, 102},
		{"typing", f{"thread_id": thread}, 100, 102, 121, 125},
		{"typing", f{"thread_id": missing}, 102, 102, 102, 102},
		{"watch", f{"task": "x"}, 100, 100, 100, 100},
		{"unwatch", f{"task": "x"}, 100, 100, 100, 100},
		{"keep", f{}, 100, 100, 100, 100},
		{"shout", f{}, 101, 101, 101, 101},
	}
}

func (w *world) dial(a *actor, dialect string) (*servertest.Socket, *http.Response, error) {
	h := http.Header{}
	if a.secret != "" {
		h.Set("Authorization", "Bearer "+a.secret)
	}
	return w.TryDial(models.User{}, dialect, h)
}

func TestEveryActionLetsInWhomTheTableNames(t *testing.T) {
	w := newWorld(t)
	actions := w.actions()
	w.coversEveryAction(actions)
	for _, a := range w.actors {
		c, response, err := w.dial(a, servertest.V2)
		if a.unknown {
			require.Error(t, err, a.name)
			require.Equal(t, http.StatusUnauthorized, response.StatusCode, a.name)
			continue
		}
		require.NoError(t, err)
		for _, x := range actions {
			want := x.member
			switch {
			case a.limited && x.name == "watch":
				want = 125 // a task is of no class
			case a.in == "":
				want = x.stranger
			case a.muted:
				want = x.muted
			case a.reads:
				want = x.reads
			}
			x.frame["action"] = x.name
			got := c.Ask(x.frame)
			require.Equal(t, float64(want), got["code"], "%s as %s: %v", x.name, a.name, got)
			require.Equal(t, want == 100 || want == 105, got["status"])
			if x.name == "hello" {
				require.Equal(t, a.in != "", slices.Contains(keys(got["heads"]), w.fill("{class_id}", w.vars(w.here))), a.name)
			}
		}
		require.NoError(t, c.Close())
	}
}

func keys(m any) (all []string) {
	heads, _ := m.(map[string]any)
	for key := range heads {
		all = append(all, key)
	}
	return all
}

// coversEveryAction fails for an action that the document names and the table
// does not.
func (w *world) coversEveryAction(actions []action) {
	w.t.Helper()
	schemas := w.document().Components.Schemas
	union := schemas["ClientFrame"].OneOf
	require.NotEmpty(w.t, union)
	for _, one := range union {
		named := schemas[strings.TrimPrefix(one.Ref, "#/components/schemas/")].Properties["action"].Enum
		require.Len(w.t, named, 1)
		require.True(w.t, slices.ContainsFunc(actions, func(a action) bool { return a.name == named[0] }), "who may %v?", named[0])
	}
}

func TestEveryClassicActionLetsInWhomTheTableNames(t *testing.T) {
	w := newWorld(t)
	for _, a := range w.actors {
		c, response, err := w.dial(a, servertest.Classic)
		if a.unknown {
			require.Error(t, err, a.name)
			require.Equal(t, http.StatusUnauthorized, response.StatusCode, a.name)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, "connect", c.Hear()["op"])
		say := func(action string, thread int64, change servertest.Frame) servertest.Frame {
			f := servertest.Frame{
				"action": action, "class_id": w.here.class.ID, "thread_id": thread,
				"speaker": a.user.ID, "speaker_name": a.user.Name, "mes_id": w.own[a.user.ID].ID + 1<<41,
			}
			for key, value := range change {
				f[key] = value
			}
			c.Say(f)
			return c.Hear()
		}
		inside := func(code int) int {
			if a.in == "" {
				return 107
			}
			return code
		}
		expect := func(code int, got servertest.Frame, what string) {
			t.Helper()
			if code == 100 {
				require.Equal(t, true, got["status"], "%s as %s: %v", what, a.name, got)
			} else {
				require.Equal(t, false, got["status"], "%s as %s: %v", what, a.name, got)
			}
			require.Equal(t, float64(code), got["code"], "%s as %s: %v", what, a.name, got)
		}
		expect(inside(100), say("join", w.here.thread.ID, nil), "join")
		expect(inside(102), say("join", missing, nil), "join what is not there")
		expect(inside(102), say("join", w.there.thread.ID, nil), "join what is elsewhere")
		expect(103, say("join", w.here.thread.ID, servertest.Frame{"class_id": missing}), "join in no class")
		expect(inside(101), say("shout", w.here.thread.ID, nil), "an unknown action")
		expect(107, say("join", w.here.thread.ID, servertest.Frame{"speaker": w.Bob.ID, "speaker_name": w.Bob.Name}), "join as Bob")
		expect(107, say("send", w.here.thread.ID, servertest.Frame{"speaker": w.Bob.ID, "speaker_name": w.Bob.Name, "mes_id": w.here.message.ID}), "send as Bob")
		code := inside(108)
		if a.reads {
			code = 125
		}
		expect(code, say("send", w.here.thread.ID, servertest.Frame{"mes_id": w.here.message.ID}), "send Bob's message")
		require.NoError(t, c.Close())
	}
}
