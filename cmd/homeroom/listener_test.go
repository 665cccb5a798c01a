package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"homeroom/app/demo"
	"homeroom/models"
)

// listener is a client that only listens: it applies what comes next, and asks
// again after every interruption and every gap.
type listener struct {
	ledger  *ledger
	address string
	as      demo.Membership
	last    atomic.Int64 // number of the newest event that it knows
	asked   atomic.Int64 // how often it said hello
}

// listen begins to listen at the events after last.
func (w *writers) listen(ctx context.Context, as demo.Membership, last int64) *listener {
	l := &listener{ledger: w.ledger, address: w.address, as: as}
	l.last.Store(last)
	w.running.Go(func() {
		for ctx.Err() == nil {
			l.hear(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	return l
}

// hear listens on one connection until that ends.
func (l *listener) hear(ctx context.Context) {
	conn, err := dial(l.address, l.as.Token)
	if err != nil {
		return
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	class := strconv.FormatInt(l.as.ClassID, 10)
	hello := func() error {
		l.asked.Add(1)
		return conn.WriteJSON(map[string]any{"action": "hello", "ref": "hello", "since": map[string]int64{class: l.last.Load()}})
	}
	if hello() != nil {
		return
	}
	for {
		var f frame
		if err := conn.ReadJSON(&f); err != nil {
			l.ledger.closed(err)
			return
		}
		switch {
		case f.Op == "resync":
			l.last.Store(f.Seq)
		case f.Op != "event" || f.ClassID != l.as.ClassID || f.Seq <= l.last.Load():
		case f.Seq > l.last.Load()+1:
			if hello() != nil {
				return
			}
		default:
			l.last.Store(f.Seq)
			l.apply(f)
		}
	}
}

func (l *listener) apply(f frame) {
	if f.Type != models.MessageCreated {
		return
	}
	var m models.Message
	if err := json.Unmarshal(f.Data, &m); err != nil {
		l.ledger.complain("event %d: %v", f.Seq, err)
		return
	}
	if m.Seq != f.Seq {
		l.ledger.complain("%s", fmt.Sprintf("event %d holds message %d of event %d", f.Seq, m.ID, m.Seq))
	}
	l.ledger.announce(f.Seq, m.ID)
}
