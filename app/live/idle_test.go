package live_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// idling is a v2 connection of a session at a shared computer, which ends after
// two hours without use.
type idling struct {
	*servertest.Server
	t      *testing.T
	class  models.Class
	thread models.Thread
	secret string
	socket *servertest.Socket
}

func idle(t *testing.T, recheck time.Duration) *idling {
	t.Helper()
	return idleAs(t, recheck, func(h *apptest.House) models.User { return h.Bob })
}

func idleAs(t *testing.T, recheck time.Duration, who func(*apptest.House) models.User) *idling {
	t.Helper()
	s := servertest.New(t, servertest.Options{Live: func(l *live.Limits) { l.Recheck = recheck }})
	i := &idling{Server: s, t: t, class: s.Class("Physics 9b")}
	var err error
	i.thread, err = s.OpenThread(t.Context(), apptest.As(s.Ann), i.class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	_, secrets, err := s.App.SignIn(t.Context(), app.SignIn{Name: who(s.House).Name, Password: apptest.Password})
	require.NoError(t, err)
	i.secret = secrets.Session
	var response *http.Response
	i.socket, response, err = s.TryDial(models.User{}, servertest.V2, http.Header{"Cookie": {"sid=" + i.secret}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	i.socket.Hello()
	return i
}

// seen is when the session was last used.
func (i *idling) seen() time.Time {
	i.t.Helper()
	sessions, err := i.Sessions(i.t.Context(), apptest.As(i.Bob))
	require.NoError(i.t, err)
	require.Len(i.t, sessions, 1)
	return sessions[0].LastSeenAt.Time
}

// say says a frame with what every action may need.
func (i *idling) say(action string) servertest.Frame {
	frame := servertest.Frame{"action": action}
	switch action {
	case "join", "send", "typing", "read":
		frame["thread_id"] = i.thread.ID
	}
	switch action {
	case "join", "send":
		frame["class_id"] = i.class.ID
	}
	switch action {
	case "send":
		frame["content"], frame["client_id"] = "hello", i.Now().String()
	case "read":
		frame["seq"] = 1
	case "hello":
		frame["since"] = servertest.Frame{}
	}
	answer := i.socket.Ask(frame)
	require.Equal(i.t, true, answer["status"], answer)
	return answer
}

func TestWhoTalksAllMorningStaysSignedIn(t *testing.T) {
	for _, action := range []string{"send", "read", "typing", "join"} {
		t.Run(action, func(t *testing.T) {
			i := idle(t, 50*time.Millisecond)
			for range 4 {
				i.Pass(2*time.Hour - 10*time.Second)
				before := i.Now()
				i.say(action)
				require.Eventually(t, func() bool { return !i.seen().Before(before.Truncate(time.Millisecond)) }, 3*time.Second, 10*time.Millisecond)
			}
			actor, err := i.Authenticate(t.Context(), i.secret, app.Cookie)
			require.NoError(t, err, "the page's requests go on too")
			require.Equal(t, i.Bob.ID, actor.User.ID)
		})
	}
}

// The next look at the sign-in used to come first, and to find it idle.
func TestWhatIsSaidIsNotedBeforeTheNextLook(t *testing.T) {
	i := idle(t, time.Hour)
	i.Pass(2*time.Hour - 10*time.Second)
	before := i.Now()
	i.say("send")
	require.False(t, i.seen().Before(before.Truncate(time.Millisecond)))
	i.Pass(time.Minute)
	_, err := i.Authenticate(t.Context(), i.secret, app.Cookie)
	require.NoError(t, err)
}

func TestAPageLeftOpenIsSignedOut(t *testing.T) {
	for _, action := range []string{"keep", "hello"} {
		t.Run(action, func(t *testing.T) {
			i := idle(t, 50*time.Millisecond)
			i.Pass(2*time.Hour - 30*time.Second)
			i.say(action)
			time.Sleep(200 * time.Millisecond) // several looks at the sign-in
			i.Pass(30 * time.Second)
			require.Equal(t, 4500, i.socket.Closed(3*time.Second))
		})
	}
}

// A page in view marks what comes as read, and an admin's asks for the figures,
// though nobody touches it.
func TestWhatAPageAsksByItselfKeepsNoSession(t *testing.T) {
	for _, one := range []struct {
		name string
		who  func(*apptest.House) models.User
		ask  func(*idling) (method, path, body string)
	}{
		{"marking as read", func(h *apptest.House) models.User { return h.Bob }, func(i *idling) (string, string, string) {
			return "PUT", fmt.Sprintf("/classes/%d/threads/%d/read", i.class.ID, i.thread.ID), `{"seq":1}`
		}},
		{"the figures", func(h *apptest.House) models.User { return h.Ada }, func(*idling) (string, string, string) {
			return "GET", "/stats", ""
		}},
	} {
		t.Run(one.name, func(t *testing.T) {
			i := idleAs(t, 50*time.Millisecond, one.who)
			i.Pass(2*time.Hour - 30*time.Second)
			require.Equal(t, http.StatusOK, i.asPage(one.ask(i)))
			require.NoError(t, i.NoteUses(t.Context()), "as a server does every second")
			i.Pass(30 * time.Second)
			require.Equal(t, 4500, i.socket.Closed(3*time.Second))
			require.Equal(t, http.StatusUnauthorized, i.asPage(one.ask(i)))
		})
	}
}

// asPage asks with the cookie, and returns the status.
func (i *idling) asPage(method, path, body string) int {
	i.t.Helper()
	r, err := http.NewRequestWithContext(i.t.Context(), method, i.URL+api.Base+path, strings.NewReader(body))
	require.NoError(i.t, err)
	r.Header = http.Header{"Cookie": {"sid=" + i.secret}, "Content-Type": {"application/json"}, "Sec-Fetch-Site": {"same-origin"}, "X-Requested-With": {"homeroom"}}
	response, err := i.HTTP.Do(r)
	require.NoError(i.t, err)
	require.NoError(i.t, response.Body.Close())
	return response.StatusCode
}
