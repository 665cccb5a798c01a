package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/bus"
	"homeroom/app/store"
	"homeroom/models"
)

// The steps below are hidden from the doors on purpose, so these tests stand
// inside.

// A request may have read a session just before it ended, and come to remember
// it just after.
func TestWhatWasReadBeforeASignOutIsNotRemembered(t *testing.T) {
	s, now := newActors(), models.At(time.Now())
	key := [32]byte{1}
	_, turn := s.get(key, now)
	s.forget(7)
	s.put(key, &remembered{actor: Actor{User: models.User{ID: 7}}, readAt: now}, turn)
	known, turn := s.get(key, now)
	require.Nil(t, known)
	s.put(key, &remembered{actor: Actor{User: models.User{ID: 7}}, readAt: now}, turn)
	known, _ = s.get(key, now)
	require.NotNil(t, known)
	s.forget(7)
	known, _ = s.get(key, now)
	require.Nil(t, known)
}

func TestThoseRememberedAreBounded(t *testing.T) {
	s, now := newActors(), models.At(time.Now())
	for i := range 2 * mostActors {
		s.put([32]byte{byte(i), byte(i >> 8), byte(i >> 16)}, &remembered{readAt: now}, 0)
	}
	require.LessOrEqual(t, len(s.m), mostActors)
}

func TestThoseCountedAreBounded(t *testing.T) {
	limit, strays, now := newTries(5), newStrays(), time.Now()
	for i := range 2 * mostTries {
		limit.add(fmt.Sprint(i), now)
		require.NoError(t, strays.take(fmt.Sprint(i), DefaultLimits(), models.At(now)))
	}
	require.LessOrEqual(t, len(limit.m), mostTries)
	require.LessOrEqual(t, len(strays.m), mostTries)
}

// The answers to wrong passwords come on a beat, which hides small differences.
// A name that costs no hash would be a large one as soon as there is a queue.
func TestAnUnknownNameCostsAHash(t *testing.T) {
	db, err := store.Open(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	a := New(db, bus.NewMemory(), DefaultLimits(), time.Now)
	_, err = a.CreateUser(t.Context(), CommandLine(), NewUser{Name: "Bob Ray", Role: models.StudentAccount})
	require.NoError(t, err)
	fastest := func(name string) time.Duration {
		best := time.Hour
		for range 4 {
			start := time.Now()
			ok, err := a.compare(context.Background(), &attempt{}, name, "not this one")
			require.NoError(t, err)
			require.False(t, ok)
			best = min(best, time.Since(start))
		}
		return best
	}
	fastest("warm up")
	require.Greater(t, fastest("Nobody Here"), fastest("Bob Ray")/8, "a hash takes milliseconds, its absence microseconds")
}
