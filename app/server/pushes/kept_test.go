package pushes

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func TestAKeptPushIsShownAtTheNextConnectionOnce(t *testing.T) {
	s := open(t)
	keep := func(content string) app.PushResult {
		return s.tells(s.Ada, object{"to": s.Bob.ID, "content": content, "keep": true, "task": "build-7", "percent": 50})
	}
	require.Equal(t, app.PushResult{Result: "offline"}, keep("first"))
	require.Equal(t, app.PushResult{Result: "offline"}, s.tells(s.Ada, object{"to": s.Bob.ID, "content": "not kept"}))
	require.Equal(t, app.PushResult{Result: "offline"}, keep("second"))
	s.Dial(s.Bob, servertest.Classic)
	require.Equal(t, app.PushResult{Result: "offline"}, keep("third"), "a classic connection shows nothing")
	s.Restart()

	require.Empty(t, pushes(s.page(s.Cai)), "it is Bob's")
	silent := s.Dial(s.Bob, servertest.V2)
	silent.Ask(servertest.Frame{"action": "keep"})
	bob := s.page(s.Bob)
	told := pushes(bob)
	require.Equal(t, []string{"first", "second", "third"}, contents(told))
	require.Equal(t, []any{"build-7", 50.0}, []any{told[0]["task"], told[0]["percent"]})
	silent.Hello()
	require.Empty(t, pushes(silent), "once")
	require.NoError(t, bob.Close())
	require.Empty(t, pushes(s.page(s.Bob)), "for good")
	require.Eventually(t, func() bool { // the server finds out that one has gone
		return s.tells(s.Ada, object{"to": s.Bob.ID, "content": "not kept"}).Reached == 2
	}, 5*time.Second, 10*time.Millisecond)
	require.Equal(t, app.PushResult{Result: "ok", Reached: 2}, keep("now"), "who is there is told, and nothing is kept")
}

func TestNothingIsKeptForNobody(t *testing.T) {
	s := open(t)
	disable := func(off bool) {
		t.Helper()
		_, err := s.ChangeUser(t.Context(), apptest.As(s.Ada), s.Bob.ID, app.UserChange{Disabled: &off})
		require.NoError(t, err)
	}
	disable(true)
	for _, to := range []any{s.Bob.ID, s.Bob.Name, 1 << 40, 0, "Nobody"} {
		require.Equal(t, app.PushResult{Result: "offline"}, s.tells(s.Ada, object{"to": to, "content": "lost", "keep": true}), to)
	}
	disable(false)
	require.Empty(t, pushes(s.page(s.Bob)))
}

func TestAKeptPushWaitsSevenDays(t *testing.T) {
	require.Equal(t, 7*24*time.Hour, app.DefaultLimits().KeepPushes)
	s := open(t)
	for _, u := range []int64{s.Bob.ID, s.Cai.ID} {
		s.tells(s.Ada, object{"to": u, "content": "wait", "keep": true})
	}
	s.Pass(7*24*time.Hour - time.Minute)
	require.Equal(t, []string{"wait"}, contents(pushes(s.page(s.Bob))))
	s.Pass(time.Minute)
	require.Empty(t, pushes(s.page(s.Cai)))
}

func TestHowLongAPushWaitsIsASetting(t *testing.T) {
	s := open(t, servertest.Options{App: func(l *app.Limits) { l.KeepPushes = time.Hour }})
	s.tells(s.Ada, object{"to": s.Bob.ID, "content": "early", "keep": true})
	s.Pass(time.Hour)
	require.NoError(t, s.ForgetExpiredPushes(t.Context()), "the hourly clean-up")
	s.tells(s.Ada, object{"to": s.Bob.ID, "content": "late", "keep": true})
	require.Equal(t, []string{"late"}, contents(pushes(s.page(s.Bob))))
}

func TestKeptPushesOfAUserAreBounded(t *testing.T) {
	s := open(t, servertest.Options{App: func(l *app.Limits) { l.KeptPushes = 3 }})
	for i := range 3 {
		s.tells(s.Ada, object{"to": s.Bob.ID, "content": fmt.Sprint(i), "keep": true})
	}
	a := s.REST(s.Ada, http.MethodPost, "/pushes", object{"to": s.Bob.ID, "content": "one more", "keep": true})
	require.Equal(t, []int{http.StatusTooManyRequests, 120}, []int{a.StatusCode, a.Code()})
	s.tells(s.Ada, object{"to": s.Cai.ID, "content": "another's", "keep": true})
	require.Equal(t, []string{"0", "1", "2"}, contents(pushes(s.page(s.Bob))))
}

// All of it was forgotten as soon as a page had said hello.
func TestWhatAPageThatDiesDidNotTakeIsToldTheNextOne(t *testing.T) {
	const many = 80
	s := open(t, servertest.Options{
		App:  func(l *app.Limits) { l.KeptPushes, l.SendBurst = many, many },
		Live: func(l *live.Limits) { l.Write = 3 * time.Second }, // in which a busy machine reads a frame
	})
	padding := strings.Repeat("😂", 9_000)
	for i := range many {
		s.tells(s.Ada, object{"to": s.Cai.ID, "content": fmt.Sprint(i, " ", padding), "keep": true})
	}
	s.stuck(s.Cai) // the network takes some of it, then nothing
	var told []servertest.Frame
	require.Eventually(t, func() bool {
		next := s.page(s.Cai)
		defer next.Close()
		told = pushes(next)
		return len(told) > 0
	}, 60*time.Second, 50*time.Millisecond)
	for i, content := range contents(told) {
		require.Equal(t, fmt.Sprint(many-len(told)+i), strings.Fields(content)[0], "all from some one on")
	}
	require.Empty(t, pushes(s.page(s.Cai)), "once")
}

func TestATokenThatIsLimitedToClassesHearsPushesToTheseAlone(t *testing.T) {
	s := open(t)
	secret := s.token(s.Bob, app.NewToken{Scopes: []models.Scope{models.ScopeRead}, ClassIDs: []int64{s.class.ID}})
	s.tells(s.Ada, object{"to": s.Bob.ID, "content": "kept", "keep": true})
	limited, _, err := s.TryDial(models.User{}, servertest.V2, http.Header{"Authorization": {"Bearer " + secret}})
	require.NoError(t, err)
	limited.Hello()
	require.EqualValues(t, 125, limited.Ask(servertest.Frame{"action": "watch", "task": "build-7"})["code"])
	require.Equal(t, app.PushResult{Result: "offline"}, s.tells(s.Ada, object{"to": s.Bob.ID, "content": "kept too", "keep": true}))
	require.Equal(t, app.PushResult{Result: "offline"}, s.tells(s.Ada, object{"content": "to all"}))
	require.Equal(t, app.PushResult{Result: "ok", Reached: 1}, s.tells(s.Ada, object{"class_id": s.class.ID, "content": "to the class"}))
	require.Equal(t, []string{"to the class"}, contents(pushes(limited)))
	require.Equal(t, []string{"kept", "kept too"}, contents(pushes(s.page(s.Bob))))
}
