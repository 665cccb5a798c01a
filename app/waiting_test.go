package app_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/app/store"
)

// A flood took the memory of a server whose disk was slower: everything that
// waited for it was kept, however much it was.
func TestWhatWaitsForTheDiskIsBounded(t *testing.T) {
	const most, many, size = 34, 100, 30_000 // 3 MB
	h := apptest.New(t, func(l *app.Limits) {
		l.SendRate, l.SendBurst, l.ThreadRate, l.WaitingText = 1e6, 1e6, 1e6, most*(size+512)
	})
	class := h.Class("Physics")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	send := func(n int, text string) error {
		_, _, err := h.Send(t.Context(), apptest.As(h.Bob), class.ID, thread.ID, app.NewMessage{Content: text, ClientID: fmt.Sprint(n)})
		return err
	}
	require.NoError(t, send(0, "first")) // what it needs to know it knows from now on

	holding, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		assert.NoError(t, h.Store.Write(t.Context(), func(*store.Tx) error { close(holding); <-release; return nil }))
	})
	<-holding
	var stored, refused atomic.Int64
	for n := 1; n <= many; n++ {
		all.Go(func() {
			switch err := send(n, strings.Repeat("字", size/3)); {
			case err == nil:
				stored.Add(1)
			case fault.Busy.Is(err):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	require.Eventually(t, func() bool { return refused.Load() >= many-most }, 30*time.Second, time.Millisecond, "who is too many is told at once")
	close(release)
	all.Wait()
	require.EqualValues(t, many, stored.Load()+refused.Load())
	require.Positive(t, stored.Load())
	require.NoError(t, send(many+1, "and then there is room"))
	page, err := h.Messages(t.Context(), apptest.As(h.Bob), class.ID, thread.ID, app.PageAround{Limit: 100})
	require.NoError(t, err)
	require.Equal(t, 2+stored.Load(), page.Items[len(page.Items)-1].ID, "what was refused is not stored")
}
