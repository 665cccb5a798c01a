package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Keeper writes backups by the clock and keeps the newest.
type Keeper struct {
	Data    string        // the data folder
	Folder  string        // of the backups
	Every   time.Duration // from one to the next
	Keep    int           // how many
	Version string        // of this program
}

// nameLayout makes names that sort by time.
const nameLayout = "homeroom-20060102T150405Z.tar"

// again is how soon a backup that failed is tried again, at the latest.
const again = 10 * time.Minute

// Run keeps backups until ctx ends. The first is due Every after the last good
// one, whoever made that: restarts do not put it off.
func (k Keeper) Run(ctx context.Context) {
	last, err := ReadLast(k.Data)
	if err != nil {
		slog.Warn("backup", "error", err.Error())
	}
	due := last.At.Add(k.Every)
	if now := time.Now(); due.After(now.Add(k.Every)) { // the clock was ahead then
		due = now
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(due)):
		}
		start := time.Now()
		m, err := k.Once(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.Error("no backup was made", "error", err.Error())
			due = start.Add(min(k.Every, again))
		default:
			slog.Info("backup", "folder", k.Folder, "bytes", m.Bytes(), "messages", m.Contents.Messages, "took_ms", time.Since(start).Milliseconds())
			due = start.Add(k.Every)
		}
	}
}

// Once makes a backup now, then removes those that are too many.
func (k Keeper) Once(ctx context.Context) (Manifest, error) {
	if err := os.MkdirAll(k.Folder, 0o700); err != nil {
		return Manifest{}, fmt.Errorf("backup: %w", err)
	}
	m, err := Write(ctx, Job{Data: k.Data, To: filepath.Join(k.Folder, time.Now().UTC().Format(nameLayout)), Version: k.Version})
	if err != nil {
		return m, err
	}
	return m, k.tidy()
}

// tidy removes the oldest backups, and what was only begun by a process that
// was killed. Files of other names are somebody else's.
func (k Keeper) tidy() error {
	entries, err := os.ReadDir(k.Folder)
	if err != nil {
		return fmt.Errorf("old backups: %w", err)
	}
	var ours []string
	var errs []error
	for _, e := range entries {
		if _, err := time.Parse(nameLayout, e.Name()); err == nil && e.Type().IsRegular() {
			ours = append(ours, e.Name())
		}
		if begun, _ := filepath.Match(temporary, e.Name()); !begun || !e.IsDir() {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			errs = append(errs, os.RemoveAll(filepath.Join(k.Folder, e.Name())))
		}
	}
	slices.Sort(ours)
	for _, name := range ours[:max(len(ours)-max(k.Keep, 1), 0)] {
		errs = append(errs, os.Remove(filepath.Join(k.Folder, name)))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("old backups: %w", err)
	}
	return nil
}
