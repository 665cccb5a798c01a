package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/chaostest"
	"homeroom/app/store/storetest"
	"homeroom/models"
)

// TestR12AClockThatJumpsReordersNothingAndLengthensNoSession sets the clock of
// the server forward and back while people talk.
func TestR12AClockThatJumpsReordersNothingAndLengthensNoSession(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	first, _, err := h.Send(t.Context(), apptest.As(h.Bob), class.ID, thread.ID, app.NewMessage{Content: "first", ClientID: "first"})
	require.NoError(t, err)
	jumps := []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, -time.Hour, time.Hour, -5 * time.Minute, 5 * time.Minute}
	var ids []int64
	for n := range chaostest.Of(3, 50) * len(jumps) {
		h.Pass(jumps[n%len(jumps)])
		for _, u := range []models.User{h.Ann, h.Bob} {
			m, isNew, err := h.Send(t.Context(), apptest.As(u), class.ID, thread.ID, app.NewMessage{Content: "tick", ClientID: fmt.Sprint(n)})
			require.NoError(t, err)
			require.True(t, isNew)
			ids = append(ids, m.ID)
		}
		h.Pass(time.Second)
	}
	var read []int64
	for after, more := first.ID, true; more; {
		page, err := h.Messages(t.Context(), apptest.As(h.Cai), class.ID, thread.ID, app.PageAround{After: after, Limit: 100})
		require.NoError(t, err)
		for _, m := range page.Items {
			read, after = append(read, m.ID), m.ID
		}
		more = page.HasNewer
	}
	require.Equal(t, ids, read, "the order is that of sending, whatever the clock said")
	problems, err := storetest.Problems(t.Context(), h.Dir)
	require.NoError(t, err)
	for _, p := range problems {
		require.True(t, strings.Contains(p, "events of a class do not go back in time"), p)
	}

	signsIn := func(jump time.Duration) (allowed bool) {
		_, secret := h.SignIn(h.Bob)
		h.Pass(jump)
		_, err := h.Authenticate(t.Context(), secret, app.Cookie)
		return err == nil
	}
	for _, step := range []time.Duration{5 * time.Minute, -5 * time.Minute, time.Hour} {
		require.True(t, signsIn(step), "a step of %v signs nobody out", step)
	}
	lengthened := 0
	over := func(secret string) {
		if _, err := h.Authenticate(t.Context(), secret, app.Cookie); err == nil {
			lengthened++
		}
	}
	for _, back := range []time.Duration{time.Hour, 24 * time.Hour} {
		// At the latest it ends when it was said to at its beginning.
		_, shared, err := h.App.SignIn(t.Context(), app.SignIn{Name: h.Bob.Name, Password: apptest.Password})
		require.NoError(t, err)
		ends := h.Now().Add(12 * time.Hour)
		h.Pass(-back)
		h.Pass(ends.Sub(h.Now()))
		over(shared.Session)
		// What was used while the clock was ahead ends two hours after its next use.
		_, shared, err = h.App.SignIn(t.Context(), app.SignIn{Name: h.Bob.Name, Password: apptest.Password})
		require.NoError(t, err)
		h.Pass(-back)
		_, err = h.Authenticate(t.Context(), shared.Session, app.Cookie)
		require.NoError(t, err)
		require.NoError(t, h.NoteUses(t.Context()))
		h.Pass(2 * time.Hour)
		over(shared.Session)
		h.Pass(back)
	}
	chaostest.Figures("R12", "jumps=±1h,±1d messages=%d reordered=0 signed_out_by_5m=0 sessions_lengthened=%d", len(ids), lengthened)
	require.Zero(t, lengthened)
}
