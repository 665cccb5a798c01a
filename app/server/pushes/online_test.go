package pushes

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func (s *school) online(u models.User) (now app.OnlineCount) {
	s.t.Helper()
	a := s.REST(u, http.MethodGet, "/online", nil)
	require.Equal(s.t, http.StatusOK, a.StatusCode, "%s", a.Bytes)
	a.JSON(s.t, &now)
	return now
}

func TestWhoIsOnlineIsCountedForAllAndNamedForStaff(t *testing.T) {
	s := open(t)
	require.Equal(t, app.OnlineCount{Classes: []app.OnlineClass{{ClassID: s.class.ID}}}, s.online(s.Bob))
	bob, other, cai, eve := s.page(s.Bob), s.page(s.Bob), s.page(s.Cai), s.page(s.Eve)
	named := []app.OnlineMember{{UserID: s.Bob.ID, Name: s.Bob.Name}, {UserID: s.Cai.ID, Name: s.Cai.Name}}
	all := func(classes ...app.OnlineClass) app.OnlineCount {
		return app.OnlineCount{Users: 3, Connections: 4, Classes: append([]app.OnlineClass{}, classes...)}
	}
	require.Equal(t, all(app.OnlineClass{ClassID: s.class.ID, Count: 2, Members: named}), s.online(s.Ann))
	require.Equal(t, all(app.OnlineClass{ClassID: s.class.ID, Count: 2}), s.online(s.Bob))
	require.Equal(t, all(app.OnlineClass{ClassID: s.foreign.ID, Count: 1}), s.online(s.Eve))
	token := s.token(s.Eve, app.NewToken{Scopes: []models.Scope{models.ScopePush}})
	require.Equal(t, 125, s.ask(token, http.MethodGet, "/api/v1/online", "", "").Code())
	require.Equal(t, 130, s.REST(models.User{}, http.MethodGet, "/online", nil).Code())

	require.NoError(t, s.RemoveMember(t.Context(), apptest.As(s.Ann), s.class.ID, s.Cai.ID))
	require.NoError(t, eve.Close())
	require.NoError(t, other.Close())
	require.Eventually(t, func() bool {
		now := s.online(s.Ann)
		return now.Users == 2 && now.Connections == 2 && now.Classes[0].Count == 1
	}, 5*time.Second, 10*time.Millisecond)
	require.Equal(t, named[:1], s.online(s.Ann).Classes[0].Members)
	for _, c := range []*servertest.Socket{bob, cai} {
		require.NoError(t, c.Close())
	}
	require.Eventually(t, func() bool { return s.online(s.Ann).Users == 0 }, 5*time.Second, 10*time.Millisecond)
}

func TestAChangeOfTheCountIsToldAtMostOnceInTwoSeconds(t *testing.T) {
	require.Equal(t, 2*time.Second, live.DefaultLimits().Online)
	const pause = 400 * time.Millisecond
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Online, l.PerUser = pause, 1000 }})
	bob, eve := s.page(s.Bob), s.page(s.Eve)
	stop := make(chan struct{})
	flapped := make(chan int)
	go func() { // Cai's page is reloaded over and over
		for n := 0; ; n++ {
			select {
			case <-stop:
				flapped <- n
				return
			default:
			}
			c, _, err := s.TryDial(s.Cai, servertest.V2, nil)
			if err == nil {
				_ = c.WriteJSON(servertest.Frame{"action": "hello", "since": servertest.Frame{}})
				_, _ = c.TryHear(time.Second)
				time.Sleep(30 * time.Millisecond)
				_ = c.Close()
				time.Sleep(30 * time.Millisecond)
			}
		}
	}()
	began := time.Now()
	told, last := 0, -1.0
	for told < 5 {
		f := bob.Hear()
		if f["op"] != "online" {
			continue
		}
		told++
		count := f["count"].(float64)
		require.NotEqual(t, last, count, "it has changed")
		require.NotContains(t, f, "user_ids", "a student is told no names")
		last = count
	}
	require.GreaterOrEqual(t, time.Since(began), (5-1)*pause-pause/2)
	close(stop)
	require.Greater(t, <-flapped, told, "not every change")
	f := eve.Hear()
	require.Equal(t, []any{"online", float64(s.foreign.ID), 1.0}, []any{f["op"], f["class_id"], f["count"]})
	require.Empty(t, pushes(eve), "another class's change is not told to her")
}
