package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// scene is where an event is made to happen: a class of Ann's with Bob, a
// thread, and a message of Bob's.
type scene struct {
	*servertest.Server
	t               testing.TB
	class           int64
	path            string
	thread, message int64
}

func (s *scene) do(u models.User, method, path string, body any) {
	s.t.Helper()
	must[any](s.t, s.Server, u, method, path, body)
}

func (s *scene) at(rest string, args ...any) string {
	return inThread(s.class, s.thread, rest, args...)
}

// causes says for every type of event how it comes about, and what must have
// been before.
var causes = map[models.EventType]struct{ before, cause func(*scene) }{
	models.MessageCreated: {cause: func(s *scene) {
		s.do(s.Bob, "POST", s.at("/messages"), object{"content": "again", "client_id": "x", "reply_to": s.message})
	}},
	models.MessageEdited:  {cause: func(s *scene) { s.do(s.Bob, "PATCH", s.at("/messages/%d", s.message), object{"content": "edited"}) }},
	models.MessageDeleted: {cause: func(s *scene) { s.do(s.Ann, "DELETE", s.at("/messages/%d", s.message), nil) }},
	models.ReactionAdded: {
		before: func(s *scene) { s.do(s.Ann, "PUT", s.at("/messages/%d/reactions/%%F0%%9F%%91%%8D", s.message), nil) },
		cause:  func(s *scene) { s.do(s.Bob, "PUT", s.at("/messages/%d/reactions/%%F0%%9F%%91%%8D", s.message), nil) },
	},
	models.ReactionRemoved: {
		before: func(s *scene) { s.do(s.Bob, "PUT", s.at("/messages/%d/reactions/%%F0%%9F%%91%%8D", s.message), nil) },
		cause:  func(s *scene) { s.do(s.Bob, "DELETE", s.at("/messages/%d/reactions/%%F0%%9F%%91%%8D", s.message), nil) },
	},
	models.ThreadCreated: {cause: func(s *scene) { s.do(s.Ann, "POST", fmt.Sprintf("%s/threads", s.path), object{"name": "Trips"}) }},
	models.ThreadChanged: {cause: func(s *scene) {
		s.do(s.Ann, "PATCH", s.at(""), object{"name": "Home", "locked": true, "archived": true})
	}},
	models.ThreadDeleted: {cause: func(s *scene) { s.do(s.Ann, "DELETE", s.at(""), nil) }},
	models.MemberJoined:  {cause: func(s *scene) { s.do(s.Ann, "POST", s.path+"/members", object{"user_id": s.Cai.ID, "role": "student"}) }},
	models.MemberChanged: {
		before: func(s *scene) { s.do(s.Ann, "POST", s.path+"/members", object{"user_id": s.Cai.ID, "role": "student"}) },
		cause: func(s *scene) {
			s.do(s.Ann, "PATCH", fmt.Sprintf("%s/members/%d", s.path, s.Cai.ID), object{"muted_until": "2030-01-01T00:00:00.000Z"})
		},
	},
	models.MemberLeft: {
		before: func(s *scene) { s.do(s.Ann, "POST", s.path+"/members", object{"user_id": s.Cai.ID, "role": "student"}) },
		cause:  func(s *scene) { s.do(s.Cai, "DELETE", fmt.Sprintf("%s/members/%d", s.path, s.Cai.ID), nil) },
	},
	models.ClassChanged: {cause: func(s *scene) {
		s.do(s.Ann, "PATCH", s.path, object{"name": "Physics 10b", "description": "x", "hue": 3, "archived": true, "students_open_threads": true, "students_see_presence": true})
	}},
	models.ClassDeleted: {cause: func(s *scene) { s.do(s.Ann, "DELETE", s.path, nil) }},
	models.CodeCreated:  {cause: func(s *scene) { s.do(s.Ann, "POST", s.path+"/codes", object{"role": "student"}) }},
	models.CodeChanged: {
		before: func(s *scene) { s.do(s.Ann, "POST", s.path+"/codes", object{"role": "student"}) },
		cause: func(s *scene) {
			codes := must[struct{ Items []models.JoinCode }](s.t, s.Server, s.Ann, "GET", s.path+"/codes", nil)
			s.do(s.Ann, "DELETE", fmt.Sprintf("%s/codes/%d", s.path, codes.Items[0].ID), nil)
		},
	},
	models.Hidden: {cause: func(s *scene) { s.do(s.Ann, "POST", s.path+"/codes", object{"role": "student"}) }},
}

func newScene(t testing.TB, s *servertest.Server) *scene {
	class := must[models.Class](t, s, s.Ann, "POST", "/classes", object{"name": "Physics 9b"})
	c := &scene{Server: s, t: t, class: class.ID, path: fmt.Sprintf("/classes/%d", class.ID)}
	c.do(s.Ann, "POST", c.path+"/members", object{"user_id": s.Bob.ID, "role": "student"})
	c.thread = must[models.Thread](t, s, s.Ann, "POST", c.path+"/threads", object{"name": "Homework"}).ID
	c.message = must[models.Message](t, s, s.Bob, "POST", c.at("/messages"), object{"content": "hello", "client_id": fmt.Sprint("first ", class.ID)}).ID
	return c
}

// types says what the data of each type of event is, in Go.
func types(t testing.TB) map[models.EventType]reflect.Type {
	all := map[models.EventType]reflect.Type{}
	for _, row := range models.EventData {
		_, twice := all[row.Type]
		require.False(t, twice, "%s stands twice in EventData", row.Type)
		all[row.Type] = reflect.TypeOf(row.Data)
	}
	return all
}

func TestR10EveryEventLeavesAClientWithWhatRESTTells(t *testing.T) {
	s := school(t)
	data := types(t)
	for kind := range causes {
		require.Contains(t, data, kind, "a row for what is no event")
	}
	for kind := range data {
		t.Run(string(kind), func(t *testing.T) {
			row, ok := causes[kind]
			require.True(t, ok, "how does %s come about? Every type of event needs a row", kind)
			scene := newScene(t, s)
			if row.before != nil {
				row.before(scene)
			}
			member, staff, replayed := newClient(t, s, s.Bob, scene.class), newClient(t, s, s.Ann, scene.class), newClient(t, s, s.Bob, scene.class)
			for _, c := range []*client{member, staff, replayed} {
				c.connect()
				c.requireSame(scene.class, "before "+string(kind))
			}
			replayed.hangUp()
			seq := member.classes[scene.class].seq
			row.cause(scene)

			wantMember, wantStaff := kind, kind
			if kind.StaffOnly() {
				wantMember = models.Hidden
			}
			if kind == models.Hidden {
				wantStaff = models.CodeCreated
			}
			member.hearsNext(seq, wantMember, data)
			staff.hearsNext(seq, wantStaff, data)
			member.requireSame(scene.class, "after "+string(kind))
			staff.requireSame(scene.class, "after "+string(kind))
			replayed.settle()
			replayed.requireSame(scene.class, "after a replay of "+string(kind))
		})
	}
	chaostest.Figures("R10", "types=%d verified=%d", len(data), len(causes))
}

// hearsNext waits for the event behind seq, which must come live and hold the
// data of its type, and no field more.
func (c *client) hearsNext(seq int64, want models.EventType, data map[models.EventType]reflect.Type) {
	c.t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case raw := <-c.link.frames:
			var e event
			require.NoError(c.t, json.Unmarshal(raw, &e))
			if !c.follow(e.ClassID) || e.Seq == 0 {
				continue
			}
			require.Equal(c.t, seq+1, e.Seq, string(raw))
			require.Equal(c.t, want, e.Type, string(raw))
			if data[want] == nil {
				require.Empty(c.t, e.Data, string(raw))
			} else {
				strict := json.NewDecoder(bytes.NewReader(e.Data))
				strict.DisallowUnknownFields()
				require.NoError(c.t, strict.Decode(reflect.New(data[want]).Interface()), string(raw))
			}
			c.hear(raw)
			require.False(c.t, c.gap)
			return
		case <-timeout:
			require.Fail(c.t, "no event")
		}
	}
}

func TestTheEventsOfRESTAreThoseOfTheSocket(t *testing.T) {
	s := school(t)
	scene := newScene(t, s)
	for _, kind := range []models.EventType{models.CodeCreated, models.ReactionAdded, models.MemberChanged, models.MessageEdited, models.MessageDeleted, models.ClassChanged} {
		if before := causes[kind].before; before != nil {
			before(scene)
		}
		causes[kind].cause(scene)
	}
	page := must[struct {
		Items []event
		Head  int64
	}](t, s, s.Bob, "GET", scene.path+"/events?after=0&limit=500", nil)
	require.Len(t, page.Items, int(page.Head))
	for i, e := range page.Items {
		require.Equal(t, int64(i+1), e.Seq)
	}
	c := newClient(t, s, s.Bob, scene.class)
	c.dial()
	require.NotNil(t, c.ask(servertest.Frame{"action": "hello", "since": map[int64]int64{scene.class: 0}}))
	for _, want := range page.Items {
		var got event
		for got.Seq == 0 {
			require.NoError(t, json.Unmarshal(<-c.link.frames, &got))
		}
		require.Equal(t, want.Type, got.Type)
		if want.Data != nil || got.Data != nil {
			require.JSONEq(t, string(want.Data), string(got.Data))
		}
	}
}
