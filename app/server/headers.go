package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/api"
	"homeroom/app/door"
)

// csp lets a page use what comes from this server and nothing else, and lets
// text become script or markup only through the two named policies.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'; object-src 'none'; " +
	"require-trusted-types-for 'script'; trusted-types vue dompurify"

// permissions turns off what a browser could give to a page: all that Chromium
// knows, on Linux too, where it complains of others. Not in it are clipboard-write,
// with which people copy, and the local network, in which a server may be; nor
// what gives a page nothing (the hints of "Accept-CH", how a page ends or sends).
const permissions = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), captured-surface-control=(), clipboard-read=(), " +
	"compute-pressure=(), cross-origin-isolated=(), digital-credentials-create=(), digital-credentials-get=(), " +
	"display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), " +
	"identity-credentials-get=(), idle-detection=(), keyboard-map=(), language-detector=(), language-model=(), " +
	"local-fonts=(), magnetometer=(), microphone=(), midi=(), " +
	"on-device-speech-recognition=(), otp-credentials=(), payment=(), picture-in-picture=(), " +
	"private-state-token-issuance=(), private-state-token-redemption=(), publickey-credentials-create=(), " +
	"publickey-credentials-get=(), screen-wake-lock=(), serial=(), speaker-selection=(), storage-access=(), summarizer=(), " +
	"sync-xhr=(), translator=(), usb=(), window-management=(), xr-spatial-tracking=()"

// secure sets the headers of every answer. An upgrade is no page, and the head
// of its answer stays in memory with the socket: it gets its number alone.
func (s *Server) secure(c *fiber.Ctx) error {
	if socketPath(c.Path()) {
		c.Set(fiber.HeaderXRequestID, s.requestOf(c).ID)
		return c.Next()
	}
	s.setHeaders(c, s.requestOf(c))
	return c.Next()
}

func (s *Server) setHeaders(c *fiber.Ctx, r *door.Request) {
	c.Set(fiber.HeaderXRequestID, r.ID)
	c.Set(fiber.HeaderContentSecurityPolicy, csp)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, permissions)
	if s.https {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
	if apiPath(c.Path()) {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
}

func apiPath(path string) bool {
	return path == "/api" || strings.HasPrefix(path, "/api/") || formPath(path)
}

// formPath is where the form dialect of pushes is answered.
func formPath(path string) bool { return strings.TrimSuffix(path, "/") == "/push" }

// pushesPath is where pushes come by REST.
func pushesPath(path string) bool { return strings.TrimSuffix(path, "/") == api.Base+"/pushes" }

func socketPath(path string) bool {
	path = strings.TrimSuffix(path, "/")
	return path == "/ws" || path == "/wss"
}
