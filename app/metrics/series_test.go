package metrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/app/live"
)

// The series is filled by the clock; the test takes its steps by hand.
func TestTheSeriesIsTheLastHourAndNoMore(t *testing.T) {
	h := apptest.New(t)
	hub := live.NewHub(h.App, live.DefaultLimits())
	t.Cleanup(func() { hub.Close(t.Context()) })
	s := NewSeries(Sources{Version: "v1", Data: h.Dir, Store: h.Store, App: h.App, Hub: hub})
	stats := func() app.Stats {
		read, err := h.Stats(t.Context(), apptest.As(h.Ada))
		require.NoError(t, err)
		return read
	}
	require.Empty(t, stats().Steps)
	require.NotNil(t, stats().Steps)

	class := h.Class("Biology")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Questions"})
	require.NoError(t, err)
	for range 20 {
		_, _, err := h.Send(t.Context(), apptest.As(h.Bob), class.ID, thread.ID, app.NewMessage{Content: "x"})
		require.NoError(t, err)
	}
	_, _, err = h.App.SignIn(t.Context(), app.SignIn{Name: h.Bob.Name, Password: "not this one"})
	require.ErrorIs(t, err, fault.WrongPassword)
	s.last.hub.Slow -= 2 // as if two had been closed since
	start := s.last.at
	s.take(start.Add(step))
	first := stats().Steps[0]
	require.InDelta(t, 2, first.Sends, 0.01, "20 in 10 s")
	require.Greater(t, first.CommitMS, 0.0)
	require.GreaterOrEqual(t, first.CommitSize, 1.0)
	require.EqualValues(t, 2, first.TooSlow)
	require.EqualValues(t, 1, first.SignInsFailed)
	require.Greater(t, first.Memory, int64(1<<20))
	require.Greater(t, first.Goroutines, 1)
	s.take(start.Add(2 * step))
	quiet := stats().Steps[1]
	require.Zero(t, quiet.Sends, "each step tells what is new in it")
	require.Zero(t, quiet.CommitMS)
	require.Zero(t, quiet.CommitSize)
	require.Zero(t, quiet.TooSlow)
	require.Zero(t, quiet.SignInsFailed)

	for i := range 2 * mostSteps {
		s.take(start.Add(time.Duration(i+3) * step))
	}
	all := stats()
	require.Len(t, all.Steps, 360)
	require.Equal(t, 10, all.Step)
	for i := range all.Steps[1:] {
		require.Equal(t, step, all.Steps[i+1].At.Sub(all.Steps[i].At.Time))
	}
	require.EqualValues(t, 20, all.Now.Sends)
	require.Equal(t, "v1", all.Now.Version)
	require.Greater(t, all.Now.DiskFree, int64(0))
	require.Nil(t, all.Now.LastBackup)
}

func TestTheStatsAreForAdmins(t *testing.T) {
	h := apptest.New(t)
	_, err := h.Stats(t.Context(), apptest.As(h.Ada))
	require.Error(t, err, "nobody watches")
	h.Watch(func() app.Stats { return app.Stats{} })
	_, err = h.Stats(t.Context(), apptest.As(h.Ann))
	require.Error(t, err)
	_, err = h.Stats(t.Context(), apptest.As(h.Ada))
	require.NoError(t, err)
}
