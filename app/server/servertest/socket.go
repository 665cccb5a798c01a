package servertest

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/models"
)

// Socket is a client's end of a live connection.
type Socket struct {
	*websocket.Conn
	t testing.TB
}

// Frame is a frame, decoded.
type Frame map[string]any

// The dialects to dial with.
const (
	Classic = ""
	V2      = "homeroom.v2"
)

// Dial opens a connection as the user's script does, until the test ends.
func (s *Server) Dial(u models.User, dialect string) *Socket {
	s.t.Helper()
	c, response, err := s.TryDial(u, dialect, nil)
	require.NoError(s.t, err)
	_ = response.Body.Close()
	return c
}

// TryDial is Dial where the handshake may be refused. Headers are added to the
// handshake.
func (s *Server) TryDial(u models.User, dialect string, headers http.Header) (*Socket, *http.Response, error) {
	s.t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second}
	if dialect != "" {
		dialer.Subprotocols = []string{dialect}
	}
	h := headers.Clone()
	if h == nil {
		h = http.Header{}
	}
	if u.ID != 0 {
		h.Set("Authorization", "Bearer "+s.Token(u))
	}
	ws, response, err := dialer.Dial("ws://"+s.Host()+"/ws", h)
	if err != nil {
		return nil, response, err
	}
	c := &Socket{Conn: ws, t: s.t}
	s.t.Cleanup(func() { _ = ws.Close() })
	return c, response, nil
}

// Say sends a frame: a string as it is, all else as JSON.
func (c *Socket) Say(v any) {
	c.t.Helper()
	text, ok := v.(string)
	if !ok {
		encoded, err := json.Marshal(v)
		require.NoError(c.t, err)
		text = string(encoded)
	}
	require.NoError(c.t, c.WriteMessage(websocket.TextMessage, []byte(text)))
}

// Hear returns the next frame.
func (c *Socket) Hear() Frame {
	c.t.Helper()
	f, err := c.TryHear(5 * time.Second)
	require.NoError(c.t, err)
	return f
}

// TryHear returns the next frame that comes within d, or the error that ended
// the connection. A connection that was silent for d is not read again.
func (c *Socket) TryHear(d time.Duration) (Frame, error) {
	_ = c.SetReadDeadline(time.Now().Add(d))
	_, text, err := c.ReadMessage()
	if err != nil {
		return nil, err
	}
	var f Frame
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	return f, nil
}

// HearOp returns the next frame with that op, passing over those that come by
// the clock: who is online, who looks.
func (c *Socket) HearOp(op string) Frame {
	c.t.Helper()
	for {
		f := c.Hear()
		if f["op"] == op {
			return f
		}
		require.Contains(c.t, []any{"online", "presence", "keep", "typing", "read"}, f["op"], "while waiting for %s: %v", op, f)
	}
}

// Ask says a frame and returns its answer, by its ref.
func (c *Socket) Ask(frame Frame) Frame {
	c.t.Helper()
	frame["ref"] = "ask"
	c.Say(frame)
	for {
		if f := c.Hear(); f["ref"] == "ask" {
			return f
		}
	}
}

// Hello says hello with nothing missed and returns the answer.
func (c *Socket) Hello() Frame { return c.Ask(Frame{"action": "hello", "since": Frame{}}) }

// Closed waits for the connection to be closed and returns the code; frames
// that come before are passed over.
func (c *Socket) Closed(within time.Duration) int {
	c.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(within))
	for {
		_, _, err := c.ReadMessage()
		var closed *websocket.CloseError
		switch {
		case errors.As(err, &closed):
			return closed.Code
		case err != nil:
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				require.Fail(c.t, "the connection stayed open")
			}
			return websocket.CloseAbnormalClosure
		}
	}
}
