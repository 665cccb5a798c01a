package app

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostBuckets bounds the memory of the rate limits. Past it the full buckets,
// whose owners have been quiet, are forgotten.
const mostBuckets = 10_000

// buckets holds a token bucket for each key.
type buckets struct {
	mu    sync.Mutex
	rate  rate.Limit
	burst int
	m     map[int64]*rate.Limiter
}

func newBuckets(perSecond float64, burst int) *buckets {
	return &buckets{rate: rate.Limit(perSecond), burst: burst, m: map[int64]*rate.Limiter{}}
}

// take takes one from the bucket of key, or tells how long until there is one.
func (b *buckets) take(key int64, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	limiter := b.m[key]
	if limiter == nil {
		if len(b.m) >= mostBuckets {
			for k, l := range b.m {
				if l.TokensAt(now) >= float64(b.burst) {
					delete(b.m, k)
				}
			}
		}
		limiter = rate.NewLimiter(b.rate, b.burst)
		b.m[key] = limiter
	}
	r := limiter.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}
