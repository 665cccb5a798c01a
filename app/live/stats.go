package live

import (
	"sync/atomic"

	"homeroom/app/tally"
)

// metrics counts what the hub does.
type metrics struct {
	frames, events, deliveries, slow, left atomic.Int64

	closed *tally.Codes
	lag    *tally.Histogram
}

func newMetrics() metrics {
	return metrics{
		closed: tally.NewCodes(closeNoProtocol, closeUnsupported, closeBadText, closeTooBig, closeInternal, closeRestart,
			closeTooSlow, closeNoHeartbeat, closeTooMany, closeResync, closeSignedOut, closeDisabled, closeProtocol, closeConnections),
		lag: tally.New(tally.Seconds),
	}
}

// Stats is who is connected now, and what the hub did since the start.
type Stats struct {
	Classic, V2 int // connections
	Users       int // who have at least one
	Rooms       int // classes that somebody listens to

	Frames     int64         // received
	Events     int64         // dispatched
	Deliveries int64         // of an event to a connection
	Slow       int64         // connections closed because they read too slowly
	Left       int64         // connections that the client closed
	Closed     map[int]int64 // connections that the server closed, by code
	Lag        tally.Distribution
}

// Stats reads the counters, and counts the connections.
func (h *Hub) Stats() Stats {
	m := &h.metrics
	s := Stats{
		Frames: m.frames.Load(), Events: m.events.Load(), Deliveries: m.deliveries.Load(),
		Slow: m.slow.Load(), Left: m.left.Load(), Closed: m.closed.Read(), Lag: m.lag.Read(),
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	for c := range h.conns {
		if _, ok := c.dialect.(v2); ok {
			s.V2++
		} else {
			s.Classic++
		}
	}
	s.Users, s.Rooms = len(h.users), len(h.rooms)
	return s
}
