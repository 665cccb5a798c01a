package live_test

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
	s := servertest.New(t, servertest.Options{Live: func(l *live.Limits) { l.Recheck = recheck }})
	i := &idling{Server: s, t: t, class: s.Class("Physics 9b")}
	var err error
	i.thread, err = s.OpenThread(t.Context(), apptest.As(s.Ann), i.class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	_, secrets, err := s.App.SignIn(t.Context(), app.SignIn{Name: s.Bob.Name, Password: apptest.Password})
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
