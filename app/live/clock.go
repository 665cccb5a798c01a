package live

import (
	"context"
	"errors"
	"time"

	"homeroom/app/fault"
)

// shortest keeps the clocks from spinning whatever the limits say.
const shortest = 10 * time.Millisecond

// beat sends what is sent by the clock and is known without asking anybody:
// pings, who looks, who is online. A slow disk must not make it late: without
// its pings everybody would be cut.
func (h *Hub) beat() {
	online := time.Now()
	h.every(min(time.Second, h.limits.Online/2, h.limits.Ping/2), func(now time.Time, conns []*conn) {
		for _, c := range conns {
			if now.After(c.pingAt) {
				c.pingAt = now.Add(h.limits.Ping)
				c.send(pingFrame)
			}
		}
		h.tellPresence()
		if now.Sub(online) >= h.limits.Online {
			online = now
			h.tellOnline()
		}
	})
}

// care sends keep frames, and looks again whether each connection may go on.
func (h *Hub) care() {
	h.every(min(time.Second, h.limits.Keep/2, h.limits.Recheck/2), func(now time.Time, conns []*conn) {
		for _, c := range conns {
			if now.After(c.keepAt) {
				c.keepAt = now.Add(h.limits.Keep)
				c.dialect.keep(c)
			}
			if now.After(c.lookAgainAt) {
				c.lookAgainAt = now.Add(h.limits.Recheck)
				_ = c.lookAgain()
			}
		}
	})
}

// watchEvery is how often it is asked whether another process has written, or
// the bus lost something: what a command ends has ended here within a second.
const watchEvery = 400 * time.Millisecond

// watch looks at all sign-ins anew when another process has written, and at the
// memberships too when the bus has lost something. It waits for the disk, so it
// is no part of care.
func (h *Hub) watch() {
	h.every(watchEvery, func(_ time.Time, conns []*conn) {
		look := (*conn).recheck
		if h.lost.Swap(false) {
			look = (*conn).lookAgain
		} else if written, err := h.app.WrittenBeside(h.ctx); err != nil || !written {
			return // what the next looks find is not lost
		}
		for _, c := range conns {
			if err := look(c); err != nil && !errors.Is(err, fault.SignInFirst) {
				h.lost.Store(true) // it could not be looked at: once more
			}
		}
	})
}

// every calls f with all connections, until the hub closes.
func (h *Hub) every(d time.Duration, f func(now time.Time, conns []*conn)) {
	ticker := time.NewTicker(max(d, shortest))
	defer ticker.Stop()
	var conns []*conn
	for {
		select {
		case <-h.stop:
			return
		case now := <-ticker.C:
			conns = h.all(conns[:0])
			func() {
				defer logPanic("clock")
				f(now, conns)
			}()
			clear(conns)
		}
	}
}

// all appends the connections there are.
func (h *Hub) all(conns []*conn) []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for c := range h.conns {
		conns = append(conns, c)
	}
	return conns
}

// patience is how long the database may take to answer the clock.
const patience = 2 * time.Second

// recheck closes a connection whose sign-in ended, and returns why it was not
// found good. A database that does not answer is no reason to sign anybody out.
func (c *conn) recheck() error {
	ctx, cancel := context.WithTimeout(c.hub.ctx, patience)
	defer cancel()
	err := c.hub.app.Recheck(ctx, c.actor)
	if errors.Is(err, fault.SignInFirst) {
		c.close(closeSignedOut, "the session ended")
	}
	return err
}

// lookAgain is recheck, and takes away the seats that the user has no more: an
// announcement may have been lost. Care and watch both may, at the same time.
func (c *conn) lookAgain() error {
	err := c.recheck()
	if errors.Is(err, fault.SignInFirst) {
		return err
	}
	for _, classID := range c.hub.classesOf(c) {
		_ = c.hub.settle(c, classID) // which tells the connection what it has to know
	}
	return err
}
