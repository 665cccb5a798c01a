package app

import (
	"sync/atomic"

	"homeroom/app/fault"
	"homeroom/app/tally"
)

// counts counts what the rules let through and refused.
type counts struct {
	sends, signIns atomic.Int64

	refused *tally.Codes // sign-ins
}

func newCounts() counts {
	return counts{refused: tally.NewCodes(fault.WrongPassword.Code, fault.WeakPassword.Code, fault.SecondFactorNeeded.Code, fault.WrongCode.Code, fault.TooManyTries.Code, fault.Busy.Code, fault.Unavailable.Code)}
}

func (c *counts) signIn(err error) {
	if err == nil {
		c.signIns.Add(1)
		return
	}
	c.refused.Add(fault.Of(err).Code)
}

// Counts is what the rules did since the start.
type Counts struct {
	Sends   int64         // messages stored
	SignIns int64         // that succeeded
	Refused map[int]int64 // sign-ins that did not, by code; 0 is every other
	Hashed  int64         // passwords hashed, to keep or to compare them
	Rosters int           // classes in memory now
}

// Counts reads the counters.
func (a *App) Counts() Counts {
	return Counts{
		Sends: a.counts.sends.Load(), SignIns: a.counts.signIns.Load(), Refused: a.counts.refused.Read(),
		Hashed: a.gate.hashed.Load(), Rosters: a.rosters.size(),
	}
}

func (rs *rosters) size() int {
	rs.mu.RLock()
	defer rs.mu.RUnlock()
	return len(rs.m)
}
