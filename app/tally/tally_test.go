package tally

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPercentileIsReadFromWhatWasCountedSinceTheLastReading(t *testing.T) {
	h := New(Seconds)
	for range 1000 {
		h.Observe(3)
	}
	before := h.Read()
	for i := range 100 {
		h.Observe(float64(i+1) / 1000) // 1 to 100 ms
	}
	now := h.Read().Since(before)
	require.EqualValues(t, 100, now.Count())
	require.InDelta(t, 5.05, now.Sum, 0.001)
	require.InDelta(t, 0.0505, now.Mean(), 0.0001)
	require.InDelta(t, 0.050, now.Quantile(0.5), 0.010)
	require.InDelta(t, 0.099, now.Quantile(0.99), 0.030)
	nothing := h.Read().Since(h.Read())
	require.Zero(t, nothing.Quantile(0.99))
	require.Zero(t, nothing.Mean())
}

func TestWhatIsAboveTheLastBoundIsCounted(t *testing.T) {
	h := New(Batches)
	h.Observe(256)
	h.Observe(1000)
	d := h.Read()
	require.EqualValues(t, 1, d.Buckets[len(d.Buckets)-2])
	require.EqualValues(t, 1, d.Buckets[len(d.Buckets)-1])
	require.EqualValues(t, 256, d.Quantile(1))
}

func TestManyMayCountAtOnce(t *testing.T) {
	h, c := New(Seconds), NewCodes(4000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				h.Observe(0.001)
				c.Add(4000)
				c.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 8000, h.Read().Count())
	require.Equal(t, map[int]int64{0: 8000, 4000: 8000}, c.Read())
}

func BenchmarkObserve(b *testing.B) {
	h := New(Seconds)
	for b.Loop() {
		h.Observe(0.0012)
	}
}
