package bench

import (
	"sync/atomic"
	"time"
)

// latencies counts how long things took: exact to 1 µs below 20 ms, to 100 µs
// up to 10 s, and all above that together.
type latencies struct {
	fine   [20_000]atomic.Int64
	coarse [100_001]atomic.Int64
	most   atomic.Int64
}

func (l *latencies) add(d time.Duration) {
	us := max(d.Microseconds(), 0)
	switch {
	case us < int64(len(l.fine)):
		l.fine[us].Add(1)
	default:
		l.coarse[min(us/100, int64(len(l.coarse)-1))].Add(1)
	}
	for {
		most := l.most.Load()
		if us <= most || l.most.CompareAndSwap(most, us) {
			return
		}
	}
}

// Latency is a distribution, in milliseconds.
type Latency struct {
	Count int64   `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`

	Curve []float64 `json:"curve_ms,omitempty"` // at each of shares
}

// shares are where a distribution's curve is told: each leaves out half or a
// fifth of what the one before left out.
var shares = []float64{0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999}

func (l *latencies) sum() Latency {
	var s Latency
	for i := range l.fine {
		s.Count += l.fine[i].Load()
	}
	for i := range l.coarse {
		s.Count += l.coarse[i].Load()
	}
	s.P50, s.P95, s.P99 = l.at(s.Count, 0.50), l.at(s.Count, 0.95), l.at(s.Count, 0.99)
	s.Max = float64(l.most.Load()) / 1000
	for _, share := range shares {
		s.Curve = append(s.Curve, l.at(s.Count, share))
	}
	return s
}

func (l *latencies) at(count int64, share float64) float64 {
	left := int64(float64(count) * share)
	for i := range l.fine {
		if left -= l.fine[i].Load(); left < 0 {
			return float64(i) / 1000
		}
	}
	for i := range l.coarse {
		if left -= l.coarse[i].Load(); left < 0 {
			return float64(i) / 10
		}
	}
	return float64(l.most.Load()) / 1000
}
