package server

import (
	"fmt"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/fault"
)

// catchPanics keeps one broken request from ending the process. What the panic
// said may hold anybody's data: it goes to the log, never to the client.
func (s *Server) catchPanics(c *fiber.Ctx) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		s.log.Error("panic",
			"request_id", s.requestOf(c).ID,
			"method", c.Method(),
			"route", c.Route().Path,
			"panic", fmt.Sprint(p),
			"stack", string(debug.Stack()),
		)
		err = fault.Internal
	}()
	return c.Next()
}
