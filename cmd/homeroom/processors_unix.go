//go:build unix

package main

import (
	"context"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// How busy a processor is, as a part of it, and for how long.
const (
	lookAtProcessors = 200 * time.Millisecond
	busyProcessor    = 0.1  // what waits for the disk would keep others waiting too often
	calmProcessor    = 0.07 // one will do
	calmLooks        = int(time.Second / lookAtProcessors)
)

// keepProcessors lets the process work on one processor while it has little to do,
// and on all that there are as soon as it has more, until ctx ends. To wake
// goroutines across processors is dear, most of all where messages are few:
// docs/decisions/0017-one-processor-while-there-is-little-to-do.md. Whoever sets
// GOMAXPROCS has decided.
func keepProcessors(ctx context.Context) {
	if os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	defer runtime.SetDefaultGOMAXPROCS()
	ticker := time.NewTicker(lookAtProcessors)
	defer ticker.Stop()
	var p processors
	at, used := time.Now(), processorTime()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		before, had := at, used
		at, used = time.Now(), processorTime()
		if alone := p.alone; p.look(float64(used-had)/float64(at.Sub(before))) != alone {
			if p.alone {
				runtime.GOMAXPROCS(1)
			} else {
				runtime.SetDefaultGOMAXPROCS()
			}
		}
	}
}

// processors decides whether one is enough.
type processors struct {
	alone bool
	calm  int // looks in a row
}

// look takes what was used since the last look, in processors.
func (p *processors) look(used float64) (alone bool) {
	switch {
	case used >= busyProcessor:
		p.alone, p.calm = false, 0
	case used > calmProcessor:
		p.calm = 0
	default:
		p.calm++
		p.alone = p.alone || p.calm >= calmLooks
	}
	return p.alone
}

// processorTime is how long this process has used processors.
func processorTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
