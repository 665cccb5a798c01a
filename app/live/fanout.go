package live

import (
	"log/slog"
	"sync"

	"homeroom/app/ring"
)

// mostInFanout is how many bytes of one connection go with those of others. To
// copy more takes so long that the call is no longer what is saved.
const mostInFanout = 16 << 10

// fanout writes what waits for many connections, in one call of the system where
// there is such a call. A call for each costs more than its own time: between two
// of them the system lets whoever was woken by the first run instead, most of all
// a proxy on the same machine. docs/decisions/0019-one-call-for-a-class.md
type fanout struct {
	mu     sync.Mutex // of who closes it, against who flushes
	ring   *ring.Ring // nil where there is none
	writes []ring.Write
	begun  []begun // one for each of writes
}

// begun is what an outbox has begun to write.
type begun struct {
	by     *outbox
	buffer *[]byte // of what was joined
}

func newFanout() *fanout {
	r, err := ring.New()
	if err != nil {
		slog.Info("each connection is written to by itself, which takes more processor time", "error", err)
	}
	return &fanout{ring: r}
}

// close lets go of the ring. What is flushed after is written without it.
func (f *fanout) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ring != nil {
		f.ring.Close()
		f.ring = nil
	}
}

// flush flushes each of these: first what goes together, then what does not.
func (f *fanout) flush(outboxes []*outbox) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ring != nil {
		for _, o := range outboxes {
			if f.begin(o); len(f.writes) == ring.Most {
				f.write()
			}
		}
		f.write()
	}
	for _, o := range outboxes {
		o.flush()
	}
}

func (f *fanout) begin(o *outbox) {
	if out, buffer := o.begin(); out != nil {
		f.writes = append(f.writes, ring.Write{To: o.now.raw, Bytes: out})
		f.begun = append(f.begun, begun{o, buffer})
	}
}

func (f *fanout) write() {
	f.ring.Write(f.writes)
	for i, b := range f.begun {
		b.by.wrote(f.writes[i].Bytes, f.writes[i].Taken)
		if b.buffer != nil {
			buffers.Put(b.buffer)
		}
	}
	clear(f.writes)
	clear(f.begun)
	f.writes, f.begun = f.writes[:0], f.begun[:0]
}
