package metrics

import (
	"context"
	"runtime/metrics"
	"sync"
	"time"

	"homeroom/app"
	"homeroom/app/backup"
	"homeroom/app/disk"
	"homeroom/app/live"
	"homeroom/app/store"
	"homeroom/models"
)

// The series is the last hour, in steps.
const (
	step      = 10 * time.Second
	mostSteps = int(time.Hour / step)
)

// Series remembers how the server fared in the last hour.
type Series struct {
	from  Sources
	since models.Time

	mu    sync.Mutex
	steps []app.StatsStep // a ring
	next  int             // where the next step goes once the ring is full
	last  reading
}

// reading is what the counters said at one moment.
type reading struct {
	at    time.Time
	hub   live.Stats
	store store.Stats
	app   app.Counts
}

// NewSeries returns a series that begins now, and lets the rules tell it to
// admins.
func NewSeries(from Sources) *Series {
	s := &Series{from: from, since: models.At(time.Now())}
	s.last = s.read(time.Now())
	from.App.Watch(s.Stats)
	return s
}

// Run takes a step every ten seconds until ctx ends.
func (s *Series) Run(ctx context.Context) {
	ticker := time.NewTicker(step)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.take(time.Now())
		}
	}
}

func (s *Series) read(now time.Time) reading {
	return reading{at: now, hub: s.from.Hub.Stats(), store: s.from.Store.Stats(), app: s.from.App.Counts()}
}

// take adds the step that ends now.
func (s *Series) take(now time.Time) {
	r := s.read(now)
	memory, goroutines := process()
	s.mu.Lock()
	defer s.mu.Unlock()
	seconds := max(r.at.Sub(s.last.at).Seconds(), 0.001)
	taken := app.StatsStep{
		At:            models.At(now),
		Connections:   r.hub.Classic + r.hub.V2,
		Sends:         float64(r.app.Sends-s.last.app.Sends) / seconds,
		Deliveries:    float64(r.hub.Deliveries-s.last.hub.Deliveries) / seconds,
		CommitMS:      r.store.Seconds.Since(s.last.store.Seconds).Quantile(0.99) * 1000,
		CommitSize:    r.store.Batches.Since(s.last.store.Batches).Mean(),
		LagMS:         r.hub.Lag.Since(s.last.hub.Lag).Quantile(0.99) * 1000,
		TooSlow:       r.hub.Slow - s.last.hub.Slow,
		SignInsFailed: signInsFailed(r.app) - signInsFailed(s.last.app),
		Memory:        memory, Goroutines: goroutines,
	}
	s.last = r
	if len(s.steps) < mostSteps {
		s.steps = append(s.steps, taken)
		return
	}
	s.steps[s.next] = taken
	s.next = (s.next + 1) % mostSteps
}

// Stats returns the series, and how things are now.
func (s *Series) Stats() app.Stats {
	r := s.read(time.Now())
	memory, goroutines := process()
	now := app.StatsNow{
		At: models.At(r.at), Since: s.since, Version: s.from.Version,
		Connections: r.hub.Classic + r.hub.V2, Classic: r.hub.Classic, UsersOnline: r.hub.Users, ClassesInUse: r.hub.Rooms,
		Sends: r.app.Sends, Deliveries: r.hub.Deliveries, SignInsFailed: signInsFailed(r.app), TooSlow: r.hub.Slow,
		Memory: memory, Goroutines: goroutines,
		Database: r.store.Sizes.Database, DatabaseLog: r.store.Sizes.Log,
	}
	if free, _, err := disk.Free(s.from.Data); err == nil {
		now.DiskFree = int64(free)
	}
	if last, err := backup.ReadLast(s.from.Data); err == nil && !last.At.IsZero() {
		at := models.At(last.At)
		now.LastBackup = &at
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	steps := make([]app.StatsStep, 0, len(s.steps))
	steps = append(steps, s.steps[s.next:]...)
	return app.Stats{Now: now, Step: int(step / time.Second), Steps: append(steps, s.steps[:s.next]...)}
}

// signInsFailed counts the sign-ins that were refused, for whatever reason.
func signInsFailed(counts app.Counts) (n int64) {
	for _, refused := range counts.Refused {
		n += refused
	}
	return n
}

// process is the memory that the process has of the system, and how many
// goroutines it runs. Unlike runtime.ReadMemStats it stops nothing.
func process() (memory int64, goroutines int) {
	samples := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/sched/goroutines:goroutines"},
	}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64()), int(samples[2].Value.Uint64())
}
