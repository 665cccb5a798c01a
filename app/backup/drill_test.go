package backup_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/bus"
	"homeroom/app/store"
	"homeroom/models"
)

// busy opens a house in which nobody is told to slow down.
func busy(t testing.TB) *apptest.House {
	return apptest.New(t, func(l *app.Limits) {
		l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6
	})
}

// thread makes a class with Bob in it and a thread to talk in.
func thread(t testing.TB, h *apptest.House) (models.Class, models.Thread) {
	t.Helper()
	class := h.Class("Biology")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Questions"})
	require.NoError(t, err)
	return class, thread
}

// The drill: a backup of a server that is being written to, brought back into
// an empty folder, and a server on that.
func TestABackupUnderLoadHoldsAllThatWasAcknowledgedBefore(t *testing.T) {
	h := busy(t)
	class, thread := thread(t, h)
	var acknowledged, unexpected atomic.Int64
	ctx, enough := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, _, err := h.Send(context.Background(), apptest.As(h.Bob), class.ID, thread.ID, app.NewMessage{
					Content: fmt.Sprintf("%d of %d", n, w), ClientID: fmt.Sprintf("%d-%d", w, n),
				})
				if err != nil {
					unexpected.Add(1)
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool { return acknowledged.Load() > 1000 }, 20*time.Second, time.Millisecond)
	to := filepath.Join(t.TempDir(), "drill.tar")
	before := acknowledged.Load()
	start := time.Now()
	m, err := backup.Write(t.Context(), backup.Job{Data: h.Dir, To: to, Version: "test"})
	took := time.Since(start)
	after := acknowledged.Load()
	enough()
	writers.Wait()
	require.NoError(t, err)
	require.Zero(t, unexpected.Load())

	restored := filepath.Join(t.TempDir(), "restored")
	start = time.Now()
	back, err := backup.Restore(t.Context(), to, restored)
	require.NoError(t, err)
	require.Equal(t, m, back)
	t.Logf("%d messages and %d bytes backed up in %v, while %d more were acknowledged; restored in %v",
		m.Contents.Messages, m.Bytes(), took.Round(time.Millisecond), after-before, time.Since(start).Round(time.Millisecond))
	require.GreaterOrEqual(t, m.Contents.Messages, before)
	require.EqualValues(t, 5, back.Contents.Users)
	require.EqualValues(t, 1, back.Contents.Classes)

	db, err := store.Open(t.Context(), restored)
	require.NoError(t, err)
	b := bus.NewMemory()
	t.Cleanup(func() {
		b.Close()
		require.NoError(t, db.Close())
	})
	limits := app.DefaultLimits()
	limits.ReplayEvents = 1 << 30
	again := app.New(db, b, limits, time.Now)
	events, err := again.Events(t.Context(), apptest.As(h.Bob), class.ID, 0, 1<<30)
	require.NoError(t, err)
	messages := int64(0)
	for i, e := range events.Items {
		require.EqualValues(t, i+1, e.Seq, "the numbers have no holes")
		if e.Type == models.MessageCreated {
			messages++
			require.NotNil(t, e.Data)
		}
	}
	require.EqualValues(t, len(events.Items), events.Head)
	require.Equal(t, m.Contents.Messages, messages)
	first, isNew, err := again.Send(t.Context(), apptest.As(h.Bob), class.ID, thread.ID, app.NewMessage{Content: "0 of 0", ClientID: "0-0"})
	require.NoError(t, err)
	require.False(t, isNew, "what was sent before is still the same message")
	next, isNew, err := again.Send(t.Context(), apptest.As(h.Bob), class.ID, thread.ID, app.NewMessage{Content: "after the restore", ClientID: "after"})
	require.NoError(t, err)
	require.True(t, isNew)
	require.Greater(t, next.ID, first.ID)
	require.Equal(t, events.Head+1, next.Seq, "and life goes on with the next number")
}

func TestABackupHoldsNoSecretThatOpensADoor(t *testing.T) {
	h := busy(t)
	_, cookie := h.SignIn(h.Ann)
	token, err := h.CreateToken(t.Context(), apptest.As(h.Ada), app.NewToken{Name: "script", Scopes: []models.Scope{models.ScopeRead}})
	require.NoError(t, err)
	to := filepath.Join(t.TempDir(), "b.tar")
	_, err = backup.Write(t.Context(), backup.Job{Data: h.Dir, To: to})
	require.NoError(t, err)
	text, err := os.ReadFile(to)
	require.NoError(t, err)
	for _, secret := range []string{cookie, token.Secret, apptest.Password} {
		require.NotContains(t, string(text), secret)
	}
	require.Contains(t, string(text), "Ann Lee", "the search finds what is there")
}
