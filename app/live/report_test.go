package live_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// A hidden event would tell the class that there was a report, and the one whom
// it is about.
func TestOfAReportHearWhoMayReadItAndNobodyElse(t *testing.T) {
	s := open(t, patient)
	dan, tim := s.Person("Dan Fox", models.StudentAccount), s.Person("Tim Orr", models.Teacher)
	s.add(dan, models.Assistant)
	s.add(tim, models.ClassTeacher)
	s.Class("Of others") // Ada is in none
	token, err := s.CreateToken(t.Context(), apptest.As(s.Ann), app.NewToken{Name: "reader", Scopes: []models.Scope{models.ScopeRead}})
	require.NoError(t, err)
	reader, _, err := s.TryDial(models.User{}, servertest.V2, http.Header{"Authorization": {"Bearer " + token.Secret}})
	require.NoError(t, err)
	classic := s.joined(s.Ann, s.thread)
	said := s.post(tim, s.thread, "you are slow")
	require.Equal(t, "you are slow", classic.Hear()["content"])
	reader.Hello()
	before := s.head()
	ears := map[string]*servertest.Socket{
		"owner": s.v2(s.Ann), "reported": s.v2(tim), "assistant": s.v2(dan), "reporter": s.v2(s.Bob), "student": s.v2(s.Cai),
		"admin": s.v2(s.Ada), "outside": s.v2(s.Eve), "token to read": reader,
	}
	var report app.Reported
	s.ask(s.Bob, http.MethodPost, s.inThread("/messages/%d/reports", said.ID), frame{"reason": "bullying"}).JSON(t, &report)
	s.ask(s.Ann, http.MethodPatch, s.path("/reports/%d", report.ID), frame{"outcome": "talked"})
	require.Equal(t, before, s.head(), "a report has no number")
	last := s.post(s.Cai, s.thread, "the last word")
	push := fmt.Sprintf(`{"content":"the last word","to":%d}`, s.Ada.ID)
	s.ask(s.Ada, http.MethodPost, "/pushes", push)
	s.ask(s.Ada, http.MethodPost, "/pushes", fmt.Sprintf(`{"content":"the last word","to":%d}`, s.Eve.ID))

	for who, c := range ears {
		heard := 0
		for f := c.Hear(); ; f = c.Hear() {
			if f["op"] == "reports" {
				require.Equal(t, frame{"op": "reports", "class_id": float64(s.class.ID)}, f, who)
				heard++
			}
			if f["op"] == "push" || f["op"] == "event" && data(f)["id"] == float64(last.ID) {
				break
			}
			require.NotEqual(t, "event", f["op"], "%s: %v", who, f)
		}
		want := 0
		if who == "owner" || who == "admin" {
			want = 2
		}
		require.Equal(t, want, heard, who)
	}
	require.Equal(t, "the last word", classic.Hear()["content"], "a classic client takes any frame for a message")
}
