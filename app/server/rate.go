package server

import (
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/fault"
)

// limitRate refuses with fault.TooManyTries a user who changes more than anybody
// types, or an address from which nobody has signed in. Reading is not counted,
// nor is pushing: neither waits for the disk, and a script that reads a class's
// history is no attack (docs/decisions/0004). Only a push that is kept and a look
// that is noted wait for it, and those are counted by the rules. Parts of files are
// counted by themselves: a file is many of them.
func (s *Server) limitRate(c *fiber.Ctx) error {
	r := s.requestOf(c)
	wait := time.Duration(0)
	switch id := r.Actor.User.ID; {
	case id == 0:
		wait = s.strays.take(app.Network(r.Address))
	case r.Pushes, formPath(c.Path()):
	case api.IsPart(c.Method(), c.Path()):
		wait = s.parts.take(strconv.FormatInt(id, 10))
	case c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead:
		wait = s.users.take(strconv.FormatInt(id, 10))
	}
	if wait > 0 {
		return fault.TooManyTries.After(wait)
	}
	return c.Next()
}

// generation is how many buckets are kept before the oldest are forgotten.
const generation = 20_000

// buckets holds a token bucket for each key. What was not asked for during a
// whole generation is forgotten, so that strangers cannot fill the memory.
type buckets struct {
	rate  rate.Limit
	burst int

	mu    sync.Mutex
	young map[string]*rate.Limiter
	old   map[string]*rate.Limiter
}

func newBuckets(perSecond float64, burst int) *buckets {
	return &buckets{rate: rate.Limit(perSecond), burst: burst, young: map[string]*rate.Limiter{}}
}

// take takes one from the bucket of key, or tells how long until there is one.
func (b *buckets) take(key string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	limiter := b.young[key]
	if limiter == nil {
		limiter = b.old[key]
		if limiter == nil {
			limiter = rate.NewLimiter(b.rate, b.burst)
		}
		if len(b.young) >= generation {
			b.old, b.young = b.young, map[string]*rate.Limiter{}
		}
		b.young[key] = limiter
	}
	reservation := limiter.Reserve()
	wait := reservation.Delay()
	if wait > 0 {
		reservation.Cancel()
	}
	return wait
}
