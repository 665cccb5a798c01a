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
	t, ok := ts.get(threadID)
	if !ok || t.touched != touched {
		items, err := q.MessagesBefore(threadID, 0, MostPerPage+1)
		if err != nil {
			return nil, false, err
		}
		t = tail{touched: touched}
		t.items, t.hasOlder = dropFirst(items, MostPerPage)
		ts.put(threadID, t)
	}
	items, more := dropFirst(t.items, limit)
	return slices.Clone(items), more || t.hasOlder, nil
}

func (ts *tails) get(threadID int64) (tail, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t, ok := ts.m[threadID]
	return t, ok
}

func (ts *tails) put(threadID int64, t tail) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
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
