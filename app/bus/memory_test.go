package bus

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever was too slow used to hear of it from nobody.
func TestWhoMissedSomethingIsToldThatOnceAndWhereItWas(t *testing.T) {
	b := NewMemory()
	busy, free := make(chan struct{}), make(chan struct{})
	var told []Announcement
	b.Subscribe(func(gathered []Announcement) {
		if len(told) == 0 {
			close(busy)
			<-free
		}
		told = append(told, gathered...)
	})
	b.Publish(Announcement{Ended: &Ended{}})
	<-busy
	for range queued + 10 {
		b.Publish(Announcement{Ended: &Ended{}})
	}
	close(free)
	b.Close() // waits for the last call
	require.Len(t, told, 1+queued+1)
	for i, a := range told {
		require.Equal(t, i == 1+queued, a.Lost)
	}
}
