package bench

import (
	"net"
	"strconv"
	"sync"

	"github.com/fasthttp/websocket"
	fiberws "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
)

// Floor is the least that a server of this kind can do: it reads a frame and
// writes one prepared frame to each member of the sender's group. It checks
// nothing, stores nothing and forgets everything. What the product costs is
// told in multiples of it, measured in the same run.
func Floor(ln net.Listener) error {
	f := fiber.New(fiber.Config{DisableStartupMessage: true, ReduceMemoryUsage: true})
	groups := &floorGroups{m: map[string][]*floorConn{}}
	serve := fiberws.New(func(wrapper *fiberws.Conn) {
		c := &floorConn{ws: wrapper.Conn}
		group, _ := wrapper.Locals("group").(string)
		groups.join(group, c)
		defer groups.leave(group, c)
		for {
			_, text, err := c.ws.ReadMessage()
			if err != nil {
				return
			}
			if text[0] == '{' && len(text) < 50 { // the generator's hello
				c.write(groups.welcome)
				continue
			}
			prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
			if err != nil {
				return
			}
			for _, member := range groups.members(group) {
				member.write(prepared)
			}
		}
	}, fiberws.Config{Subprotocols: []string{"homeroom.v2"}, ReadBufferSize: 256, WriteBufferSize: 256, WriteBufferPool: &sync.Pool{}})
	var err error
	if groups.welcome, err = websocket.NewPreparedMessage(websocket.TextMessage, []byte(`{"op":"hello"}`)); err != nil {
		return err
	}
	f.Get("/ws", func(c *fiber.Ctx) error {
		// The "token" of a floor's member is the number of its group.
		c.Locals("group", string([]byte(c.Get("Authorization"))))
		return serve(c)
	})
	return f.Listener(ln)
}

// FloorMember is a member of one of the floor's groups.
func FloorMember(group int) Member { return Member{Token: strconv.Itoa(group)} }

type floorConn struct {
	mu sync.Mutex
	ws *websocket.Conn
}

func (c *floorConn) write(p *websocket.PreparedMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WritePreparedMessage(p)
}

type floorGroups struct {
	mu      sync.RWMutex
	m       map[string][]*floorConn
	welcome *websocket.PreparedMessage
}

func (g *floorGroups) join(group string, c *floorConn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.m[group] = append(g.m[group][:len(g.m[group]):len(g.m[group])], c)
}

func (g *floorGroups) leave(group string, c *floorConn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var left []*floorConn
	for _, other := range g.m[group] {
		if other != c {
			left = append(left, other)
		}
	}
	g.m[group] = left
}

func (g *floorGroups) members(group string) []*floorConn {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.m[group]
}
