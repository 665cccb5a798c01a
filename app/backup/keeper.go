package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"homeroom/app/disk"
)

// Keeper writes backups by the clock and keeps the newest.
type Keeper struct {
	Data    string        // the data folder
	Folder  string        // of the backups
	Every   time.Duration // from one to the next
	Keep    int           // how many of the newest
	Days    int           // of how many days the newest is kept besides
	MaxAge  time.Duration // past it a backup goes: what was erased must not stay in it; 0 is never
	Spare   int           // bytes that stay free on the disk of the backups
	Version string        // of this program
}

// nameLayout makes names that sort by time.
const nameLayout = "homeroom-20060102T150405Z.tar"

// again is how soon a backup that failed is tried again, at the latest.
const again = 10 * time.Minute

// Run keeps backups until ctx ends. The first is due Every after the last good
// one, whoever made that: restarts do not put it off. Where there was none, a
// server that has just begun is left alone for a while.
func (k Keeper) Run(ctx context.Context) {
	last, err := ReadLast(k.Data)
	if err != nil {
		slog.Warn("backup", "error", err.Error())
	}
	if err := k.reach(); err != nil { // said now, not when the first is due
		slog.Error("no backup can be made", "error", err.Error())
	}
	sweep(k.Folder) // the next backup may be far
	sweep(k.Data)
	due := last.At.Add(k.Every)
	if last.At.IsZero() {
		due = time.Now().Add(min(k.Every, again))
	}
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
		due = start.Add(k.Every)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.Error("no backup was made", "error", err.Error())
			due = start.Add(min(k.Every, again))
		case m.At.IsZero(): // the last holds all there is
		default:
			slog.Info("backup", "folder", k.Folder, "bytes", m.Bytes(), "messages", m.Contents.Messages, "took_ms", time.Since(start).Milliseconds())
		}
	}
}

// reach makes the folder of the backups where there is none, and tries whether
// something can be written there.
func (k Keeper) reach() error {
	if err := os.MkdirAll(k.Folder, 0o700); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	begun, err := os.MkdirTemp(k.Folder, temporary)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := os.Remove(begun); err != nil && !errors.Is(err, fs.ErrNotExist) { // another may have swept it
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// Once makes a backup now, and removes those that are too many or too old,
// whether or not another can be made. Where nothing was written since the last
// it makes none, and the Manifest is the zero one.
func (k Keeper) Once(ctx context.Context) (Manifest, error) {
	if err := k.reach(); err != nil {
		return Manifest{}, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond) // for all of it: what is made now is the newest
	tidied := k.tidy(now)
	if name, err := OfAnother(k.Data, k.Folder, now); err == nil && name != "" {
		slog.Warn("another server keeps its backups in this folder, and each removes the other's: give each its own", "folder", k.Folder, "file", name)
	}
	if last, err := ReadLast(k.Data); err == nil && last.holds(stateOf(k.Data)) {
		last.At = now // as good as one that is made now
		return Manifest{}, errors.Join(tidied, note(k.Data, last))
	}
	if err := k.makeRoom(now); err != nil {
		return Manifest{}, errors.Join(tidied, err)
	}
	m, err := Write(ctx, Job{Data: k.Data, To: filepath.Join(k.Folder, now.Format(nameLayout)), Version: k.Version})
	if err != nil {
		return m, errors.Join(tidied, err)
	}
	if len(m.Missing) > 0 {
		slog.Warn("files that the database names are missing or cut", "files", len(m.Missing), "one", m.Missing[0])
	}
	return m, k.tidy(now)
}

// makeRoom removes the oldest backups until there is room for another: for the
// copy of the database and the archive that it goes into. The newest is never
// removed, and none is where all of them are not enough.
func (k Keeper) makeRoom(now time.Time) error {
	database, bytes := sizeOf(k.Data)
	need := uint64(max(k.Spare, 0)) + 2*database + bytes
	free, _, err := disk.Free(k.Folder)
	if err != nil || free >= need {
		return nil // where it is not known, the writing itself fails
	}
	ours, err := ours(k.Folder, now)
	if err != nil {
		return err
	}
	gone, room := 0, free
	for ; room < need && gone < len(ours)-1; gone++ {
		info, err := os.Stat(filepath.Join(k.Folder, ours[gone]))
		if err != nil {
			return fmt.Errorf("old backups: %w", err)
		}
		room += uint64(info.Size())
	}
	if room < need {
		return fmt.Errorf("backup: %d MiB are free in %s, and %d would be needed: make room, or choose another folder", free>>20, k.Folder, need>>20)
	}
	for _, name := range ours[:gone] {
		slog.Warn("a backup makes room for the next", "file", name)
		if err := os.Remove(filepath.Join(k.Folder, name)); err != nil {
			return fmt.Errorf("old backups: %w", err)
		}
	}
	return nil
}

// ours are the names of the backups in a folder that a keeper made, the oldest
// first. Those of a time to come were made by a clock that was ahead, and come
// before all others. Files of other names are somebody else's.
func ours(folder string, now time.Time) (names []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("old backups: %w", err)
	}
	for _, e := range entries {
		if _, err := time.Parse(nameLayout, e.Name()); err == nil && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	ahead, _ := slices.BinarySearch(names, now.Add(time.Second).Format(nameLayout))
	return slices.Concat(names[ahead:], names[:ahead]), nil
}

// tooMany returns which of the names may go: all but the newest, the newest of
// each of some days, and the very newest whatever its age.
func (k Keeper) tooMany(names []string, now time.Time) (gone []string) {
	days, tooOld := map[string]bool{}, k.tooOld(names, now)
	for i := len(names) - 1; i >= 0; i-- {
		at, _ := time.Parse(nameLayout, names[i])
		day, newest := at.Format(time.DateOnly), len(names)-1-i
		ofItsDay := !days[day] && len(days) < k.Days
		days[day] = true
		if newest > 0 && (i < tooOld || newest >= max(k.Keep, 1) && !ofItsDay) {
			gone = append(gone, names[i])
		}
	}
	return gone
}

// tooOld is how many of the names, from the oldest on, are past MaxAge: none
// where the clock is doubted, which would take all of them.
func (k Keeper) tooOld(names []string, now time.Time) int {
	if last, err := ReadLast(k.Data); k.MaxAge <= 0 || err == nil && last.doubts(now) {
		return 0
	}
	for i := len(names) - 1; i >= 0; i-- {
		if at, _ := time.Parse(nameLayout, names[i]); now.Sub(at) > k.MaxAge {
			return i + 1
		}
	}
	return 0
}

// tidy removes the oldest backups, and what was only begun by a process that
// was killed.
func (k Keeper) tidy(now time.Time) error {
	sweep(k.Folder)
	sweep(k.Data)
	ours, err := ours(k.Folder, now)
	errs := []error{err}
	for _, name := range k.tooMany(ours, now) {
		errs = append(errs, os.Remove(filepath.Join(k.Folder, name)))
	}
	if len(ours) > 0 { // else those of before are all there are
		earlier, err := Earlier(k.Data, k.Folder, now)
		errs = append(errs, err)
		for _, name := range earlier[:k.tooOld(earlier, now)] {
			errs = append(errs, os.Remove(filepath.Join(k.Data, Folder, name)))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("old backups: %w", err)
	}
	return nil
}

// Earlier returns the names of the backups in a data folder that were made by
// the clock before they got another folder, the oldest first.
func Earlier(data, folder string, now time.Time) ([]string, error) {
	if resolved(filepath.Join(data, Folder)) == resolved(folder) {
		return nil, nil
	}
	names, err := ours(filepath.Join(data, Folder), now)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}

// OfAnother returns the name of a backup that another server made by the clock in
// the folder of this one's: it is newer than the last of this data folder.
func OfAnother(data, folder string, now time.Time) (name string, err error) {
	last, err := ReadLast(data)
	if err != nil || last.At.IsZero() {
		return "", err
	}
	names, err := ours(folder, now)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(names) == 0 {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	newest := names[len(names)-1]
	if at, _ := time.Parse(nameLayout, newest); at.After(last.At) && !at.After(now) {
		name = newest
	}
	return name, nil
}
