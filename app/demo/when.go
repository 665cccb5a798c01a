package demo

import "time"

// wait is how long somebody takes: mostly less than usual, seldom much more.
func (t *talk) wait(usual, most time.Duration) time.Duration {
	return 4*time.Second + min(time.Duration(t.random.ExpFloat64()*float64(usual)), most)
}

// moment returns when something begins that takes so long: when people are
// awake, most often on school days.
func (t *talk) moment(takes time.Duration) time.Time {
	span := max(t.to.Sub(t.from)-takes, time.Second)
	for {
		at := t.from.Add(time.Duration(t.random.Int64N(int64(span)))).Truncate(time.Millisecond)
		if t.random.IntN(100) < busy(at) {
			return at
		}
	}
}

// busy is how much is said at a time of day, of 100.
func busy(at time.Time) int {
	percent := 0
	switch hour := at.Hour(); {
	case hour < 7 || hour > 22:
		percent = 1
	case hour < 8:
		percent = 30
	case hour < 14:
		percent = 45
	case hour < 21:
		percent = 100
	default:
		percent = 35
	}
	if day := at.Weekday(); day == time.Saturday || day == time.Sunday {
		percent = (percent + 2) / 3
	}
	return percent
}
