package live

import (
	"log/slog"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/models"
)

// mostWatched is how many tasks one connection may watch.
const mostWatched = 50

type pushFrame struct {
	Op string `json:"op" enum:"push"`
	models.Push
}

type watchRequest struct {
	Action string `json:"action" enum:"watch"`
	Ref    string `json:"ref,omitempty" maxLength:"64"`
	Task   string `json:"task" minLength:"1" maxLength:"64" doc:"Pushes to this task come too, though it is no user's"`
}

type unwatchRequest struct {
	Action string `json:"action" enum:"unwatch"`
	Ref    string `json:"ref,omitempty" maxLength:"64"`
	Task   string `json:"task" minLength:"1" maxLength:"64"`
}

// push tells a push to the v2 connections it is for and returns how many there
// were. Only those that said hello count: the others show nothing.
func (h *Hub) push(target app.PushTarget, p models.Push) int {
	f := jsonFrame(pushFrame{Op: "push", Push: p})
	reached := 0
	for _, c := range h.targets(target) {
		if c.shows(target) && c.send(f) {
			reached++
		}
	}
	return reached
}

// shows tells whether a connection shows pushes to a target.
func (c *conn) shows(target app.PushTarget) bool {
	_, isV2 := c.dialect.(v2)
	return isV2 && c.greeted.Load() && (target.ClassID != 0 || c.actor.CanHearPushes() == nil)
}

// hears tells whether a push to a user would reach anybody.
func (h *Hub) hears(userID int64) bool {
	for _, c := range h.connsOf(userID) {
		if c.shows(app.PushTarget{UserID: userID}) && !c.out.isClosing() {
			return true
		}
	}
	return false
}

func (h *Hub) targets(target app.PushTarget) []*conn {
	var out []*conn
	switch {
	case target.UserID != 0:
		return h.connsOf(target.UserID)
	case target.ClassID != 0:
		r := h.room(target.ClassID)
		if r == nil {
			return nil
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, s := range r.seats {
			if s.role != "" { // else the membership has not been looked at yet
				out = append(out, s.conn)
			}
		}
		return out
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	if target.All {
		for c := range h.conns {
			out = append(out, c)
		}
		return out
	}
	for c := range h.watchers[target.Task] {
		out = append(out, c)
	}
	return out
}

// online returns who is connected.
func (h *Hub) online() app.Online {
	now := app.Online{Users: map[int64]int{}, Classes: map[int64][]int64{}}
	h.mu.RLock()
	now.Connections = len(h.conns)
	for id, mine := range h.users {
		now.Users[id] = len(mine)
	}
	h.mu.RUnlock()
	for _, r := range h.allRooms() {
		r.mu.Lock()
		now.Classes[r.classID] = r.users(func(*seat) bool { return true })
		r.mu.Unlock()
	}
	return now
}

func (v2) watch(c *conn, in *watchRequest) error {
	if err := c.actor.CanHearPushes(); err != nil {
		return err
	}
	if err := app.CheckTask(in.Task); err != nil {
		return fault.Malformed.With("task")
	}
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	if _, ok := c.watched[in.Task]; ok {
		return nil
	}
	if len(c.watched) >= mostWatched {
		return fault.TooMany.With("tasks watched")
	}
	if c.watched == nil {
		c.watched = map[string]struct{}{}
	}
	c.watched[in.Task] = struct{}{}
	if c.hub.watchers[in.Task] == nil {
		c.hub.watchers[in.Task] = map[*conn]struct{}{}
	}
	c.hub.watchers[in.Task][c] = struct{}{}
	return nil
}

func (v2) unwatch(c *conn, in *unwatchRequest) error {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	c.hub.unwatch(c, in.Task)
	return nil
}

// unwatch forgets that a connection watches a task; under the hub's lock.
func (h *Hub) unwatch(c *conn, task string) {
	delete(c.watched, task)
	delete(h.watchers[task], c)
	if len(h.watchers[task]) == 0 {
		delete(h.watchers, task)
	}
}

// kept shows what was pushed while nobody of the user's was connected.
func (v2) kept(c *conn) {
	if c.out.isClosing() || c.actor.CanHearPushes() != nil {
		return
	}
	err := c.hub.app.TellKeptPushes(c.hub.ctx, c.actor, func(p models.Push) (taken bool) {
		return c.sendWaiting(jsonFrame(pushFrame{Op: "push", Push: p}))
	})
	if err != nil {
		slog.Error("kept pushes", "request_id", c.requestID, "error", err.Error())
	}
}
