package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/api"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
)

// browser asks as a page of the server does, and keeps its cookies.
type browser struct {
	s       *servertest.Server
	t       testing.TB
	address string // as the proxy in front names it
	host    string // asked for, empty: the server's
	cookies map[string]string
}

func browse(t testing.TB, s *servertest.Server, address string) *browser {
	return &browser{s: s, t: t, address: address, cookies: map[string]string{}}
}

// behindProxy believes what a proxy on this machine says of addresses.
func behindProxy(t testing.TB) servertest.Options {
	t.Helper()
	proxies, err := server.ParseProxies([]string{"127.0.0.1"})
	require.NoError(t, err)
	return servertest.Options{Server: func(c *server.Config) { c.Proxies = proxies }}
}

type object = map[string]any

func (b *browser) ask(method, path string, body any) servertest.Answer {
	b.t.Helper()
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(b.t, err)
		reader = strings.NewReader(string(encoded))
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.s.URL+api.Base+path, reader)
	require.NoError(b.t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Origin", b.s.URL)
	r.Header.Set("X-Requested-With", "homeroom")
	r.Header.Set("X-Forwarded-For", b.address)
	r.Host = b.host
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := b.s.HTTP.Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	for _, c := range response.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	read, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return servertest.Answer{Response: response, Bytes: read}
}

func (b *browser) signIn(name, password string) servertest.Answer {
	b.t.Helper()
	return b.ask(http.MethodPost, "/session", object{"name": name, "password": password})
}
