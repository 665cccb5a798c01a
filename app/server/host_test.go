package server_test

import (
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
	"homeroom/app/server"
)

func TestOtherNamesAreMisdirected(t *testing.T) {
	machine, err := os.Hostname()
	require.NoError(t, err)
	public := func(c *server.Config) { c.Public = &url.URL{Scheme: "https", Host: "chat.school.example"} }
	for _, c := range []struct {
		name   string
		change func(*server.Config)
		yes    []string
		no     []string
	}{
		{"on loopback", nil,
			[]string{"localhost", "localhost:5173", "LOCALHOST:1", "127.0.0.1", "[::1]:8080"},
			[]string{"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.5", machine + ".", "a b"}},
		{"with a public name", public,
			[]string{"chat.school.example", "Chat.School.Example:443", "localhost"},
			[]string{"school.example", "evil.chat.school.example", "192.168.1.5"}},
		{"on every address", func(c *server.Config) { c.Listen = ":8080" },
			[]string{machine, machine + ".local:8080", "192.168.1.5:8080", "[fe80::1]", "localhost"},
			[]string{"evil.example", "192.168.1.5.evil.example"}},
		{"on every address with a public name", func(c *server.Config) { c.Listen = "0.0.0.0:8080"; public(c) },
			[]string{"chat.school.example"},
			[]string{"192.168.1.5:8080", "evil.example"}},
		{"on one address", func(c *server.Config) { c.Listen = "192.168.1.5:8080" },
			[]string{"192.168.1.5", "192.168.1.5:8080"},
			[]string{"192.168.1.6"}},
	} {
		h := open(t, c.change)
		for _, host := range c.yes {
			require.Equal(t, 200, h.get("/", "Host", host).StatusCode, c.name+": "+host)
		}
		for _, host := range c.no {
			got, _ := h.raw("GET /api/v1/info HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
			require.Regexp(t, `^HTTP/1.1 4(21|00)`, got, c.name+": "+host)
		}
	}
}

func TestTheFirstLineCannotNameAnotherHost(t *testing.T) {
	h := open(t, nil)
	got, _ := h.raw("GET http://evil.example/api/v1/probe/who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	require.NotContains(t, got, "evil.example")
	got, _ = h.raw("GET /api/v1/probe/who HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n")
	require.Contains(t, got, `"host":"localhost"`)
	a := h.get("/", "Host", "evil.example")
	require.Equal(t, fault.WrongHost.Code, a.problem(t).Code)
	require.Equal(t, 200, h.get("/healthz", "Host", "evil.example").StatusCode, "probes ask by any name")
}

func TestOnlyTrustedProxiesSayWhoTheClientIs(t *testing.T) {
	trust := func(list ...string) func(*server.Config) {
		return func(c *server.Config) {
			var err error
			c.Proxies, err = server.ParseProxies(list)
			require.NoError(t, err)
		}
	}
	for _, c := range []struct {
		name    string
		proxies []string
		header  []string
		want    string
	}{
		{"nobody is trusted", nil, []string{"9.9.9.9"}, "127.0.0.1"},
		{"another is trusted", []string{"10.0.0.0/8"}, []string{"9.9.9.9"}, "127.0.0.1"},
		{"the proxy is trusted", []string{"127.0.0.1"}, []string{"9.9.9.9"}, "9.9.9.9"},
		{"the client claims another", []string{"127.0.0.1"}, []string{"1.2.3.4, 9.9.9.9"}, "9.9.9.9"},
		{"the client claims in a line of its own", []string{"127.0.0.1"}, []string{"1.2.3.4", "9.9.9.9"}, "9.9.9.9"},
		{"two proxies", []string{"127.0.0.1", "10.0.0.0/8"}, []string{"1.2.3.4, 9.9.9.9, 10.1.1.1"}, "9.9.9.9"},
		{"nonsense", []string{"127.0.0.1"}, []string{"9.9.9.9, whatever"}, "127.0.0.1"},
		{"no header", []string{"127.0.0.1"}, nil, "127.0.0.1"},
		{"six", []string{"127.0.0.0/8"}, []string{"2001:db8::1"}, "2001:db8::1"},
	} {
		h := open(t, trust(c.proxies...))
		var headers []string
		for _, value := range c.header {
			headers = append(headers, "X-Forwarded-For", value)
		}
		for range 2 { // the second on the same connection
			body := string(h.get("/api/v1/probe/who", headers...).body)
			require.Contains(t, body, `"address":"`+c.want+`"`, c.name)
			require.Contains(t, body, `"ip":"`+c.want+`"`, c.name)
		}
		require.Contains(t, string(h.get("/api/v1/probe/who").body), `"address":"127.0.0.1"`, "nothing is left of the request before")
	}
	_, err := server.ParseProxies([]string{"proxy.example"})
	require.Error(t, err)
}

func TestAForgedAddressDoesNotEscapeTheRateLimit(t *testing.T) {
	h := open(t, func(c *server.Config) { c.Limits.AddressRate, c.Limits.AddressBurst = 0.1, 2 })
	codes := []int{}
	for _, address := range []string{"1.1.1.1", "2.2.2.2", "3.3.3.3"} {
		codes = append(codes, h.get("/api/v1/probe/who", "X-Forwarded-For", address, "X-Real-IP", address, "Forwarded", "for="+address).StatusCode)
	}
	require.Equal(t, []int{200, 200, 429}, codes)
}

// Whoever has one address of an IPv6 network has all of them.
func TestANetworkOfIPv6CountsAsOneAddress(t *testing.T) {
	h := open(t, func(c *server.Config) {
		c.Limits.AddressRate, c.Limits.AddressBurst = 0.1, 2
		var err error
		c.Proxies, err = server.ParseProxies([]string{"127.0.0.1"})
		require.NoError(t, err)
	})
	codes := []int{}
	for _, address := range []string{"2001:db8:1:2::1", "2001:db8:1:2:aaaa::2", "2001:db8:1:2:ffff::3", "2001:db8:1:3::1"} {
		codes = append(codes, h.get("/api/v1/probe/who", "X-Forwarded-For", address).StatusCode)
	}
	require.Equal(t, []int{200, 200, 429, 200}, codes)
}
