package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/chaostest"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// The numbers are those of the threats in docs/security.md: here what one user
// may do to another. Package access holds every operation against every role.

// lesson is a server with a class, a thread and a message of Bob's, and a class
// that is none of theirs.
type lesson struct {
	*servertest.Server
	t       testing.TB
	class   models.Class
	thread  models.Thread
	message models.Message
	other   models.Thread // Eve's
}

func newLesson(t testing.TB, options ...servertest.Options) *lesson {
	t.Helper()
	l := &lesson{Server: servertest.New(t, options...), t: t}
	ctx := t.Context()
	l.class = l.Class("Physics 9b")
	var err error
	l.thread, err = l.OpenThread(ctx, apptest.As(l.Ann), l.class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	l.message, _, err = l.Send(ctx, apptest.As(l.Bob), l.class.ID, l.thread.ID, app.NewMessage{Content: "When is the test?"})
	require.NoError(t, err)
	hers, err := l.CreateClass(ctx, apptest.As(l.Ada), app.NewClass{Name: "Choir"})
	require.NoError(t, err)
	_, err = l.AddMember(ctx, apptest.As(l.Ada), hers.ID, app.NewMember{UserID: l.Eve.ID, Role: models.Student})
	require.NoError(t, err)
	l.other, err = l.OpenThread(ctx, apptest.As(l.Ada), hers.ID, app.NewThread{Name: "Songs"})
	require.NoError(t, err)
	return l
}

func (l *lesson) in(format string, args ...any) string {
	return fmt.Sprintf("/classes/%d", l.class.ID) + fmt.Sprintf(format, args...)
}

func (l *lesson) messages(format string, args ...any) string {
	return l.in("/threads/%d/messages", l.thread.ID) + fmt.Sprintf(format, args...)
}

func (l *lesson) head() int64 {
	head, err := l.Head(l.t.Context(), apptest.As(l.Ann), l.class.ID)
	require.NoError(l.t, err)
	return head
}

func (l *lesson) refuses(a servertest.Answer, status, code int, why string) {
	l.t.Helper()
	require.Equal(l.t, []int{status, code}, []int{a.StatusCode, a.Code()}, "%s: %s", why, a.Bytes)
}

func TestThreat02AThreadIsFoundInItsOwnClassOnly(t *testing.T) {
	l := newLesson(t)
	crossed := l.in("/threads/%d", l.other.ID)
	for _, path := range []string{crossed, crossed + "/messages", fmt.Sprintf("%s/messages/%d", crossed, l.message.ID)} {
		l.refuses(l.REST(l.Bob, http.MethodGet, path, nil), 404, 102, path)
		l.refuses(l.REST(l.Eve, http.MethodGet, path, nil), 403, 107, path)
		l.refuses(l.REST(models.User{}, http.MethodGet, path, nil), 401, 130, path)
	}
	missing := strings.Replace(crossed, fmt.Sprint(l.other.ID), "999999", 1)
	same := func(path string) string {
		a := l.REST(l.Bob, http.MethodGet, path, nil)
		return strings.ReplaceAll(string(a.Bytes), a.Header.Get("X-Request-Id"), "")
	}
	require.Equal(t, same(missing), same(crossed), "what is elsewhere looks like what is nowhere")
	l.refuses(l.REST(l.Bob, http.MethodPost, crossed+"/messages", object{"content": "hi"}), 404, 102, "writing")
}

func TestThreat08NobodyChangesWhatAnotherSaid(t *testing.T) {
	l := newLesson(t)
	path, pin, before := l.messages("/%d", l.message.ID), l.in("/threads/%d/pin", l.thread.ID), l.head()
	l.refuses(l.REST(l.Cai, http.MethodPatch, path, object{"content": "forged"}), 403, 125, "edit")
	l.refuses(l.REST(l.Cai, http.MethodDelete, path, nil), 403, 125, "delete")
	l.refuses(l.REST(l.Cai, http.MethodPut, pin, object{"message_id": l.message.ID}), 403, 125, "pin")
	l.refuses(l.REST(l.Cai, http.MethodGet, path+"/versions", nil), 403, 125, "versions")
	l.refuses(l.REST(l.Ann, http.MethodPatch, path, object{"content": "forged"}), 403, 125, "not even staff puts words into a mouth")
	l.refuses(l.REST(l.Eve, http.MethodPatch, path, object{"content": "forged"}), 403, 107, "a stranger")
	l.refuses(l.REST(l.Cai, http.MethodPatch, l.messages("/999999"), object{"content": "forged"}), 404, 126, "nothing")
	require.Equal(t, before, l.head())
}

func TestThreat10NoRequestSetsWhatIsNotItsOwn(t *testing.T) {
	l := newLesson(t)
	for path, body := range map[string]object{
		l.messages(""): {"content": "hi"}, "/classes": {"name": "Mine"}, l.in("/threads"): {"name": "Mine"},
	} {
		for _, field := range []string{"id", "role", "is_super", "speaker_id", "sender", "created_at", "created_by", "seq", "class_id", "password_hash"} {
			forged := object{field: 1}
			for key, value := range body {
				forged[key] = value
			}
			l.refuses(l.REST(l.Ann, http.MethodPost, path, forged), 422, 104, path+" with "+field)
		}
	}
	for _, field := range []string{"role", "disabled", "id", "is_admin"} {
		l.refuses(l.REST(l.Bob, http.MethodPatch, "/me", object{field: "admin"}), 422, 104, field)
	}
}

func TestThreat11NobodyRaisesTheirRole(t *testing.T) {
	l := newLesson(t)
	mine := l.in("/members/%d", l.Bob.ID)
	for _, role := range []string{"assistant", "teacher", "owner"} {
		l.refuses(l.REST(l.Bob, http.MethodPatch, mine, object{"role": role}), 403, 125, role)
		l.refuses(l.REST(l.Cai, http.MethodPatch, mine, object{"role": role}), 403, 125, role)
	}
	for _, u := range []models.User{l.Bob, l.Ann} { // a teacher is no admin
		for _, id := range []int64{u.ID, l.Ada.ID} {
			l.refuses(l.REST(u, http.MethodPatch, fmt.Sprintf("/users/%d", id), object{"role": "admin"}), 403, 125, u.Name)
			l.refuses(l.REST(u, http.MethodPost, fmt.Sprintf("/users/%d/reset", id), nil), 403, 125, u.Name)
		}
		l.refuses(l.REST(u, http.MethodPost, "/users", object{"name": "Mallory", "role": "admin"}), 403, 125, u.Name)
		l.refuses(l.REST(u, http.MethodGet, "/audit", nil), 403, 125, u.Name)
	}
}

func TestThreat12ACodeThatIsNotGoodSaysNothing(t *testing.T) {
	l := newLesson(t)
	code := func(uses int) (c models.JoinCode) {
		l.REST(l.Ann, http.MethodPost, l.in("/codes"), object{"role": "student", "max_uses": uses}).JSON(t, &c)
		return c
	}
	join := func(u models.User, c string) servertest.Answer {
		return l.REST(u, http.MethodPost, "/join", object{"code": c})
	}
	revoked, expired, once := code(5), code(5), code(1)
	require.Equal(t, 204, l.REST(l.Ann, http.MethodDelete, l.in("/codes/%d", revoked.ID), nil).StatusCode)

	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range 2 {
		u := l.Person(fmt.Sprintf("Newcomer %c", 'A'+i), models.StudentAccount)
		l.Token(u)
		all.Go(func() {
			a := join(u, once.Code)
			mu.Lock()
			defer mu.Unlock()
			statuses[a.StatusCode]++
		})
	}
	all.Wait()
	require.Equal(t, map[int]int{200: 1, 404: 1}, statuses, "of two at once one gets in")

	l.Pass(8 * 24 * time.Hour)
	texts := map[string]bool{}
	for why, c := range map[string]string{"used up": once.Code, "revoked": revoked.Code, "expired": expired.Code, "made up": "2345-6789", "nonsense": "'; --"} {
		a := join(l.Eve, c)
		l.refuses(a, 404, 137, why)
		texts[strings.ReplaceAll(string(a.Bytes), a.Header.Get("X-Request-Id"), "")] = true
	}
	require.Len(t, texts, 1, "all of them are told the same")
}

func TestThreat46OfManyAtOnceOneWins(t *testing.T) {
	const many = 50
	l := newLesson(t, servertest.Options{App: func(limits *app.Limits) { limits.SendBurst = 2 * many }})
	race := func(do func(i int) int) map[int]int {
		var all sync.WaitGroup
		var mu sync.Mutex
		statuses := map[int]int{}
		for i := range many {
			all.Go(func() {
				status := do(i)
				mu.Lock()
				defer mu.Unlock()
				statuses[status]++
			})
		}
		all.Wait()
		return statuses
	}
	post := func(u models.User, path string, body any) func(int) int {
		l.Token(u)
		return func(int) int { return l.REST(u, http.MethodPost, path, body).StatusCode }
	}
	require.Equal(t, map[int]int{201: 1, 200: many - 1}, race(post(l.Bob, l.messages(""), object{"content": "once", "client_id": "same"})))
	require.Equal(t, map[int]int{201: 1, 409: many - 1}, race(post(l.Ann, l.in("/threads"), object{"name": "Same"})))

	var c models.JoinCode
	l.REST(l.Ann, http.MethodPost, l.in("/codes"), object{"role": "student", "max_uses": 3}).JSON(t, &c)
	joined := race(post(l.Eve, "/join", object{"code": c.Code}))
	require.Equal(t, map[int]int{200: many}, joined, "who is in is in")
	var members struct{ Items []models.Member }
	l.REST(l.Ann, http.MethodGet, l.in("/members"), nil).JSON(t, &members)
	require.Len(t, members.Items, 4)

	before := l.head()
	gone := race(func(int) int {
		return l.REST(l.Bob, http.MethodDelete, l.messages("/%d", l.message.ID), nil).StatusCode
	})
	require.Equal(t, before+1, l.head(), "a message is deleted once: %v", gone)
}

// TestThreat46OfManyAtOnceOneWinsEveryTime is the same many times over: of those
// who use a code that is good for one, who are added, and who delete.
func TestThreat46OfManyAtOnceOneWinsEveryTime(t *testing.T) {
	const many = 50
	rounds := chaostest.Of(1, 200)
	l := newLesson(t, servertest.Options{
		App: func(limits *app.Limits) {
			limits.SendRate, limits.SendBurst, limits.ThreadRate, limits.ClassesPerUser, limits.CodeTries = 1e6, 1e6, 1e6, 1e6, 1e6
		},
		Server: func(c *server.Config) {
			c.Limits.RequestRate, c.Limits.RequestBurst, c.Limits.AddressRate, c.Limits.AddressBurst = 1e6, 1e6, 1e6, 1e6
		},
	})
	l.HTTP.Transport = &http.Transport{MaxIdleConnsPerHost: many}
	var crowd []models.User
	for i := range many {
		u := l.Person(fmt.Sprintf("One %c%c", 'A'+i/26, 'A'+i%26), models.StudentAccount)
		l.Token(u)
		crowd = append(crowd, u)
	}
	l.Token(l.Ann)
	atOnce := func(do func(i int) int) map[int]int {
		var all sync.WaitGroup
		var mu sync.Mutex
		statuses, start := map[int]int{}, make(chan struct{})
		for i := range many {
			all.Go(func() {
				<-start
				status := do(i)
				mu.Lock()
				defer mu.Unlock()
				statuses[status]++
			})
		}
		close(start)
		all.Wait()
		return statuses
	}
	requests, joined, added, deleted := 0, 0, 0, 0
	for round := range rounds {
		class, err := l.CreateClass(t.Context(), apptest.As(l.Ann), app.NewClass{Name: fmt.Sprint("Round ", round)})
		require.NoError(t, err)
		in := fmt.Sprintf("/classes/%d", class.ID)
		head := func() (c models.Class) { l.REST(l.Ann, http.MethodGet, in, nil).JSON(t, &c); return c }
		var code models.JoinCode
		l.REST(l.Ann, http.MethodPost, in+"/codes", object{"role": "student", "max_uses": 1}).JSON(t, &code)
		before := head().Seq
		got := atOnce(func(i int) int {
			return l.REST(crowd[i], http.MethodPost, "/join", object{"code": code.Code}).StatusCode
		})
		require.Equal(t, map[int]int{200: 1, 404: many - 1}, got, "a code that is good for one")
		require.Equal(t, []int64{before + 2, 2}, []int64{head().Seq, l.members(class.ID)}, "one member, and one use of the code")
		joined += got[200]

		before = head().Seq
		got = atOnce(func(int) int {
			return l.REST(l.Ann, http.MethodPost, in+"/members", object{"user_id": l.Eve.ID, "role": "student"}).StatusCode
		})
		require.Equal(t, many, got[200]+got[201]+got[409], "%v", got)
		require.Equal(t, []int64{before + 1, 3}, []int64{head().Seq, l.members(class.ID)}, "added once: %v", got)
		added++

		thread, err := l.OpenThread(t.Context(), apptest.As(l.Ann), class.ID, app.NewThread{Name: "Homework"})
		require.NoError(t, err)
		m, _, err := l.Send(t.Context(), apptest.As(l.Ann), class.ID, thread.ID, app.NewMessage{Content: "once"})
		require.NoError(t, err)
		for _, path := range []string{fmt.Sprintf("%s/threads/%d/messages/%d", in, thread.ID, m.ID), fmt.Sprintf("%s/threads/%d", in, thread.ID)} {
			before = head().Seq
			got = atOnce(func(int) int { return l.REST(l.Ann, http.MethodDelete, path, nil).StatusCode })
			require.Equal(t, many, got[200]+got[204]+got[404]+got[409], "%v", got)
			require.Equal(t, before+1, head().Seq, "deleted once: %v", got)
			deleted++
		}
		requests += 4 * many
	}
	chaostest.Figures("T46", "rounds=%d parallel=%d requests=%d joined=%d added=%d deleted=%d more_than_once=0", rounds, many, requests, joined, added, deleted)
}

// members is how many a class has.
func (l *lesson) members(classID int64) int64 {
	l.t.Helper()
	var page struct{ Items []models.Member }
	l.REST(l.Ann, http.MethodGet, fmt.Sprintf("/classes/%d/members", classID), nil).JSON(l.t, &page)
	return int64(len(page.Items))
}
