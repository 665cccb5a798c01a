package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
)

func TestLookingAtTheSameAgainIsNotedOnceAnHour(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	first, second := k.say(k.Bob, "one"), k.say(k.Bob, "two")
	look := func(id int64) {
		t.Helper()
		_, err := k.Versions(t.Context(), apptest.As(k.Ann), k.class.ID, k.thread.ID, id, 0, 10)
		require.NoError(t, err)
	}
	for range 3 {
		look(first.ID)
	}
	require.Equal(t, 1, noted(t, k.House, "message.versions.read"))
	look(second.ID)
	require.Equal(t, 2, noted(t, k.House, "message.versions.read"), "at another")
	k.Pass(time.Hour)
	look(first.ID)
	require.Equal(t, 3, noted(t, k.House, "message.versions.read"))
}

// Each is a row that stays, for nothing but a GET.
func TestNotesOfLookingCannotFloodTheLog(t *testing.T) {
	k := newTalk(t, apptest.New(t, func(l *app.Limits) { l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6 }))
	said := 0
	look := func() error { // at another message
		said++
		_, err := k.Versions(t.Context(), apptest.As(k.Ann), k.class.ID, k.thread.ID, k.say(k.Bob, fmt.Sprint("number ", said)).ID, 0, 10)
		return err
	}
	for range 300 {
		require.NoError(t, look())
	}
	require.ErrorIs(t, look(), fault.TooManyTries)
	k.Pass(time.Minute)
	require.NoError(t, look())
}
