package server

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/door"
)

// account gives each request its number and writes one line when it is
// answered: never a query, a body or a path that somebody typed.
func (s *Server) account(c *fiber.Ctx) error {
	start := time.Now()
	r := s.begin(c)
	if err := c.Next(); err != nil {
		if err := s.refuse(c, err); err != nil {
			return err
		}
	}
	took := time.Since(start)
	s.metrics.observe(c, took)
	level := slog.LevelInfo
	if quiet(c.Path()) {
		level = slog.LevelDebug
	}
	if c.Response().StatusCode() >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	s.log.LogAttrs(c.UserContext(), level, "request",
		slog.String("method", c.Method()),
		slog.String("route", c.Route().Path),
		slog.Int("status", c.Response().StatusCode()),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("request_id", r.ID),
		slog.Int64("user_id", r.Actor.User.ID),
	)
	if c.Response().StatusCode() == fiber.StatusSwitchingProtocols {
		c.Context().ResetUserValues() // they would be kept as long as the connection lasts
	}
	return nil
}

// begin numbers the request. A number from outside is not taken: two requests
// could share it, and it would be text of a stranger in our logs.
func (s *Server) begin(c *fiber.Ctx) *door.Request {
	r := &door.Request{
		ID:      newID(),
		Address: s.clientAddress(c),
		HTTPS:   s.https,
		Pushes:  pushesPath(c.Path()),
	}
	c.SetUserContext(door.With(c.UserContext(), r))
	c.Locals(requestKey{}, r)
	return r
}

type requestKey struct{}

// requestOf is the request that begin numbered. Errors before the first
// handler (a head that is too large or too slow) are numbered here.
func (s *Server) requestOf(c *fiber.Ctx) *door.Request {
	if r, ok := c.Locals(requestKey{}).(*door.Request); ok {
		return r
	}
	return s.begin(c)
}

func newID() string {
	var b [12]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// quiet tells the paths that are asked for all day and tell nothing.
func quiet(path string) bool {
	return path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/assets/")
}
