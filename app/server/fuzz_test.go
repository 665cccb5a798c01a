package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/server"
	"homeroom/app/server/servertest"
)

// unhurried leaves out how often an address may ask.
func unhurried(c *server.Config) { c.Limits.AddressRate, c.Limits.AddressBurst = 1e9, 1e9 }

// Whatever bytes come in where a request belongs: what goes out are answers of
// HTTP that name no fault of ours and no other place, and the connection ends.
func FuzzRequest(f *testing.F) {
	for _, text := range []string{
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /api/v1/classes?limit=1 HTTP/1.1\r\nHost: localhost\r\nCookie: sid=x\r\n\r\nGET / HTTP/1.0\r\n\r\n",
		"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /%252e%252e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01",
		"GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=-1-,9-0\r\nIf-None-Match: *\r\nAccept-Encoding: br;q=x, gzip\r\nX-Forwarded-For: 1, x, ::1\r\n\r\n",
		"PUT /api/v1/classes/1/threads/1/messages/1/reactions/%F0%9F%98%80 HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nExpect: 100-continue\r\n\r\n",
	} {
		f.Add([]byte(text))
	}
	host := servertest.New(f, servertest.Options{Server: unhurried}).Host()
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := net.Dial("tcp", host)
		require.NoError(t, err)
		defer c.Close()
		require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
		_, _ = c.Write(text) // it may have been refused before its end
		if c.(*net.TCPConn).CloseWrite() != nil {
			return
		}
		heard, err := io.ReadAll(c)
		if err != nil {
			return // it was, and what it had not read was still under way
		}
		for answers := bufio.NewReader(bytes.NewReader(heard)); ; {
			if _, err := answers.Peek(1); err != nil {
				return
			}
			a, err := http.ReadResponse(answers, &http.Request{Method: methodOf(text)})
			require.NoError(t, err, "%q", heard)
			if a.StatusCode == http.StatusContinue {
				continue
			}
			require.Less(t, a.StatusCode, 500, "%q", heard)
			require.Empty(t, a.Header.Get("Location"))
			require.NotEmpty(t, a.Header.Get("Content-Security-Policy"), "%q", heard)
			body, err := io.ReadAll(a.Body)
			require.NoError(t, err, "%q", heard)
			require.NotContains(t, string(body), "goroutine ")
			if a.Request.Method == http.MethodHead {
				return // of several answers it is not known which have a body
			}
		}
	})
}

func methodOf(text []byte) string {
	if bytes.Contains(text, []byte("HEAD ")) {
		return http.MethodHead
	}
	return http.MethodGet
}

// Whatever a client writes into X-Forwarded-For: without a trusted proxy it is
// not looked at, behind one only the last entry counts, if it is an address.
func FuzzForwardedFor(f *testing.F) {
	for _, value := range []string{"192.0.2.1", "1.2.3.4, 192.0.2.1", "192.0.2.1,", ",", "", " ::1 ", "::ffff:192.0.2.1", "fe80::1%eth0", "192.0.2.1:80", "[::1]", "127.0.0.1, 127.0.0.1", "x"} {
		f.Add(value)
	}
	proxies, err := server.ParseProxies([]string{"127.0.0.1"})
	require.NoError(f, err)
	bare := open(f, unhurried)
	proxied := open(f, func(c *server.Config) { c.Proxies = proxies; unhurried(c) })
	said := func(t *testing.T, h *house, value string) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/api/v1/probe/who", nil)
		require.NoError(t, err)
		r.Header.Set("X-Forwarded-For", value)
		response, err := h.client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		if response.StatusCode == http.StatusRequestHeaderFieldsTooLarge {
			t.Skip()
		}
		var who struct{ Address string }
		require.NoError(t, json.NewDecoder(response.Body).Decode(&who))
		return who.Address
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			return // no header
		}
		require.Equal(t, "127.0.0.1", said(t, bare, value))
		hops := strings.Split(value, ",")
		want := "127.0.0.1"
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			if want = hop.Unmap().WithZone("").String(); want != "127.0.0.1" {
				break
			}
		}
		require.Equal(t, want, said(t, proxied, value), "%q", value)
	})
}
