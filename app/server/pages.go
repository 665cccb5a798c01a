package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

const (
	// The names of the files under /assets change with their content.
	cacheForGood = "public, max-age=31536000, immutable"
	cacheAskMe   = "no-cache"
)

// index is the one page; its script shows what the address asks for.
const index = "index.html"

// showPages answers with the browser's files, and with the page itself for every
// address that a person may open or reload.
func (s *Server) showPages(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
		return c.Next()
	}
	name := strings.TrimPrefix(c.Path(), "/")
	switch {
	case name == "":
		return s.pages.send(c, index, cacheAskMe)
	case s.pages.has(name) && strings.HasPrefix(name, "assets/"):
		return s.pages.send(c, name, cacheForGood)
	case s.pages.has(name):
		return s.pages.send(c, name, cacheAskMe)
	case pagePath(c.Path()) && strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML):
		return s.pages.send(c, index, cacheAskMe)
	}
	return c.Next()
}

// pagePath tells the paths that are not taken by anything but pages.
func pagePath(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "api", "ws", "wss", "docs", "assets":
		return false
	}
	return !strings.HasPrefix(first, "openapi")
}
