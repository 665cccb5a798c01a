//go:build unix

package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"homeroom/app"
	"homeroom/app/apptest"
)

// One member sends, and nobody listens: what a message costs that is checked,
// committed and acknowledged, and told to none.
func BenchmarkAMessageStored(b *testing.B) {
	h := apptest.New(b, func(l *app.Limits) { l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6 })
	class := h.Class("Physics")
	thread, err := h.OpenThread(b.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(b, err)
	text, sent := strings.Repeat("x", 200), 0
	send := func() {
		_, _, err := h.Send(b.Context(), apptest.As(h.Ann), class.ID, thread.ID, app.NewMessage{Content: text, ClientID: fmt.Sprint(sent)})
		require.NoError(b, err)
		sent++
	}
	for range 500 { // until the log is as long as it gets
		send()
	}
	var before, after unix.Rusage
	require.NoError(b, unix.Getrusage(unix.RUSAGE_SELF, &before))
	for b.Loop() {
		send()
	}
	require.NoError(b, unix.Getrusage(unix.RUSAGE_SELF, &after))
	used := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
	b.ReportMetric(float64(used)/float64(time.Microsecond.Nanoseconds())/float64(b.N), "cpu-µs/op")
}
