package store

import (
	"gorm.io/gorm"

	"homeroom/app/fault"
	"homeroom/models"
)

// heads are the newest event numbers of the classes that a transaction has
// touched. They are stored once for all its jobs, before it commits.
type heads map[int64]int64

func (h heads) store(db *gorm.DB) error {
	for id, seq := range h {
		if err := db.Exec("UPDATE classes SET seq = ? WHERE id = ?", seq, id).Error; err != nil {
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
	var rows []int64
	if err := tx.db.Raw("SELECT seq FROM classes WHERE id = ?", classID).Scan(&rows).Error; err != nil {
		return 0, explain(err)
	}
	if len(rows) == 0 {
		return 0, fault.NoClass
	}
	return rows[0], nil
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
