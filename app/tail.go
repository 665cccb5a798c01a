package app

import (
	"slices"
	"sync"

	"homeroom/app/store"
	"homeroom/models"
)

// mostTailMessages bounds the memory of tails, in messages of all threads.
const mostTailMessages = 20_000

// tails keeps the newest messages of the threads that are read most: opening a
// thread is what readers do most, and costs no query then.
type tails struct {
	mu       sync.Mutex
	m        map[int64]tail
	messages int
	turn     uint64 // goes up with every forgetting
}

// tail is the newest page of a thread, as it was when the thread's newest event
// was touched. It is never changed; another event makes it worthless.
type tail struct {
	touched  int64
	items    []models.Message
	hasOlder bool
}

func newTails() *tails { return &tails{m: map[int64]tail{}} }

// page returns the newest messages of a thread. touched is the number of the
// thread's newest event, taken before: should an event be committed while the
// rows are read, what is kept here under the old number is never used.
func (ts *tails) page(q store.Queries, threadID, touched int64, limit int) ([]models.Message, bool, error) {
	t, turn, ok := ts.get(threadID)
	if !ok || t.touched != touched {
		items, err := q.MessagesBefore(threadID, 0, MostPerPage+1)
		if err != nil {
			return nil, false, err
		}
		t = tail{touched: touched}
		t.items, t.hasOlder = dropFirst(items, MostPerPage)
		ts.put(threadID, t, turn)
	}
	items, more := dropFirst(t.items, limit)
	return slices.Clone(items), more || t.hasOlder, nil
}

// get returns what is kept of a thread, and the turn under which it may be put.
func (ts *tails) get(threadID int64) (tail, uint64, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t, ok := ts.m[threadID]
	return t, ts.turn, ok
}

// put keeps the newest page of a thread, unless some were forgotten since the
// turn: it may have been read before.
func (ts *tails) put(threadID int64, t tail, turn uint64) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.turn != turn {
		return
	}
	ts.messages += len(t.items) - len(ts.m[threadID].items)
	ts.m[threadID] = t
	for id, other := range ts.m { // any may go: what is read often comes back at once
		if ts.messages <= mostTailMessages {
			return
		}
		if id != threadID {
			delete(ts.m, id)
			ts.messages -= len(other.items)
		}
	}
}

// forget drops what is kept of these threads: messages of theirs are gone for
// good, and no event says so.
func (ts *tails) forget(threadIDs []int64) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.turn++
	for _, id := range threadIDs {
		ts.messages -= len(ts.m[id].items)
		delete(ts.m, id)
	}
}
