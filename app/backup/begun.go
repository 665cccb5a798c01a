package backup

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// temporary is the pattern of the folders in which backups are begun, and
// temporaries that of their names: a folder of somebody else is not ours to remove.
const temporary, temporaries = ".backup-*", ".backup-[0-9]*"

// longest is how long a backup takes at the most, where nothing else tells
// whether one is being made.
const longest = 24 * time.Hour

// eachLeft calls f with the path of all that a process which was killed had
// begun in a folder.
func eachLeft(folder string, f func(path string) error) error {
	done, alone := alone(folder)
	defer done()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var errs []error
	for _, e := range entries {
		if begun, _ := filepath.Match(temporaries, e.Name()); !begun || !e.IsDir() {
			continue
		}
		info, err := e.Info()
		if err == nil && (alone || time.Since(info.ModTime()) > longest) {
			errs = append(errs, f(filepath.Join(folder, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// sweep removes what was begun in a folder and left: what is purged or erased
// would stay in it. Where it cannot, as where root left it, a backup is made all
// the same.
func sweep(folder string) {
	if err := eachLeft(folder, os.RemoveAll); err != nil {
		slog.Warn("what a backup left cannot be removed", "error", err.Error())
	}
}

// Left returns the paths of what backups that were killed left in a data folder.
func Left(data string) (left []string, err error) {
	for _, folder := range []string{data, filepath.Join(data, Folder)} {
		err = errors.Join(err, eachLeft(folder, func(path string) error {
			left = append(left, path)
			return nil
		}))
	}
	return left, err
}
