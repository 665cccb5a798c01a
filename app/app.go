// Package app holds the rules, once: a method per verb, with the arguments
// (ctx, actor, input). REST, the socket and the commands call the same
// methods, and answer with the faults that these return.
package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"homeroom/app/bus"
	"homeroom/app/files"
	"homeroom/app/store"
	"homeroom/models"
)

// App is the rules over an open database and a bus.
type App struct {
	Limits  Limits
	store   *store.Store
	bus     *bus.Memory
	clock   func() time.Time
	rosters *rosters
	tails   *tails
	sends   *buckets
	threads *buckets
	gate    *gate
	uses    *uses

	shelf    files.Shelf
	begun    *buckets // uploads
	uploads  *turns   // by file
	pictures *turns   // the one picture that is drawn
	drawn    sync.Map // names of pictures that no row names yet
	looks    *looks

	counts  counts
	watcher atomic.Pointer[func() Stats]

	waiting    atomic.Int64 // bytes of what waits for the disk
	listeners  atomic.Pointer[Listeners]
	endings    atomic.Uint64 // announcements of ended sign-ins
	beside     atomic.Int64  // what the store said of other processes when it was last asked
	erasures   chan struct{} // full while FinishErasures has something to do
	unscrubbed atomic.Bool   // the database's log may hold what was removed
	leapt      atomic.Bool   // the last purge found a clock that may be ahead
	edition    atomic.Int64  // see Edition
}

// Edition is another number after every purge, which no event tells of, and after
// every start, which may be of a database that was restored: whoever keeps a page
// by the number of its class's newest event keeps it by this one, too.
func (a *App) Edition() int64 { return a.edition.Load() }

// New returns the rules. The clock is time.Now, or a test's.
func New(s *store.Store, b *bus.Memory, limits Limits, clock func() time.Time) *App {
	a := &App{
		Limits:  limits,
		store:   s,
		bus:     b,
		clock:   clock,
		rosters: newRosters(),
		tails:   newTails(),
		sends:   newBuckets(limits.SendRate, limits.SendBurst),
		threads: newBuckets(limits.ThreadRate, int(limits.ThreadRate)*2),
		gate:    newGate(limits),
		looks:   newLooks(),
		uses:    newUses(),

		shelf:    files.In(s.Folder()),
		begun:    newBuckets(limits.UploadRate/60, int(limits.UploadRate)),
		uploads:  newTurns(),
		pictures: newTurns(),

		counts: newCounts(),

		erasures: make(chan struct{}, 1),
	}
	a.unscrubbed.Store(true)               // the process before may have been killed
	a.edition.Store(time.Now().UnixNano()) // not by the clock of a test, which starts again as it was
	return a
}

func (a *App) now() models.Time { return models.At(a.clock()) }

// Subscribe calls f with every announcement, one at a time, until cancel.
func (a *App) Subscribe(f func([]bus.Announcement)) (cancel func()) { return a.bus.Subscribe(f) }

func (a *App) reading(ctx context.Context) store.Queries { return a.store.Reading(ctx) }
