// Package bus carries announcements from the rules to the doors: at most once,
// in any order. Whoever missed something is told that. Whoever needs all of them
// reads the database by number.
package bus

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"homeroom/models"
)

// Announcement tells that something happened. Exactly one field is set, beside
// At.
type Announcement struct {
	At     time.Time // when it was published, which is right after the commit
	Event  *models.Event
	Repeat *Repeat
	Read   *Read
	Typing *Typing
	Ended  *Ended
	Report *Report
	Lost   bool // the subscriber missed something that was published after what it had before
}

// Repeat asks to show a stored message again to classic connections that
// joined its thread after it was announced.
type Repeat struct{ Message models.Message }

// Read tells a user's connections that a read marker moved.
type Read struct {
	Conn     uint64 // the live connection that moved it, 0 for none: it knows
	UserID   int64
	ClassID  int64
	ThreadID int64
	Seq      int64
	Unread   int
}

// Typing tells those looking at a thread that somebody writes.
type Typing struct {
	ClassID  int64
	ThreadID int64
	UserID   int64
	Name     string
}

// Ended tells that sign-ins ended. The fields that are not zero must all match
// for a connection to be closed.
type Ended struct {
	UserID    int64
	SessionID int64
	TokenID   int64
	Except    int64 // a session that goes on
	Disabled  bool  // the account itself was disabled
}

// Report tells those who may read the reports of a class, but for the one whom
// it is about, that there is another or that one was resolved.
type Report struct {
	ClassID int64
	AboutID int64
}

// queued is how many announcements may wait for one subscriber. Past it they
// are dropped: clients notice the missing number and ask again, and what ends a
// sign-in or a membership is looked for in the database.
const queued = 8192

// Memory is the bus of a server that is alone.
type Memory struct {
	mu          sync.RWMutex
	subscribers map[*subscriber]struct{}
	ended       sync.WaitGroup
}

type subscriber struct {
	queue chan Announcement
	lost  atomic.Bool // something was dropped, and it has not been told
}

// NewMemory returns a bus without subscribers.
func NewMemory() *Memory { return &Memory{subscribers: map[*subscriber]struct{}{}} }

// Publish hands a to every subscriber and never waits for one.
func (b *Memory) Publish(a Announcement) {
	a.At = time.Now()
	b.mu.RLock()
	defer b.mu.RUnlock()
	for s := range b.subscribers {
		select {
		case s.queue <- a:
		default:
			if !s.lost.Swap(true) {
				slog.Warn("bus: a subscriber is too slow, announcements were dropped")
			}
		}
	}
}

// mostTogether is how many announcements a subscriber is given at once.
const mostTogether = 64

// Subscribe calls f with the announcements that have gathered since its last
// call, in their order, until cancel. What f gets is good until it returns.
func (b *Memory) Subscribe(f func([]Announcement)) (cancel func()) {
	s := &subscriber{queue: make(chan Announcement, queued)}
	b.mu.Lock()
	b.subscribers[s] = struct{}{}
	b.mu.Unlock()
	b.ended.Go(func() {
		gathered := make([]Announcement, 0, mostTogether+1)
		before := 0 // what is to be told before something that was lost
		for a := range s.queue {
			gathered = s.gather(append(gathered[:0], a))
			if before == 0 && s.lost.Swap(false) {
				before = len(gathered) + len(s.queue)
			}
			if before > 0 {
				if before = max(0, before-len(gathered)); before == 0 {
					gathered = append(gathered, Announcement{At: time.Now(), Lost: true})
				}
			}
			f(gathered)
			clear(gathered)
		}
	})
	return func() { b.remove(s) }
}

// gather appends what waits, and waits for nothing.
func (s *subscriber) gather(gathered []Announcement) []Announcement {
	for len(gathered) < mostTogether {
		select {
		case a, open := <-s.queue:
			if !open {
				return gathered
			}
			gathered = append(gathered, a)
		default:
			return gathered
		}
	}
	return gathered
}

func (b *Memory) remove(s *subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.subscribers[s]; ok {
		delete(b.subscribers, s)
		close(s.queue)
	}
}

// Close ends every subscription and waits for their last calls.
func (b *Memory) Close() {
	b.mu.Lock()
	for s := range b.subscribers {
		delete(b.subscribers, s)
		close(s.queue)
	}
	b.mu.Unlock()
	b.ended.Wait()
}
