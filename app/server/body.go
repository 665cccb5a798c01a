package server

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"homeroom/app/api"
	"homeroom/app/door"
	"homeroom/app/fault"
)

// limitBodies lets a form be twice as long as JSON: there a text that is not
// Latin takes three times its bytes. A part of a file is longer, and has more
// time: where a link is slow, a part that does not arrive would never. Both only
// of somebody who is signed in: bodies are in memory before anybody is asked who
// they are.
func (s *Server) limitBodies() {
	limits := s.config.Limits
	s.fiber.Server().HeaderReceived = func(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path, _, _ := strings.Cut(string(header.RequestURI()), "?")
		switch {
		case formPath(path):
			return fasthttp.RequestConfig{MaxRequestBodySize: 2 * limits.Body}
		case api.IsPart(string(header.Method()), path) && s.knows(header):
			return fasthttp.RequestConfig{MaxRequestBodySize: limits.Part, ReadTimeout: limits.PartRead}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: limits.Body}
	}
}

// knows tells whether a request comes with the secret of somebody. Where the
// database cannot say, it may: the request is told so later.
func (s *Server) knows(header *fasthttp.RequestHeader) bool {
	secret, proof := secretOf(bearerIn(string(header.Peek(fiber.HeaderAuthorization))), string(header.Cookie(door.CookieName(s.https))))
	_, err := s.config.Authenticate(context.Background(), secret, proof)
	return !errors.Is(err, fault.SignInFirst)
}
