package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"homeroom/app/demo"
	"homeroom/models"
)

// receipt is what a writer knows of a message that was acknowledged.
type receipt struct {
	ID, Seq int64
	Content string
}

// ledger is what clients were told, by all of them.
type ledger struct {
	mu        sync.Mutex
	acked     map[string]receipt // by client id
	announced map[int64]int64    // number of the event → id of the message
	wrong     []string
	closes    map[int]int // close code → how many sockets saw it
	took      []time.Duration
}

func newLedger() *ledger {
	return &ledger{acked: map[string]receipt{}, announced: map[int64]int64{}, closes: map[int]int{}}
}

func (l *ledger) ack(clientID string, r receipt, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, took)
	if before, ok := l.acked[clientID]; ok && before != r {
		l.wrong = append(l.wrong, fmt.Sprintf("%s was acknowledged as %+v, then as %+v", clientID, before, r))
	}
	l.acked[clientID] = r
}

// times returns how long the answers took that came since it was last asked.
func (l *ledger) times() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	took := l.took
	l.took = nil
	return took
}

func (l *ledger) announce(seq, id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, ok := l.announced[seq]; ok && before != id {
		l.wrong = append(l.wrong, fmt.Sprintf("event %d announced message %d, then %d", seq, before, id))
	}
	l.announced[seq] = id
}

func (l *ledger) complain(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

func (l *ledger) closed(err error) {
	var end *websocket.CloseError
	if errors.As(err, &end) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.closes[end.Code]++
	}
}

// copies returns what was told so far.
func (l *ledger) copies() (acked map[string]receipt, announced map[int64]int64, wrong []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.acked), maps.Clone(l.announced), append([]string(nil), l.wrong...)
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

// door is a way to send a message: it is acknowledged, or an error says that
// nobody knows.
type door interface {
	send(ctx context.Context, clientID, content string) (receipt, error)
	close()
}

// errRefused is an answer that no repetition makes better.
var errRefused = errors.New("refused")

// writers are clients that send without a pause, each message until it is
// acknowledged, wherever the server is.
type writers struct {
	ledger  *ledger
	address string
	stop    context.CancelFunc
	running sync.WaitGroup
	pause   sync.RWMutex // held while they are to be silent
	pace    time.Duration

	repeated atomic.Int64 // sends that were told to come again, or nothing
}

// startWriters starts one writer for each membership: REST and sockets take
// turns.
func startWriters(t *testing.T, address string, as []demo.Membership) *writers {
	t.Helper()
	return startPaced(t, address, as, 0)
}

// startPaced starts writers that rest for a while after each message.
func startPaced(t *testing.T, address string, as []demo.Membership, pace time.Duration) *writers {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w := &writers{ledger: newLedger(), address: address, stop: stop, pace: pace}
	for i, m := range as {
		var d door = &restDoor{address: address, as: m, client: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}}
		if i%2 == 1 {
			d = &socketDoor{address: address, as: m, ledger: w.ledger}
		}
		w.running.Go(func() { w.write(ctx, i, d) })
	}
	t.Cleanup(w.end)
	return w
}

// end stops the writers where they are.
func (w *writers) end() {
	w.stop()
	w.running.Wait()
}

// whileSilent runs f while nobody sends.
func (w *writers) whileSilent(f func()) {
	w.pause.Lock()
	defer w.pause.Unlock()
	f()
}

func (w *writers) write(ctx context.Context, number int, d door) {
	defer d.close()
	for n := 1; ctx.Err() == nil; n++ {
		clientID, content := fmt.Sprintf("%d-%d", number, n), fmt.Sprintf("**%d** from writer %d 你好", n, number)
		w.sendUntilAcked(ctx, d, clientID, content)
		if n%50 == 0 { // a client that forgot that it was answered
			w.sendUntilAcked(ctx, d, clientID, content)
		}
		select {
		case <-ctx.Done():
		case <-time.After(w.pace):
		}
	}
}

func (w *writers) sendUntilAcked(ctx context.Context, d door, clientID, content string) {
	for ctx.Err() == nil {
		w.pause.RLock()
		began := time.Now()
		r, err := d.send(ctx, clientID, content)
		w.pause.RUnlock()
		if err == nil {
			w.ledger.ack(clientID, r, time.Since(began))
			return
		}
		w.repeated.Add(1)
		if errors.Is(err, errRefused) && ctx.Err() == nil {
			w.ledger.complain("%s: %v", clientID, err)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
		}
	}
}

type restDoor struct {
	address string
	as      demo.Membership
	client  *http.Client
}

func (d *restDoor) send(ctx context.Context, clientID, content string) (receipt, error) {
	var m models.Message
	path := fmt.Sprintf("/classes/%d/threads/%d/messages", d.as.ClassID, d.as.ThreadIDs[1])
	status, err := ask(ctx, d.client, d.address, d.as.Token, http.MethodPost, path, map[string]string{"content": content, "client_id": clientID}, &m)
	if err != nil && status >= 400 && status < 500 {
		return receipt{}, fmt.Errorf("%w: %w", errRefused, err)
	}
	return receipt{m.ID, m.Seq, m.Content}, err
}

func (d *restDoor) close() { d.client.CloseIdleConnections() }

type socketDoor struct {
	address string
	as      demo.Membership
	ledger  *ledger
	conn    *websocket.Conn
}

// frame is any frame of a server.
type frame struct {
	Op      string           `json:"op"`
	Ref     string           `json:"ref"`
	Status  bool             `json:"status"`
	Code    int              `json:"code"`
	Msg     string           `json:"msg"`
	Message *models.Message  `json:"message"`
	Heads   map[string]int64 `json:"heads"`
	ClassID int64            `json:"class_id"`
	Seq     int64            `json:"seq"`
	Type    models.EventType `json:"type"`
	Data    json.RawMessage  `json:"data"`
}

func dial(address, token string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{HandshakeTimeout: 5 * time.Second, Subprotocols: []string{"homeroom.v2"}}
	conn, response, err := dialer.Dial("ws://"+address+"/ws", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		return nil, err
	}
	return conn, response.Body.Close()
}

func (d *socketDoor) send(_ context.Context, clientID, content string) (r receipt, err error) {
	if d.conn == nil {
		if d.conn, err = dial(d.address, d.as.Token); err != nil {
			d.conn = nil
			return r, err
		}
	}
	defer func() {
		if err != nil {
			d.ledger.closed(err)
			d.close()
		}
	}()
	deadline := time.Now().Add(5 * time.Second)
	_ = d.conn.SetWriteDeadline(deadline)
	_ = d.conn.SetReadDeadline(deadline)
	err = d.conn.WriteJSON(map[string]any{
		"action": "send", "ref": clientID, "class_id": d.as.ClassID, "thread_id": d.as.ThreadIDs[1], "content": content, "client_id": clientID,
	})
	if err != nil {
		// Why it was closed stands in what can still be read.
		var f frame
		for readErr := error(nil); readErr == nil; {
			if readErr = d.conn.ReadJSON(&f); readErr != nil {
				return r, errors.Join(readErr, err)
			}
		}
	}
	for {
		var f frame
		if err := d.conn.ReadJSON(&f); err != nil {
			return r, err
		}
		switch {
		case f.Ref != clientID:
		case f.Status && f.Code == 105:
			return receipt{f.Message.ID, f.Message.Seq, f.Message.Content}, nil
		case f.Code == 128 || f.Code == 129:
			return r, errors.New(f.Msg)
		default:
			return r, fmt.Errorf("%w: %d %s", errRefused, f.Code, f.Msg)
		}
	}
}

func (d *socketDoor) close() {
	if d.conn != nil {
		_ = d.conn.Close()
		d.conn = nil
	}
}
