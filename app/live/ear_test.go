package live

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// paper is a socket that keeps what is written to it.
type paper struct {
	net.Conn // nothing of it is called
	mu       sync.Mutex
	written  bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.written.Write(b)
}

func (p *paper) SetWriteDeadline(time.Time) error { return nil }
func (p *paper) SetReadDeadline(time.Time) error  { return nil }
func (p *paper) Close() error                     { return nil }

// ear is a hub without a network, in a house with a class, a thread and a
// message of Bob's, whose connections it has.
type ear struct {
	*apptest.House
	hub   *Hub
	bob   app.Actor
	class models.Class
}

func newEar(t testing.TB) *ear {
	t.Helper()
	h := apptest.New(t, func(l *app.Limits) { l.SendRate, l.SendBurst, l.ThreadRate = 1e9, 1e9, 1e9 })
	class := h.Class("Physics")
	bob := apptest.As(h.Bob)
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	_, _, err = h.Send(t.Context(), bob, class.ID, thread.ID, app.NewMessage{Content: "hi"})
	require.NoError(t, err)
	hub := NewHub(h.App, DefaultLimits())
	t.Cleanup(func() { hub.Close(t.Context()) })
	return &ear{House: h, hub: hub, bob: bob, class: class}
}

// opens returns a new connection of Bob's, and what is written to it.
func (e *ear) opens(t testing.TB, d dialect) (*conn, *paper) {
	t.Helper()
	p := &paper{}
	out := &outbox{socket: p, limits: &e.hub.limits}
	out.room = sync.NewCond(&out.mu)
	late := time.Now().Add(time.Hour) // nothing comes by the clock, however slow a machine is
	c := &conn{
		id: e.hub.lastID.Add(1), hub: e.hub, out: out, actor: e.bob, dialect: d, address: "192.0.2.1",
		frames: rate.NewLimiter(rate.Inf, 1), looking: map[int64]int64{}, typedAt: map[int64]time.Time{},
		pingAt: late, keepAt: late, lookAgainAt: late,
	}
	c.actor.Conn = c.id
	code, reason := e.hub.add(c)
	require.Zero(t, code, reason)
	t.Cleanup(func() { e.ends(c) })
	return c, p
}

// ends is what becomes of a connection whose reader has ended.
func (e *ear) ends(c *conn) {
	if !slices.Contains(e.hub.all(nil), c) {
		return
	}
	e.hub.remove(c)
	c.out.finish()
	e.hub.running.Done()
}

// hears gives a frame to a dialect, as the reader of a new connection does, and
// returns what is answered.
func (e *ear) hears(t testing.TB, d dialect, text []byte) []map[string]any {
	t.Helper()
	c, p := e.opens(t, d)
	c.answer(text) // without guard: a panic is found
	e.ends(c)
	return unframe(t, p.written.Bytes())
}

// unframe reads text frames of JSON (RFC 6455, 5.2).
func unframe(t testing.TB, wire []byte) (frames []map[string]any) {
	t.Helper()
	for len(wire) > 0 {
		require.EqualValues(t, opText, wire[0])
		size, header := int(wire[1]), 2
		switch size {
		case 126:
			size, header = int(binary.BigEndian.Uint16(wire[2:])), 4
		case 127:
			size, header = int(binary.BigEndian.Uint64(wire[2:])), 10
		}
		var f map[string]any
		require.NoError(t, json.Unmarshal(wire[header:header+size], &f))
		require.True(t, utf8.Valid(wire[header:header+size]))
		frames = append(frames, f)
		wire = wire[header+size:]
	}
	return frames
}
