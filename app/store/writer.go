package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	sqlite3 "modernc.org/sqlite"
	sqlite3lib "modernc.org/sqlite/lib"

	"homeroom/app/fault"
	"homeroom/app/tally"
)

const (
	maxBatch  = 256
	maxQueued = 4096
)

// Tx is a transaction under way. Its embedded Queries see what it has written.
type Tx struct {
	Queries
	conn  *connection
	heads heads // of all jobs of the transaction
	wrote bool
	after []func()
}

// w is the way to every write: it notes that there is something to undo.
func (tx *Tx) w() *gorm.DB {
	tx.wrote = true
	return tx.db
}

// AfterCommit keeps f until the transaction is on disk. All such functions run
// on the writer's goroutine, in the order of the commits, and must not block.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Write runs fn in a transaction of its own and returns when that is on disk.
// What fn returns is returned, and undoes what fn wrote.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.writer.do(ctx, &job{fn: fn, alone: true})
}

// Batch is Write for what comes often: fn shares its transaction, and so its
// wait for the disk, with all that has gathered meanwhile. fn may run twice
// (where another of its batch fails after writing), so it must not touch
// anything but tx and what it sets anew each time.
func (s *Store) Batch(ctx context.Context, fn func(*Tx) error) error {
	return s.writer.do(ctx, &job{fn: fn})
}

type job struct {
	fn    func(*Tx) error
	bare  func(*connection) error // instead of fn: what runs in no transaction
	alone bool
	done  chan error
	err   error
	tx    *Tx
}

// writer is the one goroutine that writes. There is no timer: a batch is what
// arrived while the last commit ran, so a lone sender waits for nobody.
type writer struct {
	path    string
	db      *gorm.DB
	conn    *connection
	queue   chan *job
	stopped chan struct{}
	ended   chan struct{}
	held    *job            // taken from the queue, for the next batch
	known   map[int64]int64 // see heads

	failOnce sync.Once
	failed   chan struct{}
	failure  error // once failed is closed

	seconds *tally.Histogram // of each transaction
	batches *tally.Histogram // jobs in each
	refused atomic.Int64     // jobs that storage failed
}

func startWriter(path string, db *gorm.DB, conn *connection) *writer {
	w := &writer{
		path: path, db: db, conn: conn, queue: make(chan *job, maxQueued), known: map[int64]int64{},
		stopped: make(chan struct{}), ended: make(chan struct{}), failed: make(chan struct{}),
		seconds: tally.New(tally.Seconds), batches: tally.New(tally.Batches),
	}
	go w.run()
	return w
}

// fail makes the writer give up.
func (w *writer) fail(err error) {
	w.failOnce.Do(func() {
		w.failure = err
		var damage *Damage
		if errors.As(err, &damage) {
			suspect(w.path)
		}
		close(w.failed)
	})
}

func (w *writer) stop() {
	close(w.stopped)
	<-w.ended
	if err := w.conn.close(); err != nil {
		slog.Warn("the writer's connection was not closed", "error", err.Error())
	}
}

func (w *writer) do(ctx context.Context, j *job) error {
	j.done = make(chan error, 1)
	select {
	case <-w.ended: // a failed writer leaves room in the queue
		return fault.Unavailable
	default:
	}
	select {
	case w.queue <- j:
	case <-w.stopped:
		return fault.Unavailable
	case <-ctx.Done():
		return ctx.Err()
	}
	// From here on the job may be committed: its fate is waited for even if the
	// asker has gone, so that nobody is told "failed" of what was stored.
	select {
	case err := <-j.done:
		return err
	case <-w.ended:
		select {
		case err := <-j.done:
			return err
		default:
			return fault.Unavailable
		}
	}
}

func (w *writer) run() {
	defer close(w.ended)
	batch := make([]*job, 0, maxBatch)
	for {
		batch = w.gather(batch[:0])
		if len(batch) == 0 {
			return
		}
		w.commit(batch)
		clear(batch)
		if w.held != nil || len(w.queue) > 0 {
			w.giveWay()
		}
		select {
		case <-w.failed:
			return // who waits is answered by ended
		default:
		}
	}
}

// giveWay lets those go first who were just answered and who tells the class: on
// one processor, commit upon commit would keep them waiting. Twice, because they
// let each other go first as well. What comes meanwhile shares the next commit.
func (w *writer) giveWay() {
	runtime.Gosched()
	runtime.Gosched()
}

// gather waits for a job, then takes those that are waiting behind it: until
// one that wants to be alone, which is a batch by itself.
func (w *writer) gather(batch []*job) []*job {
	first := w.held
	w.held = nil
	if first == nil {
		select {
		case first = <-w.queue:
		case <-w.failed:
			return nil
		case <-w.stopped:
			select {
			case first = <-w.queue:
			default:
				return nil
			}
		}
	}
	batch = append(batch, first)
	for !first.alone && len(batch) < maxBatch {
		select {
		case j := <-w.queue:
			if j.alone {
				w.held = j
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit writes the batch in one transaction. Where that cannot be (one of its
// jobs failed after it had written, or the commit failed), each job is tried
// again in a transaction of its own, so that none suffers for another.
func (w *writer) commit(batch []*job) {
	if first := batch[0]; first.bare != nil {
		first.done <- w.verdict(first.bare(w.conn))
		return
	}
	err := w.transact(batch)
	if errors.Is(err, fault.Unavailable) {
		for _, j := range batch { // the disk's fault, not a job's: trying one by one would only wait once for each
			j.err = err
		}
	} else if err != nil && len(batch) > 1 {
		for i := range batch {
			if err := w.transact(batch[i : i+1]); err != nil {
				batch[i].err = err
			}
		}
	} else if err != nil {
		batch[0].err = err
	}
	for _, j := range batch {
		if errors.Is(j.err, fault.Unavailable) {
			w.refused.Add(1)
		}
		if j.err == nil {
			for _, f := range j.tx.after {
				f()
			}
		}
	}
	for _, j := range batch {
		j.done <- j.err
	}
}

var errUndo = errors.New("undo the batch")

// transact runs the jobs in one transaction. An error means that nothing of
// any of them is stored; a job's own refusal, given before it wrote, is not an
// error but its own answer. After the writer has given up it is Unavailable.
func (w *writer) transact(batch []*job) error {
	select {
	case <-w.failed:
		return fault.Unavailable
	default:
	}
	start := time.Now()
	wrote := false
	heads := heads{touched: map[int64]int64{}, known: w.known}
	err := w.conn.transaction(func() error {
		for _, j := range batch {
			j.tx = &Tx{Queries: Queries{db: w.db}, conn: w.conn, heads: heads}
			j.err = call(j.fn, j.tx)
			wrote = wrote || j.tx.wrote
			if errors.Is(j.err, fault.Unavailable) {
				// A full or failing disk makes SQLite end the transaction by itself:
				// what followed would be stored on its own, job by half job.
				return j.err
			}
			if j.err != nil && j.tx.wrote {
				if len(batch) == 1 {
					return j.err
				}
				return errUndo
			}
		}
		if !wrote {
			return errNothing
		}
		return heads.store(w.conn)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	if err == nil {
		heads.committed()
	} else {
		clear(w.known) // it may be what is remembered that is wrong
	}
	w.seconds.Observe(time.Since(start).Seconds())
	w.batches.Observe(float64(len(batch)))
	return w.verdict(err)
}

// verdict is err as whoever waits is told it. After a hopeless one the writer
// gives up.
func (w *writer) verdict(err error) error {
	if why := w.hopeless(err); why != nil {
		w.fail(why)
		return fmt.Errorf("%w: %w", fault.Unavailable, err)
	}
	return explain(err)
}

// hopeless tells the errors after which nothing more may be written, and why.
// A failed fsync is told once: the kernel may drop what it could not write and
// report the next one as done, so whoever tries again acknowledges what is
// lost. Writing on in a damaged file spreads the damage.
func (w *writer) hopeless(err error) error {
	var e *sqlite3.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code() {
	case sqlite3lib.SQLITE_IOERR_FSYNC, sqlite3lib.SQLITE_IOERR_DIR_FSYNC:
		return fmt.Errorf("the disk did not confirm a write (fsync), so nothing more is acknowledged: look at the disk and the system's log, then start again: %w", err)
	}
	switch e.Code() & 0xff {
	case sqlite3lib.SQLITE_CORRUPT, sqlite3lib.SQLITE_NOTADB:
		return asDamage(w.path, err)
	}
	return nil
}

// errNothing ends a transaction that only read, without a commit's fsync.
var errNothing = errors.New("nothing was written")

func call(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
			tx.wrote = true // what it did before is unknown
		}
	}()
	return explain(fn(tx))
}
