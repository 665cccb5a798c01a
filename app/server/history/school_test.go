package history

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// object is a body.
type object = map[string]any

// school is a server without limits on how fast somebody talks.
func school(t testing.TB, more ...servertest.Options) *servertest.Server {
	return servertest.New(t, append(more, servertest.Options{
		App: func(l *app.Limits) {
			l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6
			l.ClassesPerUser, l.CodeTries = 1e6, 1e6
		},
		Live: func(l *live.Limits) {
			l.FrameRate, l.FrameBurst, l.PerUser, l.PerAddress = 1e6, 1e6, 1e6, 1e6
		},
	})...)
}

// newClient is a client of u's that cares for one class.
func newClient(t testing.TB, s *servertest.Server, u models.User, class int64) *client {
	c := reference(t, s, u, class)
	t.Cleanup(c.hangUp)
	return c
}

func reference(t tb, s *servertest.Server, u models.User, class int64) *client {
	return &client{t: t, server: s, user: u, classes: map[int64]*known{}, follow: func(id int64) bool { return id == class }}
}

// must makes a request that has to succeed, and reads the answer.
func must[T any](t tb, s *servertest.Server, u models.User, method, path string, body any) (v T) {
	t.Helper()
	a := s.REST(u, method, path, body)
	require.Less(t, a.StatusCode, 300, "%s %s: %s", method, path, a.Bytes)
	if len(a.Bytes) > 0 {
		require.NoError(t, jsonInto(a.Bytes, &v), string(a.Bytes))
	}
	return v
}

// inThread is the path of a thread, and what follows it.
func inThread(class, thread int64, rest string, args ...any) string {
	return fmt.Sprintf("/classes/%d/threads/%d", class, thread) + fmt.Sprintf(rest, args...)
}
