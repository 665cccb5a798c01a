package live

import (
	"errors"
	"maps"
	"math"
	"slices"

	"homeroom/app/fault"
	"homeroom/models"
)

// room returns the room of a class that somebody listens to, or nil.
func (h *Hub) room(classID int64) *room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[classID]
}

// classesOf returns the classes in which a connection has a seat.
func (h *Hub) classesOf(c *conn) []int64 {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.Collect(maps.Keys(c.rooms))
}

// sit gives a connection a seat in a class, or returns the one that it has.
// change runs under the room's lock; it does not run for a connection that has
// ended meanwhile. A new seat has no role: who sits down must settle.
func (h *Hub) sit(c *conn, classID int64, change func(r *room, s *seat)) {
	h.mu.Lock()
	if _, here := h.conns[c]; !here {
		h.mu.Unlock()
		return
	}
	r := h.rooms[classID]
	if r == nil {
		r = &room{classID: classID, at: map[*conn]*seat{}, presence: map[int64]bool{}}
		h.rooms[classID] = r
	}
	c.rooms[classID] = r
	r.mu.Lock() // before the hub lets go: an empty room is removed under both
	h.mu.Unlock()
	defer r.mu.Unlock()
	s := r.at[c]
	if s == nil {
		_, isV2 := c.dialect.(v2)
		s = &seat{conn: c, v2: isV2, last: math.MaxInt64}
		r.at[c] = s
		r.seats = append(r.seats, s)
		r.onlineChanged = true
	}
	change(r, s)
}

// settle looks at the membership now that the connection has its seat. Who only
// looks before sitting down can be wrong for good: an end of the membership that
// is announced in between finds no seat to take away. Faults: those of
// app.RoleIn, and then there is no seat: whoever may belong there all the same is
// asked to come back.
func (h *Hub) settle(c *conn, classID int64) error {
	known := models.MemberRole("")
	for {
		role, err := h.app.RoleIn(h.ctx, c.actor, classID)
		if err != nil {
			h.stand(c, classID)
			if !isOutside(err) {
				c.resync()
			}
			return err
		}
		if role == known {
			return nil
		}
		// Once more: a newer one may have been announced before this was set.
		known = role
		h.setRole(c, classID, role)
	}
}

func (h *Hub) setRole(c *conn, classID int64, role models.MemberRole) {
	r := h.room(classID)
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.at[c]; s != nil {
		r.setRoleLocked(s, role)
	}
}

// stand takes a connection's seat in a class away.
func (h *Hub) stand(c *conn, classID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := c.rooms[classID]
	if r == nil {
		return
	}
	delete(c.rooms, classID)
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.at[c]; s != nil {
		s.gone = true
	}
	r.removeLocked(c)
	if len(r.seats) == 0 && h.rooms[classID] == r {
		delete(h.rooms, classID)
	}
}

// isOutside tells whether err says that the class is no longer one's own.
func isOutside(err error) bool {
	return errors.Is(err, fault.NotMember) || errors.Is(err, fault.NoClass)
}
