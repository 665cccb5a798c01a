package server

import (
	"strings"

	"github.com/valyala/fasthttp"

	"homeroom/app/api"
)

// limitBodies lets a form be twice as long as JSON: there a text that is not
// Latin takes three times its bytes. A part of a file is longer, and has more
// time: where a link is slow, a part that does not arrive would never.
func (s *Server) limitBodies() {
	limits := s.config.Limits
	s.fiber.Server().HeaderReceived = func(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path, _, _ := strings.Cut(string(header.RequestURI()), "?")
		switch {
		case formPath(path):
			return fasthttp.RequestConfig{MaxRequestBodySize: 2 * limits.Body}
		case api.IsPart(string(header.Method()), path):
			return fasthttp.RequestConfig{MaxRequestBodySize: limits.Part, ReadTimeout: limits.PartRead}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: limits.Body}
	}
}
