package live

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"homeroom/app/door"
	"homeroom/app/fault"
)

// Register adds the paths of the socket: /ws, and /wss, which the clients of
// Pokers dial.
func (h *Hub) Register(f fiber.Router) {
	handler := h.handler()
	f.Get("/ws", handler)
	f.Get("/wss", handler)
}

// handler upgrades a request to a connection. The server has looked at its
// Host and Origin and found out who asks. Faults: SignInFirst, NotAllowed (a
// token that may not read), TooManyTries (the address has too many
// connections), Busy (too many at once, or the server stops).
func (h *Hub) handler() fiber.Handler {
	upgrade := websocket.New(h.serve, websocket.Config{
		Subprotocols:    []string{subprotocol},
		ReadBufferSize:  256,
		WriteBufferSize: 256,
		WriteBufferPool: &sync.Pool{},
		// Compression stays off: the limit on a frame's size holds for what
		// arrives, not for what it unpacks to.
		EnableCompression: false,
		RecoverHandler: func(*websocket.Conn) {
			if p := recover(); p != nil {
				slog.Error("panic on a connection", "panic", p, "stack", stack())
			}
		},
	})
	return func(c *fiber.Ctx) error {
		request := door.Of(c.UserContext())
		if err := request.Actor.CanListen(); err != nil {
			return err
		}
		if !websocket.IsWebSocketUpgrade(c) {
			return fault.NotFound
		}
		if h.isClosed() || !h.upgrades.Allow() {
			return fault.Busy.After(time.Second)
		}
		if !h.hasRoom(request.Address) {
			return fault.TooManyTries
		}
		forget(c)
		c.Locals(requestLocal, &request)
		return upgrade(c)
	}
}

// requestLocal is the name under which the upgrade hands the request on.
const requestLocal = "request"

// forget takes out of a request what only the handshake needed: the upgrade
// keeps all headers as long as the connection lasts, the secrets in them too.
func forget(c *fiber.Ctx) {
	c.SetUserContext(context.Background())
	header := &c.Request().Header
	header.DelAllCookies()
	var names []string
	for name := range header.All() {
		switch name := string(name); {
		case name == fiber.HeaderConnection, name == fiber.HeaderUpgrade, strings.HasPrefix(name, "Sec-Websocket-"):
		default:
			names = append(names, name)
		}
	}
	for _, name := range names {
		header.Del(name)
	}
}

// serve is called once the client has been told of the upgrade, which is not
// always: what is counted is counted here.
func (h *Hub) serve(wrapper *websocket.Conn) {
	request, _ := wrapper.Locals(requestLocal).(*door.Request)
	wrapper.Locals(requestLocal, nil)
	c := newConn(h, wrapper.Conn, request)
	if code, reason := h.add(c); code != 0 {
		c.close(code, reason)
		c.next() // ends with the connection
		c.out.finish()
		return
	}
	defer h.running.Done()
	// A sign-in that ended between the handshake and add was announced to nobody.
	// A connection that has not begun may come back where that cannot be looked at.
	if h.app.MayHaveEnded(c.actor) {
		c.deeply(func() {
			if err := c.lookAgain(); err != nil {
				c.resync()
			}
		})
	}
	c.run()
}
