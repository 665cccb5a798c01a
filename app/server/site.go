package server

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/fault"
)

// checkSite refuses with fault.CrossSite what a page of another site made a
// browser send: the browser adds the cookie, whoever wrote the request.
func (s *Server) checkSite(c *fiber.Ctx) error {
	if socketPath(c.Path()) && !s.mayOpenSocket(c) {
		return fault.CrossSite
	}
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	if !s.sameSite(c) {
		return fault.CrossSite
	}
	// A form cannot set a header, and a script of another origin only after a
	// preflight, which is never granted.
	if s.byCookie(c) && c.Get(fiber.HeaderXRequestedWith) == "" {
		return fault.CrossSite.With("X-Requested-With is missing")
	}
	return c.Next()
}

func (s *Server) sameSite(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		// Browsers name the origin of every unsafe request; this is a script,
		// and a script shows a token.
		return !s.byCookie(c)
	}
	return s.ownOrigin(c, origin)
}

// ownOrigin tells whether origin is the server's own, under the name by which
// it was asked: of the public name only the public address counts.
func (s *Server) ownOrigin(c *fiber.Ctx, origin string) bool {
	host := string(c.Request().URI().Host())
	own := "http://" + host
	if p := s.config.Public; p != nil && strings.EqualFold(hostOf(host), p.Hostname()) {
		own = p.Scheme + "://" + p.Host
	}
	return strings.EqualFold(origin, own)
}

// mayOpenSocket refuses sockets that a page of another origin opens: for them a
// browser asks nobody's permission. No Origin is no browser.
func (s *Server) mayOpenSocket(c *fiber.Ctx) bool {
	origin := c.Get(fiber.HeaderOrigin)
	return origin == "" || s.ownOrigin(c, origin) || slices.Contains(s.config.Origins, origin)
}
