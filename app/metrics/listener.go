package metrics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Listener shows metrics and profiles to those who run the server.
type Listener struct {
	ln    net.Listener
	http  *http.Server
	ended chan struct{}
}

var errNotLoopback = errors.New("it asks nobody who they are, and its profiles hold what people write: choose a loopback address, or say --metrics-public where the network is yours")

// Listen opens the listener: /metrics, /debug/pprof/ and /healthz. It refuses
// every address that is not a loopback one, unless it is meant to be public.
func Listen(address string, public bool, from Sources) (*Listener, error) {
	if err := CheckAddress(address, public); err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--metrics-listen %s: %w", address, err)
	}
	l := &Listener{
		ln: ln,
		http: &http.Server{
			Handler: handler(from, public), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
			ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
		},
		ended: make(chan struct{}),
	}
	go func() {
		defer close(l.ended)
		if err := l.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("metrics", "error", err.Error())
		}
	}()
	return l, nil
}

// CheckAddress refuses an address that Listen would refuse.
func CheckAddress(address string, public bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--metrics-listen %s: want host:port, such as 127.0.0.1:9100", address)
	}
	if !public && !loopback(host) {
		return fmt.Errorf("--metrics-listen %s: %w", address, errNotLoopback)
	}
	return nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// Addr is where it listens.
func (l *Listener) Addr() net.Addr { return l.ln.Addr() }

// Close ends the listener and its connections.
func (l *Listener) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := l.http.Shutdown(ctx)
	if err != nil {
		err = l.http.Close() // somebody takes a profile
	}
	<-l.ended
	return err
}

func handler(from Sources, public bool) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{from}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	if public {
		return mux
	}
	return localOnly(mux)
}

// localOnly refuses names: a web page whose name was made to resolve to the
// loopback address (DNS rebinding) would read what is meant for the machine.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !loopback(host) {
			http.Error(w, "this listener answers to loopback addresses only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
