// Package details holds REST against what its document promises: pages, lists,
// repeats, markers, codes, and what is left of what was deleted.
package details

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// object is a body.
type object = map[string]any

// room is a class of Ann's with Bob and Cai in it, and a thread.
type room struct {
	*servertest.Server
	t      testing.TB
	class  models.Class
	path   string
	thread string // its path
	id     int64  // the thread's
}

func newRoom(t testing.TB, limits ...func(*app.Limits)) *room {
	t.Helper()
	s := servertest.New(t, servertest.Options{App: func(l *app.Limits) {
		l.SendRate, l.SendBurst, l.ThreadRate, l.CodeTries = 1e6, 1e6, 1e6, 1e6
		for _, change := range limits {
			change(l)
		}
	}})
	r := &room{Server: s, t: t, class: s.Class("Physics 9b")}
	r.path = fmt.Sprintf("/classes/%d", r.class.ID)
	r.id, r.thread = r.open("Homework")
	return r
}

// open opens a thread and returns its id and path.
func (r *room) open(name string) (int64, string) {
	r.t.Helper()
	thread := ok[models.Thread](r, r.Ann, "POST", r.path+"/threads", object{"name": name})
	return thread.ID, fmt.Sprintf("%s/threads/%d", r.path, thread.ID)
}

// ok makes a request that has to succeed, and reads the answer.
func ok[T any](r *room, u models.User, method, path string, body any) (v T) {
	r.t.Helper()
	a := r.REST(u, method, path, body)
	require.Less(r.t, a.StatusCode, 300, "%s %s: %s", method, path, a.Bytes)
	if len(a.Bytes) > 0 {
		require.NoError(r.t, json.Unmarshal(a.Bytes, &v), string(a.Bytes))
	}
	return v
}

// do is ok for an answer that nobody reads.
func (r *room) do(u models.User, method, path string, body any) {
	r.t.Helper()
	ok[any](r, u, method, path, body)
}

// refused makes a request that has to be refused with a code.
func (r *room) refused(code int, u models.User, method, path string, body any) {
	r.t.Helper()
	a := r.REST(u, method, path, body)
	require.Equal(r.t, code, a.Code(), "%s %s: %d %s", method, path, a.StatusCode, a.Bytes)
}

// say says something in the thread.
func (r *room) say(u models.User, content string) models.Message {
	r.t.Helper()
	return ok[models.Message](r, u, "POST", r.thread+"/messages", object{"content": content})
}

func (r *room) message(m models.Message) string { return fmt.Sprintf("%s/messages/%d", r.thread, m.ID) }

func (r *room) member(u models.User) string { return fmt.Sprintf("%s/members/%d", r.path, u.ID) }

// page is a page of any list.
type page[T any] struct {
	Items []T
	Next  string
}
