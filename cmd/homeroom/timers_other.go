//go:build !linux

package main

// calmTimers does something on Linux only.
func calmTimers() {}
