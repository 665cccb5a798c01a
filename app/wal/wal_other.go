//go:build !linux

package wal

func fileSystem() (string, error) { return "", nil }
