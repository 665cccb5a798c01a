package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/signal"
	"syscall"

	"homeroom/cmd/homeroom/bench"
)

type benchCmd struct {
	bench.Plan `embed:""`

	Out   string `placeholder:"FILE" help:"Write the figures there as JSON."`
	Plots string `placeholder:"FOLDER" help:"Draw latency and cost there as SVG."`
	Floor string `placeholder:"HOST:PORT" hidden:"" help:"Be the floor: what a run compares with."`
}

// Run measures, or serves as the floor of another's measurement.
func (b *benchCmd) Run() error {
	if b.Floor != "" {
		ln, err := net.Listen("tcp", b.Floor)
		if err != nil {
			return err
		}
		return bench.Floor(ln)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	report, err := b.Plan.Run(ctx, os.Stdout)
	if err == nil && b.Plots != "" {
		err = report.Plots(b.Plots)
	}
	if err != nil || b.Out == "" {
		return err
	}
	figures, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(b.Out, append(figures, '\n'), 0o644)
}
