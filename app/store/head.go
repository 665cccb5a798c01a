package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"

	"homeroom/app/fault"
	"homeroom/models"
)

// heads are the newest event numbers of the classes that a transaction has
// touched. They are stored once for all its jobs, before it commits.
//
// They are remembered from one transaction to the next, because nobody else
// numbers events: the commands that write beside a running server (user, token,
// migrate) never do. Should somebody nevertheless, the event that is refused for
// its number makes the writer forget them all, and the next one reads anew.
type heads struct {
	touched map[int64]int64
	known   map[int64]int64 // of transactions before
}

// mostKnown bounds what is known of classes that nobody writes in any more.
const mostKnown = 4096

func (h heads) of(classID int64) (seq int64, ok bool) {
	if seq, ok = h.touched[classID]; !ok {
		seq, ok = h.known[classID]
	}
	return seq, ok
}

func (h heads) store(c *connection) error {
	for id, seq := range h.touched {
		if _, err := c.ExecContext(context.Background(), storeHead, seq, id); err != nil {
			return err
		}
	}
	return nil
}

// committed makes what the transaction touched known to the next ones.
func (h heads) committed() {
	if len(h.known) >= mostKnown {
		clear(h.known)
	}
	maps.Copy(h.known, h.touched)
}

// head returns the number of the newest event of a class, or fault.NoClass.
func (tx *Tx) head(classID int64) (int64, error) {
	if seq, ok := tx.heads.of(classID); ok {
		return seq, nil
	}
	var seq int64
	err := tx.conn.QueryRowContext(context.Background(), readHead, classID).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.NoClass
	}
	return seq, explain(err)
}

// NextSeq takes the next event number of a class; fault.NoClass without one.
func (tx *Tx) NextSeq(classID int64) (int64, error) {
	seq, err := tx.head(classID)
	if err != nil {
		return 0, err
	}
	tx.wrote = true
	tx.heads.touched[classID] = seq + 1
	return seq + 1, nil
}

// Class is Queries.Class, with the number that the transaction will store.
func (tx *Tx) Class(id int64) (models.Class, error) {
	class, err := tx.Queries.Class(id)
	if seq, ok := tx.heads.touched[id]; ok {
		class.Seq = seq
	}
	return class, err
}
