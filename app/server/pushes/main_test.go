// Package pushes holds every door of pushes against docs/protocol.md, each
// through a client that senders use.
package pushes

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

type object = map[string]any

// school is a server with a class of Ann's, Bob and Cai in it, and one of Eve's
// alone.
type school struct {
	*servertest.Server
	t              testing.TB
	class, foreign models.Class
}

func open(t testing.TB, options ...servertest.Options) *school {
	t.Helper()
	s := &school{t: t, Server: servertest.New(t, options...)}
	s.class = s.Class("Physics 9b")
	var err error
	s.foreign, err = s.CreateClass(t.Context(), apptest.As(s.Ada), app.NewClass{Name: "Chess"})
	require.NoError(t, err)
	_, err = s.AddMember(t.Context(), apptest.As(s.Ada), s.foreign.ID, app.NewMember{UserID: s.Eve.ID, Role: models.Student})
	require.NoError(t, err)
	return s
}

// page opens a user's page: a connection that shows pushes.
func (s *school) page(u models.User) *servertest.Socket {
	s.t.Helper()
	c := s.Dial(u, servertest.V2)
	c.Hello()
	return c
}

// tells pushes by REST and wants it to be taken.
func (s *school) tells(u models.User, body object) app.PushResult {
	s.t.Helper()
	a := s.REST(u, http.MethodPost, "/pushes", body)
	require.Equal(s.t, http.StatusOK, a.StatusCode, "%s", a.Bytes)
	var result app.PushResult
	a.JSON(s.t, &result)
	return result
}

// token makes a token and returns its secret.
func (s *school) token(u models.User, in app.NewToken) string {
	s.t.Helper()
	in.Name = "sender"
	made, err := s.CreateToken(s.t.Context(), apptest.As(u), in)
	require.NoError(s.t, err)
	return made.Secret
}

// ask asks with a token; a body of "" is none.
func (s *school) ask(secret, method, path, media, body string) servertest.Answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(s.t, err)
	if body != "" {
		r.Header.Set("Content-Type", media)
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	response, err := s.HTTP.Do(r)
	require.NoError(s.t, err)
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return servertest.Answer{Response: response, Bytes: read}
}

// pushes returns what was pushed to a page until now: the answer to a frame of
// its own comes after everything that was told before.
func pushes(c *servertest.Socket) (told []servertest.Frame) {
	c.Say(servertest.Frame{"action": "keep", "ref": "until now"})
	for {
		f := c.Hear()
		switch {
		case f["ref"] == "until now":
			return told
		case f["op"] == "push":
			told = append(told, f)
		}
	}
}

// contents are the texts of pushes.
func contents(told []servertest.Frame) (all []string) {
	for _, f := range told {
		text, _ := f["content"].(string)
		all = append(all, text)
	}
	return all
}

func encoded(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
