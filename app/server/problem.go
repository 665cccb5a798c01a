package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"homeroom/app"
	"homeroom/app/door"
	"homeroom/app/fault"
)

// refuse answers an error with a problem document, whatever the path but one. It is
// Fiber's error handler too, for what goes wrong before the first handler.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	f := faultOf(err)
	r := s.requestOf(c)
	if f.Is(fault.Internal) && !errors.Is(err, fault.Internal) {
		s.log.Error("internal", "request_id", r.ID, "route", c.Route().Path, "error", err.Error())
	}
	problem := door.ProblemOf(f, *r)
	body, err := json.Marshal(problem)
	if err != nil {
		return err
	}

	// Nothing that a handler had begun to answer may stay: a cookie, half a body.
	allow := c.GetRespHeader(fiber.HeaderAllow)
	c.Response().Reset()
	s.setHeaders(c, r)
	if allow != "" {
		c.Set(fiber.HeaderAllow, allow)
	}
	if problem.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(problem.RetryAfter))
	}
	if problem.Status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	if held, ok := c.Context().Conn().(*conn); ok && f.Is(fault.TooLarge) {
		held.linger.Store(true) // the rest is still under way
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if formPath(c.Path()) {
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		c.Set("Homeroom-Code", strconv.Itoa(problem.Code))
		return c.Status(problem.Status).SendString(app.PushFail) // its senders know three words
	}
	c.Set(fiber.HeaderContentType, door.ProblemType)
	return c.Status(problem.Status).Send(body)
}

// faultOf finds the fault for an error of Fiber's own. Its text is dropped: it
// repeats the path, or says how the server is built.
func faultOf(err error) *fault.Fault {
	var e *fiber.Error
	if !errors.As(err, &e) {
		return fault.Of(err)
	}
	switch e.Code {
	case http.StatusNotFound:
		return fault.NotFound
	case http.StatusMethodNotAllowed:
		return fault.WrongMethod
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge
	case http.StatusUnsupportedMediaType:
		return fault.WrongMedia
	case http.StatusRequestHeaderFieldsTooLarge:
		return status(fault.TooLarge.With("the head of the request"), e.Code)
	}
	if e.Code >= http.StatusInternalServerError {
		return fault.Internal
	}
	// A request that is no proper HTTP: 400, 408, 426.
	return status(fault.Malformed.With(http.StatusText(e.Code)), e.Code)
}

// status returns a copy of f that is told under another HTTP status.
func status(f *fault.Fault, code int) *fault.Fault {
	f = f.With(f.Detail)
	f.Status = code
	return f
}

// refuseUnknownMethods answers a method that is not in HTTP with a problem
// document too; Fiber would answer it in plain text before any handler.
func (s *Server) refuseUnknownMethods() {
	known := map[string]bool{}
	for _, m := range fiber.DefaultMethods {
		known[m] = true
	}
	server := s.fiber.Server()
	next := server.Handler
	server.Handler = func(ctx *fasthttp.RequestCtx) {
		if known[string(ctx.Method())] {
			next(ctx)
			return
		}
		c := s.fiber.AcquireCtx(ctx)
		defer s.fiber.ReleaseCtx(c)
		if err := s.refuse(c, fault.WrongMethod); err != nil {
			s.log.Error("refuse", "error", err.Error())
		}
	}
}
