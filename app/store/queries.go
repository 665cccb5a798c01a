package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"homeroom/app/fault"
	"homeroom/models"
)

// Queries reads rows. Those of a Store see what is committed; those of a Tx
// see what the transaction wrote as well.
type Queries struct{ db *gorm.DB }

// ErrDuplicate says that a row with the same unique columns stands already.
var ErrDuplicate = gorm.ErrDuplicatedKey

// one returns the first row of the query, or fault.NotFound.
func one[T any](q *gorm.DB) (T, error) {
	var row T
	err := q.Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, fault.NotFound
	}
	return row, explain(err)
}

// many returns all rows of the query, never nil.
func many[T any](q *gorm.DB) ([]T, error) {
	rows := []T{}
	err := q.Find(&rows).Error
	return rows, explain(err)
}

// count tells how many rows the query has.
func count[T any](q *gorm.DB) (int, error) {
	var n int64
	err := q.Model(new(T)).Count(&n).Error
	return int(n), explain(err)
}

// idsOf returns the ids of the rows of the query, in their order.
func idsOf[T any](q *gorm.DB) (ids []int64, err error) {
	err = q.Model(new(T)).Order("id").Pluck("id", &ids).Error
	return ids, explain(err)
}

// create inserts the row and sets its id.
func create[T any](tx *Tx, row *T) error {
	return explain(tx.w().Create(row).Error)
}

// Change is a set of columns and their new values.
type Change map[string]any

// update changes the columns of the rows that where matches and tells how many
// there were.
func update[T any](tx *Tx, change Change, where string, args ...any) (int64, error) {
	r := tx.w().Model(new(T)).Where(where, args...).Updates(map[string]any(change))
	return r.RowsAffected, explain(r.Error)
}

// exec runs a statement that is written out, on the writer's connection.
func (tx *Tx) exec(query string, args ...any) error {
	tx.wrote = true
	_, err := tx.conn.ExecContext(context.Background(), query, args...)
	return explain(err)
}

// Tables lists the structs that are rows, for the test that holds them against
// the columns.
func Tables() []any {
	return []any{
		models.User{}, models.Credential{}, models.SecondFactor{}, models.RecoveryCode{}, models.Session{}, models.Device{}, models.Token{}, models.Setup{},
		models.Class{}, models.Member{}, models.JoinCode{},
		models.Thread{}, models.ReadMarker{},
		models.Message{}, models.MessageVersion{}, models.ReactionRow{},
		models.Event{}, models.AuditEntry{}, models.KeptPush{}, models.Report{}, models.File{},
	}
}
