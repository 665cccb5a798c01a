// Package door holds what both doors, REST and the socket, know of a request
// before they look at what it asks for: who asks, from where, under which
// number; and the document that a refusal is told in.
package door

import (
	"context"

	"homeroom/app"
)

// The names of the session cookie. Browsers keep a cookie with the first name
// only if it came over HTTPS, for this host alone; over plain HTTP they would
// not keep it at all.
const (
	SecureCookie = "__Host-sid"
	PlainCookie  = "sid"
)

// The names of the cookie by which a browser is known in which somebody has
// signed in before, likewise.
const (
	SecureDevice = "__Host-device"
	PlainDevice  = "device"
)

// DeviceName is the device cookie's name on a server reached over HTTPS, or not.
func DeviceName(https bool) string {
	if https {
		return SecureDevice
	}
	return PlainDevice
}

// CookieName is the session cookie's name on a server reached over HTTPS, or
// not.
func CookieName(https bool) string {
	if https {
		return SecureCookie
	}
	return PlainCookie
}

// Request is what the server found out about a request before it reached a
// door.
type Request struct {
	ID      string    // random, also in the answer's X-Request-Id and in the logs
	Address string    // the client's, behind the trusted proxies
	HTTPS   bool      // the server is reached over HTTPS: cookies are Secure
	Cookie  bool      // the actor was found by the cookie, not by a token
	Pushes  bool      // it pushes: a refusal is a push's result too
	Device  string    // the value of the browser's device cookie, "" for none
	Actor   app.Actor // the zero Actor is nobody
}

type key struct{}

// With returns a context that carries r.
func With(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, key{}, r)
}

// Of returns what With put in ctx, or an empty Request. Only doors call it: a
// rule gets its actor as an argument.
func Of(ctx context.Context) Request {
	if r, ok := ctx.Value(key{}).(*Request); ok {
		return *r
	}
	return Request{}
}
