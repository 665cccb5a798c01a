package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// A key that is told to one role more is a decision, and belongs in this table.
func TestThreat39EachRoleIsToldItsOwnKeysAndNoMore(t *testing.T) {
	l := newLesson(t)
	ctx := t.Context()
	var staff [2]models.User
	for i, role := range []models.MemberRole{models.ClassTeacher, models.Assistant} {
		staff[i] = l.Person(string(role), models.StudentAccount)
		_, err := l.AddMember(ctx, apptest.As(l.Ann), l.class.ID, app.NewMember{UserID: staff[i].ID, Role: role})
		require.NoError(t, err)
	}
	reading := func(u models.User) string {
		token, err := l.CreateToken(ctx, apptest.As(u), app.NewToken{Name: "reads", Scopes: []models.Scope{models.ScopeRead}})
		require.NoError(t, err)
		return token.Secret
	}
	secrets := map[string]string{
		"admin": l.Token(l.Ada), "owner": l.Token(l.Ann), "teacher": l.Token(staff[0]), "assistant": l.Token(staff[1]),
		"Bob": l.Token(l.Bob), "Cai": l.Token(l.Cai), "stranger": l.Token(l.Eve),
		"admin's token": reading(l.Ada), "owner's token": reading(l.Ann),
	}
	// All that there may be to tell of Bob.
	address := "bob@school.example"
	_, err := l.ChangeMe(ctx, apptest.As(l.Bob), app.Profile{Email: &address})
	require.NoError(t, err)
	for _, step := range []struct {
		by           models.User
		method, path string
		body         object
	}{
		{l.Bob, http.MethodPatch, l.messages("/%d", l.message.ID), object{"content": "When is the exam?"}},
		{l.Bob, http.MethodPost, l.messages(""), object{"content": "Never mind", "reply_to": l.message.ID, "client_id": "mine"}},
		{l.Cai, http.MethodPut, l.messages("/%d/reactions/👍", l.message.ID), nil},
		{l.Cai, http.MethodPost, l.messages("/%d/reports", l.message.ID), object{"reason": "other", "note": "Again"}},
		{l.Ann, http.MethodPut, l.in("/threads/%d/pin", l.thread.ID), object{"message_id": l.message.ID}},
		{l.Ann, http.MethodPatch, l.in("/members/%d", l.Bob.ID), object{"muted_until": "2099-01-01T00:00:00Z"}},
	} {
		a := l.REST(step.by, step.method, step.path, step.body)
		require.Less(t, a.StatusCode, 300, "%s %s: %s", step.method, step.path, a.Bytes)
	}

	const (
		person  = "hue id name role"
		account = person + " created_at locale"
		class   = "created_at created_by description hue id member_count name role seq students_open_threads students_see_presence unread"
		member  = "class_id hue joined_at name role user_id"
		message = "class_id content created_at files id reactions reply_to seq speaker_id speaker_name speaker_role thread_id"
		thread  = "class_id created_at created_by id last_message_id last_seq name pinned_message_id read_seq unread"
		report  = "class_id class_name content created_at files id message_id note reason reporter_id reporter_name speaker_id speaker_name thread_id"
	)
	said := message + " edited_at" + under("reactions", "emoji user_ids")
	everybody := "admin, owner, teacher, assistant, Cai, stranger, admin's token, owner's token"
	for path, told := range map[string]map[string]string{ // whoever is not named is refused
		"/me":                           {everybody: account, "Bob": account + " email"},
		fmt.Sprint("/users/", l.Bob.ID): {"admin": account + " email", "owner, owner's token, admin's token": person},
		l.in(""):                        {"owner, teacher": class + " open_reports", "assistant, Bob, Cai, owner's token": class},
		"/classes": {
			"admin, owner, teacher": under("items", class+" open_reports"),
			"assistant, Bob, Cai, stranger, admin's token, owner's token": under("items", class),
		},
		l.in("/members"): {"owner, teacher, assistant, Bob, owner's token": under("items", member+" muted_until"), "Cai": under("items", member)},
		l.in("/threads"): {
			"owner, teacher, assistant, Cai, owner's token": under("items", thread+under("last_message", message)),
			"Bob": under("items", thread+under("last_message", message+" client_id")),
		},
		l.messages(""): {
			"owner, teacher, assistant, Cai, owner's token": "has_newer has_older seq" + under("items", said),
			"Bob": "has_newer has_older seq" + under("items", said+" client_id"),
		},
		l.in("/reports"): {"admin, owner, teacher": under("items", report)},
		"/reports":       {"admin": under("items", report)},
	} {
		want := map[string]string{}
		for names, keys := range told {
			for _, name := range strings.Split(names, ", ") {
				want[name] = sorted(strings.Fields(keys))
			}
		}
		for name, secret := range secrets {
			a := fetch(t, l.Server, http.MethodGet, "/api/v1"+path, "", http.Header{"Authorization": {"Bearer " + secret}})
			if want[name] == "" {
				require.Equal(t, http.StatusForbidden, a.StatusCode, "%s as %s: %s", path, name, a.Bytes)
				continue
			}
			var answer any
			a.JSON(t, &answer)
			got := map[string]bool{}
			keysIn(answer, "", got)
			require.Equal(t, want[name], sorted(slices.Collect(maps.Keys(got))), "%s as %s", path, name)
		}
	}
}

// under returns a key and those of what is in it.
func under(key, keys string) string {
	return " " + key + " " + key + "." + strings.Join(strings.Fields(keys), " "+key+".")
}

func sorted(keys []string) string {
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), " ")
}

// keysIn adds the keys of what was answered to all, those of what is in it with
// their way.
func keysIn(answer any, way string, all map[string]bool) {
	switch answer := answer.(type) {
	case map[string]any:
		for key, inner := range answer {
			all[way+key] = true
			keysIn(inner, way+key+".", all)
		}
	case []any:
		for _, inner := range answer {
			keysIn(inner, way, all)
		}
	}
}
