package app

import (
	"context"
	"sync"

	"homeroom/app/store"
	"homeroom/models"
)

// mostRosters bounds the memory: past it, any one makes room and is read again
// when it is next needed.
const mostRosters = 2000

// roster is a class in memory: who is in it and which threads it has, so that
// a send needs no query to be checked. The events themselves keep it right:
// they are applied in the order of their commits, by the writer.
type roster struct {
	classID int64
	mu      sync.RWMutex
	class   models.Class
	members map[int64]models.Member
	threads map[int64]models.Thread
	touched map[int64]int64 // thread → number of its newest event since the roster was read
	read    int64           // number of the class's newest event when the roster was read
}

func (r *roster) openClass() (models.Class, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.class, r.class.DeletedAt == nil
}

func (r *roster) member(userID int64) (models.Member, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	m, ok := r.members[userID]
	return m, ok
}

func (r *roster) thread(id int64) (models.Thread, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	t, ok := r.threads[id]
	return t, ok
}

// lastTouched returns a number that is another one after every event of a
// thread: that of its newest event, or a later one.
func (r *roster) lastTouched(threadID int64) int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return max(r.touched[threadID], r.read)
}

func (r *roster) counts() (members, threads int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.members), len(r.threads)
}

func (r *roster) owners() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	n := 0
	for _, m := range r.members {
		if m.Role == models.Owner {
			n++
		}
	}
	return n
}

// apply takes over what an event says. It runs on the writer's goroutine.
func (r *roster) apply(e models.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.class.Seq = e.Seq
	if e.ThreadID != 0 {
		r.touched[e.ThreadID] = e.Seq
	}
	switch data := e.Data.(type) {
	case models.Message:
		if e.Type == models.MessageCreated {
			t := r.threads[data.ThreadID]
			t.LastSeq, t.LastMessageID = data.Seq, &data.ID
			r.threads[data.ThreadID] = t
		}
	case models.Member:
		if data.LeftAt == nil {
			r.members[data.UserID] = data
		} else {
			delete(r.members, data.UserID)
		}
	case models.Thread:
		if data.DeletedAt == nil {
			r.threads[data.ID] = data
		} else {
			delete(r.threads, data.ID)
		}
	case models.Class:
		r.class = data
	}
}

type rosters struct {
	mu sync.RWMutex
	m  map[int64]*roster
}

func newRosters() *rosters { return &rosters{m: map[int64]*roster{}} }

func (rs *rosters) get(classID int64) *roster {
	rs.mu.RLock()
	defer rs.mu.RUnlock()
	return rs.m[classID]
}

func (rs *rosters) put(r *roster) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if len(rs.m) >= mostRosters {
		for id := range rs.m {
			delete(rs.m, id)
			break
		}
	}
	rs.m[r.classID] = r
}

// apply takes over an event where its class is in memory.
func (rs *rosters) apply(e models.Event) {
	if r := rs.get(e.ClassID); r != nil {
		r.apply(e)
	}
}

// roster returns the class from memory, or reads it: on the writer's
// goroutine, between two commits, so that no event can be missed between the
// reading and the keeping. The fault is NoClass.
func (a *App) roster(ctx context.Context, classID int64) (*roster, error) {
	if r := a.rosters.get(classID); r != nil {
		return r, nil
	}
	// Asked of a reader first: a flood of wrong numbers must not reach the writer.
	if _, err := a.reading(ctx).Class(classID); err != nil {
		return nil, err
	}
	var r *roster
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		r, err = a.rosterIn(tx, classID)
		return err
	})
	return r, err
}

// rosterIn is roster for what runs in a transaction. Memberships, threads and
// classes change in transactions of their own only, so what it returns cannot
// be older than what the transaction sees.
func (a *App) rosterIn(tx *store.Tx, classID int64) (*roster, error) {
	if r := a.rosters.get(classID); r != nil {
		return r, nil
	}
	class, err := tx.Class(classID)
	if err != nil {
		return nil, err
	}
	members, err := tx.Members(classID, "", 0, store.All)
	if err != nil {
		return nil, err
	}
	threads, err := tx.Threads(classID)
	if err != nil {
		return nil, err
	}
	r := &roster{
		classID: classID, class: class, read: class.Seq, touched: map[int64]int64{},
		members: make(map[int64]models.Member, len(members)),
		threads: make(map[int64]models.Thread, len(threads)),
	}
	for _, m := range members {
		r.members[m.UserID] = m
	}
	for _, t := range threads {
		r.threads[t.ID] = t
	}
	tx.AfterCommit(func() { a.rosters.put(r) })
	return r, nil
}
