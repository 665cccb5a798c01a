package details

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// report reports a message of the thread.
func (r *room) report(u models.User, m models.Message, reason string) app.Reported {
	r.t.Helper()
	return ok[app.Reported](r, u, "POST", r.message(m)+"/reports", object{"reason": reason})
}

// reports returns the reports that a user is shown.
func (r *room) reports(u models.User, path string) []models.Report {
	r.t.Helper()
	return ok[page[models.Report]](r, u, "GET", path, nil).Items
}

func (r *room) resolve(id int64) string { return fmt.Sprintf("%s/reports/%d", r.path, id) }

func (r *room) waiting(u models.User) any {
	r.t.Helper()
	return ok[object](r, u, "GET", r.path, nil)["open_reports"]
}

// everywhere is how many reports of all classes wait for an admin.
func (r *room) everywhere(u models.User) any {
	r.t.Helper()
	return ok[object](r, u, "GET", "/reports/open", nil)["open"]
}

func TestAReportIsReadAndResolvedByThoseWhoManageTheClassAndByAdmins(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Cai, "nobody likes you")
	a := r.REST(r.Bob, "POST", r.message(m)+"/reports", object{"reason": "bullying", "note": "since Monday"})
	require.Equal(t, 201, a.StatusCode, string(a.Bytes))
	require.NotContains(t, string(a.Bytes), "nobody likes", "whoever reports is told nothing that the class does not say")
	for _, path := range []string{r.path + "/reports", "/reports"} {
		got := r.reports(r.Ada, path)
		require.Len(t, got, 1, path)
		require.Equal(t, models.Report{
			ID: got[0].ID, ClassID: r.class.ID, ClassName: "Physics 9b", ThreadID: r.id, MessageID: m.ID,
			SpeakerID: r.Cai.ID, SpeakerName: "Cai Wen", Content: "nobody likes you",
			ReporterID: r.Bob.ID, ReporterName: "Bob Ray",
			Files: []models.File{}, Reason: models.Bullying, Note: "since Monday", CreatedAt: got[0].CreatedAt,
		}, got[0])
	}
	require.Equal(t, r.reports(r.Ada, "/reports"), r.reports(r.Ann, r.path+"/reports"))
	require.Equal(t, 1.0, r.waiting(r.Ann))
	require.Nil(t, r.waiting(r.Bob), "students are told of no report")
	require.Equal(t, 1.0, r.everywhere(r.Ada))

	id := r.reports(r.Ann, r.path+"/reports")[0].ID
	done := ok[models.Report](r, r.Ann, "PATCH", r.resolve(id), object{"outcome": "talked"})
	require.Equal(t, models.Talked, *done.Outcome)
	require.Equal(t, r.Ann.ID, *done.ResolvedBy)
	require.Empty(t, r.reports(r.Ann, r.path+"/reports"))
	require.Equal(t, []models.Report{done}, r.reports(r.Ada, r.path+"/reports?state=resolved"))
	require.Equal(t, 0.0, r.waiting(r.Ann))
	require.Equal(t, 0.0, r.everywhere(r.Ada))
	require.Equal(t, done, ok[models.Report](r, r.Ada, "PATCH", r.resolve(id), object{"outcome": "talked"}), "the same again has no effect")
	r.refused(127, r.Ada, "PATCH", r.resolve(id), object{"outcome": "nothing"})

	var acts []string
	for _, e := range ok[page[models.AuditEntry]](r, r.Ada, "GET", "/audit?limit=100", nil).Items {
		if name, is := strings.CutPrefix(e.Action, "report."); is {
			acts = append(acts, fmt.Sprint(e.ActorID, " ", name, " ", e.Detail))
			require.NotEqual(t, r.Bob.ID, e.ActorID, "an admin who is reported must not find in the log by whom")
		}
	}
	require.Contains(t, acts, fmt.Sprint(r.Ann.ID, " resolved talked"))
	require.Contains(t, acts, fmt.Sprint(r.Ann.ID, " read "))
	require.Contains(t, acts, fmt.Sprint(r.Ada.ID, " read "))
}

func TestTheSameReportAgainIsTheSameReport(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Cai, "nobody likes you")
	var asking sync.WaitGroup
	ids := make(chan int64, 8)
	for range cap(ids) {
		asking.Go(func() { ids <- r.report(r.Bob, m, "bullying").ID })
	}
	asking.Wait()
	close(ids)
	first := <-ids
	for id := range ids {
		require.Equal(t, first, id)
	}
	require.Equal(t, 200, r.REST(r.Bob, "POST", r.message(m)+"/reports", object{"reason": "bullying"}).StatusCode)
	r.refused(127, r.Bob, "POST", r.message(m)+"/reports", object{"reason": "spam"})
	r.refused(127, r.Bob, "POST", r.message(m)+"/reports", object{"reason": "bullying", "note": "still"})
	require.Len(t, r.reports(r.Ann, r.path+"/reports"), 1)
	r.do(r.Ann, "PATCH", r.resolve(first), object{"outcome": "nothing"})
	require.NotEqual(t, first, r.report(r.Bob, m, "bullying").ID, "once it is resolved, it is another")
}

func TestAReportKeepsWhatWasSaidThen(t *testing.T) {
	r := newRoom(t)
	edited, deleted := r.say(r.Cai, "nobody likes you"), r.say(r.Cai, "go away")
	r.report(r.Bob, edited, "bullying")
	r.do(r.Cai, "PATCH", r.message(edited), object{"content": "hello all"})
	r.do(r.Cai, "DELETE", r.message(deleted), nil)
	a := r.REST(r.Bob, "POST", r.message(deleted)+"/reports", object{"reason": "bullying"})
	require.Equal(t, 201, a.StatusCode, "who takes back at once what should not have been said can be reported")
	require.NotContains(t, string(a.Bytes), "go away")
	got := r.reports(r.Ann, r.path+"/reports")
	require.Equal(t, []string{"go away", "nobody likes you"}, []string{got[0].Content, got[1].Content})
}

func TestNobodyIsShownWhatIsReportedOfThemselves(t *testing.T) {
	r := newRoom(t)
	r.do(r.Ann, "POST", r.path+"/members", object{"user_id": r.Ada.ID, "role": "student"})
	teacher := r.Person("Tim Orr", models.Teacher)
	r.do(r.Ann, "POST", r.path+"/members", object{"user_id": teacher.ID, "role": "teacher"})
	ofOwner := r.report(r.Bob, r.say(r.Ann, "you are slow"), "bullying")
	ofAdmin := r.report(r.Bob, r.say(r.Ada, "you are late"), "other")
	see := func(u models.User, path string) (ids []int64) {
		t.Helper()
		for _, one := range r.reports(u, path) {
			ids = append(ids, one.ID)
		}
		return ids
	}
	require.Equal(t, []int64{ofAdmin.ID}, see(r.Ann, r.path+"/reports"))
	require.Equal(t, []int64{ofAdmin.ID, ofOwner.ID}, see(teacher, r.path+"/reports"))
	require.Equal(t, []int64{ofOwner.ID}, see(r.Ada, r.path+"/reports"))
	require.Equal(t, []int64{ofOwner.ID}, see(r.Ada, "/reports"))
	require.Equal(t, 1.0, r.everywhere(r.Ada))
	require.Equal(t, 1.0, r.waiting(r.Ann))
	require.Equal(t, 2.0, r.waiting(teacher))

	const missing = 1 << 40
	for _, outcome := range []string{"nothing", "deleted"} {
		is := r.REST(r.Ann, "PATCH", r.resolve(ofOwner.ID), object{"outcome": outcome})
		not := r.REST(r.Ann, "PATCH", r.resolve(missing), object{"outcome": outcome})
		require.Equal(t, []int{404, 126, 404, 126}, []int{is.StatusCode, is.Code(), not.StatusCode, not.Code()})
	}
	r.refused(126, r.Ada, "PATCH", r.resolve(ofAdmin.ID), object{"outcome": "nothing"})
	r.refused(125, r.Bob, "POST", r.message(r.say(r.Bob, "mine"))+"/reports", object{"reason": "spam"})

	// Whoever is reported cannot hide it by deleting the class.
	r.do(r.Ann, "DELETE", r.path, nil)
	require.Equal(t, []int64{ofOwner.ID}, see(r.Ada, "/reports"))
	r.do(r.Ada, "PATCH", r.resolve(ofOwner.ID), object{"outcome": "talked"})
}

func TestResolvingByDeletingDeletesTheMessage(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Cai, "nobody likes you")
	bob := r.report(r.Bob, m, "bullying")
	ann := r.report(r.Ann, m, "hate")
	r.refused(107, r.Ada, "PATCH", r.resolve(bob.ID), object{"outcome": "deleted"}) // not in the class
	require.Len(t, r.reports(r.Ann, r.path+"/reports"), 2, "what could not be done is not said to be")
	r.do(r.Ann, "PATCH", r.resolve(bob.ID), object{"outcome": "deleted"})
	got := ok[models.Message](r, r.Bob, "GET", r.message(m), nil)
	require.Equal(t, r.Ann.ID, *got.DeletedBy)
	r.do(r.Ada, "PATCH", r.resolve(ann.ID), object{"outcome": "deleted"}) // it is

	other := r.report(r.Bob, r.say(r.Cai, "go away"), "bullying")
	late := r.report(r.Cai, r.say(r.Bob, "go away too"), "bullying")
	r.do(r.Ann, "DELETE", r.thread, nil)
	r.do(r.Ann, "PATCH", r.resolve(other.ID), object{"outcome": "deleted"}) // with its thread
	r.do(r.Ada, "PATCH", r.resolve(late.ID), object{"outcome": "deleted"})  // who is not in the class can say so
}

func TestWhatIsGoneWithItsClassIsResolvedAsDeleted(t *testing.T) {
	r := newRoom(t)
	id := r.report(r.Bob, r.say(r.Cai, "nobody likes you"), "bullying").ID
	r.do(r.Ann, "DELETE", r.path, nil)
	r.do(r.Ada, "PATCH", r.resolve(id), object{"outcome": "deleted"})
	require.Empty(t, r.reports(r.Ada, "/reports"))
}

func TestATokenThatReadsNoReportsIsNotToldHowManyWait(t *testing.T) {
	r := newRoom(t)
	r.report(r.Bob, r.say(r.Cai, "nobody likes you"), "bullying")
	code := ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", object{"role": "student"}).Code
	token, err := r.CreateToken(t.Context(), apptest.As(r.Ann), app.NewToken{Name: "joins", Scopes: []models.Scope{models.ScopeRead, models.ScopeWrite}})
	require.NoError(t, err)
	script, err := r.Authenticate(t.Context(), token.Secret, app.Bearer)
	require.NoError(t, err)
	for actor, told := range map[*app.Actor]bool{&script: false, {User: r.Ann}: true} {
		one, err := r.App.Class(t.Context(), *actor, r.class.ID)
		require.NoError(t, err)
		all, err := r.Classes(t.Context(), *actor, false, 0, 1)
		require.NoError(t, err)
		joined, err := r.JoinByCode(t.Context(), *actor, "192.0.2.1", code)
		require.NoError(t, err)
		for _, class := range []models.Class{one, all[0], joined} {
			require.Equal(t, told, class.OpenReports != nil)
		}
	}
}

func TestWhoCannotWriteCanReport(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Cai, "nobody likes you")
	r.do(r.Ann, "PATCH", r.member(r.Bob), object{"muted_until": r.Now().Add(time.Hour)})
	r.do(r.Ann, "PATCH", r.thread, object{"locked": true})
	r.do(r.Ann, "PATCH", r.path, object{"archived": true})
	id := r.report(r.Bob, m, "self-harm").ID
	r.refused(123, r.Ann, "PATCH", r.resolve(id), object{"outcome": "deleted"})
	r.do(r.Ann, "PATCH", r.resolve(id), object{"outcome": "talked"})
}

func TestAReportIsCheckedAndBounded(t *testing.T) {
	r := newRoom(t, func(l *app.Limits) { l.OpenReports = 2 })
	m := r.say(r.Cai, "nobody likes you")
	path := r.message(m) + "/reports"
	r.refused(104, r.Bob, "POST", path, object{"reason": "boring"})
	r.refused(104, r.Bob, "POST", path, object{})
	r.refused(124, r.Bob, "POST", path, object{"reason": "other", "note": strings.Repeat("字", 501)})
	first := ok[app.Reported](r, r.Bob, "POST", path, object{"reason": "other", "note": strings.Repeat("字", 500)})
	r.report(r.Bob, r.say(r.Cai, "two"), "spam")
	third := r.message(r.say(r.Cai, "three")) + "/reports"
	r.refused(120, r.Bob, "POST", third, object{"reason": "spam"})
	r.do(r.Ann, "POST", third, object{"reason": "spam"})
	r.refused(104, r.Ann, "PATCH", r.resolve(first.ID), object{"outcome": "forgotten"})
	r.do(r.Ann, "PATCH", r.resolve(first.ID), object{"outcome": "nothing"})
	r.do(r.Bob, "POST", third, object{"reason": "spam"})

	all := walk(r, r.Ann, r.path+"/reports", func(one models.Report) any { return one.ID })
	require.Len(t, all, 3)
	require.Greater(t, all[0].ID, all[2].ID, "the newest first")
	require.Len(t, walk(r, r.Ada, "/reports?state=open", func(one models.Report) any { return one.ID }), 3)
}

func TestReportsAreNotMadeFasterThanMessages(t *testing.T) {
	r := newRoom(t, func(l *app.Limits) { l.SendRate, l.SendBurst = 0.01, 3 })
	m := r.say(r.Cai, "nobody likes you")
	for range 3 {
		r.report(r.Bob, m, "spam")
	}
	a := r.REST(r.Bob, "POST", r.message(m)+"/reports", object{"reason": "spam"})
	require.Equal(t, []any{429, 120, "100"}, []any{a.StatusCode, a.Code(), a.Header.Get("Retry-After")})
}
