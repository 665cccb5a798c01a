package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	lookAtMemory = 5 * time.Second
	much         = 16 << 20 // bytes allocated since memory was given back
	quiet        = 2 << 20  // bytes allocated between two looks
)

// giveBackMemory lets a server that has become quiet shrink, until ctx ends. The
// collector runs when the heap has doubled: after a rush, such as a whole school
// that connects again, a quiet server would keep what the rush took for minutes.
// The same much allocated little by little is given back as well. Under load it
// does nothing.
func giveBackMemory(ctx context.Context) {
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(allocated)
	last := allocated[0].Value.Uint64()
	given := last
	ticker := time.NewTicker(lookAtMemory)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		metrics.Read(allocated)
		now := allocated[0].Value.Uint64()
		if now-last < quiet && now-given > much {
			debug.FreeOSMemory()
			metrics.Read(allocated)
			now = allocated[0].Value.Uint64()
			given = now
		}
		last = now
	}
}
