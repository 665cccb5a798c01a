// Package live is the socket door: a hub that knows who listens to which
// class, connections, and the two dialects of docs/protocol.md.
package live

import (
	"context"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/models"
)

// Hub knows every connection of this server.
type Hub struct {
	app      *app.App
	limits   Limits
	upgrades *rate.Limiter
	metrics  metrics
	lastID   atomic.Uint64

	mu        sync.RWMutex
	conns     map[*conn]struct{}
	users     map[int64]map[*conn]struct{}
	addresses map[string]int
	rooms     map[int64]*room
	watchers  map[string]map[*conn]struct{} // by task
	closed    bool

	unsubscribe func()
	stop        chan struct{}
	beating     sync.WaitGroup
	running     sync.WaitGroup // the connections' readers
}

type metrics struct {
	frames, events, deliveries, slow atomic.Int64
}

// NewHub returns a hub that tells its connections what a announces, until
// Close.
func NewHub(a *app.App, limits Limits) *Hub {
	h := &Hub{
		app: a, limits: limits,
		upgrades:  rate.NewLimiter(rate.Limit(limits.Upgrades), max(limits.Upgrades, 1)*2),
		conns:     map[*conn]struct{}{},
		users:     map[int64]map[*conn]struct{}{},
		addresses: map[string]int{},
		rooms:     map[int64]*room{},
		watchers:  map[string]map[*conn]struct{}{},
		stop:      make(chan struct{}),
	}
	h.unsubscribe = a.Subscribe(h.announce)
	a.Listen(app.Listeners{Push: h.push, Online: h.online})
	h.beating.Go(h.beat)
	return h
}

// Close tells every connection that the server restarts, and waits for them to
// end until ctx does.
func (h *Hub) Close(ctx context.Context) {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return
	}
	h.closed = true
	conns := make([]*conn, 0, len(h.conns))
	for c := range h.conns {
		conns = append(conns, c)
	}
	h.mu.Unlock()

	h.unsubscribe()
	close(h.stop)
	h.beating.Wait()
	for _, c := range conns {
		c.closeAfter(closeRestart, "the server restarts")
	}
	ended := make(chan struct{})
	go func() {
		h.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		for _, c := range conns {
			_ = c.net.Close()
		}
		<-ended
	}
}

// add takes a connection in, unless its user has too many or the hub closes.
func (h *Hub) add(c *conn) (code int, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mine := h.users[c.actor.User.ID]
	switch {
	case h.closed:
		return closeRestart, "the server restarts"
	case len(mine) >= h.limits.PerUser:
		return closeConnections, "too many connections"
	}
	c.rooms = map[int64]*room{}
	if mine == nil {
		mine = map[*conn]struct{}{}
		h.users[c.actor.User.ID] = mine
	}
	mine[c] = struct{}{}
	h.conns[c] = struct{}{}
	h.running.Add(1)
	return 0, ""
}

// remove forgets a connection.
func (h *Hub) remove(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, r := range c.rooms {
		r.mu.Lock()
		r.removeLocked(c)
		if len(r.seats) == 0 && h.rooms[id] == r {
			delete(h.rooms, id)
		}
		r.mu.Unlock()
	}
	c.rooms = nil
	for task := range c.watched {
		h.unwatch(c, task)
	}
	delete(h.conns, c)
	mine := h.users[c.actor.User.ID]
	delete(mine, c)
	if len(mine) == 0 {
		delete(h.users, c.actor.User.ID)
	}
	h.running.Done()
}

// reserve counts a connection against its address, before the upgrade.
func (h *Hub) reserve(address string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.addresses[address] >= h.limits.PerAddress {
		return false
	}
	h.addresses[address]++
	return true
}

func (h *Hub) release(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.addresses[address]--; h.addresses[address] <= 0 {
		delete(h.addresses, address)
	}
}

// connsOf returns the connections of a user.
func (h *Hub) connsOf(userID int64) []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	mine := make([]*conn, 0, len(h.users[userID]))
	for c := range h.users[userID] {
		mine = append(mine, c)
	}
	return mine
}

// announce tells the connections what happened. The bus calls it, one
// announcement at a time.
func (h *Hub) announce(a bus.Announcement) {
	switch {
	case a.Event != nil:
		h.metrics.events.Add(1)
		h.event(a.Event)
	case a.Repeat != nil:
		if r := h.room(a.Repeat.Message.ClassID); r != nil {
			r.repeat(a.Repeat.Message)
		}
	case a.Read != nil:
		h.read(a.Read)
	case a.Typing != nil:
		if r := h.room(a.Typing.ClassID); r != nil {
			r.typing(a.Typing)
		}
	case a.Ended != nil:
		h.end(a.Ended)
	}
}

// event tells a class what changed. Who joins hears of it already, who leaves
// hears of it as the last thing.
func (h *Hub) event(e *models.Event) {
	member, ofMember := e.Data.(models.Member)
	if e.Type == models.MemberJoined {
		for _, c := range h.connsOf(member.UserID) {
			if d, ok := c.dialect.(v2); ok {
				d.joined(c, member, e.Seq)
			}
		}
	}
	r := h.room(e.ClassID)
	if r == nil {
		return
	}
	if ofMember {
		r.setRole(member.UserID, member.Role)
	}
	h.metrics.deliveries.Add(int64(r.deliver(e)))
	switch {
	case e.Type == models.MemberLeft:
		r.removeUser(member.UserID)
	case e.Type == models.ClassDeleted:
		r.removeAll()
	case e.Type == models.ThreadDeleted:
		r.removeThread(e.ThreadID)
	}
}

func (h *Hub) read(moved *bus.Read) {
	f := jsonFrame(readFrame{Op: "read", ClassID: moved.ClassID, ThreadID: moved.ThreadID, Seq: moved.Seq, Unread: moved.Unread})
	for _, c := range h.connsOf(moved.UserID) {
		if _, ok := c.dialect.(v2); ok && c.id != moved.Conn && c.mayEnter(moved.ClassID) {
			c.send(f)
		}
	}
}

func (h *Hub) end(e *bus.Ended) {
	code, reason := closeSignedOut, "the session ended"
	if e.Disabled {
		code, reason = closeDisabled, "the account is disabled"
	}
	for _, c := range h.connsOf(e.UserID) {
		if covers(e, c.actor) {
			c.close(code, reason)
		}
	}
}

func stack() string { return string(debug.Stack()) }

// beat sends what is sent by the clock: pings, keep frames, who is online, and
// looks again whether each sign-in still holds.
func (h *Hub) beat() {
	ticker := time.NewTicker(min(time.Second, h.limits.Online/2, h.limits.Ping/2, h.limits.Keep/2))
	defer ticker.Stop()
	var conns []*conn
	online := time.Now()
	for {
		var now time.Time
		select {
		case <-h.stop:
			return
		case now = <-ticker.C:
		}
		conns = conns[:0]
		h.mu.RLock()
		for c := range h.conns {
			conns = append(conns, c)
		}
		h.mu.RUnlock()
		for _, c := range conns {
			h.beatOne(c, now)
		}
		clear(conns)
		h.tellPresence()
		if now.Sub(online) >= h.limits.Online {
			online = now
			h.tellOnline()
		}
	}
}

func (h *Hub) beatOne(c *conn, now time.Time) {
	if now.After(c.pingAt) {
		c.pingAt = now.Add(h.limits.Ping)
		c.send(pingFrame)
	}
	if now.After(c.keepAt) {
		c.keepAt = now.Add(h.limits.Keep)
		c.dialect.keep(c)
	}
	if now.After(c.recheckAt) {
		c.recheckAt = now.Add(h.limits.Recheck)
		if err := h.app.Recheck(context.Background(), c.actor); err != nil {
			c.close(closeSignedOut, "the session ended")
		}
	}
}
