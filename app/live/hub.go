// Package live is the socket door: a hub that knows who listens to which
// class, connections, and the two dialects of docs/protocol.md.
package live

import (
	"context"
	"log/slog"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
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

	ctx    context.Context // of what connections ask for; ends when Close gives up waiting
	giveUp context.CancelFunc
	crew   *crew
	turns  chan struct{} // of those who read the database to say hello
	lost   atomic.Bool   // the bus dropped something, and nobody has looked for it yet
	unsent []*outbox     // have something queued that is not being written; of announceAll alone
	fanout *fanout

	unsubscribe func()
	stop        chan struct{}
	clocks      sync.WaitGroup // beat, care and watch
	running     sync.WaitGroup // the connections' readers
}

// NewHub returns a hub that tells its connections what a announces, until
// Close.
func NewHub(a *app.App, limits Limits) *Hub {
	h := &Hub{
		app: a, limits: limits,
		metrics:   newMetrics(),
		upgrades:  rate.NewLimiter(rate.Limit(limits.Upgrades), max(limits.Upgrades, 1)*2),
		conns:     map[*conn]struct{}{},
		users:     map[int64]map[*conn]struct{}{},
		addresses: map[string]int{},
		rooms:     map[int64]*room{},
		watchers:  map[string]map[*conn]struct{}{},
		fanout:    newFanout(),
		stop:      make(chan struct{}),
	}
	h.crew = newCrew(h.stop)
	h.turns = make(chan struct{}, mostHellos)
	h.ctx, h.giveUp = context.WithCancel(context.Background())
	h.unsubscribe = a.Subscribe(h.announceAll)
	a.Listen(app.Listeners{Push: h.push, Hears: h.hears, Online: h.online})
	h.clocks.Go(h.beat)
	h.clocks.Go(h.care)
	h.clocks.Go(h.watch)
	return h
}

// Close tells every connection that the server restarts, and waits for them and
// all that works for them to end; once ctx ends they are cut.
func (h *Hub) Close(ctx context.Context) {
	conns, first := h.close()
	if !first {
		return
	}
	h.unsubscribe()
	close(h.stop)
	h.clocks.Wait()
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
		h.giveUp()
		for _, c := range conns {
			c.out.drop()
		}
		<-ended
	}
	h.giveUp()
	h.crew.workers.Wait() // no reader is left that could call one
	h.fanout.close()
}

// close takes in nobody from now on, and returns who is there.
func (h *Hub) close() (conns []*conn, first bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first = !h.closed
	h.closed = true
	return slices.Collect(maps.Keys(h.conns)), first
}

func (h *Hub) isClosed() bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.closed
}

// hasRoom tells whether one more connection of an address would be taken in.
func (h *Hub) hasRoom(address string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.addresses[address] < h.limits.PerAddress
}

// add takes a connection in, unless its user or its address has too many or the
// hub closes.
func (h *Hub) add(c *conn) (code int, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mine := h.users[c.actor.User.ID]
	switch {
	case h.closed:
		return closeRestart, "the server restarts"
	case len(mine) >= h.limits.PerUser, h.addresses[c.address] >= h.limits.PerAddress:
		return closeConnections, "too many connections"
	}
	c.rooms = map[int64]*room{}
	if mine == nil {
		mine = map[*conn]struct{}{}
		h.users[c.actor.User.ID] = mine
	}
	mine[c] = struct{}{}
	h.addresses[c.address]++
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
	if h.addresses[c.address]--; h.addresses[c.address] <= 0 {
		delete(h.addresses, c.address)
	}
	mine := h.users[c.actor.User.ID]
	delete(mine, c)
	if len(mine) == 0 {
		delete(h.users, c.actor.User.ID)
	}
}

// mostHellos is how many connections read the database for their hello at the
// same time. More would not be faster, and in front of the database a whole
// school that comes back would stand in the way of everybody else.
const mostHellos = 16

// inTurn runs f, which reads the database for a hello and waits for no peer.
func (h *Hub) inTurn(f func()) {
	h.turns <- struct{}{}
	defer func() { <-h.turns }()
	f()
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

// announceAll tells the connections what has happened since its last call, and
// only then writes: a connection that is told of several things gets them in
// one write.
func (h *Hub) announceAll(gathered []bus.Announcement) {
	for _, a := range gathered {
		h.announce(a)
	}
	runtime.Gosched() // to whoever answers the message that was just told: see answer
	h.fanout.flush(h.unsent)
	clear(h.unsent)
	h.unsent = h.unsent[:0]
	for _, a := range gathered {
		if a.Event != nil {
			h.metrics.lag.Observe(time.Since(a.At).Seconds())
		}
	}
}

// announce tells the connections what happened. One that cannot be told is lost
// as the bus may lose it; those who miss it notice the gap. Ends that are lost
// leave none, and are looked for.
func (h *Hub) announce(a bus.Announcement) {
	defer logPanic("announcement")
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
	case a.Report != nil:
		h.report(a.Report)
	case a.Lost:
		h.lost.Store(true)
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
	case e.Type == models.ClassChanged:
		r.tellAllAnew() // students may see presence from now on
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

// report tells those who may read it that there is a report, or that one is
// resolved; what it says they ask for.
func (h *Hub) report(r *bus.Report) {
	f := jsonFrame(reportsFrame{Op: "reports", ClassID: r.ClassID})
	for _, c := range h.readersOf(r.ClassID) {
		if _, ok := c.dialect.(v2); ok && c.greeted.Load() && c.actor.User.ID != r.AboutID {
			c.send(f)
		}
	}
}

// readersOf returns the connections that may read the reports of a class.
func (h *Hub) readersOf(classID int64) (readers []*conn) {
	h.mu.RLock()
	for c := range h.conns {
		if everywhere, _ := c.actor.CanReadReports(); everywhere {
			readers = append(readers, c)
		}
	}
	h.mu.RUnlock()
	r := h.room(classID)
	if r == nil {
		return readers
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if everywhere, err := s.conn.actor.CanReadReports(); err == nil && !everywhere && s.role.Manages() {
			readers = append(readers, s.conn)
		}
	}
	return readers
}

func (h *Hub) end(e *bus.Ended) {
	for _, c := range h.connsOf(e.UserID) {
		switch {
		case !covers(e, c.actor):
		case e.Disabled:
			c.close(closeDisabled, "the account is disabled")
		case c.actor.TokenID != 0 && e.TokenID == 0: // the token may be good still: the handshake tells
			c.close(closeResync, "connect again")
		default:
			c.close(closeSignedOut, "the session ended")
		}
	}
}

func stack() string { return string(debug.Stack()) }

// logPanic keeps a mistake in one thing that the hub does from ending the
// process. It is deferred.
func logPanic(of string) {
	if p := recover(); p != nil {
		slog.Error("panic", "of", of, "panic", p, "stack", stack())
	}
}
