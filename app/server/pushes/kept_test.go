package pushes

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
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
