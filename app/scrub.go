package app

import (
	"context"
	"time"
)

// scrubFor is how long those who read the log are waited for at a time: who
// never ends must not hold up the next erasure. Tests change it.
var scrubFor = time.Minute

// scrub empties the database's log of what was removed. Where it cannot, that is
// still to be done.
func (a *App) scrub(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, scrubFor)
	defer cancel()
	a.unscrubbed.Store(false) // before: what is removed meanwhile may come too late for this time
	err := a.store.Scrub(ctx)
	if err != nil {
		a.unscrubbed.Store(true)
	}
	return err
}
