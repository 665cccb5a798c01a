package access

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// inside returns the operations on what is in a class, by id.
func (w *world) inside() map[string]operation {
	w.t.Helper()
	all := w.operations()
	for id, o := range all {
		if !strings.Contains(o.Path, "{class_id}") {
			delete(all, id)
			continue
		}
		o.Path += rows[id][0].query
		all[id] = o
	}
	require.Greater(w.t, len(all), 25)
	return all
}

// bodyOf returns the body of the operation's first case.
func (w *world) bodyOf(id string, a *actor) any {
	if f := rows[id][0].body; f != nil {
		return f(w, a)
	}
	return nil
}

func (w *world) actor(name string) *actor {
	w.t.Helper()
	for _, a := range w.actors {
		if a.name == name {
			return a
		}
	}
	w.t.Fatalf("no actor %q", name)
	return nil
}

// missing is a number that nothing has.
const missing = 1 << 40

func TestWhatIsOfAnotherClassOrThreadIsNotThere(t *testing.T) {
	w := newWorld(t)
	owner := w.actor("owner") // of both classes
	try := func(id string, o operation, parameter string, value any, code int) {
		if !strings.Contains(o.Path, "{"+parameter+"}") {
			return
		}
		body := w.bodyOf(id, owner)
		ask := func(value any) string {
			values := w.vars(w.here)
			values[parameter] = value
			before := w.counts()
			got := w.ask(owner.secret, o.Method, w.fill(o.Path, values), body)
			require.Equal(t, http.StatusNotFound, got.StatusCode, "%s with the %s %v: %s", id, parameter, value, got.Bytes)
			require.Equal(t, code, got.Code(), "%s with the %s %v", id, parameter, value)
			require.Equal(t, before, w.counts(), id)
			return anonymous(got)
		}
		require.Equal(t, ask(missing), ask(value), "%s: whether %s is somewhere else must not show", id, parameter)
	}
	for id, o := range w.inside() {
		try(id, o, "thread_id", w.there.thread.ID, 102)
		try(id, o, "message_id", w.there.message.ID, 126)
		try(id, o, "code_id", w.there.code.ID, 126)
		try(id, o, "report_id", w.there.report.ID, 126)
		try(id, o, "file_id", w.there.file.ID, 126)
		try(id, o, "user_id", w.Eve.ID, 126)
		if strings.Contains(o.Path, "{message_id}") { // the message stands in the other thread of the class
			values := w.vars(w.here)
			values["thread_id"] = w.quiet.ID
			got := w.ask(owner.secret, o.Method, w.fill(o.Path, values), w.bodyOf(id, owner))
			require.Equal(t, 126, got.Code(), "%s: %s", id, got.Bytes)
		}
	}
	thread := fmt.Sprintf("/classes/%d/threads/%d", w.here.class.ID, w.here.thread.ID)
	for _, message := range []int64{w.there.message.ID, missing} {
		require.Equal(t, 126, w.ask(owner.secret, "PUT", thread+"/pin", object{"message_id": message}).Code())
		require.Equal(t, 126, w.ask(owner.secret, "POST", thread+"/messages", object{"content": "x", "reply_to": message}).Code())
	}
}

func TestAStrangerLearnsNothingOfWhatIsInAClass(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"stranger", "removed", "token of the other class"} {
		a := w.actor(name)
		for id, o := range w.inside() {
			body := w.bodyOf(id, a)
			ask := func(values vars) string {
				got := w.ask(a.secret, o.Method, w.fill(o.Path, values), body)
				require.Equal(t, http.StatusForbidden, got.StatusCode, "%s as %s: %s", id, name, got.Bytes)
				require.Equal(t, 107, got.Code(), "%s as %s", id, name)
				require.Empty(t, got.Header.Get("ETag"))
				return anonymous(got)
			}
			is := ask(w.vars(w.here))
			values := w.vars(w.here)
			for key := range values {
				if key != "class_id" && key != "emoji" {
					values[key] = missing
				}
			}
			require.Equal(t, is, ask(values), "%s as %s", id, name)
			values = w.vars(w.there)
			values["class_id"] = w.here.class.ID
			require.Equal(t, is, ask(values), "%s as %s", id, name)
		}
	}
}

func TestADeletedClassOrThreadIsGoneForEveryOperation(t *testing.T) {
	w := newWorld(t)
	owner := w.actor("owner")
	gone := w.newPart("Gone")
	require.Equal(t, 204, w.ask(owner.secret, "DELETE", fmt.Sprintf("/classes/%d/threads/%d", gone.class.ID, gone.thread.ID), nil).StatusCode)
	for id, o := range w.inside() {
		if strings.Contains(o.Path, "{thread_id}") {
			got := w.ask(owner.secret, o.Method, w.fill(o.Path, w.vars(gone)), w.bodyOf(id, owner))
			require.Equal(t, 102, got.Code(), "%s: %s", id, got.Bytes)
		}
	}
	require.Equal(t, 204, w.ask(owner.secret, "DELETE", fmt.Sprintf("/classes/%d", gone.class.ID), nil).StatusCode)
	for id, o := range w.inside() {
		got := w.ask(owner.secret, o.Method, w.fill(o.Path, w.vars(gone)), w.bodyOf(id, owner))
		require.Equal(t, 103, got.Code(), "%s: %s", id, got.Bytes)
	}
}
