package details

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func TestWhatWasSaidInADeletedThreadIsInNoEvent(t *testing.T) {
	const canary, kept = "canary-81c2", "this stays"
	r := newRoom(t)
	r.do(r.Bob, "PUT", r.message(r.say(r.Cai, canary))+"/reactions/👍", nil)
	_, other := r.open("Kept")
	r.do(r.Cai, "POST", other+"/messages", object{"content": kept})
	require.Contains(t, r.events(r.Bob), canary, "it is told as long as the thread is there")
	r.do(r.Ann, "DELETE", r.thread, nil)

	for _, u := range []models.User{r.Ann, r.Bob, r.Cai} {
		told := r.events(u)
		live := r.Dial(u, servertest.V2)
		live.Ask(servertest.Frame{"action": "hello", "since": object{itoa(r.class.ID): 0}})
		var replayed []any
		for f := (servertest.Frame{}); f["type"] != "thread.deleted"; {
			f = live.HearOp("event")
			replayed = append(replayed, f["data"])
		}
		for _, all := range []string{told, fmt.Sprint(replayed...)} {
			require.NotContains(t, all, canary, u.Name)
			require.NotContains(t, all, "👍", u.Name)
			require.Contains(t, all, kept, u.Name)
		}
	}
}

// events returns all that a user is told of the class, as it is written.
func (r *room) events(u models.User) string {
	r.t.Helper()
	return string(r.REST(u, "GET", r.path+"/events?after=0&limit=500", nil).Bytes)
}

// An assistant is often a student: a code that makes a teacher would make them
// one, if they left and came back by it.
func TestAJoinCodeIsShownOnlyToWhomItMakesNobodyTheEqualOf(t *testing.T) {
	r := newRoom(t)
	r.do(r.Ann, "PATCH", r.member(r.Bob), object{"role": "assistant"})
	r.do(r.Ann, "PATCH", r.member(r.Cai), object{"role": "teacher"})
	codes := map[models.MemberRole]models.JoinCode{}
	for _, role := range []models.MemberRole{models.ClassTeacher, models.Assistant, models.Student} {
		codes[role] = ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", object{"role": role})
	}
	for _, c := range []struct {
		reader models.User
		sees   []models.MemberRole
	}{
		{r.Ann, []models.MemberRole{models.ClassTeacher, models.Assistant, models.Student}},
		{r.Cai, []models.MemberRole{models.Assistant, models.Student}},
		{r.Bob, []models.MemberRole{models.Student}},
	} {
		list := string(r.REST(c.reader, "GET", r.path+"/codes", nil).Bytes)
		told := r.events(c.reader)
		for role, code := range codes {
			require.Equal(t, slices.Contains(c.sees, role), strings.Contains(list, code.Code), "%s and the code of a %s", c.reader.Name, role)
			require.Equal(t, slices.Contains(c.sees, role), strings.Contains(told, code.Code), "%s and the event of a %s's", c.reader.Name, role)
		}
	}
	reading := app.Actor{User: r.Ann, TokenID: 1, Scopes: []models.Scope{models.ScopeRead}}
	page, err := r.Events(t.Context(), reading, r.class.ID, 0, 500)
	require.NoError(t, err)
	require.Equal(t, models.Hidden, page.Items[len(page.Items)-1].Type, "a token that may not manage")
	r.refused(126, r.Cai, "DELETE", r.path+"/codes/"+itoa(codes[models.ClassTeacher].ID), nil)
	r.do(r.Cai, "DELETE", r.path+"/codes/"+itoa(codes[models.Assistant].ID), nil)
}

func TestWhoLeftComesBackByAnOlderCodeAsNoMoreThanTheyWere(t *testing.T) {
	r := newRoom(t)
	code := func() models.JoinCode {
		return ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", object{"role": "teacher"})
	}
	role := func() models.MemberRole {
		return ok[models.Member](r, r.Ann, "PATCH", r.member(r.Bob), object{"unmute": true}).Role
	}
	old := code()
	r.do(r.Bob, "DELETE", r.member(r.Bob), nil)
	r.do(r.Bob, "POST", "/join", object{"code": old.Code})
	require.Equal(t, models.Student, role())
	r.do(r.Bob, "DELETE", r.member(r.Bob), nil)
	r.Pass(time.Second)
	r.do(r.Bob, "POST", "/join", object{"code": code().Code})
	require.Equal(t, models.ClassTeacher, role(), "by one that was made since")
}
