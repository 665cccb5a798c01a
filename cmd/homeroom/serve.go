package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/bus"
	"homeroom/app/hashing"
	"homeroom/app/inner"
	"homeroom/app/live"
	"homeroom/app/metrics"
	"homeroom/app/server"
	"homeroom/app/store"
	"homeroom/static"
)

type serve struct {
	Listen         string   `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (${default}). :8080 is every address of the machine."`
	PublicURL      *url.URL `placeholder:"URL" help:"How browsers reach the server, such as https://chat.school.example. Needed behind a proxy."`
	TrustedProxies []string `placeholder:"ADDRESS" help:"Addresses or ranges of the proxies in front, whose X-Forwarded-For is believed."`
	AllowOrigins   []string `placeholder:"URL" help:"Other origins whose pages may open sockets."`
	Name           string   `default:"Homeroom" help:"Name of the server, shown when signing in."`

	PushListen string       `placeholder:"HOST:PORT" help:"Where other programs of this machine push, a JSON object a line: a loopback address, or the path of a Unix socket. Off without it."`
	Inner      inner.Limits `embed:"" group:"Inner port:"`

	MetricsListen string  `placeholder:"HOST:PORT" help:"Where Prometheus and profiles are served, such as 127.0.0.1:9100. Off without it."`
	MetricsPublic bool    `help:"Let --metrics-listen be another address than a loopback one. It asks nobody who they are."`
	Backup        backups `embed:"" prefix:"backup-" group:"Backups:"`

	Rules    app.Limits    `embed:"" group:"Rules:"`
	Sockets  live.Limits   `embed:"" group:"Sockets:"`
	HTTP     server.Limits `embed:"" group:"HTTP:"`
	Database store.Limits  `embed:"" group:"Database:"`
}

// Run serves until the process is told to stop.
func (s *serve) Run(set *settings) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	for _, f := range s.contradictions(set.Data) {
		slog.Warn(f.What, "do", f.Do)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	ln, err := listen(s.Listen) // first: it fails most often, and leaves nothing behind
	if err != nil {
		return err
	}
	defer ln.Close()
	lock, err := lockData(set.Data)
	if err != nil {
		return err
	}
	defer lock.Close()
	db, err := store.OpenWithin(ctx, set.Data, s.Database)
	if err != nil {
		return err
	}
	announcements := bus.NewMemory()
	defer func() {
		announcements.Close()
		err = errors.Join(err, db.Close())
	}()

	s.Rules.ServerName = s.Name
	rules := app.New(db, announcements, set.limits(s.Rules), time.Now)
	if self, err := os.Executable(); err == nil {
		aside := hashing.NewAside(self, "hash-passwords")
		defer aside.Close()
		rules.HashBy(aside)
	}
	hub := live.NewHub(rules, s.Sockets)
	defer hub.Close(ctx) // where shutDown is not reached
	srv, err := s.server(rules, hub)
	if err != nil {
		return err
	}
	if s.PushListen != "" { // before anybody is told that all is well
		port, err := inner.Listen(rules, s.PushListen, s.Inner)
		if err != nil {
			return fmt.Errorf("--push-listen: %w", err)
		}
		defer port.Close()
	}
	endWatch, err := s.watch(metrics.Sources{Version: versionName(), Data: set.Data, Store: db, App: rules, Hub: hub, Server: srv})
	if err != nil {
		return err
	}
	defer endWatch()
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ln) }()
	if err := s.welcome(ctx, rules, ln.Addr()); err != nil {
		slog.Error("set-up link", "error", err.Error())
	}
	debug.FreeOSMemory() // what making the routes left behind is as much as an empty server needs
	var tidying sync.WaitGroup
	tidying.Go(func() { keepTidy(ctx, rules) })
	tidying.Go(func() { keepNoted(ctx, rules) })
	tidying.Go(func() { keepPurged(ctx, rules) })
	tidying.Go(func() { keepSwept(ctx, rules) })
	tidying.Go(func() { keepErased(ctx, rules) })
	tidying.Go(func() { giveBackMemory(ctx) })
	tidying.Go(func() { keepProcessors(ctx) })

	select {
	case err = <-ended:
	case <-db.Failed():
		err = db.Err() // ends the process with 1: whoever supervises it starts it anew
		slog.Error("storage has failed", "error", err.Error())
	case <-ctx.Done():
	}
	stop() // a second signal ends the process at once
	slog.Info("stopping")
	err = errors.Join(err, s.shutDown(srv, hub))
	tidying.Wait()
	return err
}

// check refuses settings that would only fail later, or not at all.
func (s *serve) check() error {
	if u := s.PublicURL; u != nil && (u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" && u.Path != "/") {
		return fmt.Errorf("--public-url %s: want https://name or https://name:port", u)
	}
	for _, origin := range s.AllowOrigins {
		if u, err := url.Parse(origin); err != nil || origin != u.Scheme+"://"+u.Host {
			return fmt.Errorf("--allow-origins %s: want scheme://name or scheme://name:port", origin)
		}
	}
	return nil
}

func (s *serve) server(rules *app.App, hub *live.Hub) (*server.Server, error) {
	proxies, err := server.ParseProxies(s.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("--trusted-proxies: %w", err)
	}
	return server.New(server.Config{
		Limits:       s.HTTP,
		Listen:       s.Listen,
		Public:       s.PublicURL,
		Proxies:      proxies,
		Origins:      s.AllowOrigins,
		Authenticate: rules.Authenticate,
		Doors: func(f *fiber.App) ([]byte, error) {
			hub.Register(f)
			return server.Describe(api.New(f, rules, api.Server{Name: s.Name, Version: versionName()}))
		},
		Ready: func(ctx context.Context) error {
			_, err := rules.NeedsSetup(ctx) // any question to the database
			return err
		},
		Pages: static.Pages(),
		Docs:  static.Docs(),
		Log:   slog.Default(),
	})
}

// shutDown ends what is open, in time for whoever started the process not to
// kill it: first nobody new comes, then sockets are told to come back later.
func (s *serve) shutDown(srv *server.Server, hub *live.Hub) error {
	srv.Leave()
	time.Sleep(s.HTTP.Leave)
	ctx, cancel := context.WithTimeout(context.Background(), s.HTTP.Shutdown)
	defer cancel()
	requests := make(chan error, 1)
	go func() { requests <- srv.Shutdown(ctx) }()
	hub.Close(ctx)
	if err := <-requests; err != nil {
		slog.Warn("requests were cut off", "error", err.Error())
	}
	return nil
}

// keepTidy removes once an hour what has ended, until ctx does.
func keepTidy(ctx context.Context, rules *app.App) {
	keep(ctx, time.Hour, nil, "what has ended was not forgotten", func() error {
		return errors.Join(rules.ForgetEndedSessions(ctx), rules.ForgetExpiredPushes(ctx), rules.ForgetUnsentFiles(ctx))
	})
}

// keepNoted writes once a second, and at the end, who has used what.
func keepNoted(ctx context.Context, rules *app.App) {
	const failed = "last uses were not noted"
	keep(ctx, time.Second, nil, failed, func() error { return rules.NoteUses(ctx) })
	if err := rules.NoteUses(context.WithoutCancel(ctx)); err != nil {
		slog.Warn(failed, "error", err.Error())
	}
}

// keepPurged removes once a day what is older than messages are kept, until ctx
// ends.
func keepPurged(ctx context.Context, rules *app.App) {
	keep(ctx, 24*time.Hour, nil, "not all that is old was purged", func() error {
		start := time.Now()
		done, err := rules.Purge(ctx)
		if done.Events > 0 {
			slog.Info("purged", "messages", done.Messages, "events", done.Events, "took_ms", time.Since(start).Milliseconds())
		}
		return err
	})
}

// keepSwept removes once a day the bytes that no file has, until ctx ends.
func keepSwept(ctx context.Context, rules *app.App) {
	keep(ctx, 24*time.Hour, nil, "not all bytes without a file were swept", func() error {
		swept, err := rules.SweepFiles(ctx)
		if swept > 0 {
			slog.Info("swept", "files", swept)
		}
		return err
	})
}

// keepErased finishes the erasures that an admin began, or a command in another
// process, until ctx ends.
func keepErased(ctx context.Context, rules *app.App) {
	keep(ctx, time.Minute, rules.Erasures(), "not all that was erased or purged is gone yet", func() error { return rules.FinishErasures(ctx) })
}

// keep does something now, each time that so long has passed and, where soon is
// not nil, when that tells, until ctx ends. What fails is logged as failed.
func keep(ctx context.Context, every time.Duration, soon <-chan struct{}, failed string, do func() error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := do(); err != nil && ctx.Err() == nil {
			slog.Error(failed, "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-soon:
		case <-ticker.C:
		}
	}
}
