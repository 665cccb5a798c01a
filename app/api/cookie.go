package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/app/door"
	"homeroom/models"
)

// Browser is what an operation that signs in must know of who asks.
type Browser struct {
	Agent string `header:"User-Agent" hidden:"true"`
}

// withCookies is an answer that signs in.
type withCookies[T any] struct {
	// Each in a field: the adapter joins the values of a slice into one header,
	// of which a browser keeps the first cookie only.
	Session http.Cookie `header:"Set-Cookie"`
	Device  http.Cookie `header:"Set-Cookie"`
	Body    T
}

// signedIn answers with the cookies of the session and of the device. The
// browser's session before, if it had one, ends: nothing of it goes over to the
// new one.
func signedIn[T any](ctx context.Context, d *rest, value T, session models.Session, secrets app.Secrets) (withCookies[T], error) {
	r := door.Of(ctx)
	if before := r.Actor; r.Cookie && before.SessionID != 0 {
		if err := d.app.SignOut(ctx, before); err != nil {
			return withCookies[T]{}, err
		}
	}
	cookie, device := sessionCookie(r), sessionCookie(r)
	cookie.Value = secrets.Session
	if session.MyDevice {
		// At a shared computer it has no expiry: it goes when the browser closes.
		cookie.Expires = session.ExpiresAt.Time
	}
	device.Name, device.Value, device.Expires = door.DeviceName(r.HTTPS), secrets.Device, secrets.DeviceUntil.Time
	return withCookies[T]{Session: cookie, Device: device, Body: value}, nil
}

// sessionCookie is the session's cookie without a value: out of reach of
// scripts, and not sent along from other sites.
func sessionCookie(r door.Request) http.Cookie {
	return http.Cookie{
		Name: door.CookieName(r.HTTPS), Path: "/", Secure: r.HTTPS, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// signedOut is the answer that takes the cookie away.
type signedOut struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Clear  string      `header:"Clear-Site-Data"`
}

// clearing empties the cache only. "storage" would also take the messages that
// wait in the browser to be sent, which are nobody's but the writer's; the
// pages keep them under the user's id and show them to nobody else.
func clearing(ctx context.Context) signedOut {
	cookie := sessionCookie(door.Of(ctx))
	cookie.MaxAge = -1
	return signedOut{Cookie: cookie, Clear: `"cache"`}
}

// answerSignedIn is signedIn for what the rules answer to a sign-in.
func answerSignedIn(ctx context.Context, d *rest, in app.SignedIn, secrets app.Secrets, err error) (withCookies[app.SignedIn], error) {
	if err != nil {
		return withCookies[app.SignedIn]{}, err
	}
	return signedIn(ctx, d, in, in.Session, secrets)
}
