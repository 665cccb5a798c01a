package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"homeroom/app"
)

// listen opens the address, or says in plain words why it cannot.
func listen(address string) (net.Listener, error) {
	ln, err := net.Listen("tcp", address)
	if err == nil {
		return ln, nil
	}
	_, port, splitErr := net.SplitHostPort(address)
	switch {
	case splitErr != nil:
		return nil, fmt.Errorf("--listen %s: want host:port, such as 127.0.0.1:8080 or :8080", address)
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %s is in use: end the program that has it, or choose another with --listen, such as --listen 127.0.0.1:8090", port)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("port %s needs the rights of an administrator: choose one above 1023 with --listen", port)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("--listen %s: this machine does not have that address", address)
	}
	return nil, fmt.Errorf("--listen %s: %w", address, err)
}

// welcome prints where the server is and, while nobody manages it, how to
// become who does. The link goes to the terminal alone: logs are kept.
func (s *serve) welcome(ctx context.Context, rules *app.App, bound net.Addr) error {
	base := s.base(bound)
	fmt.Println("Homeroom is at", base)
	if s.overTheNetwork(bound) {
		fmt.Fprintln(os.Stderr, "Warning: passwords cross the network unencrypted. Put a proxy with HTTPS in front and start with --public-url https://…")
	}
	needed, err := rules.NeedsSetup(ctx)
	if err != nil || !needed {
		return err
	}
	token, err := rules.NewSetupLink(ctx)
	if err != nil {
		return err
	}
	within := strings.TrimSuffix(s.Rules.SetupLink.Round(time.Minute).String(), "0m0s")
	fmt.Printf("Make the first admin (once, within %s): %s/setup#token=%s\n", within, base, token)
	return nil
}

// base is the address to give to a browser.
func (s *serve) base(bound net.Addr) string {
	if s.PublicURL != nil {
		return s.PublicURL.Scheme + "://" + s.PublicURL.Host
	}
	addr, err := netip.ParseAddrPort(bound.String())
	if err != nil {
		return "http://" + bound.String()
	}
	if addr.Addr().IsUnspecified() {
		return fmt.Sprintf("http://%s", net.JoinHostPort(ownAddress(), fmt.Sprint(addr.Port())))
	}
	return "http://" + addr.String()
}

func (s *serve) overTheNetwork(bound net.Addr) bool {
	addr, err := netip.ParseAddrPort(bound.String())
	return err == nil && !addr.Addr().IsLoopback() && (s.PublicURL == nil || s.PublicURL.Scheme != "https")
}

// ownAddress is an address of the machine that others can reach.
func ownAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "localhost"
	}
	for _, a := range addrs {
		if network, ok := a.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	return "localhost"
}
