package store

import "context"

// Beside returns a number that changes when another process has written, and
// stays as it is whatever this one writes: SQLite counts what a connection finds
// changed by others, and only the writer's writes.
func (s *Store) Beside(ctx context.Context) (number int64, err error) {
	err = s.Batch(ctx, func(tx *Tx) error {
		return explain(tx.db.Raw("PRAGMA data_version").Scan(&number).Error)
	})
	return number, err
}
