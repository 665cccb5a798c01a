package app_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

func keepFor(t *testing.T, h *apptest.House, u models.User, content string) error {
	t.Helper()
	result, err := h.Push(t.Context(), apptest.As(h.Ada), app.NewPush{To: json.RawMessage(fmt.Sprint(u.ID)), Content: content, Keep: true})
	if err == nil {
		require.Equal(t, app.PushResult{Result: app.PushOffline}, result)
	}
	return err
}

// told tells what was kept for Bob to a page that takes the first of it.
func told(t *testing.T, h *apptest.House, first int) (contents []string) {
	t.Helper()
	err := h.TellKeptPushes(t.Context(), apptest.As(h.Bob), func(p models.Push) bool {
		if len(contents) == first {
			return false
		}
		contents = append(contents, p.Content)
		return true
	})
	require.NoError(t, err)
	return contents
}

// They were forgotten before anybody had taken them.
func TestWhatAPageDidNotTakeWaitsOnForAsLongAsBefore(t *testing.T) {
	h := apptest.New(t)
	for _, content := range []string{"a", "b", "c"} {
		require.NoError(t, keepFor(t, h, h.Bob, content))
		h.Pass(time.Second)
	}
	require.Equal(t, []string{"a"}, told(t, h, 1))
	require.NoError(t, keepFor(t, h, h.Bob, "d"))
	require.Empty(t, told(t, h, 0))
	h.Pass(app.DefaultLimits().KeepPushes - 2*time.Second)
	require.Equal(t, []string{"c", "d"}, told(t, h, 9), "b's seven days are over")
	require.Empty(t, told(t, h, 9))
}

func TestAPageThatGoesAwayWhileAPushIsKeptLosesNothing(t *testing.T) {
	h := apptest.New(t)
	h.Listen(app.Listeners{ // somebody was there, and is not any more
		Push:  func(app.PushTarget, models.Push) int { return 0 },
		Hears: func(int64) bool { return true },
	})
	require.NoError(t, keepFor(t, h, h.Bob, "a"))
	require.NoError(t, keepFor(t, h, h.Bob, "b"))
	require.Equal(t, []string{"a", "b"}, told(t, h, 9))
}

func TestWhatIsPutBackIsBoundedToo(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.KeptPushes = 2 })
	require.NoError(t, keepFor(t, h, h.Bob, "a"))
	h.Pass(time.Second)
	require.NoError(t, keepFor(t, h, h.Bob, "b"))
	h.Pass(time.Second)
	err := h.TellKeptPushes(t.Context(), apptest.As(h.Bob), func(p models.Push) bool {
		if p.Content == "a" {
			require.NoError(t, keepFor(t, h, h.Bob, "c")) // meanwhile
		}
		return false
	})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "c"}, told(t, h, 9))
}

// It forgot what had expired first: a refusal after writing makes the writer do
// the whole batch again, job by job, for everybody in it.
func TestAPushThatFindsNoRoomWritesNothing(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.KeptPushes = 2 })
	require.NoError(t, keepFor(t, h, h.Bob, "gone by then"))
	h.Pass(app.DefaultLimits().KeepPushes)
	require.NoError(t, keepFor(t, h, h.Bob, "a"))
	require.NoError(t, keepFor(t, h, h.Bob, "b"))
	before := h.Store.Stats().Seconds.Count()
	require.ErrorIs(t, keepFor(t, h, h.Bob, "c"), fault.TooMany)
	require.Equal(t, before, h.Store.Stats().Seconds.Count(), "transactions that wrote")
	require.Equal(t, []string{"a", "b"}, told(t, h, 9))
}

func TestKeepingPushesIsCountedAsSending(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.SendRate, l.SendBurst = 0.5, 3 })
	for range 3 {
		require.NoError(t, keepFor(t, h, h.Bob, "x"))
	}
	err := keepFor(t, h, h.Cai, "x")
	require.ErrorIs(t, err, fault.TooMany)
	require.Equal(t, 2*time.Second, fault.Of(err).Retry)
	_, err = h.Push(t.Context(), apptest.As(h.Ada), app.NewPush{To: json.RawMessage(fmt.Sprint(h.Cai.ID)), Content: "x"})
	require.NoError(t, err, "what is not stored is not counted")
	h.Pass(2 * time.Second)
	require.NoError(t, keepFor(t, h, h.Cai, "x"))
}
