package main

import (
	"context"
	"log/slog"
	"sync"

	"homeroom/app/metrics"
)

// watch starts what looks after a running server: the series for the admins'
// page, the metrics, the backups. end ends them and waits.
func (s *serve) watch(from metrics.Sources) (end func(), err error) {
	var listener *metrics.Listener
	if s.MetricsListen != "" {
		if listener, err = metrics.Listen(s.MetricsListen, s.MetricsPublic, from); err != nil {
			return nil, err
		}
		slog.Info("metrics", "address", listener.Addr().String())
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	series := metrics.NewSeries(from)
	running.Go(func() { series.Run(ctx) })
	if keeper := s.Backup.keeper(from.Data); keeper != nil {
		running.Go(func() { keeper.Run(ctx) })
	}
	return func() {
		stop()
		running.Wait()
		if listener == nil {
			return
		}
		if err := listener.Close(); err != nil {
			slog.Warn("metrics", "error", err.Error())
		}
	}, nil
}
