// Package servertest gives tests the whole server on a loopback port, with the
// cast of package apptest, and clients for both doors.
package servertest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/door"
	"homeroom/app/live"
	"homeroom/app/metrics"
	"homeroom/app/server"
	"homeroom/models"
)

// Server is a running server. Its house's clock runs from the house's first day
// on.
type Server struct {
	*apptest.House
	Hub     *live.Hub
	Fiber   *fiber.App // underneath, for its table of routes
	Sources metrics.Sources
	URL     string // http://127.0.0.1:port
	HTTP    *http.Client

	t      testing.TB
	making sync.Mutex // of tokens
	tokens map[int64]string
	live   live.Limits
	config server.Config
	found  []func(app.Actor)
	stop   func()
}

// Options change a server before it starts.
type Options struct {
	App    func(*app.Limits)
	Live   func(*live.Limits)
	Server func(*server.Config)
	// Found is called with everybody who was found out, before the request goes on.
	Found func(app.Actor)
}

// New starts a server, until the test ends.
func New(t testing.TB, options ...Options) *Server {
	t.Helper()
	liveLimits := live.DefaultLimits()
	liveLimits.Upgrades = 10_000
	config := server.Config{
		Limits: server.DefaultLimits(), Listen: "127.0.0.1:0",
		Pages: fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>Homeroom</title>")}},
		Docs:  fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>API</title>")}},
		Log:   slog.New(slog.DiscardHandler),
	}
	config.Limits.RequestRate, config.Limits.RequestBurst = 100_000, 100_000
	var appOptions []func(*app.Limits)
	var found []func(app.Actor)
	for _, o := range options {
		if o.App != nil {
			appOptions = append(appOptions, o.App)
		}
		if o.Live != nil {
			o.Live(&liveLimits)
		}
		if o.Server != nil {
			o.Server(&config)
		}
		if o.Found != nil {
			found = append(found, o.Found)
		}
	}
	s := &Server{House: apptest.New(t, appOptions...), t: t, tokens: map[int64]string{}, HTTP: &http.Client{Timeout: 20 * time.Second}}
	s.live, s.config, s.found = liveLimits, config, found
	start := time.Now()
	stopClock := make(chan struct{})
	clockStopped := make(chan struct{})
	go func() { // the house's clock stands still unless it is pushed
		defer close(clockStopped)
		last := start
		for {
			select {
			case <-stopClock:
				return
			case now := <-time.After(5 * time.Millisecond):
				s.Pass(now.Sub(last))
				last = now
			}
		}
	}()
	s.start()
	t.Cleanup(func() {
		s.stop()
		close(stopClock)
		<-clockStopped
	})
	return s
}

func (s *Server) start() {
	s.t.Helper()
	s.Hub = live.NewHub(s.App, s.live)
	config := s.config
	config.Authenticate = func(ctx context.Context, secret string, proof app.Proof) (app.Actor, error) {
		actor, err := s.App.Authenticate(ctx, secret, proof)
		for _, f := range s.found {
			if err == nil {
				f(actor)
			}
		}
		return actor, err
	}
	config.Doors = func(f *fiber.App) ([]byte, error) {
		s.Hub.Register(f)
		return server.Describe(api.New(f, s.App, api.Server{Name: "Homeroom", Version: "test"}))
	}
	srv, err := server.New(config)
	require.NoError(s.t, err)
	s.Fiber = srv.Fiber()
	s.Sources = metrics.Sources{Version: "test", Data: s.Dir, Store: s.Store, App: s.App, Hub: s.Hub, Server: srv}
	metrics.NewSeries(s.Sources)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(s.t, err)
	s.URL = "http://" + ln.Addr().String()
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	s.stop = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		s.HTTP.CloseIdleConnections()
		done := make(chan struct{})
		go func() { _ = srv.Shutdown(ctx); close(done) }()
		s.Hub.Close(ctx)
		<-done
		_ = ln.Close() // a shutdown that came before Serve has stopped nothing
		require.NoError(s.t, <-served)
	}
}

// Restart ends the server and starts it again over the same data folder, under
// another URL.
func (s *Server) Restart() {
	s.t.Helper()
	s.stop()
	s.Reopen()
	s.start()
}

// Token returns a token of the user's with every scope, the same each time.
func (s *Server) Token(u models.User) string {
	s.t.Helper()
	s.making.Lock()
	defer s.making.Unlock()
	if s.tokens[u.ID] == "" {
		token, err := s.CreateToken(s.t.Context(), apptest.As(u), app.NewToken{
			Name:   "test",
			Scopes: []models.Scope{models.ScopeRead, models.ScopeWrite, models.ScopePush, models.ScopeManage},
		})
		require.NoError(s.t, err)
		s.tokens[u.ID] = token.Secret
	}
	return s.tokens[u.ID]
}

// Answer is a response that was read to its end.
type Answer struct {
	*http.Response
	Bytes []byte
}

// JSON reads the answer into v.
func (a Answer) JSON(t testing.TB, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.Bytes, v), string(a.Bytes))
}

// Code is the code of a refusal, 0 where there is none.
func (a Answer) Code() int {
	var p door.Problem
	if a.Header.Get("Content-Type") != door.ProblemType || json.Unmarshal(a.Bytes, &p) != nil {
		return 0
	}
	return p.Code
}

// REST asks as the user's script does; nobody is the zero user. The path
// follows /api/v1. A body that is no string is sent as JSON.
func (s *Server) REST(u models.User, method, path string, body any) Answer {
	s.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		require.NoError(s.t, err)
		reader = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+api.Base+path, reader)
	require.NoError(s.t, err)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if u.ID != 0 {
		r.Header.Set("Authorization", "Bearer "+s.Token(u))
	}
	response, err := s.HTTP.Do(r)
	require.NoError(s.t, err)
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return Answer{response, read}
}

// Host is the server's host and port.
func (s *Server) Host() string {
	u, err := url.Parse(s.URL)
	require.NoError(s.t, err)
	return u.Host
}
