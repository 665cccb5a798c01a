package server

import (
	"strings"

	"github.com/valyala/fasthttp"
)

// limitBodies lets a form be twice as long as JSON: there a text that is not
// Latin takes three times its bytes.
func (s *Server) limitBodies() {
	limit := s.config.Limits.Body
	s.fiber.Server().HeaderReceived = func(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path, _, _ := strings.Cut(string(header.RequestURI()), "?")
		if formPath(path) {
			return fasthttp.RequestConfig{MaxRequestBodySize: 2 * limit}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: limit}
	}
}
