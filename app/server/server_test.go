package server_test

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
	"homeroom/app/bus"
	"homeroom/app/door"
	"homeroom/app/server"
	"homeroom/app/store"
	"homeroom/models"
	"homeroom/static"
)

// house is a server on a loopback port, with Ann as its admin.
type house struct {
	t      testing.TB
	url    string
	addr   string
	client *http.Client
	log    *lines
	cookie string // of Ann's session
	token  string // of Ann's script
	server *server.Server
}

// lines is a log that a test may read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

const secretText = "the words of a student"

// open starts a server; change may alter its configuration before.
func open(t testing.TB, change func(*server.Config)) *house {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, t.TempDir())
	require.NoError(t, err)
	announcements := bus.NewMemory()
	limits := app.DefaultLimits()
	limits.AdminFactor = false
	rules := app.New(db, announcements, limits, time.Now)

	link, err := rules.NewSetupLink(ctx)
	require.NoError(t, err)
	_, cookies, err := rules.Setup(ctx, app.FirstAdmin{Token: link, Name: "Ann", Password: "nine tall green lamps"})
	require.NoError(t, err)
	actor, err := rules.Authenticate(ctx, cookies.Session, app.Cookie)
	require.NoError(t, err)
	token, err := rules.CreateToken(ctx, actor, app.NewToken{Name: "script", Scopes: []models.Scope{models.ScopeRead, models.ScopeWrite}})
	require.NoError(t, err)

	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	h := &house{t: t, log: &lines{}, cookie: cookies.Session, token: token.Secret, addr: ln.Addr().String(), url: "http://" + ln.Addr().String()}
	config := server.Config{
		Limits: server.DefaultLimits(), Listen: h.addr, Authenticate: rules.Authenticate,
		Doors: func(f *fiber.App) ([]byte, error) {
			probe(f)
			return api.New(f, rules, api.Server{Name: "Test", Version: "0"}).OpenAPI().MarshalJSON()
		},
		Pages: pages(t), Docs: static.Docs(),
		Log: slog.New(slog.NewJSONHandler(h.log, nil)),
	}
	if change != nil {
		change(&config)
	}
	h.server, err = server.New(config)
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(ln) }()
	h.client = &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 20 * time.Second}
	t.Cleanup(func() {
		h.client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = h.server.Shutdown(ctx)
		require.NoError(t, <-served)
		announcements.Close()
		require.NoError(t, db.Close())
	})
	return h
}

// probe adds routes that show what reaches a door.
func probe(f *fiber.App) {
	f.Get("/api/v1/probe/panic", func(*fiber.Ctx) error { panic(secretText) })
	f.Get("/api/v1/probe/slow", func(c *fiber.Ctx) error {
		time.Sleep(500 * time.Millisecond)
		return c.SendString("done")
	})
	f.All("/api/v1/probe/who", func(c *fiber.Ctx) error {
		r := door.Of(c.UserContext())
		return c.JSON(fiber.Map{
			"name": r.Actor.User.Name, "cookie": r.Cookie, "address": r.Address, "ip": c.IP(),
			"remote": c.Context().RemoteAddr().String(), "host": c.Hostname(), "id": r.ID,
		})
	})
	f.All("/api/v1/probe/text/:text", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"text": c.Params("text")}) })
	f.Get("/ws", func(c *fiber.Ctx) error { return c.SendString("a socket would open") })
}

func pages(t testing.TB) fstest.MapFS {
	t.Helper()
	return fstest.MapFS{
		"index.html":             {Data: []byte("<!doctype html><title>Homeroom</title>")},
		"icon.svg":               {Data: []byte("<svg/>")},
		"assets/index-abc.js":    {Data: []byte("console.log('plain')")},
		"assets/index-abc.js.br": {Data: []byte("as brotli")},
		"assets/index-abc.js.gz": {Data: []byte("as gzip")},
	}
}

// answer is a response that was read to its end.
type answer struct {
	*http.Response
	body []byte
}

func (a answer) problem(t *testing.T) door.Problem {
	t.Helper()
	require.Equal(t, door.ProblemType, a.Header.Get("Content-Type"), string(a.body))
	var p door.Problem
	require.NoError(t, json.Unmarshal(a.body, &p))
	require.Equal(t, a.StatusCode, p.Status)
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Type)
	require.Equal(t, a.Header.Get("X-Request-Id"), p.RequestID)
	require.NotEmpty(t, p.RequestID)
	return p
}

// do makes a request; headers are pairs. A path may be written raw.
func (h *house) do(method, path, body string, headers ...string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url, strings.NewReader(body))
	require.NoError(h.t, err)
	r.URL = &url.URL{Scheme: "http", Host: h.addr, Opaque: path}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	response, err := h.client.Do(r)
	require.NoError(h.t, err)
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	require.NoError(h.t, err)
	return answer{response, read}
}

func (h *house) get(path string, headers ...string) answer {
	h.t.Helper()
	return h.do(http.MethodGet, path, "", headers...)
}

// raw sends bytes as they are and returns what came until the server closed,
// and how long that took.
func (h *house) raw(text string) (string, time.Duration) {
	h.t.Helper()
	c, err := net.Dial("tcp", h.addr)
	require.NoError(h.t, err)
	defer c.Close()
	start := time.Now()
	_, err = io.WriteString(c, text)
	require.NoError(h.t, err)
	require.NoError(h.t, c.SetReadDeadline(time.Now().Add(20*time.Second)))
	got, _ := io.ReadAll(c)
	return string(got), time.Since(start)
}
