package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// browser is a signed-in browser with its sockets, one of each dialect.
type browser struct {
	s       *school
	cookie  string
	sockets []*servertest.Socket
}

func (s *school) browser(u models.User) *browser {
	s.t.Helper()
	_, secret := s.SignIn(u)
	b := &browser{s: s, cookie: "sid=" + secret}
	for _, dialect := range []string{servertest.Classic, servertest.V2} {
		c, _, err := s.TryDial(models.User{}, dialect, http.Header{"Cookie": {b.cookie}})
		require.NoError(s.t, err)
		b.sockets = append(b.sockets, c)
	}
	b.sockets[0].Hear()
	b.sockets[1].Hello()
	return b
}

func (b *browser) ask(method, path string, body any) {
	b.s.t.Helper()
	response := b.try(method, path, body)
	_ = response.Body.Close()
	require.Less(b.s.t, response.StatusCode, 300)
}

func (b *browser) try(method, path string, body any) *http.Response {
	b.s.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(b.s.t, err)
	r, err := http.NewRequestWithContext(b.s.t.Context(), method, b.s.URL+api.Base+path, bytes.NewReader(text))
	require.NoError(b.s.t, err)
	r.Header = http.Header{
		"Cookie": {b.cookie}, "Content-Type": {"application/json"},
		"X-Requested-With": {"homeroom"}, "Sec-Fetch-Site": {"same-origin"},
	}
	response, err := b.s.HTTP.Do(r)
	require.NoError(b.s.t, err)
	return response
}

func (b *browser) closed(code int) {
	b.s.t.Helper()
	for _, c := range b.sockets {
		require.Equal(b.s.t, code, c.Closed(soon))
	}
}

func (b *browser) stays() {
	b.s.t.Helper()
	quiet(b.s.t, b.sockets[0])
	require.EqualValues(b.s.t, 100, b.sockets[1].Ask(frame{"action": "keep"})["code"])
}

func TestTheEndOfASignInReachesOpenConnections(t *testing.T) {
	s := open(t)
	set := func(u models.User, change frame) {
		s.ask(s.Ada, http.MethodPatch, "/users/"+key(u.ID), change)
	}
	notLetIn := func(u models.User) {
		t.Helper()
		_, response, err := s.TryDial(u, servertest.V2, nil)
		require.Error(t, err)
		require.Equal(t, 130, refused(t, response).Code)
	}
	t.Run("signing out", func(t *testing.T) {
		here, there := s.browser(s.Bob), s.browser(s.Bob)
		here.ask(http.MethodDelete, "/session", nil)
		here.closed(4500)
		there.stays()
	})
	t.Run("another password", func(t *testing.T) {
		here, there, script := s.browser(s.Cai), s.browser(s.Cai), s.v2(s.Cai)
		here.ask(http.MethodPut, "/me/password", app.NewPassword{Current: apptest.Password, New: "a ferry for the lantern"})
		there.closed(4500)
		here.stays()
		require.Equal(t, 4003, script.Closed(soon), "its token is good, and it comes back")
		s.v2(s.Cai)
	})
	t.Run("another role", func(t *testing.T) {
		eve, script := s.browser(s.Eve), s.v2(s.Eve)
		set(s.Eve, frame{"role": "teacher"})
		eve.closed(4500)
		require.Equal(t, 4003, script.Closed(soon))
		notLetIn(s.Eve)
	})
	t.Run("a disabled account", func(t *testing.T) {
		dan := s.Person("Dan Fox", models.StudentAccount)
		browser, script := s.browser(dan), s.v2(dan)
		set(dan, frame{"disabled": true})
		browser.closed(4501)
		require.Equal(t, 4501, script.Closed(time.Second))
		notLetIn(dan)
	})
	t.Run("a revoked token", func(t *testing.T) {
		token, err := s.CreateToken(t.Context(), apptest.As(s.Ann), app.NewToken{Name: "script"})
		require.NoError(t, err)
		with := http.Header{"Authorization": {"Bearer " + token.Secret}}
		script, _, err := s.TryDial(models.User{}, servertest.V2, with)
		require.NoError(t, err)
		script.Hello()
		other := s.v2(s.Ann)
		s.ask(s.Ann, http.MethodDelete, "/me/tokens/"+key(token.ID), nil)
		require.Equal(t, 4500, script.Closed(time.Second))
		require.EqualValues(t, 100, other.Ask(frame{"action": "keep"})["code"])
	})
}

// comesWhile opens a socket of Bob's and calls f once he was let in, before the
// server has the connection: whatever ends then is announced too early for it.
func comesWhile(t *testing.T, f func(s *school, bob app.Actor)) *servertest.Socket {
	t.Helper()
	var s *school
	s = open(t, servertest.Options{Found: func(actor app.Actor) { f(s, actor) }})
	_, secret := s.SignIn(s.Bob)
	c, _, err := s.TryDial(models.User{}, servertest.V2, http.Header{"Cookie": {"sid=" + secret}})
	require.NoError(t, err)
	return c
}

func TestASignInThatEndsDuringItsHandshakeOpensNothing(t *testing.T) {
	c := comesWhile(t, func(s *school, bob app.Actor) {
		assert.NoError(t, s.SignOut(t.Context(), bob))
	})
	require.Equal(t, 4500, c.Closed(time.Second))
}

// It used to go on, for a minute, with whatever had ended.
func TestASignInThatCannotBeLookedAtDuringItsHandshakeHasToComeBack(t *testing.T) {
	c := comesWhile(t, func(s *school, _ app.Actor) {
		eve, _ := s.SignIn(s.Eve)
		assert.NoError(t, s.SignOut(t.Context(), eve), "somebody's sign-in ended")
		s.sql("ALTER TABLE sessions RENAME TO lost")
	})
	require.Equal(t, 4003, c.Closed(time.Second))
}

func TestASignInThatRanOutEndsItsConnections(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Recheck = 100 * time.Millisecond }})
	bob := s.browser(s.Bob)
	s.Pass(8 * 24 * time.Hour) // nobody used it for a week
	bob.closed(4500)
}

// A database that could not be asked used to sign everybody out for good.
func TestADatabaseInTroubleSignsNobodyOut(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Recheck = 20 * time.Millisecond }})
	bob := s.browser(s.Bob)
	s.sql("ALTER TABLE sessions RENAME TO lost")
	time.Sleep(200 * time.Millisecond) // several looks at the sign-in
	s.sql("ALTER TABLE lost RENAME TO sessions")
	bob.stays()
}

func TestATokenForOneClassHearsOfThatOneAlone(t *testing.T) {
	s := open(t)
	other := s.Class("Chemistry")
	lab := s.openThread(other, "Lab")
	token, err := s.CreateToken(t.Context(), apptest.As(s.Bob), app.NewToken{
		Name: "script", Scopes: []models.Scope{models.ScopeRead}, ClassIDs: []int64{s.class.ID},
	})
	require.NoError(t, err)
	with := http.Header{"Authorization": {"Bearer " + token.Secret}}
	script, _, err := s.TryDial(models.User{}, servertest.V2, with)
	require.NoError(t, err)
	hello := script.Ask(frame{"action": "hello", "since": frame{key(other.ID): 0}})
	require.Equal(t, map[string]any{key(s.class.ID): float64(s.head())}, hello["heads"])
	s.post(s.Ann, lab, "in the lab")
	s.post(s.Ann, s.thread, "here")
	require.Equal(t, "here", data(script.HearOp("event"))["content"])
	require.EqualValues(t, 107, script.Ask(frame{"action": "join", "class_id": other.ID, "thread_id": lab.ID})["code"])
	require.EqualValues(t, 125, script.Ask(s.sending("hi", "1"))["code"], "it may only read")
}

func TestThreat05AFrameThatWasBegunBeforeItsSignInEndedSaysNothing(t *testing.T) {
	s := open(t, patient)
	c := s.raw(s.Bob, servertest.V2)
	c.say(0, whole(opText, `{"action":"hello","ref":"h"}`))
	require.Equal(t, "100 h", c.hear())
	said, err := json.Marshal(s.sending("bye", "begun"))
	require.NoError(t, err)
	parts := pieces(opText, cut(string(said), len(said)/2+1)...)
	c.say(0, parts[0], whole(opPing, "begun"))
	require.Equal(t, "pong begun", c.hear(), "what came before it has been read")
	s.ask(s.Ada, http.MethodPatch, fmt.Sprintf("/users/%d", s.Bob.ID), frame{"disabled": true})
	heard := c.hear()
	for heard == "0" { // what others do
		heard = c.hear()
	}
	require.Equal(t, "close 4501", heard)
	c.say(0, parts[1])
	require.Equal(t, "gone", c.hear())
	page, err := s.Messages(t.Context(), apptest.As(s.Ann), s.class.ID, s.thread.ID, app.PageAround{Limit: 50})
	require.NoError(t, err)
	require.Empty(t, page.Items)
}
