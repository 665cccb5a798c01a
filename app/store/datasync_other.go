//go:build !linux

package store

// fileSystem returns the name of the file system through which SQLite reaches its
// files, empty for its own.
func fileSystem() (string, error) { return "", nil }
