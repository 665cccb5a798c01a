package server

import (
	"bytes"
	"compress/gzip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// document is the OpenAPI document, made once.
type document struct{ plain, zipped []byte }

func newDocument(plain []byte) document {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(plain) // a bytes.Buffer does not fail
	_ = w.Close()
	return document{plain: plain, zipped: b.Bytes()}
}

// showDocument answers with the OpenAPI document.
func (s *Server) showDocument(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	body := s.document.plain
	if accepts(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		body = s.document.zipped
	}
	c.Response().SetBodyRaw(body)
	return nil
}

// showDocs serves the page that shows the OpenAPI document.
func (s *Server) showDocs(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
		return c.Next()
	}
	name := strings.TrimPrefix(strings.TrimPrefix(c.Path(), "/docs"), "/")
	if name == "" {
		name = index
	}
	if !s.docs.has(name) {
		return c.Next()
	}
	return s.docs.send(c, name, cacheAskMe)
}
