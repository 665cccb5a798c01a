package server

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/api"
	"homeroom/app/fault"
)

// checkPath refuses addresses that are not text: everything behind it may take
// the path for UTF-8 without control characters.
func (s *Server) checkPath(c *fiber.Ctx) error {
	_, err := url.ParseRequestURI(string(c.Request().Header.RequestURI()))
	path := c.Path()
	if err != nil || !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return status(fault.Malformed.With("the path"), http.StatusBadRequest)
	}
	return c.Next()
}

// checkMedia refuses bodies that are not plain JSON, and parts of files that are
// not plain bytes, with fault.WrongMedia: a
// form is what another site can send, and a compressed body, whatever the method,
// can be a thousand times what the limit lets in.
func (s *Server) checkMedia(c *fiber.Ctx) error {
	header := &c.Request().Header
	if header.ContentLength() == 0 && len(c.Request().Body()) == 0 {
		return c.Next()
	}
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return fault.WrongMedia.With("send the body without Content-Encoding")
	}
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	media, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if formPath(c.Path()) && (media == fiber.MIMEApplicationForm || media == fiber.MIMEMultipartForm) {
		return c.Next() // nobody is believed there by a cookie
	}
	if api.IsPart(c.Method(), c.Path()) {
		if err != nil || media != fiber.MIMEOctetStream {
			return fault.WrongMedia.With("send application/octet-stream")
		}
		return c.Next()
	}
	charset := params["charset"]
	if err != nil || media != fiber.MIMEApplicationJSON || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return fault.WrongMedia.With("send application/json")
	}
	return c.Next()
}
