package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"homeroom/app/files"
	"homeroom/app/store"
)

// settled is how long ago the last write must be to be told from the next: a
// commit is done only when the disk has confirmed it, and the times of some file
// systems are coarse.
const settled = time.Minute

// stateOf describes the files of a data folder's database. Where it is the same
// later, whatever the clock did, nobody has written in between. It is empty where
// that cannot be told.
func stateOf(data string) string {
	var state strings.Builder
	fresh := false
	err := eachFile(data, func(name string, info fs.FileInfo) {
		fresh = fresh || time.Since(info.ModTime()).Abs() < settled
		fmt.Fprintf(&state, "%s %d %d;", name, info.Size(), info.ModTime().UnixNano())
	})
	if err != nil || fresh {
		return ""
	}
	return state.String()
}

// Written is when a data folder's database was written to last, the zero time
// where that is not known.
func Written(data string) (last time.Time) {
	_ = eachFile(data, func(_ string, info fs.FileInfo) {
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	})
	return last
}

// sizeOf is how large a data folder's database is, its log included, and how
// large the bytes of its files are.
func sizeOf(data string) (database, bytes uint64) {
	_ = eachFile(data, func(_ string, info fs.FileInfo) { database += uint64(info.Size()) })
	_ = filepath.WalkDir(filepath.Join(data, files.Subfolder), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be read is not copied either
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			bytes += uint64(info.Size())
		}
		return nil
	})
	return database, bytes
}

// eachFile looks at the database and its log. A log that is empty or not there
// says nothing: a start and a stop make and remove one.
func eachFile(data string, look func(name string, info fs.FileInfo)) error {
	for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal"} {
		info, err := os.Stat(filepath.Join(data, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case info.Size() > 0:
			look(name, info)
		}
	}
	return nil
}

// Inside tells whether a path is a folder, or lies in it.
func Inside(folder, path string) bool {
	rel, err := filepath.Rel(resolved(folder), resolved(path))
	return err == nil && filepath.IsLocal(rel)
}

// MayLie tells whether backups may lie in a folder: anywhere but in the data
// folder, and there in Folder.
func MayLie(data, folder string) bool {
	return !Inside(data, folder) || Inside(filepath.Join(data, Folder), folder)
}

// resolved is where a path leads, as far as it is there.
func resolved(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if to, err := filepath.EvalSymlinks(path); err == nil || path == filepath.Dir(path) {
		return to
	}
	return filepath.Join(resolved(filepath.Dir(path)), filepath.Base(path))
}
