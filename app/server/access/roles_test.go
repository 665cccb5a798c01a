package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

var roles = []models.MemberRole{models.Owner, models.ClassTeacher, models.Assistant, models.Student}

// What each role may do to members of each role: who may be given another one,
// and which; who may be muted; who may be removed.
var over = map[models.MemberRole]struct{ change, give, mute, remove string }{
	models.Owner:        {"owner teacher assistant student", "owner teacher assistant student", "teacher assistant student", "teacher assistant student"},
	models.ClassTeacher: {"assistant student", "assistant student", "assistant student", "assistant student"},
	models.Assistant:    {"", "", "student", ""},
	models.Student:      {"", "", "", ""},
}

func has(list string, role models.MemberRole) bool {
	return slices.Contains(strings.Fields(list), string(role))
}

func TestRolesActOnlyUponThoseBelowThem(t *testing.T) {
	w := newWorld(t)
	ada := apptest.As(w.Ada)
	class := w.here.class.ID
	target, second := w.newcomer(), w.newcomer()
	put := func(u models.User, role models.MemberRole) {
		_ = w.RemoveMember(t.Context(), apptest.As(u), class, u.ID)
		_, err := w.AddMember(t.Context(), ada, class, app.NewMember{UserID: u.ID, Role: role})
		require.NoError(t, err)
	}
	path := fmt.Sprintf("/classes/%d/members/%d", class, target.ID)
	expect := func(who models.MemberRole, may bool, method, path string, body any, where string, args ...any) {
		t.Helper()
		secret := w.secretOf(second)
		got := w.ask(secret, method, path, body)
		want := 0
		if !may {
			want = 125
		}
		require.Equal(t, want, got.Code(), "%s: a %s %s", got.Bytes, who, fmt.Sprintf(where, args...))
	}
	for _, who := range roles {
		put(second, who)
		for _, is := range roles {
			put(target, is)
			for _, becomes := range roles {
				put(target, is)
				may := has(over[who].change, is) && has(over[who].give, becomes) || is == becomes && who.Staff()
				expect(who, may, "PATCH", path, object{"role": becomes}, "makes a %s a %s", is, becomes)
			}
			put(target, is)
			expect(who, has(over[who].mute, is), "PATCH", path, object{"muted_until": "2030-01-01T00:00:00.000Z"}, "mutes a %s", is)
			expect(who, has(over[who].mute, is), "PATCH", path, object{"unmute": true}, "lets a %s speak again", is)
			expect(who, has(over[who].remove, is), "DELETE", path, nil, "removes a %s", is)
		}
		for _, role := range roles {
			expect(who, has(over[who].give, role), "POST", fmt.Sprintf("/classes/%d/members", class), object{"user_id": w.newcomer().ID, "role": role}, "adds a %s", role)
			if role != models.Owner {
				may := has(over[who].give, role)
				expect(who, may, "POST", fmt.Sprintf("/classes/%d/codes", class), object{"role": role}, "makes a code for a %s", role)
			}
		}
	}
}

// secretOf returns a token with every scope.
func (w *world) secretOf(u models.User) string { return w.Token(u) }

func TestNobodyRaisesThemselves(t *testing.T) {
	w := newWorld(t)
	for _, a := range w.actors {
		if a.in == "" || a.in == models.Owner {
			continue
		}
		path := fmt.Sprintf("/classes/%d/members/%d", w.here.class.ID, a.user.ID)
		for _, role := range roles {
			if role.Over(a.in) {
				require.Equal(t, 125, w.ask(a.secret, "PATCH", path, object{"role": role}).Code(), "%s to %s", a.name, role)
			}
		}
		require.Equal(t, 125, w.ask(a.secret, "PATCH", path, object{"unmute": true}).Code(), "%s lets themselves speak", a.name)
	}
	for _, body := range []object{{"role": "admin"}, {"disabled": false}} {
		require.Equal(t, 125, w.ask(w.actor("owner").secret, "PATCH", fmt.Sprintf("/users/%d", w.Ann.ID), body).Code())
	}
}

func TestAClassKeepsAnOwner(t *testing.T) {
	w := newWorld(t)
	owner, self := w.actor("owner"), fmt.Sprintf("/classes/%d/members/%d", w.here.class.ID, w.Ann.ID)
	require.Equal(t, 125, w.ask(owner.secret, "DELETE", self, nil).Code())
	require.Equal(t, 125, w.ask(owner.secret, "PATCH", self, object{"role": "student"}).Code())
	teacher := fmt.Sprintf("/classes/%d/members/%d", w.here.class.ID, w.actor("teacher").user.ID)
	require.Equal(t, 0, w.ask(owner.secret, "PATCH", teacher, object{"role": "owner"}).Code())
	require.Equal(t, 0, w.ask(owner.secret, "DELETE", self, nil).Code(), "there is another one now")
	require.Equal(t, 125, w.ask(w.actor("teacher").secret, "DELETE", teacher, nil).Code())
}

// A mute that nobody stands high enough to take back would last for good.
func TestWhoBecomesOwnerMaySpeak(t *testing.T) {
	w := newWorld(t)
	muted := w.actor("muted")
	path := fmt.Sprintf("/classes/%d", w.here.class.ID)
	said := fmt.Sprintf("%s/threads/%d/messages", path, w.here.thread.ID)
	require.Equal(t, 121, w.ask(muted.secret, "POST", said, object{"content": "x"}).Code())
	require.Equal(t, 0, w.ask(muted.secret, "DELETE", fmt.Sprintf("%s/members/%d", path, muted.user.ID), nil).Code())
	require.Equal(t, 0, w.ask(w.actor("owner").secret, "POST", path+"/members", object{"user_id": muted.user.ID, "role": "student"}).Code())
	require.Equal(t, 121, w.ask(muted.secret, "POST", said, object{"content": "x"}).Code(), "leaving and joining again ends no mute")
	both := object{"role": "owner", "muted_until": "2030-01-01T00:00:00.000Z"}
	require.Equal(t, 0, w.ask(w.actor("owner").secret, "PATCH", fmt.Sprintf("%s/members/%d", path, muted.user.ID), both).Code())
	require.Equal(t, 0, w.ask(muted.secret, "POST", said, object{"content": "x"}).Code())
}
