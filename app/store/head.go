package store

import (
	"context"
	"database/sql"
	"errors"

	"homeroom/app/fault"
	"homeroom/models"
)

// heads are the newest event numbers of the classes that a transaction has
// touched. They are stored once for all its jobs, before it commits.
type heads map[int64]int64

func (h heads) store(c *connection) error {
	for id, seq := range h {
		if _, err := c.ExecContext(context.Background(), storeHead, seq, id); err != nil {
			return err
		}
	}
	return nil
}

// head returns the number of the newest event of a class, or fault.NoClass.
func (tx *Tx) head(classID int64) (int64, error) {
	if seq, ok := tx.heads[classID]; ok {
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
	tx.heads[classID] = seq + 1
	return seq + 1, nil
}

// Class is Queries.Class, with the number that the transaction will store.
func (tx *Tx) Class(id int64) (models.Class, error) {
	class, err := tx.Queries.Class(id)
	if seq, ok := tx.heads[id]; ok {
		class.Seq = seq
	}
	return class, err
}
