//go:build !linux

package datasync

func fileSystem() (string, error) { return "", nil }
