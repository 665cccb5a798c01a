//go:build !linux

package bench

import (
	"errors"
	"time"
)

func processorTime(int) (time.Duration, error) {
	return 0, errors.New("processor time is told on Linux only")
}
