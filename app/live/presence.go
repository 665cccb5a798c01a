package live

import (
	"slices"
)

// told is a frame for those who may know the names, and one for the others.
type told struct{ names, count frame }

func (t told) to(names bool) frame {
	if names {
		return t.names
	}
	return t.count
}

func (h *Hub) allRooms() []*room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}

// tellPresence tells those who look at a thread who else does, where that
// changed.
func (h *Hub) tellPresence() {
	for _, r := range h.allRooms() {
		r.mu.Lock()
		for threadID := range r.presence {
			users := r.users(func(s *seat) bool { return s.threads[threadID] != nil })
			f := presenceFrame{Op: "presence", ClassID: r.classID, ThreadID: threadID, Count: len(users)}
			t := told{count: jsonFrame(f)}
			f.UserIDs = users
			t.names = jsonFrame(f)
			r.tell(h, t, func(s *seat) bool { return s.threads[threadID] != nil })
		}
		clear(r.presence)
		r.mu.Unlock()
	}
}

// tellOnline tells a class how many of it are online, where that changed; who
// has not been told yet hears it anyway.
func (h *Hub) tellOnline() {
	for _, r := range h.allRooms() {
		r.mu.Lock()
		if r.onlineChanged {
			r.onlineChanged = false
			users := r.users(func(*seat) bool { return true })
			f := onlineFrame{Op: "online", ClassID: r.classID, Count: len(users)}
			t := told{count: jsonFrame(f)}
			f.UserIDs = users
			t.names = jsonFrame(f)
			changed := !slices.Equal(users, r.online)
			r.online = users
			r.tell(h, t, func(s *seat) bool {
				fits := changed || !s.toldOnline
				s.toldOnline = true
				return fits
			})
		}
		r.mu.Unlock()
	}
}

// users returns the users of the seats that fit, each once, by id.
func (r *room) users(fits func(*seat) bool) []int64 {
	ids := make([]int64, 0, len(r.seats))
	for _, s := range r.seats {
		if fits(s) {
			ids = append(ids, s.conn.actor.User.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r *room) tell(h *Hub, t told, fits func(*seat) bool) {
	open := h.app.StudentsSeePresence(r.classID)
	for _, s := range r.seats {
		if s.v2 && s.conn.greeted.Load() && fits(s) {
			s.conn.send(t.to(open || s.role.Staff()))
		}
	}
}
