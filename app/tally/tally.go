// Package tally counts on the hot path: a few atomic additions, no lock, no
// label to look up. What it counted is read as a snapshot.
package tally

import (
	"sort"
	"sync/atomic"
)

// Bounds are the upper bounds of a histogram's buckets, ascending. One more
// bucket holds what is above the last.
type Bounds []float64

// The bounds in use. Seconds go up by half each time: fine enough to read a
// percentile from.
var (
	Seconds = growing(50e-6, 1.5, 30) // 50 µs to 6 s
	Batches = Bounds{1, 2, 4, 8, 16, 32, 64, 128, 256}
)

func growing(from, by float64, n int) Bounds {
	b := make(Bounds, n)
	for i := range b {
		b[i] = from
		from *= by
	}
	return b
}

// Histogram counts values by size. Use New.
type Histogram struct {
	bounds  Bounds
	buckets []atomic.Int64
	sum     atomic.Int64 // in millionths: a float has no atomic addition
}

// New returns an empty histogram.
func New(bounds Bounds) *Histogram {
	return &Histogram{bounds: bounds, buckets: make([]atomic.Int64, len(bounds)+1)}
}

// Observe counts a value.
func (h *Histogram) Observe(v float64) {
	h.buckets[sort.SearchFloat64s(h.bounds, v)].Add(1)
	h.sum.Add(int64(v * 1e6))
}

// Distribution is a histogram at one moment.
type Distribution struct {
	Bounds  Bounds
	Buckets []int64 // each by itself; one more than there are bounds
	Sum     float64
}

// Read returns what was counted so far.
func (h *Histogram) Read() Distribution {
	d := Distribution{Bounds: h.bounds, Buckets: make([]int64, len(h.buckets)), Sum: float64(h.sum.Load()) / 1e6}
	for i := range h.buckets {
		d.Buckets[i] = h.buckets[i].Load()
	}
	return d
}

// Count is how many values were counted.
func (d Distribution) Count() (n int64) {
	for _, b := range d.Buckets {
		n += b
	}
	return n
}

// Since returns what was counted after an earlier reading of the same
// histogram; the zero Distribution is the beginning.
func (d Distribution) Since(earlier Distribution) Distribution {
	if len(earlier.Buckets) == 0 {
		return d
	}
	buckets := make([]int64, len(d.Buckets))
	for i := range buckets {
		buckets[i] = d.Buckets[i] - earlier.Buckets[i]
	}
	return Distribution{Bounds: d.Bounds, Buckets: buckets, Sum: d.Sum - earlier.Sum}
}

// Mean is the average of the values, 0 where there are none.
func (d Distribution) Mean() float64 {
	return d.Sum / float64(max(d.Count(), 1))
}

// Quantile returns about the value below which the share q of all values lies,
// 0 where there are none. Past the last bound it is the last bound.
func (d Distribution) Quantile(q float64) float64 {
	rank := q * float64(d.Count())
	if rank == 0 {
		return 0
	}
	below := 0.0
	for i, bound := range d.Bounds {
		in := float64(d.Buckets[i])
		if in > 0 && below+in >= rank {
			from := 0.0
			if i > 0 {
				from = d.Bounds[i-1]
			}
			return from + (bound-from)*(rank-below)/in
		}
		below += in
	}
	return d.Bounds[len(d.Bounds)-1]
}

// Codes counts by number: codes that are not in its table count as 0.
type Codes struct {
	index  map[int]int
	codes  []int
	counts []atomic.Int64
}

// NewCodes returns a table of those codes and 0.
func NewCodes(codes ...int) *Codes {
	c := &Codes{index: map[int]int{}, codes: append([]int{0}, codes...)}
	c.counts = make([]atomic.Int64, len(c.codes))
	for i, code := range c.codes {
		c.index[code] = i
	}
	return c
}

// Add counts one.
func (c *Codes) Add(code int) { c.counts[c.index[code]].Add(1) }

// Read returns what was counted so far, by code.
func (c *Codes) Read() map[int]int64 {
	read := make(map[int]int64, len(c.codes))
	for i, code := range c.codes {
		read[code] = c.counts[i].Load()
	}
	return read
}
