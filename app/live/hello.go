package live

import (
	"math"
	"slices"
	"strconv"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/models"
)

// arrival is a class on its way to be live on a connection.
type arrival struct {
	classID int64
	room    *room
	seat    *seat
	head    int64 // where the class stood when the connection listened already
}

// hello answers where each class stands, tells what the connection missed, and
// lets it hear what follows. The connection listens before the database is
// read: what happens in between waits in its seat, and what was read already
// is dropped there by its number.
func (d v2) hello(c *conn, o opening, in *helloRequest) error {
	since, err := byID(in.Since)
	if err != nil {
		return err
	}
	var user models.User
	var arrivals []arrival
	var unknown error
	c.hub.inTurn(func() {
		if user, unknown = c.hub.app.Me(c.hub.ctx, c.actor); unknown == nil {
			c.greeted.Store(true)
			arrivals, err = d.arrive(c)
		}
	})
	if unknown != nil {
		return unknown
	}
	if err != nil {
		answer(c, o, answerFrame{}, err)
		c.resync() // some seats wait for a replay that will not come
		return nil
	}
	heads := make(map[int64]int64, len(arrivals))
	for _, a := range arrivals {
		heads[a.classID] = a.head
	}
	c.reply(answerFrame{
		Op: "hello", Ref: o.Ref, Status: true, Code: fault.OK,
		User: &user, Heads: byName(heads), Keep: int(c.hub.limits.Keep.Seconds()),
	})
	for _, a := range arrivals {
		last := a.head
		if seq, named := since[a.classID]; named {
			last = d.replay(c, a, seq)
		}
		d.goLive(c, a, last)
	}
	d.kept(c)
	return nil
}

// byID reads the keys that JSON wanted as text. The fault is Malformed.
func byID(named map[string]int64) (map[int64]int64, error) {
	numbers := make(map[int64]int64, len(named))
	for key, seq := range named {
		id, err := strconv.ParseInt(key, 10, 64)
		if err != nil || seq < 0 {
			return nil, fault.Malformed.With("since")
		}
		numbers[id] = seq
	}
	return numbers, nil
}

// arrive gives the connection a waiting seat in each class of its user, by id.
func (v2) arrive(c *conn) ([]arrival, error) {
	roles, err := c.hub.app.Roles(c.hub.ctx, c.actor)
	if err != nil {
		return nil, err
	}
	arrivals := make([]arrival, 0, len(roles))
	for id := range roles {
		a := arrival{classID: id}
		c.hub.sit(c, id, func(r *room, s *seat) {
			s.waiting, s.pending, s.overflow = true, nil, false
			a.room, a.seat = r, s
		})
		err := c.hub.settle(c, id)
		if err == nil {
			a.head, err = c.hub.app.Head(c.hub.ctx, c.actor, id)
		}
		switch {
		case err == nil && a.seat != nil:
			arrivals = append(arrivals, a)
		case err != nil && !isOutside(err):
			return nil, err
		}
	}
	slices.SortFunc(arrivals, func(a, b arrival) int { return int(a.classID - b.classID) })
	return arrivals, nil
}

// replay tells the events of a class after a number, and returns the number of
// the last.
func (v2) replay(c *conn, a arrival, since int64) int64 {
	var missed []models.Event
	var tooMany bool
	var err error
	c.hub.inTurn(func() { missed, tooMany, err = c.hub.app.Replay(c.hub.ctx, c.actor, a.classID, since) })
	if isOutside(err) {
		return a.head // what waits in the seat ends with why
	}
	if err != nil || tooMany {
		c.reply(resyncFrame{Op: "resync", ClassID: a.classID, Seq: a.head})
		return a.head
	}
	for _, e := range missed {
		c.sendWaiting(eventFrameOf(e))
		since = e.Seq
	}
	return since
}

// goLive tells what waited in the seat and has a number above last, until
// nothing waits any more.
func (v2) goLive(c *conn, a arrival, last int64) {
	for {
		pending, role, overflow, done := a.takePending(last)
		if done {
			return
		}
		for _, e := range pending {
			if e.Seq > last {
				last = e.Seq
				c.sendWaiting(eventFrameOf(app.For(*e, app.AudienceOf(e, &c.actor, role))))
			}
		}
		if !overflow {
			continue
		}
		head, err := c.hub.app.Head(c.hub.ctx, c.actor, a.classID)
		if err != nil {
			c.resync()
			return
		}
		last = head
		c.reply(resyncFrame{Op: "resync", ClassID: a.classID, Seq: head})
	}
}

// takePending takes what waits in the seat. When nothing does, the seat is live
// from last on, unless it is gone.
func (a arrival) takePending(last int64) (pending []*models.Event, role models.MemberRole, overflow, done bool) {
	a.room.mu.Lock()
	defer a.room.mu.Unlock()
	s := a.seat
	pending, overflow = s.pending, s.overflow
	s.pending, s.overflow = nil, false
	if len(pending) > 0 || overflow {
		return pending, s.role, overflow, false
	}
	s.waiting, s.last = false, last
	if !s.gone {
		a.room.onlineChanged, s.toldOnline = true, false
	}
	return nil, s.role, false, true
}

// joined gives the connection a seat in a class that its user has just joined;
// the event that says so is the first it hears there.
func (v2) joined(c *conn, member models.Member, seq int64) {
	if !c.greeted.Load() || !c.mayEnter(member.ClassID) {
		return
	}
	c.hub.sit(c, member.ClassID, func(_ *room, s *seat) {
		if s.last == math.MaxInt64 && !s.waiting {
			s.last = seq - 1
		}
	})
}
