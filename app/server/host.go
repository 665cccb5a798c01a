package server

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/fault"
)

// names are the hosts that the server answers to. A page of another name that
// was made to resolve to our address (DNS rebinding) gets nothing.
type names struct {
	known      map[string]bool
	anyAddress bool // addresses are not names, so they cannot be rebound
}

func namesOf(listen string, public *url.URL) names {
	n := names{known: map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}}
	if public != nil {
		n.known[strings.ToLower(public.Hostname())] = true
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return n
	}
	if addr, err := netip.ParseAddr(host); host != "" && (err != nil || !addr.IsUnspecified()) {
		n.known[strings.ToLower(host)] = true
		return n
	}
	if public != nil {
		return n
	}
	n.anyAddress = true
	if machine, err := os.Hostname(); err == nil {
		machine = strings.ToLower(machine)
		n.known[machine] = true
		n.known[machine+".local"] = true
	}
	return n
}

func (n names) answerTo(hostport string) bool {
	host := strings.ToLower(hostOf(hostport))
	if n.known[host] {
		return true
	}
	_, err := netip.ParseAddr(host)
	return n.anyAddress && err == nil
}

// hostOf is the host in host:port or host.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
}

// checkHost refuses names that are not the server's with fault.WrongHost. The
// first line of a request may name a host too; both must be ours.
func (s *Server) checkHost(c *fiber.Ctx) error {
	if !s.names.answerTo(string(c.Request().Header.Host())) || !s.names.answerTo(string(c.Request().URI().Host())) {
		return fault.WrongHost
	}
	return c.Next()
}
