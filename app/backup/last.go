package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// lastFile is where a data folder remembers its last good backup.
const lastFile = "last-backup.json"

const (
	// leap is how long after the last backup a clock is doubted: it may be ahead.
	leap = 14 * 24 * time.Hour

	// confirms is for how long it is: until then somebody may set it.
	confirms = 24 * time.Hour
)

// Last is the last good backup of a data folder.
type Last struct {
	At    time.Time `json:"at"`
	File  string    `json:"file"`
	Bytes int64     `json:"bytes"`
	State string    `json:"state,omitempty"` // of the database when it was begun
	Leapt time.Time `json:"leapt,omitzero"`  // when the clock last leapt
}

// holds tells whether a backup is there that holds a state of the database. What
// is attached comes with a row.
func (l Last) holds(state string) bool {
	info, err := os.Stat(l.File)
	return err == nil && info.Size() == l.Bytes && state != "" && state == l.State
}

// leapt is when the clock last leapt, where it shows now.
func (l Last) leapt(now time.Time) time.Time {
	if !l.At.IsZero() && now.Sub(l.At) > leap {
		return now
	}
	return l.Leapt
}

// doubts tells whether a clock that shows now may be ahead.
func (l Last) doubts(now time.Time) bool {
	return now.Sub(l.leapt(now)).Abs() < confirms
}

// ReadLast returns the last good backup of a data folder; the zero Last is
// none.
func ReadLast(data string) (last Last, err error) {
	text, err := os.ReadFile(filepath.Join(data, lastFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Last{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &last)
	}
	if err != nil {
		return Last{}, fmt.Errorf("last backup: %w", err)
	}
	return last, nil
}

// note remembers a backup. Another may be remembered at the same time: each is
// begun under a name of its own, and one of them stays.
func note(data string, last Last) error {
	if before, err := ReadLast(data); err == nil {
		last.Leapt = before.leapt(last.At)
	}
	text, err := json.Marshal(last)
	if err != nil {
		return err
	}
	begun, err := os.CreateTemp(data, "."+lastFile+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("the backup is good, but its time cannot be kept: %w", err)
	}
	_, err = begun.Write(append(text, '\n'))
	if err = errors.Join(err, begun.Close()); err == nil {
		err = os.Rename(begun.Name(), filepath.Join(data, lastFile))
	}
	if err != nil {
		return fmt.Errorf("the backup is good, but its time cannot be kept: %w", errors.Join(err, os.Remove(begun.Name())))
	}
	return nil
}
