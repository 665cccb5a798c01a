package live

import (
	"bytes"
	"net"
	"sync"
	"time"

	"github.com/fasthttp/websocket"
)

// outbox holds what waits to be written to a socket. Nothing of ours is written
// around it. What the socket takes at once is written by whoever sends it, or by the
// hub's fanout; a writer of its own exists only while the socket does not.
type outbox struct {
	socket net.Conn
	limits *Limits
	now    *nonblocking // nil where the system has no such thing

	mu      sync.Mutex
	queue   []frame
	bytes   int
	writing bool       // a writer is under way, or a fanout
	begun   bool       // a fanout is
	closing bool       // the last frame is queued, nothing follows it
	waited  bool       // for room
	room    *sync.Cond // there is room in the queue again

	writer sync.WaitGroup // or fanout
}

func newOutbox(c *websocket.Conn, limits *Limits) *outbox {
	o := &outbox{socket: socketOf(c.NetConn()), limits: limits}
	o.now = newNonblocking(o.socket)
	o.room = sync.NewCond(&o.mu)
	return o
}

// socketOf returns what is under the connection that the web server hands to a
// handler: that one is used again for another client, and its Close does
// nothing. The library that reads can no longer write to it.
func socketOf(c net.Conn) net.Conn {
	if wrapped, ok := c.(interface{ UnsafeConn() net.Conn }); ok {
		c = wrapped.UnsafeConn()
	}
	if ours, ok := c.(interface{ TakeOver() net.Conn }); ok {
		c = ours.TakeOver()
	}
	return c
}

// send queues a frame and never waits. A connection that does not take its
// frames in time is closed, which send tells: it comes back and asks for what
// it missed, and nobody else has waited for it.
func (o *outbox) send(f frame) (taken, tooSlow bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sendLocked(f)
}

// sendLocked leaves the frame to whoever owes the queue a flush: an answer most
// often goes with the event that it is the answer to.
func (o *outbox) sendLocked(f frame) (taken, tooSlow bool) {
	open, owed := !o.closing, len(o.queue) > 0
	if tooSlow = o.putLocked(f); !tooSlow && (!owed || o.halfFull()) {
		o.flushLocked()
	}
	return open && !tooSlow, tooSlow
}

// put queues a frame, and tells whether the caller owes it a flush, soon: nobody
// else will write it.
func (o *outbox) put(f frame) (tooSlow, owed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	was := len(o.queue)
	tooSlow = o.putLocked(f)
	if o.halfFull() {
		o.flushLocked() // what is put together must not pass for slowness
	}
	return tooSlow, was == 0 && len(o.queue) > 0 && !o.writing
}

func (o *outbox) halfFull() bool {
	return len(o.queue) >= o.limits.QueueFrames/2 || o.bytes >= o.limits.QueueBytes/2
}

func (o *outbox) putLocked(f frame) (tooSlow bool) {
	if o.closing {
		return false
	}
	// While a fanout is under way it is not the peer that is waited for.
	if !o.begun && (len(o.queue) >= o.limits.QueueFrames || o.bytes+len(f) > o.limits.QueueBytes) {
		o.endLocked(closeFrame(closeTooSlow, "too slow"), false)
		return true
	}
	o.queue = append(o.queue, f)
	o.bytes += len(f)
	return false
}

// flush writes what is queued: at once as far as the socket takes it, the rest
// by a writer.
func (o *outbox) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushLocked()
}

func (o *outbox) flushLocked() {
	if o.writing || len(o.queue) == 0 {
		return
	}
	if o.now == nil || o.closing {
		o.startWriter(nil)
		return
	}
	out, buffer := o.joinLocked()
	o.restLocked(out, o.now.write(out))
	if buffer != nil {
		buffers.Put(buffer)
	}
}

// restLocked leaves what the socket did not take to a writer. It does not go
// back into the queue, which a close may empty: half a frame that is followed by
// another one is nonsense to the peer.
func (o *outbox) restLocked(out []byte, written int) {
	if written < len(out) {
		o.startWriter(bytes.Clone(out[written:]))
	}
}

// begin takes what waits, to be written with what waits for others by the caller,
// who calls wrote as soon as it is. It returns nil where nothing waits or it goes by
// itself.
func (o *outbox) begin() (out []byte, buffer *[]byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.writing || len(o.queue) == 0 || o.now == nil || o.bytes > mostInFanout {
		return nil, nil
	}
	o.writing, o.begun = true, true
	o.writer.Add(1)
	return o.joinLocked()
}

// wrote ends what begin began: so much of out was written.
func (o *outbox) wrote(out []byte, written int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.writer.Done()
	o.writing, o.begun = false, false
	if written == 0 { // there was no room, or it could not even be tried
		written = o.now.write(out)
	}
	o.restLocked(out, written)
	o.flushLocked() // what came meanwhile
}

// joinLocked empties the queue into one piece. The caller puts the buffer back when
// the piece is written; there is none for a single frame, and most often there is one.
func (o *outbox) joinLocked() (out []byte, buffer *[]byte) {
	if len(o.queue) > 1 {
		buffer = buffers.Get().(*[]byte)
	}
	return o.takeLocked(buffer), buffer
}

// sendWaiting queues a frame when there is room for it. Only the connection's
// own reader may call it, and under no lock: a replay is longer than the queue.
func (o *outbox) sendWaiting(f frame) (taken, tooSlow bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.closing && len(o.queue) > 0 && (len(o.queue) >= o.limits.QueueFrames/2 || o.bytes+len(f) > o.limits.QueueBytes/2) {
		o.waited = true
		o.room.Wait()
	}
	return o.sendLocked(f)
}

// end queues the frame that ends the connection: behind what is queued, or in
// its place. It tells whether this is the first such frame; no other is sent.
func (o *outbox) end(f frame, after bool) (first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.endLocked(f, after)
}

func (o *outbox) endLocked(f frame, after bool) (first bool) {
	if o.closing {
		return false
	}
	if !after {
		clear(o.queue)
		o.queue = o.queue[:0]
	}
	o.queue = append(o.queue, f)
	o.closing = true
	o.startWriter(nil)
	o.room.Broadcast()
	return true
}

// drop forgets what is queued and cuts a write that is under way: nobody is
// there to read it.
func (o *outbox) drop() {
	o.stop()
	_ = o.socket.Close()
}

// stop forgets what is queued: a close frame has been written already.
func (o *outbox) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closing, o.queue = true, nil
	o.room.Broadcast()
}

// finish takes nothing more and waits for what is queued. After it nobody
// writes to the socket, whoever may still hold the connection.
func (o *outbox) finish() {
	o.mu.Lock()
	o.closing = true
	if len(o.queue) > 0 {
		o.startWriter(nil)
	}
	o.room.Broadcast()
	o.mu.Unlock()
	o.writer.Wait()
}

func (o *outbox) isEmpty() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.queue) == 0
}

func (o *outbox) isClosing() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closing
}

// extend puts off the moment at which the peer counts as gone. The last frame
// has set a deadline of its own.
func (o *outbox) extend(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closing {
		_ = o.socket.SetReadDeadline(time.Now().Add(d))
	}
}

// startWriter starts a writer where there is none, with what is left of a frame
// that was begun.
func (o *outbox) startWriter(rest []byte) {
	if !o.writing {
		o.writing = true
		o.writer.Add(1)
		go o.write(rest)
	}
}

// farewell is how long a peer may take to answer a close frame.
const farewell = 2 * time.Second

// write sends rest, then what is queued, each time all of it in one write, and
// ends when there is nothing left.
func (o *outbox) write(rest []byte) {
	defer o.writer.Done()
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	for {
		out, last := rest, false
		if rest = nil; out == nil {
			out, last = o.take(buffer)
		}
		if out == nil {
			return
		}
		_ = o.socket.SetWriteDeadline(time.Now().Add(o.limits.Write))
		if _, err := o.socket.Write(out); err != nil {
			o.drop() // ends the reader too; the next take ends the writer
			continue
		}
		if last {
			// The peer answers with its own close frame, which ends the reader.
			_ = o.socket.SetReadDeadline(time.Now().Add(farewell))
		}
	}
}

// take empties the queue into one piece, and tells whether the last frame is in
// it. Of an empty queue it takes the writer's leave.
func (o *outbox) take(buffer *[]byte) (out []byte, last bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 {
		o.writing = false
		_ = o.socket.SetWriteDeadline(time.Time{}) // a deadline that has passed refuses every later write
		return nil, false
	}
	return o.takeLocked(buffer), o.closing
}

func (o *outbox) takeLocked(buffer *[]byte) []byte {
	out := []byte(o.queue[0])
	if len(o.queue) > 1 {
		out = (*buffer)[:0]
		for _, f := range o.queue {
			out = append(out, f...)
		}
		if cap(out) <= 64<<10 {
			*buffer = out
		}
	}
	clear(o.queue)
	if cap(o.queue) > 16 {
		o.queue = nil // a connection that was busy once does not keep the room for it
	} else {
		o.queue = o.queue[:0]
	}
	o.bytes = 0
	if o.waited { // rarely, and to ask the condition costs more
		o.waited = false
		o.room.Broadcast()
	}
	return out
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}
