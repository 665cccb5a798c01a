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

// docsCSP is the policy of the document's page alone. RapiDoc builds its markup
// with a policy of its own, styles it inline, and draws its arrows as data: it
// shows nothing but our own document, so that no foreign text can use these.
// What may run and where it may connect stay as they are everywhere.
var docsCSP = strings.NewReplacer(
	"style-src 'self';", "style-src 'self' 'unsafe-inline';",
	"img-src 'self' blob:;", "img-src 'self' data:;",
	"trusted-types vue dompurify", "trusted-types lit-html",
).Replace(csp)

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
	c.Set(fiber.HeaderContentSecurityPolicy, docsCSP)
	return s.docs.send(c, name, cacheAskMe)
}
