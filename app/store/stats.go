package store

import "homeroom/app/tally"

// Stats is what the writer did since the start, and what waits for it.
type Stats struct {
	Seconds tally.Distribution // how long each transaction took, the disk included
	Batches tally.Distribution // how many jobs shared each
	Refused int64              // jobs that storage failed
	Queued  int                // jobs that wait now
	Sizes   Sizes
}

// Stats reads the counters.
func (s *Store) Stats() Stats {
	w := s.writer
	return Stats{
		Seconds: w.seconds.Read(), Batches: w.batches.Read(),
		Refused: w.refused.Load(), Queued: len(w.queue), Sizes: sizesOf(s.path),
	}
}
