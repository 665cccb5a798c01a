package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// The numbers are those of the threats in docs/security.md: here what a stranger
// or another site may do to the server.

// routes calls f with every route of the API, its parameters filled in with 1.
func routes(s *servertest.Server, f func(method, path string)) {
	for _, r := range s.Fiber.GetRoutes(true) {
		if !strings.HasPrefix(r.Path, "/api/v1/") && r.Path != "/push" || r.Method == http.MethodHead {
			continue
		}
		parts := strings.Split(r.Path, "/")
		for i, part := range parts {
			if strings.HasPrefix(part, ":") {
				parts[i] = "1"
			}
		}
		f(r.Method, strings.Join(parts, "/"))
	}
}

// fetch asks with headers of one's own.
func fetch(t testing.TB, s *servertest.Server, method, path, body string, headers http.Header) servertest.Answer {
	t.Helper()
	h := &house{t: t, url: s.URL, addr: s.Host(), client: s.HTTP}
	var pairs []string
	for name, values := range headers {
		pairs = append(pairs, name, values[0])
	}
	a := h.do(method, path, body, pairs...)
	return servertest.Answer{Response: a.Response, Bytes: a.body}
}

func withCookie(secret string, pairs ...string) http.Header {
	h := http.Header{"Cookie": {"sid=" + secret}}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestThreat17NoOtherSiteChangesAnything(t *testing.T) {
	s := servertest.New(t)
	_, secret := s.SignIn(s.Ann)
	good := []string{"Content-Type", "application/json", "X-Requested-With", "homeroom"}
	tried := 0
	routes(s, func(method, path string) {
		if method == http.MethodGet || path == "/push" {
			return
		}
		for why, headers := range map[string][]string{
			"cross-site": {"Sec-Fetch-Site", "cross-site"}, "same-site": {"Sec-Fetch-Site", "same-site"},
			"an origin": {"Origin", "https://evil.example"}, "null": {"Origin", "null"}, "no origin": nil,
		} {
			a := fetch(t, s, method, path, "{}", withCookie(secret, append(slices.Clone(good), headers...)...))
			require.Equal(t, []int{403, 132}, []int{a.StatusCode, a.Code()}, "%s %s, %s", method, path, why)
			tried++
		}
		own := []string{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}
		a := fetch(t, s, method, path, "{}", withCookie(secret, append([]string{"Content-Type", "application/json"}, own...)...))
		require.Equal(t, 132, a.Code(), "%s %s without X-Requested-With", method, path)
		a = fetch(t, s, method, path, "{}", withCookie(secret, append([]string{"Content-Type", "text/plain", "X-Requested-With", "x"}, own...)...))
		require.Equal(t, http.StatusUnsupportedMediaType, a.StatusCode, "%s %s as a form sends it", method, path)
		tried += 2
	})
	t.Logf("%d requests", tried)
	a := fetch(t, s, http.MethodGet, "/push?type=publish&content=hi", "", withCookie(secret))
	require.NotEqual(t, "ok", string(a.Bytes), "the form dialect takes no cookie")
	a = fetch(t, s, http.MethodOptions, "/api/v1/classes", "", http.Header{"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"POST"}})
	for name := range a.Header {
		require.False(t, strings.HasPrefix(name, "Access-Control-"), name)
	}
	me := fetch(t, s, http.MethodGet, "/api/v1/me", "", withCookie(secret))
	require.Equal(t, http.StatusOK, me.StatusCode, "the session is as it was")
}

func TestThreat18MarkupIsStoredAsTextAndServedAsJSON(t *testing.T) {
	l := newLesson(t)
	markup := `<img src=x onerror=alert(1)><script>alert(1)</script>`
	a := l.REST(l.Bob, http.MethodPost, l.messages(""), object{"content": markup})
	var m models.Message
	a.JSON(t, &m)
	require.Equal(t, markup, m.Content, "as it was written, the page makes text of it")
	require.Equal(t, "application/json", a.Header.Get("Content-Type"))
	require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"))
	require.Contains(t, a.Header.Get("Content-Security-Policy"), "default-src 'none'", "who opens the answer itself runs nothing either")
}

func TestThreat21NoAddressLeadsElsewhere(t *testing.T) {
	s := servertest.New(t)
	for _, path := range []string{
		"//evil.example", "//evil.example/%2e%2e", "/%5c%5cevil.example", "/%2f%2fevil.example", "/sign-in?next=//evil.example",
		"/sign-in?next=https://evil.example", "/docs//evil.example", "/api/v1//evil.example", "/%0d%0aLocation:%20https://evil.example",
	} {
		a := fetch(t, s, http.MethodGet, path, "", nil)
		require.Empty(t, a.Header.Get("Location"), path)
		require.True(t, a.StatusCode < 300 || a.StatusCode >= 400, "%s: %d", path, a.StatusCode)
	}
}

func TestThreat23NoPathLeadsOutOfThePages(t *testing.T) {
	s := servertest.New(t)
	for _, path := range []string{
		"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%252e%252e/etc/passwd", "/..%2f..%2fetc/passwd", "/..%5c..%5cetc/passwd",
		"/assets/../../homeroom.db", "/assets/%2e%2e/%2e%2e/homeroom.db", "/index.html%00.png", "/CON", "/docs/../../homeroom.db", "/\u202egpj.exe",
	} {
		a := fetch(t, s, http.MethodGet, path, "", nil)
		require.Less(t, a.StatusCode, 500, path)
		require.NotContains(t, string(a.Bytes), "root:", path)
		require.NotContains(t, string(a.Bytes), "SQLite format", path)
		if a.StatusCode < 300 {
			require.Contains(t, string(a.Bytes), "<title>Homeroom</title>", "%s is the page, whatever is asked of it", path)
		}
	}
}

func TestThreat24NothingThatIsAskedIsSQL(t *testing.T) {
	l := newLesson(t)
	attempts := []string{"' OR '1'='1", "1; DROP TABLE users", `1" OR ""="`, "1 UNION SELECT secret_hash FROM sessions", "%' --", "\\'; --", "_", "%"}
	for _, attempt := range attempts {
		text := strings.NewReplacer("%", "%25", " ", "%20", ";", "%3B", "'", "%27", `"`, "%22", `\`, "%5C").Replace(attempt)
		for _, path := range []string{
			l.in("/members?query=") + text, "/users?query=" + text, "/classes?cursor=" + text, l.in("/threads?cursor=") + text,
			l.messages("?before=") + text, l.messages("/") + text, l.in("/events?after=") + text, "/classes/" + text, "/audit?cursor=" + text,
		} {
			a := l.REST(l.Ada, http.MethodGet, path, nil)
			require.Less(t, a.StatusCode, 500, "%s: %s", path, a.Bytes)
			if a.StatusCode == http.StatusOK {
				var found struct{ Items []struct{ Name string } }
				a.JSON(t, &found)
				require.Empty(t, found.Items, "%s: a name holds no such thing: %s", path, a.Bytes)
			}
		}
		a := l.REST(models.User{}, http.MethodPost, "/session", object{"name": attempt, "password": attempt})
		require.Contains(t, []int{131, 138}, a.Code(), attempt)
	}
	require.Equal(t, http.StatusOK, l.REST(l.Ann, http.MethodGet, l.in(""), nil).StatusCode)
}

func TestThreat25ABodyAboveTheLimitIsRefused(t *testing.T) {
	h := open(t, nil)
	bearer := []string{"Content-Type", "application/json", "Authorization", "Bearer " + h.token}
	require.Equal(t, 413, h.do(http.MethodPost, "/api/v1/classes", strings.Repeat(" ", 64<<10+1), bearer...).StatusCode)
	got, _ := h.raw("POST /api/v1/classes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer " + h.token +
		"\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("4000\r\n"+strings.Repeat("x", 0x4000)+"\r\n", 5) + "0\r\n\r\n")
	require.Contains(t, got, " 413 ", "without a length too")
	got, _ = h.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + strings.Repeat("x", 9000) + "\r\n\r\n")
	require.Contains(t, got, " 431 ")
}

func TestThreat32SlowRequestsTakeNobodysPlace(t *testing.T) {
	h := open(t, func(c *server.Config) { c.Limits.Read = time.Second })
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if got, took := h.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "); took > 10*time.Second || !strings.Contains(got, " 408 ") {
				t.Errorf("after %v: %q", took, got)
			}
		})
	}
	began := time.Now()
	for range 20 {
		require.Equal(t, 200, h.get("/healthz").StatusCode)
	}
	t.Logf("20 requests beside 200 slow ones took %v", time.Since(began))
	all.Wait()
}

func TestThreat38NobodyWritesLinesIntoTheLog(t *testing.T) {
	h := open(t, nil)
	evil := "\x1b]0;owned\x07\x1b[2J\r\n{\"level\":\"FAKE\"}"
	escaped := "%1b%5d0;owned%07%1b%5b2J%0d%0a%7b%22level%22:%22FAKE%22%7d"
	h.get("/api/v1/probe/text/" + escaped + "?q=" + escaped)
	h.get("/" + escaped)
	body, err := json.Marshal(object{"name": evil, "password": evil})
	require.NoError(t, err)
	h.do(http.MethodPost, "/api/v1/session", string(body), "Content-Type", "application/json")
	h.raw("GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \x1b]0;owned\x07\r\nX-Request-Id: \x1b[2J\r\nConnection: close\r\n\r\n")
	h.raw("\x1b]0;owned\x07 / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	log := h.log.String()
	require.NotContains(t, log, "\x1b")
	require.NotContains(t, log, "\x07")
	require.NotContains(t, log, "FAKE")
	for line := range strings.Lines(log) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}

func TestThreat39NoAnswerHoldsASecret(t *testing.T) {
	l := newLesson(t)
	paths := []string{"/me", "/me/tokens", "/sessions", "/users", fmt.Sprintf("/users/%d", l.Bob.ID), "/classes", l.in(""), l.in("/members"), l.in("/threads"), l.messages(""), l.in("/events"), "/audit"}
	for _, u := range []models.User{l.Ada, l.Ann, l.Bob} {
		for _, path := range paths {
			text := string(l.REST(u, http.MethodGet, path, nil).Bytes)
			for _, secret := range []string{apptest.Password, "argon2id", "secret", "hash", "password", l.Token(l.Ada), l.Token(l.Bob)} {
				require.NotContains(t, strings.ToLower(text), strings.ToLower(secret), "%s as %s", path, u.Name)
			}
		}
	}
}

func TestThreat40NoProxyKeepsWhatTheAPIAnswers(t *testing.T) {
	s := servertest.New(t)
	s.Class("Physics 9b")
	routes(s, func(method, path string) {
		for _, u := range []models.User{{}, s.Ann} {
			headers := http.Header{"Content-Type": {"application/json"}}
			if u.ID != 0 {
				headers.Set("Authorization", "Bearer "+s.Token(u))
			}
			a := fetch(t, s, method, path, "", headers)
			require.Equal(t, "no-store", a.Header.Get("Cache-Control"), "%s %s: %d", method, path, a.StatusCode)
		}
	})
}

func TestThreat41AnAddressIsBelievedOfKnownProxiesOnly(t *testing.T) {
	few := func(l *app.Limits) { l.AddressFailures = 3 }
	s := servertest.New(t, servertest.Options{App: few})
	codes := []int{}
	for i := range 5 {
		codes = append(codes, browse(t, s, fmt.Sprintf("198.51.100.%d", i)).signIn(fmt.Sprint("Nobody ", i), "guess").Code())
	}
	require.Equal(t, []int{131, 131, 131, 138, 138}, codes, "a made-up address is no other address")
}

func TestThreat42AnotherHostIsMisdirected(t *testing.T) {
	s := servertest.New(t)
	for _, host := range []string{"evil.example", "127.0.0.1.evil.example", "evil.example:80", "localhost.evil.example"} {
		for _, path := range []string{"/", "/api/v1/info", "/api/v1/session", "/docs", "/ws"} {
			a := fetch(t, s, http.MethodGet, path, "", http.Header{"Host": {host}, "X-Forwarded-Host": {s.Host()}})
			require.Equal(t, http.StatusMisdirectedRequest, a.StatusCode, "%s of %s", path, host)
			require.NotContains(t, string(a.Bytes), "evil", path)
		}
	}
	a := fetch(t, s, http.MethodGet, "/", "", http.Header{"X-Forwarded-Host": {"evil.example"}})
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.NotContains(t, string(a.Bytes), "evil")
}

func TestThreat44NoRequestEndsTheProcess(t *testing.T) {
	h := open(t, nil)
	for _, text := range []string{
		"\x00\x00\x00\x00\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n: empty\r\nConnection: close\r\n\r\n",
		"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
		"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\n",
		"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nffffffffffffffff\r\n",
		"POST /push HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 4\r\nConnection: close\r\n\r\n----",
		"GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=-1-,99-0\r\nConnection: close\r\n\r\n",
		"GET /api/v1/classes?%zz=%&&== HTTP/1.1\r\nHost: localhost\r\nCookie: sid=;=;\"\r\nConnection: close\r\n\r\n",
	} {
		got, took := h.raw(text)
		require.Less(t, took, 15*time.Second, "%q", text)
		require.NotContains(t, got, "goroutine", "%q", text)
		require.NotContains(t, got, " 500 ", "%q", text)
	}
	a := h.get("/api/v1/probe/panic")
	require.Equal(t, fiber.StatusInternalServerError, a.StatusCode)
	require.NotContains(t, string(a.body), secretText)
	require.Equal(t, 200, h.get("/healthz").StatusCode)
}

func TestThreat50NobodyElseReadsABackup(t *testing.T) {
	s := servertest.New(t)
	folder := filepath.Join(s.Dir, backup.Folder)
	require.NoError(t, os.MkdirAll(folder, 0o700))
	to := filepath.Join(folder, "school.tar")
	_, err := backup.Write(t.Context(), backup.Job{Data: s.Dir, To: to})
	require.NoError(t, err)
	info, err := os.Stat(to)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	for _, path := range []string{"/backups/school.tar", "/data/backups/school.tar", "/school.tar", "/homeroom.db", "/data/homeroom.db", "/.git/config", "/api/v1/backups", "/..%2fbackups%2fschool.tar"} {
		a := fetch(t, s, http.MethodGet, path, "", nil)
		if a.StatusCode == http.StatusOK {
			require.Contains(t, string(a.Bytes), "<title>Homeroom</title>", path)
			continue
		}
		require.Contains(t, []int{400, 404}, a.StatusCode, path)
	}
}
