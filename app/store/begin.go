package store

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"homeroom/app/disk"
)

// Restoring is the folder, in a data folder, of a restore that is under way or
// was cut off.
const Restoring = ".restoring"

// begin makes an empty database where there is none. It gets its name when it
// is whole, so that a file of that name without content is always one that was
// cut, and never one that was just begun.
func begin(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return &Damage{Path: path, What: "the file is missing, and its log is there"}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), Restoring)); err == nil {
		return fmt.Errorf("data folder: a restore into %s was cut off: empty the folder and restore again", filepath.Dir(path))
	}
	if name, err := bereft(filepath.Dir(path)); err != nil {
		return err
	} else if name != "" {
		return &Damage{Path: path, What: fmt.Sprintf("the file is missing, and what belongs to it (%s) is there", name)}
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), ".new-") // mode 0700
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer os.RemoveAll(folder)
	begun := filepath.Join(folder, DatabaseFile)
	file, err := os.OpenFile(begun, os.O_RDWR|os.O_CREATE, 0o600) // SQLite gives its -wal and -shm the same mode
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	_, pool, err := connect(begun, 1, url.Values{}, DefaultLimits().writing())
	if err != nil {
		return err
	}
	if err := pool.Close(); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	// A link, because it fails where another process was faster.
	if err := os.Link(begun, path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(begun, path); err != nil { // a file system without links
			return fmt.Errorf("database: %w", err)
		}
	}
	if err := disk.SyncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

// bereft returns the name of what stands in a data folder only where there was a
// database, empty where there is nothing. To an empty database every file is one
// that no row names, and is swept.
func bereft(dir string) (name string, err error) {
	held, err := os.ReadDir(filepath.Join(dir, "files"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("data folder: %w", err)
	}
	if len(held) > 0 {
		return "files", nil
	}
	if _, err := os.Stat(filepath.Join(dir, "last-backup.json")); err == nil {
		return "last-backup.json", nil
	}
	return "", nil
}
