package server

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Proxies are the addresses of the reverse proxies in front of the server.
type Proxies []netip.Prefix

// ParseProxies reads addresses and ranges such as 10.0.0.0/8.
func ParseProxies(list []string) (Proxies, error) {
	var p Proxies
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fmt.Errorf("%q is no address and no range of addresses", text)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		p = append(p, prefix.Masked())
	}
	return p, nil
}

func (p Proxies) trust(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// clientAddress finds the client behind the trusted proxies, and makes it the
// connection's address for everything after: RemoteAddr and IP say the same.
func (s *Server) clientAddress(c *fiber.Ctx) string {
	peer, ok := addrOf(c.Context().Conn().RemoteAddr())
	if !ok {
		return ""
	}
	if s.config.Proxies.trust(peer) {
		peer = s.config.Proxies.client(peer, forwardedFor(c))
	}
	c.Context().SetRemoteAddr(net.TCPAddrFromAddrPort(netip.AddrPortFrom(peer, 0)))
	return peer.String()
}

// client reads X-Forwarded-For from its end. Each proxy appends whom it heard,
// so that only the entries which trusted proxies wrote are believed; what lies
// left of them is whatever the client sent.
func (p Proxies) client(peer netip.Addr, hops []string) netip.Addr {
	for i := len(hops) - 1; i >= 0 && p.trust(peer); i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		peer = addr.Unmap().WithZone("")
	}
	return peer
}

func forwardedFor(c *fiber.Ctx) []string {
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	return hops
}

func addrOf(a net.Addr) (netip.Addr, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, false
	}
	addr, ok := netip.AddrFromSlice(tcp.IP)
	return addr.Unmap(), ok
}
