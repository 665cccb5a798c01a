package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

var errLocked = errors.New("locked")

// lockData keeps a second server out of the data folder: each would number
// events and remember members without knowing of the other.
func lockData(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	file, err := lockFile(filepath.Join(folder, "lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("another server runs on the data folder %s; stop it, or choose another folder with --data", folder)
	}
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return file, nil
}
