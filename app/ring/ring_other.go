//go:build !linux

package ring

import "errors"

// Ring is what there is on Linux only.
type Ring struct{}

// New returns the error that there is none.
func New() (*Ring, error) { return nil, errors.ErrUnsupported }

// Write writes nothing.
func (*Ring) Write([]Write) {}

// Close does nothing.
func (*Ring) Close() {}
