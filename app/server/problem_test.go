package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
	"homeroom/app/server"
)

func TestEveryRefusalIsAProblemDocument(t *testing.T) {
	h := open(t, nil)
	bearer := []string{"Authorization", "Bearer " + h.token, "Content-Type", "application/json"}
	for _, c := range []struct {
		method, path, body string
		headers            []string
		status             int
		want               *fault.Fault
	}{
		{"GET", "/api/v1/nothing", "", nil, 404, fault.NotFound},
		{"GET", "/nothing.png", "", nil, 404, fault.NotFound},
		{"GET", "/assets/gone.js", "", []string{"Accept", "text/html"}, 404, fault.NotFound},
		{"GET", "/docs/gone", "", []string{"Accept", "text/html"}, 404, fault.NotFound},
		{"POST", "/sign-in", "", nil, 404, fault.NotFound},
		{"PUT", "/api/v1/classes", "{}", bearer, 405, fault.WrongMethod},
		{"FOO", "/api/v1/classes", "", nil, 405, fault.WrongMethod},
		{"TRACE", "/", "", nil, 404, fault.NotFound},
		{"GET", "/api/v1/classes", "", nil, 401, fault.SignInFirst},
		{"GET", "/ws", "", nil, 401, fault.SignInFirst},
		{"POST", "/api/v1/classes", "{", bearer, 400, fault.Malformed},
		{"POST", "/api/v1/classes", `{"name":"` + strings.Repeat("x", 64<<10) + `"}`, bearer, 413, fault.TooLarge},
		{"GET", "/", "", []string{"X-Long", strings.Repeat("x", 9<<10)}, 431, fault.TooLarge},
	} {
		a := h.do(c.method, c.path, c.body, c.headers...)
		require.Equal(t, c.status, a.StatusCode, c.method+" "+c.path)
		require.Equal(t, c.want.Code, a.problem(t).Code, c.method+" "+c.path)
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
		require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"), c.method+" "+c.path)
	}
	require.Contains(t, h.do("PUT", "/api/v1/classes", "{}", bearer...).Header.Values("Allow"), "GET, HEAD, POST")
}

func TestABodyWithoutLengthIsLimitedToo(t *testing.T) {
	h := open(t, nil)
	r, err := http.NewRequest(http.MethodPost, h.url+"/api/v1/classes", struct{ *strings.Reader }{strings.NewReader(strings.Repeat("x", 65<<10))})
	require.NoError(t, err)
	r.ContentLength = -1
	r.Header.Set("Content-Type", "application/json")
	response, err := h.client.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 413, response.StatusCode)
}

func TestAPanicIsLoggedAndNotShown(t *testing.T) {
	h := open(t, nil)
	a := h.get("/api/v1/probe/panic")
	require.Equal(t, 500, a.StatusCode)
	p := a.problem(t)
	require.Equal(t, fault.Internal.Code, p.Code)
	require.NotContains(t, string(a.body), secretText)
	require.Contains(t, h.log.String(), "panic.go")
	require.Contains(t, h.log.String(), p.RequestID)
	require.Equal(t, 200, h.get("/healthz").StatusCode, "the server lives on")
}

func TestTooManyChangesOfOneUserAreToldWhenToComeBack(t *testing.T) {
	h := open(t, func(c *server.Config) { c.Limits.RequestRate, c.Limits.RequestBurst = 0.5, 3 })
	var a answer
	for range 4 {
		a = h.do(http.MethodDelete, "/api/v1/probe/who", "", "Authorization", "Bearer "+h.token)
	}
	require.Equal(t, 429, a.StatusCode)
	p := a.problem(t)
	require.Equal(t, fault.TooManyTries.Code, p.Code)
	require.Equal(t, 2, p.RetryAfter)
	require.Equal(t, "2", a.Header.Get("Retry-After"))
	require.Equal(t, 200, h.get("/api/v1/probe/who", "Authorization", "Bearer "+h.token).StatusCode, "reading goes on")
	require.Equal(t, 200, h.get("/api/v1/probe/who").StatusCode, "somebody else at the same address is not held up")
}

func TestARequestThatDoesNotEndIsCutOff(t *testing.T) {
	h := open(t, func(c *server.Config) { c.Limits.Read = time.Second })
	for name, text := range map[string]string{
		"head":    "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
		"body":    "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
		"nothing": "",
	} {
		got, took := h.raw(text)
		require.Less(t, took, 10*time.Second, name)
		require.Greater(t, took, 900*time.Millisecond, name)
		if name != "nothing" {
			require.Contains(t, got, "408 Request Timeout", name)
			require.Contains(t, got, "application/problem+json", name)
		}
	}
}

func TestRequestNumbersAreOurOwn(t *testing.T) {
	h := open(t, nil)
	a := h.get("/", "X-Request-Id", "chosen")
	b := h.get("/")
	require.Len(t, a.Header.Get("X-Request-Id"), 24)
	require.NotEqual(t, a.Header.Get("X-Request-Id"), b.Header.Get("X-Request-Id"))
}

func TestTheLogHoldsNoQueryBodyOrTypedPath(t *testing.T) {
	h := open(t, nil)
	h.do("POST", "/api/v1/probe/text/typedpath?q=typedquery", `"typedbody"`, "Content-Type", "application/json", "Authorization", "Bearer "+h.token)
	log := h.log.String()
	require.Contains(t, log, `"route":"/api/v1/probe/text/:text","status":200`)
	require.Contains(t, log, `"user_id":1`)
	require.NotContains(t, log, "typed")
	require.NotContains(t, log, h.token)
}
