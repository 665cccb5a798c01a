// Package server is the HTTP server in front of the two doors: what every
// request passes in order, who is asking, and the pages.
package server

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"homeroom/app"
)

// Config is what a Server is made of.
type Config struct {
	Limits  Limits
	Listen  string   // the address it will listen on, for the names it answers to
	Public  *url.URL // how browsers reach it, nil: as it listens
	Proxies Proxies  // whose X-Forwarded-For is believed
	Origins []string // other origins that may open sockets

	// Authenticate finds who holds a secret. Nobody is fault.SignInFirst.
	Authenticate func(ctx context.Context, secret string, proof app.Proof) (app.Actor, error)
	// Doors adds the routes of REST and of the socket, and returns the OpenAPI
	// document.
	Doors func(*fiber.App) (document []byte, err error)
	Ready func(context.Context) error // why it cannot serve now, nil: it can
	Pages fs.FS                       // what a browser loads
	Docs  fs.FS                       // what shows the document
	Log   *slog.Logger
}

// Server answers HTTP.
type Server struct {
	config   Config
	fiber    *fiber.App
	pages    *files
	docs     *files
	document document
	log      *slog.Logger
	https    bool
	names    names
	users    *buckets
	parts    *buckets // of files, by user
	strays   *buckets // requests of nobody, by address
	metrics  *metrics
	stopping atomic.Bool

	handshakes chan struct{} // of sockets, that are being authenticated
}

// New returns a server that is not listening yet.
func New(config Config) (*Server, error) {
	limits := config.Limits
	pages, err := newFiles(config.Pages)
	if err != nil {
		return nil, err
	}
	docs, err := newFiles(config.Docs)
	if err != nil {
		return nil, err
	}
	s := &Server{
		pages:   pages,
		docs:    docs,
		config:  config,
		log:     config.Log,
		https:   config.Public != nil && config.Public.Scheme == "https",
		metrics: newMetrics(),
		names:   namesOf(config.Listen, config.Public),
		users:   newBuckets(limits.RequestRate, limits.RequestBurst),
		parts:   newBuckets(limits.PartRate, limits.PartBurst),
		strays:  newBuckets(limits.AddressRate, limits.AddressBurst),

		handshakes: make(chan struct{}, mostHandshakes),
	}
	s.fiber = fiber.New(fiber.Config{
		DisableStartupMessage: true,
		// Strings of a request are its own. Otherwise they are views of a
		// buffer that the next request overwrites, and a kept one changes.
		Immutable:     true,
		CaseSensitive: true,
		UnescapePath:  true, // a reaction's emoji stands in the path
		BodyLimit:     limits.Body,
		// The head of a request must fit into the read buffer.
		ReadBufferSize: limits.Header,
		ReadTimeout:    limits.Read,
		WriteTimeout:   limits.Write,
		IdleTimeout:    limits.Idle,
		Concurrency:    limits.Connections,
		// Gives the read buffer back while a connection waits, which is what a
		// socket does most of its life.
		ReduceMemoryUsage: true,
		// Without it Fiber believes X-Forwarded-Host of everybody.
		EnableTrustedProxyCheck:      true,
		DisablePreParseMultipartForm: true,
		ErrorHandler:                 s.refuse,
	})
	s.fiber.Server().CloseOnShutdown = true
	s.refuseUnknownMethods()
	s.limitBodies()
	return s, s.route()
}

// route puts what every request passes in its order.
func (s *Server) route() error {
	f := s.fiber
	f.Use(s.account)
	f.Use(s.catchPanics)
	f.Use(s.secure)
	f.Use(s.checkPath)
	f.Get("/healthz", s.healthy)
	f.Get("/readyz", s.ready)
	f.Use(s.checkHost)
	f.Use(s.checkSite)
	f.Use(s.checkMedia)
	f.Use(s.identify)
	f.Use("/api", s.limitRate)
	f.Use("/push", s.limitRate)
	f.Use(s.slim)
	openapi, err := s.config.Doors(f)
	if err != nil {
		return fmt.Errorf("routes: %w", err)
	}
	s.document = newDocument(openapi)
	f.Get("/api/v1/openapi.json", s.showDocument)
	f.Use("/docs", s.showDocs)
	f.Use(s.showPages)
	return nil
}

// Serve answers on ln until Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	return s.fiber.Listener(newListener(ln, s.config.Limits))
}

// Fiber is the app underneath, for the tests of the doors.
func (s *Server) Fiber() *fiber.App { return s.fiber }

// Leave makes /readyz answer 503, so that a proxy in front sends nobody new.
func (s *Server) Leave() { s.stopping.Store(true) }

// Shutdown ends listening and waits for the requests that are being answered.
// Sockets are no requests any more: whoever holds them closes them first.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Leave()
	return s.fiber.ShutdownWithContext(ctx)
}
