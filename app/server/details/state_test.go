package details

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestNamesAreUniqueWithoutRegardToCase(t *testing.T) {
	r := newRoom(t)
	for _, name := range []string{"homework", "HOMEWORK", " Homework ", "Ｈomework"} {
		r.refused(127, r.Ann, "POST", r.path+"/threads", object{"name": name})
	}
	id, trips := r.open("Straße")
	r.refused(127, r.Ann, "POST", r.path+"/threads", object{"name": "STRASSE"})
	r.refused(127, r.Ann, "PATCH", trips, object{"name": "hOmEwOrK"})
	r.do(r.Ann, "PATCH", trips, object{"name": "STRASSE"}) // its own name, in other letters
	r.do(r.Ann, "DELETE", r.thread, nil)
	r.do(r.Ann, "PATCH", fmt.Sprintf("%s/threads/%d", r.path, id), object{"name": "homework"})
	elsewhere := ok[models.Class](r, r.Ann, "POST", "/classes", object{"name": "Physics 9b"})
	r.do(r.Ann, "POST", fmt.Sprintf("/classes/%d/threads", elsewhere.ID), object{"name": "homework"})

	for _, name := range []string{"bob ray", "BOB RAY", "Bob  Ray"} {
		r.refused(127, r.Ada, "POST", "/users", object{"name": name, "role": "student"})
	}
	r.refused(127, r.Cai, "PATCH", "/me", object{"name": "bob ray"})
	r.do(r.Bob, "PATCH", "/me", object{"name": "Bob RAY"})
	for _, name := range []string{"", " ", "a\u200bb", "a\u202eb", "a\nb\x00"} {
		require.Equal(t, 422, r.REST(r.Ann, "POST", r.path+"/threads", object{"name": name}).StatusCode, "%q", name)
	}
}

func TestAJoinCodeEnds(t *testing.T) {
	r := newRoom(t)
	code := func(body object) models.JoinCode {
		body["role"] = "student"
		return ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", body)
	}
	join := func(c models.JoinCode) int { return r.REST(r.Eve, "POST", "/join", object{"code": c.Code}).Code() }
	leave := func() { r.do(r.Eve, "DELETE", r.member(r.Eve), nil) }

	hour := code(object{"expires_in_hours": 1})
	require.Zero(t, join(hour))
	require.Zero(t, join(hour), "who is a member stays one")
	leave()
	r.Pass(time.Hour)
	require.Equal(t, 137, join(hour))

	once := code(object{"max_uses": 1})
	require.Zero(t, join(once))
	require.Zero(t, join(once), "that costs no use")
	leave()
	require.Equal(t, 137, join(once))

	revoked := code(object{})
	r.do(r.Ann, "DELETE", r.path+"/codes/"+itoa(revoked.ID), nil)
	require.Equal(t, 137, join(revoked))
	require.Equal(t, 137, join(models.JoinCode{Code: "AAAA-AAAA"}))
	require.Equal(t, 137, join(models.JoinCode{Code: "x"}))

	good := code(object{})
	r.do(r.Ann, "PATCH", r.path, object{"archived": true})
	require.Equal(t, 137, join(good), "nobody joins an archived class")
	r.do(r.Ann, "PATCH", r.path, object{"archived": false})
	require.Zero(t, join(good))
	leave()
	r.do(r.Ann, "DELETE", r.path, nil)
	require.Equal(t, 137, join(good))
	for _, bad := range []object{{"role": "owner"}, {"role": "student", "max_uses": 0}, {"role": "student", "max_uses": 1001}, {"role": "student", "expires_in_hours": 8761}} {
		require.Equal(t, 422, r.REST(r.Ann, "POST", r.path+"/codes", bad).StatusCode, "%v", bad)
	}
}

func TestACodeForThreeLetsInThreeOfFiftyWhoComeAtOnce(t *testing.T) {
	r := newRoom(t)
	code := ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", object{"role": "student", "max_uses": 3})
	users := make([]models.User, 50)
	for i := range users {
		users[i] = r.Person(fmt.Sprint("Crowd ", i), models.StudentAccount)
	}
	var in atomic.Int64
	var all sync.WaitGroup
	for _, u := range users {
		for range 2 { // each tries twice, at the same time
			all.Go(func() {
				_, err := r.JoinByCode(t.Context(), apptest.As(u), "192.0.2.1", code.Code)
				if err == nil {
					in.Add(1)
				} else {
					assert.ErrorContains(t, err, "not valid")
				}
			})
		}
	}
	all.Wait()
	members := walk(r, r.Ann, r.path+"/members?query=crowd", func(m models.Member) any { return m.UserID })
	require.Len(t, members, 3)
	codes := ok[page[models.JoinCode]](r, r.Ann, "GET", r.path+"/codes", nil)
	require.Equal(t, 3, codes.Items[0].Uses)
	require.LessOrEqual(t, in.Load(), int64(6))
}

func (r *room) unread(u models.User) (thread, class int) {
	r.t.Helper()
	t := ok[models.Thread](r, u, "GET", r.thread, nil)
	list := ok[page[models.Thread]](r, u, "GET", r.path+"/threads", nil)
	for _, row := range list.Items {
		if row.ID == r.id {
			require.Equal(r.t, t.Unread, row.Unread)
		}
	}
	c := ok[models.Class](r, u, "GET", r.path, nil)
	return *t.Unread, *c.Unread
}

func (r *room) requireUnread(u models.User, thread, class int) {
	r.t.Helper()
	gotThread, gotClass := r.unread(u)
	require.Equal(r.t, []int{thread, class}, []int{gotThread, gotClass}, "unread of %s in the thread and in the class", u.Name)
}

func TestUnreadIsWhatOthersSaidBehindTheMarker(t *testing.T) {
	r := newRoom(t)
	r.say(r.Bob, "mine")
	r.requireUnread(r.Bob, 0, 0)
	first, second := r.say(r.Ann, "1"), r.say(r.Ann, "2")
	_, other := r.open("Trips")
	r.do(r.Cai, "POST", other+"/messages", object{"content": "3"})
	r.requireUnread(r.Bob, 2, 3)
	r.requireUnread(r.Cai, 3, 3)

	mark := func(seq int64) app.ReadState {
		return ok[app.ReadState](r, r.Bob, "PUT", r.thread+"/read", object{"seq": seq})
	}
	require.Equal(t, app.ReadState{ClassID: r.class.ID, ThreadID: r.id, Seq: first.Seq, Unread: 1}, mark(first.Seq))
	require.Equal(t, first.Seq, mark(1).Seq, "a marker never goes back")
	r.requireUnread(r.Bob, 1, 2)
	r.do(r.Ann, "DELETE", r.message(second), nil)
	r.requireUnread(r.Bob, 0, 1)
	r.refused(104, r.Bob, "PUT", r.thread+"/read", object{"seq": r.head() + 1})

	r.do(r.Ann, "POST", r.path+"/members", object{"user_id": r.Eve.ID, "role": "student"})
	r.requireUnread(r.Eve, 0, 0)
	r.say(r.Ann, "new")
	r.requireUnread(r.Eve, 1, 1)
	r.do(r.Eve, "DELETE", r.member(r.Eve), nil)
	r.say(r.Ann, "unheard")
	r.do(r.Ann, "POST", r.path+"/members", object{"user_id": r.Eve.ID, "role": "student"})
	r.requireUnread(r.Eve, 0, 0)

	r.do(r.Ann, "PATCH", other, object{"archived": true})
	r.requireUnread(r.Bob, 2, 2)
}

func TestUnreadIsCountedToAThousand(t *testing.T) {
	r := newRoom(t)
	_, other := r.open("Trips")
	otherID := r.id + 1
	require.Equal(t, fmt.Sprintf("%s/threads/%d", r.path, otherID), other)
	var all sync.WaitGroup
	for n := range 1005 {
		all.Go(func() {
			for _, thread := range []int64{r.id, otherID} {
				_, _, err := r.Send(t.Context(), apptest.As(r.Ann), r.class.ID, thread, app.NewMessage{Content: itoa(int64(n))})
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	r.requireUnread(r.Bob, 1000, 1000)
}

func TestAnArchivedClassIsReadOnly(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Bob, "x")
	r.do(r.Ann, "PATCH", r.path, object{"archived": true})
	for _, one := range []struct {
		who          models.User
		method, path string
		body         any
	}{
		{r.Ann, "POST", r.thread + "/messages", object{"content": "x"}},
		{r.Bob, "PATCH", r.message(m), object{"content": "y"}},
		{r.Bob, "DELETE", r.message(m), nil},
		{r.Ann, "DELETE", r.message(m), nil},
		{r.Bob, "PUT", r.message(m) + "/reactions/👍", nil},
		{r.Ann, "POST", r.path + "/threads", object{"name": "x"}},
		{r.Ann, "PATCH", r.thread, object{"name": "x"}},
		{r.Ann, "DELETE", r.thread, nil},
		{r.Ann, "PUT", r.thread + "/pin", object{"message_id": m.ID}},
		{r.Ann, "POST", r.path + "/members", object{"user_id": r.Eve.ID, "role": "student"}},
		{r.Ann, "PATCH", r.member(r.Bob), object{"role": "assistant"}},
		{r.Ann, "DELETE", r.member(r.Bob), nil},
		{r.Ann, "POST", r.path + "/codes", object{"role": "student"}},
		{r.Ann, "PATCH", r.path, object{"name": "x"}},
		{r.Ann, "PATCH", r.path, object{"archived": true, "name": "x"}},
	} {
		r.refused(123, one.who, one.method, one.path, one.body)
	}
	for _, path := range []string{"", "/members", "/threads", "/events"} {
		r.do(r.Bob, "GET", r.path+path, nil)
	}
	r.do(r.Bob, "PUT", r.thread+"/read", object{"seq": m.Seq})
	r.do(r.Ann, "GET", r.message(m)+"/versions", nil)
	require.Len(t, ok[page[models.Class]](r, r.Bob, "GET", "/classes?archived=true", nil).Items, 1)
	require.Empty(t, ok[page[models.Class]](r, r.Bob, "GET", "/classes", nil).Items)
	r.do(r.Cai, "DELETE", r.member(r.Cai), nil) // everybody may leave
	r.do(r.Ann, "PATCH", r.path, object{"archived": false, "name": "again"})
	r.say(r.Bob, "y")
}

func TestALockedThreadIsForStaffAndAnArchivedOneForNobody(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Bob, "x")
	r.do(r.Ann, "PATCH", r.thread, object{"locked": true})
	r.refused(122, r.Bob, "POST", r.thread+"/messages", object{"content": "x"})
	r.refused(122, r.Bob, "PATCH", r.message(m), object{"content": "y"})
	r.refused(122, r.Bob, "PUT", r.message(m)+"/reactions/👍", nil)
	r.refused(122, r.Bob, "DELETE", r.message(m), nil)
	r.say(r.Ann, "staff")
	r.do(r.Ann, "PATCH", r.thread, object{"archived": true})
	r.refused(122, r.Ann, "POST", r.thread+"/messages", object{"content": "x"})
	require.Empty(t, ok[page[models.Thread]](r, r.Bob, "GET", r.path+"/threads", nil).Items)
	require.Len(t, ok[page[models.Thread]](r, r.Bob, "GET", r.path+"/threads?archived=true", nil).Items, 1)
	r.do(r.Ann, "PATCH", r.thread, object{"archived": false, "locked": false})
	r.say(r.Bob, "again")
}

func TestEditsAndReactionsCountLikeMessages(t *testing.T) {
	r := newRoom(t, func(l *app.Limits) { l.SendRate, l.SendBurst = 0.5, 4 })
	m := r.say(r.Bob, "x")
	r.do(r.Bob, "PATCH", r.message(m), object{"content": "y"})
	r.do(r.Bob, "PUT", r.message(m)+"/reactions/👍", nil)
	r.do(r.Bob, "PATCH", r.message(m), object{"content": "z"})
	for _, one := range []struct {
		method, path string
		body         any
	}{
		{"POST", r.thread + "/messages", object{"content": "x"}},
		{"PATCH", r.message(m), object{"content": "again"}},
		{"PUT", r.message(m) + "/reactions/🎉", nil},
	} {
		a := r.REST(r.Bob, one.method, one.path, one.body)
		require.Equal(t, 429, a.StatusCode, one.method)
		require.Equal(t, 120, a.Code())
		require.NotEmpty(t, a.Header.Get("Retry-After"))
	}
	r.say(r.Cai, "others go on")
	r.Pass(2 * time.Second)
	r.do(r.Bob, "PATCH", r.message(m), object{"content": "again"})
}

func TestAMuteEndsByTheClock(t *testing.T) {
	r := newRoom(t)
	r.do(r.Ann, "PATCH", r.member(r.Bob), object{"muted_until": r.Now().Add(time.Minute).UTC().Format(models.TimeLayout)})
	a := r.REST(r.Bob, "POST", r.thread+"/messages", object{"content": "x"})
	require.Equal(t, 121, a.Code())
	wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
	require.NoError(t, err, "it says when to try again")
	require.InDelta(t, 60, wait, 2)
	require.Nil(t, ok[page[models.Member]](r, r.Cai, "GET", r.path+"/members?query=bob", nil).Items[0].MutedUntil, "students are not told of each other's")
	require.NotNil(t, ok[page[models.Member]](r, r.Bob, "GET", r.path+"/members?query=bob", nil).Items[0].MutedUntil)
	r.Pass(time.Minute)
	r.say(r.Bob, "again")
}

// A code stands on the board for weeks: who was sent out must not walk in again
// by what everybody can read.
func TestWhoWasRemovedDoesNotComeBackByAnOldCode(t *testing.T) {
	r := newRoom(t)
	code := func() object {
		return object{"code": ok[models.JoinCode](r, r.Ann, "POST", r.path+"/codes", object{"role": "student"}).Code}
	}
	old := code()
	r.do(r.Bob, "DELETE", r.member(r.Bob), nil)
	r.do(r.Bob, "POST", "/join", old)
	r.do(r.Ann, "DELETE", r.member(r.Bob), nil)
	unknown := r.REST(r.Bob, "POST", "/join", object{"code": "2222-2222"})
	refused := r.REST(r.Bob, "POST", "/join", old)
	require.Equal(t, []int{404, 137}, []int{refused.StatusCode, refused.Code()}, "who left may come back, who was removed may not")
	require.Equal(t, unknown.Code(), refused.Code())
	r.refused(107, r.Bob, "GET", r.path, nil)

	r.Pass(time.Second)
	r.do(r.Bob, "POST", "/join", code())
	r.do(r.Ann, "DELETE", r.member(r.Bob), nil)
	r.do(r.Ann, "POST", r.path+"/members", object{"user_id": r.Bob.ID, "role": "student"})
	r.do(r.Bob, "DELETE", r.member(r.Bob), nil)
	r.do(r.Bob, "POST", "/join", old)
}
