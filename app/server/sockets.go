package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// slim makes an upgraded connection light: without it each socket would hold
// its handshake, in two copies, for as long as it lives.
func (s *Server) slim(c *fiber.Ctx) error {
	if !socketPath(c.Path()) {
		return c.Next()
	}
	dropHeaders(&c.Request().Header)
	if err := c.Next(); err != nil {
		return err
	}
	held, ok := c.Context().Conn().(*conn)
	if !ok || c.Response().StatusCode() != fiber.StatusSwitchingProtocols {
		return nil
	}
	// The first read of a socket comes after the answer was written. From then
	// on nobody looks at the request, but it stays with the connection.
	request := c.Context()
	held.beforeRead(func() {
		request.Request = fasthttp.Request{}
		request.Response = fasthttp.Response{}
	})
	return nil
}

// dropHeaders leaves of a handshake what the handshake needs.
func dropHeaders(h *fasthttp.RequestHeader) {
	var drop []string
	for key := range h.All() {
		name := string(key)
		if name == fiber.HeaderConnection || name == fiber.HeaderUpgrade || name == fiber.HeaderHost || strings.HasPrefix(name, "Sec-Websocket-") {
			continue
		}
		drop = append(drop, name)
	}
	for _, name := range drop {
		h.Del(name)
	}
}
