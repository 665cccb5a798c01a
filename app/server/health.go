package server

import (
	"github.com/gofiber/fiber/v2"

	"homeroom/app/fault"
)

// healthy says that the process lives.
func (s *Server) healthy(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

// ready says that it can serve, or answers fault.Unavailable: while it stops,
// and while the database does not answer.
func (s *Server) ready(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return fault.Unavailable.With("the server is stopping")
	}
	if s.config.Ready != nil {
		if err := s.config.Ready(c.UserContext()); err != nil {
			s.log.Error("not ready", "error", err.Error())
			return fault.Unavailable
		}
	}
	return s.healthy(c)
}
