//go:build unix

package main

import (
	"context"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

const (
	lookAtProcessors = 200 * time.Millisecond
	lateLook         = 50 * time.Millisecond // somebody else has waited as long
	calmLooks        = int(time.Second / lookAtProcessors)

	// A processor that is used for so much of the time has somebody waiting for it
	// too often.
	busyProcessor = 0.65
)

// keepProcessors lets the process work on one processor as long as that is enough,
// and on all that there are as soon as it is not, until ctx ends. To wake
// goroutines across processors is dear, most of all where messages are few:
// docs/decisions/0017-one-processor-as-long-as-it-is-enough.md. Whoever sets
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
		var due time.Time
		select {
		case <-ctx.Done():
			return
		case due = <-ticker.C:
		}
		before, had := at, used
		at, used = time.Now(), processorTime()
		if alone := p.alone; p.look(float64(used-had)/float64(at.Sub(before)), at.Sub(due)) != alone {
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
	looks int     // while on all
	used  float64 // in these
}

// look takes what was used since the last look, in processors, and how late it
// comes. One is no longer enough at once; it is again after a calm second.
func (p *processors) look(used float64, late time.Duration) (alone bool) {
	if late >= lateLook || p.alone && used >= busyProcessor {
		*p = processors{}
	} else if !p.alone {
		p.looks++
		p.used += used
		if p.looks == calmLooks {
			*p = processors{alone: p.used < float64(calmLooks)*busyProcessor}
		}
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
