package app

import (
	"slices"
	"sync"

	"homeroom/app/store"
	"homeroom/models"
)

const (
	// mostTailBytes bounds the memory of tails, of all threads together.
	mostTailBytes = 32 << 20

	// rowBytes is about what a message, or a file, takes beside its text.
	rowBytes = 1 << 10
)

// tails keeps the newest messages of the threads that are read most: opening a
// thread is what readers do most, and costs no query then.
type tails struct {
	mu    sync.Mutex
	m     map[int64]tail
	bytes int
	turn  uint64 // goes up with every forgetting
}

// tail is the newest page of a thread, as it was when the thread's newest event
// was touched. It is never changed; another event makes it worthless.
type tail struct {
	touched  int64
	items    []models.Message
	hasOlder bool
	bytes    int
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

// bytesOf tells about how much memory messages take.
func bytesOf(messages []models.Message) (n int) {
	for _, m := range messages {
		n += rowBytes*(1+len(m.Files)) + len(m.Content)
		for _, r := range m.Reactions {
			n += 8 * len(r.UserIDs)
		}
	}
	return n
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
	t.bytes = bytesOf(t.items)
	ts.bytes += t.bytes - ts.m[threadID].bytes
	ts.m[threadID] = t
	for id, other := range ts.m { // any may go: what is read often comes back at once
		if ts.bytes <= mostTailBytes {
			return
		}
		delete(ts.m, id)
		ts.bytes -= other.bytes
	}
}

// forget drops what is kept of these threads: messages of theirs are gone for
// good, and no event says so.
func (ts *tails) forget(threadIDs []int64) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.turn++
	for _, id := range threadIDs {
		ts.bytes -= ts.m[id].bytes
		delete(ts.m, id)
	}
}
