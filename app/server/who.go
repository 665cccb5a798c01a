package server

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/door"
	"homeroom/app/fault"
)

// identify finds who is asking. A token is named on purpose while a cookie
// comes by itself, so the token wins. Secrets in the address are not looked
// for: addresses are logged, shared and kept in histories.
func (s *Server) identify(c *fiber.Ctx) error {
	socket := socketPath(c.Path())
	if !socket && !apiPath(c.Path()) {
		return c.Next()
	}
	r := s.requestOf(c)
	r.Device = c.Cookies(door.DeviceName(s.https))
	if secret, proof := secretOf(bearer(c), s.cookie(c)); secret != "" {
		ctx := c.UserContext()
		if api.ByItself(c.Method(), c.Path()) {
			ctx = app.ByItself(ctx)
		}
		actor, err := s.authenticate(ctx, secret, proof, socket)
		if err != nil && !errors.Is(err, fault.SignInFirst) {
			return err
		}
		if err == nil {
			r.Actor, r.Cookie = actor, proof == app.Cookie
		}
	}
	if socket && r.Actor.User.ID == 0 {
		return fault.SignInFirst // before the upgrade: after it there is no status to give
	}
	return c.Next()
}

// secretOf returns the secret that counts, and how it came.
func secretOf(bearer, cookie string) (string, app.Proof) {
	if bearer != "" {
		return bearer, app.Bearer
	}
	return cookie, app.Cookie
}

// mostHandshakes is how many handshakes of sockets ask the database who comes at
// the same time. A whole school that comes back stands here, and not in the way
// of those who read.
const mostHandshakes = 64

// Faults: those of app.Authenticate, Busy.
func (s *Server) authenticate(ctx context.Context, secret string, proof app.Proof, socket bool) (app.Actor, error) {
	if socket {
		if !s.takeTurn() {
			return app.Actor{}, fault.Busy.After(time.Second)
		}
		defer func() { <-s.handshakes }()
	}
	return s.config.Authenticate(ctx, secret, proof)
}

// takeTurn waits for a turn for as long as Limits.Handshake. Whoever dialled has
// mostly given up by then and dialled again: in a storm, those that nobody waits
// for any more would take the memory and the turns of the others.
func (s *Server) takeTurn() bool {
	select {
	case s.handshakes <- struct{}{}:
		return true
	default:
	}
	wait := time.NewTimer(s.config.Limits.Handshake)
	defer wait.Stop()
	select {
	case s.handshakes <- struct{}{}:
		return true
	case <-wait.C:
		return false
	}
}

func bearer(c *fiber.Ctx) string { return bearerIn(c.Get(fiber.HeaderAuthorization)) }

func bearerIn(header string) string {
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

func (s *Server) cookie(c *fiber.Ctx) string { return c.Cookies(door.CookieName(s.https)) }

// byCookie tells whether the request is believed because of its cookie.
func (s *Server) byCookie(c *fiber.Ctx) bool { return bearer(c) == "" && s.cookie(c) != "" }
