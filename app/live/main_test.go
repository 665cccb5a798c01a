package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/chaostest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func TestMain(m *testing.M) { servertest.VerifyNoLeaks(m) }

type frame = servertest.Frame

// soon is when a connection knows that a sign-in or a membership has ended: within
// the second that is promised, and what a busy machine adds to that.
var soon = chaostest.Of(3*time.Second, time.Second)

// school is a server with a class of Ann's, Bob and Cai in it, and a thread.
type school struct {
	*servertest.Server
	t      *testing.T
	class  models.Class
	thread models.Thread
}

// patient leaves the limits of rates out of a test that is about something else.
var patient = servertest.Options{
	App: func(l *app.Limits) { l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6 },
	Live: func(l *live.Limits) {
		l.FrameRate, l.FrameBurst, l.BadFrames, l.PerUser = 1e6, 1e6, 1e6, 100
	},
}

func open(t *testing.T, options ...servertest.Options) *school {
	t.Helper()
	s := &school{Server: servertest.New(t, options...), t: t}
	s.class = s.Class("Physics")
	s.thread = s.openThread(s.class, "Homework")
	return s
}

func (s *school) openThread(class models.Class, name string) models.Thread {
	s.t.Helper()
	thread, err := s.OpenThread(s.t.Context(), apptest.As(s.Ann), class.ID, app.NewThread{Name: name})
	require.NoError(s.t, err)
	return thread
}

// path is a REST path below the class.
func (s *school) path(format string, args ...any) string {
	return fmt.Sprintf("/classes/%d", s.class.ID) + fmt.Sprintf(format, args...)
}

func (s *school) inThread(format string, args ...any) string {
	return s.path("/threads/%d", s.thread.ID) + fmt.Sprintf(format, args...)
}

// ask asks over REST and wants an answer in the 200s.
func (s *school) ask(u models.User, method, path string, body any) servertest.Answer {
	s.t.Helper()
	a := s.REST(u, method, path, body)
	require.Less(s.t, a.StatusCode, 300, "%s %s: %s", method, path, a.Bytes)
	return a
}

// post stores a message over REST.
func (s *school) post(u models.User, thread models.Thread, text string) models.Message {
	s.t.Helper()
	var m models.Message
	path := fmt.Sprintf("/classes/%d/threads/%d/messages", thread.ClassID, thread.ID)
	s.ask(u, http.MethodPost, path, app.NewMessage{Content: text}).JSON(s.t, &m)
	return m
}

func (s *school) remove(u models.User) {
	s.t.Helper()
	s.ask(s.Ann, http.MethodDelete, s.path("/members/%d", u.ID), nil)
}

func (s *school) head() int64 {
	s.t.Helper()
	head, err := s.Head(s.t.Context(), apptest.As(s.Ann), s.class.ID)
	require.NoError(s.t, err)
	return head
}

// dial opens a connection on a path with headers of one's own.
func (s *school) dial(path, dialect string, headers http.Header, change ...func(*websocket.Dialer)) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second}
	if dialect != servertest.Classic {
		dialer.Subprotocols = []string{dialect}
	}
	for _, f := range change {
		f(&dialer)
	}
	ws, response, err := dialer.Dial("ws://"+s.Host()+path, headers)
	if err == nil {
		s.t.Cleanup(func() { _ = ws.Close() })
	}
	return ws, response, err
}

func (s *school) bearer(u models.User) http.Header {
	return http.Header{"Authorization": {"Bearer " + s.Token(u)}}
}

// equal compares what was heard with what is wanted, as JSON.
func equal(t *testing.T, want any, got frame, why ...any) {
	t.Helper()
	text, err := json.Marshal(got)
	require.NoError(t, err)
	wanted, isText := want.(string)
	if !isText {
		encoded, err := json.Marshal(want)
		require.NoError(t, err)
		wanted = string(encoded)
	}
	require.JSONEq(t, wanted, string(text), why...)
}

const malformed = `{"op":"send","status":false,"code":104,"msg":"Illegal request"}`

// quiet wants a classic connection to have nothing more to hear: the next thing
// is the answer to an empty frame.
func quiet(t *testing.T, c *servertest.Socket, why ...any) {
	t.Helper()
	c.Say("{}")
	equal(t, malformed, c.Hear(), why...)
}

// told says a v2 frame and returns the answer and what was heard before it.
func told(t *testing.T, c *servertest.Socket, say frame) (answer frame, before []frame) {
	t.Helper()
	say["ref"] = "told"
	c.Say(say)
	for {
		f := c.Hear()
		if f["ref"] == "told" {
			return f, before
		}
		before = append(before, f)
	}
}

// events wants the next n events of a v2 connection, passing over what comes by
// the clock.
func events(c *servertest.Socket, n int) []frame {
	all := make([]frame, n)
	for i := range all {
		all[i] = c.HearOp("event")
	}
	return all
}
