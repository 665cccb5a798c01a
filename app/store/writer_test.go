package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
	"homeroom/models"
)

const (
	waitFor = 5 * time.Second
	tick    = time.Millisecond
)

// note writes the smallest row there is.
func note(tx *Tx, action string) error {
	return tx.CreateAudit(&models.AuditEntry{Action: action})
}

// noted returns what was noted, the oldest first.
func noted(t *testing.T, s *Store) (actions []string) {
	t.Helper()
	entries, err := s.Reading(t.Context()).Audit(0, 10_000)
	require.NoError(t, err)
	for i := range entries {
		actions = append(actions, entries[len(entries)-1-i].Action)
	}
	return actions
}

// together runs the jobs in one batch: they gather behind one that holds the
// writer. It returns what each was told.
func together(t *testing.T, s *Store, jobs ...func(*Tx) error) []error {
	t.Helper()
	holding, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = s.Write(context.Background(), func(*Tx) error { close(holding); <-release; return nil })
	})
	<-holding
	errs := make([]error, len(jobs))
	for i, fn := range jobs {
		before := len(s.writer.queue)
		all.Go(func() { errs[i] = s.Batch(context.Background(), fn) })
		require.Eventually(t, func() bool { return len(s.writer.queue) > before }, waitFor, tick)
	}
	close(release)
	all.Wait()
	return errs
}

func writes(action string) func(*Tx) error { return func(tx *Tx) error { return note(tx, action) } }

func TestAJobThatFailsAfterWritingUndoesOnlyItself(t *testing.T) {
	s := open(t)
	wrong := errors.New("wrong")
	errs := together(t, s,
		writes("a"),
		func(tx *Tx) error { return errors.Join(note(tx, "half"), wrong) },
		writes("b"),
	)
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], wrong)
	require.NoError(t, errs[2])
	require.Equal(t, []string{"a", "b"}, noted(t, s))
}

// anyClass stores a class and who made it.
func anyClass(t *testing.T, s *Store) models.Class {
	t.Helper()
	class := models.Class{Name: "Physics", CreatedAt: models.At(time.Now())}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		user := models.User{Name: "Ann", NameKey: "ann", Role: models.StudentAccount, CreatedAt: class.CreatedAt}
		if err := tx.CreateUser(&user); err != nil {
			return err
		}
		class.CreatedBy = user.ID
		return tx.CreateClass(&class)
	}))
	return class
}

// The numbers are remembered between transactions, and one that is undone gives
// its numbers back.
func TestATransactionThatIsUndoneLeavesNoHoleInTheNumbers(t *testing.T) {
	s := open(t)
	class := anyClass(t, s)
	var took []int64
	next := func(then error) func(*Tx) error {
		return func(tx *Tx) error {
			seq, err := tx.NextSeq(class.ID)
			if err == nil && then == nil {
				took = append(took, seq)
			}
			return errors.Join(err, then)
		}
	}
	wrong := errors.New("wrong")
	require.NoError(t, s.Batch(t.Context(), next(nil)))
	require.ErrorIs(t, s.Batch(t.Context(), next(wrong)), wrong)
	require.NoError(t, s.Write(t.Context(), next(nil)))
	require.Equal(t, []int64{1, 2}, took)
	stored, err := s.Reading(t.Context()).Class(class.ID)
	require.NoError(t, err)
	require.EqualValues(t, 2, stored.Seq)
}

// No number is given twice, even should another process have given the next
// one; and the writer whose memory that made wrong goes on.
func TestAWriterLearnsOfANumberThatAnotherProcessTook(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	defer s.Close()
	other, err := Open(t.Context(), dir)
	require.NoError(t, err)
	defer other.Close()
	class := anyClass(t, s)
	numbers := func(store *Store) error {
		return store.Batch(t.Context(), func(tx *Tx) error {
			seq, err := tx.NextSeq(class.ID)
			if err != nil {
				return err
			}
			return tx.CreateEvent(&models.Event{
				ClassID: class.ID, Seq: seq, Type: models.ClassChanged, SubjectID: class.ID, ActorID: class.CreatedBy, At: class.CreatedAt,
			})
		})
	}
	require.NoError(t, numbers(s))
	require.NoError(t, numbers(other))
	require.Error(t, numbers(s), "it remembers 1")
	require.NoError(t, numbers(s))
	events, err := s.Reading(t.Context()).Events(class.ID, 0, 10)
	require.NoError(t, err)
	require.Len(t, events, 3)
	stored, err := s.Reading(t.Context()).Class(class.ID)
	require.NoError(t, err)
	require.EqualValues(t, 3, stored.Seq)
}

func TestARefusalBeforeWritingIsTheJobsOwn(t *testing.T) {
	s := open(t)
	runs := 0
	errs := together(t, s,
		func(tx *Tx) error { runs++; return note(tx, "a") },
		func(*Tx) error { return fault.Muted },
		writes("b"),
	)
	require.Equal(t, []error{nil, fault.Muted, nil}, errs)
	require.Equal(t, []string{"a", "b"}, noted(t, s))
	require.Equal(t, 1, runs, "nobody runs again for a refusal")
}

func TestAPanicInAJobIsItsOwnFailure(t *testing.T) {
	s := open(t)
	errs := together(t, s,
		writes("a"),
		func(tx *Tx) error { _ = note(tx, "half"); panic("boom") },
		writes("b"),
	)
	require.NoError(t, errs[0])
	require.ErrorContains(t, errs[1], "boom")
	require.True(t, fault.Of(errs[1]).Is(fault.Internal))
	require.NoError(t, errs[2])
	require.Equal(t, []string{"a", "b"}, noted(t, s))
	require.NoError(t, s.Write(t.Context(), writes("c")), "the writer lives on")
}

func TestAfterCommitRunsOnceInOrderAndOnlyForWhatWasStored(t *testing.T) {
	s := open(t)
	var told []string // on the writer's goroutine only
	tells := func(action string, err error) func(*Tx) error {
		return func(tx *Tx) error {
			if e := note(tx, action); e != nil {
				return e
			}
			tx.AfterCommit(func() { told = append(told, action) })
			return err
		}
	}
	together(t, s, tells("a", nil), tells("never", errors.New("wrong")), tells("b", nil), tells("c", nil))
	require.Equal(t, []string{"a", "b", "c"}, noted(t, s))
	require.Equal(t, []string{"a", "b", "c"}, told)
}

// The disk is full: SQLite itself says so, and may have ended the transaction
// by itself, so that nothing of the batch can be kept.
func TestADiskInTroubleFailsTheWholeBatchWith128(t *testing.T) {
	s := open(t)
	require.NoError(t, s.Write(t.Context(), writes("before")))
	full := func(on bool) {
		pages := 1 << 30
		if on {
			require.NoError(t, s.writer.db.Raw("PRAGMA page_count").Scan(&pages).Error)
		}
		var set int
		require.NoError(t, s.writer.db.Raw(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&set).Error)
		require.Equal(t, pages, min(set, 1<<30))
	}
	full(true)
	var told bool
	errs := together(t, s,
		func(tx *Tx) error { tx.AfterCommit(func() { told = true }); return note(tx, "small") },
		writes(strings.Repeat("large ", 100_000)),
		writes("small too"),
	)
	for _, err := range errs {
		require.ErrorIs(t, err, fault.Unavailable)
		require.Equal(t, 128, fault.Of(err).Code)
	}
	require.False(t, told)
	require.Equal(t, []string{"before"}, noted(t, s), "what was refused is not stored")
	full(false)
	require.NoError(t, s.Batch(t.Context(), writes("after")), "it goes on once there is room")
	require.Equal(t, []string{"before", "after"}, noted(t, s))
}

// Where each of a batch is tried alone, those behind the one that made the writer
// give up used to be stored, and told so.
func TestNothingIsStoredOnceTheWriterHasGivenUp(t *testing.T) {
	s := open(t)
	path := filepath.Join(t.TempDir(), "no database")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600))
	damaged, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer damaged.Close()
	alone := false
	errs := together(t, s,
		writes("a"),
		func(tx *Tx) error {
			if !alone {
				alone = true
				return errors.Join(note(tx, "half"), errors.New("wrong"))
			}
			_, err := damaged.ExecContext(t.Context(), "PRAGMA user_version = 1")
			return err
		},
		writes("b"),
	)
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], fault.Unavailable)
	require.ErrorIs(t, errs[2], fault.Unavailable)
	require.Error(t, s.Err())
	require.Equal(t, []string{"a"}, noted(t, s))
}

func TestAJobThatWasTakenIsAnsweredAlthoughItsAskerLeft(t *testing.T) {
	s := open(t)
	ctx, leave := context.WithCancel(t.Context())
	err := s.Write(ctx, func(tx *Tx) error { leave(); return note(tx, "kept") })
	require.NoError(t, err, "nobody is told that it failed while it was stored")
	require.Equal(t, []string{"kept"}, noted(t, s))
	require.ErrorIs(t, func() error {
		for range 100 { // a queue that has room may still take it
			if err := s.Write(ctx, writes("late")); err != nil {
				return err
			}
		}
		return nil
	}(), context.Canceled)
}

func TestClosingFinishesWhatWaitsAndRefusesTheRest(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	stored := 0
	for range 200 {
		wg.Go(func() {
			err := s.Batch(context.Background(), writes("x"))
			if err != nil {
				assert.ErrorIs(t, err, fault.Unavailable)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			stored++
		})
	}
	require.NoError(t, s.Close())
	wg.Wait()
	require.ErrorIs(t, s.Write(t.Context(), writes("late")), fault.Unavailable)
	again, err := Open(t.Context(), dir)
	require.NoError(t, err)
	defer again.Close()
	require.Len(t, noted(t, again), stored, "stored is what was said to be stored")
}
