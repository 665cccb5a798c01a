package history

import (
	"encoding/json"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

// fault is what happens to a frame on its way.
type fault int

const (
	none fault = iota
	dropped
	doubled
	late // it arrives after the one behind it
	cut  // the connection ends before it
)

// link is a connection that loses frames, as told by fate.
type link struct {
	socket *servertest.Socket
	frames chan []byte // closed when the connection ends
	held   []byte
	dead   bool
}

// dial opens a connection, without faults of its own.
func (c *client) dial() {
	c.t.Helper()
	socket, response, err := c.server.TryDial(c.user, servertest.V2, nil)
	require.NoError(c.t, err)
	_ = response.Body.Close()
	l := &link{socket: socket, frames: make(chan []byte, 10_000)}
	go func() {
		defer close(l.frames)
		for {
			_, text, err := socket.ReadMessage()
			if err != nil {
				return
			}
			l.frames <- text
		}
	}()
	c.link = l
}

func (c *client) hangUp() {
	if c.link == nil {
		return
	}
	_ = c.link.socket.Close()
	for range c.link.frames { // what was under way is lost
	}
	c.link = nil
}

// connect dials and says hello with the numbers that the client knows.
func (c *client) connect() {
	c.t.Helper()
	c.hangUp()
	c.dial()
	c.hello()
}

func (c *client) hello() {
	c.t.Helper()
	c.gap = false
	since := map[int64]int64{}
	for id, k := range c.classes {
		since[id] = k.seq
	}
	answer := c.ask(servertest.Frame{"action": "hello", "since": since})
	if answer != nil {
		c.compareKnown(answer.Heads)
	}
}

// compareKnown is compare after a hello, which tells what was missed by itself.
func (c *client) compareKnown(heads map[int64]int64) {
	c.compare(heads)
	c.gap = false
}

type answer struct {
	Ref     string          `json:"ref"`
	Status  *bool           `json:"status"`
	Code    int             `json:"code"`
	Heads   map[int64]int64 `json:"heads"`
	Message *models.Message `json:"message"`
}

// ask says a frame and waits for its answer; frames before it are heard. It
// returns nil where the connection ended.
func (c *client) ask(frame servertest.Frame) *answer {
	c.t.Helper()
	c.refs++
	ref := time.Duration(c.refs).String()
	frame["ref"] = ref
	text, err := json.Marshal(frame)
	require.NoError(c.t, err)
	if err := c.link.socket.WriteMessage(websocket.TextMessage, text); err != nil {
		c.link.dead = true
		return nil
	}
	timeout := time.After(20 * time.Second)
	for {
		select {
		case raw, ok := <-c.link.frames:
			if !ok {
				c.link.dead = true
				return nil
			}
			var a answer
			require.NoError(c.t, json.Unmarshal(raw, &a))
			if a.Status == nil {
				c.hear(raw)
			} else if a.Ref == ref {
				return &a
			}
		case <-timeout:
			require.Fail(c.t, "no answer", "%v", frame)
		}
	}
}

// listen hears what has arrived, each frame by its fate, and mends the
// connection by the rules.
func (c *client) listen(fate func() fault) {
	c.t.Helper()
	for c.link != nil && !c.link.dead {
		select {
		case raw, ok := <-c.link.frames:
			if !ok {
				c.link.dead = true
				break
			}
			c.arrive(raw, fate())
		default:
			if c.gap {
				c.hello()
				continue
			}
			return
		}
	}
	c.connect()
}

func (c *client) arrive(raw []byte, f fault) {
	l := c.link
	switch f {
	case dropped:
		return
	case cut:
		_ = l.socket.Close()
		l.dead = true
		return
	case late:
		if l.held == nil {
			l.held = raw
			return
		}
	case doubled:
		c.hear(raw)
	}
	c.hear(raw)
	if l.held != nil {
		raw, l.held = l.held, nil
		c.hear(raw)
	}
}

// settle ends the faults and asks where the classes stand until the client is
// there.
func (c *client) settle() {
	c.t.Helper()
	if c.link == nil || c.link.dead {
		c.connect()
	}
	c.link.held = nil
	for range 100 {
		c.listen(func() fault { return none })
		a := c.ask(servertest.Frame{"action": "keep"})
		if a == nil {
			c.connect()
			continue
		}
		c.compare(a.Heads)
		if !c.gap {
			return
		}
	}
	require.Fail(c.t, "the client never gets to where its classes stand")
}
