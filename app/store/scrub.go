package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Scrub empties the log, in which what was removed stands until it is written
// over: from then on it is in no file of the database. It waits for those who
// read something from before, as a backup under way does, and holds up nobody
// meanwhile.
func (s *Store) Scrub(ctx context.Context) error {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		emptied := false
		err := s.writer.do(ctx, &job{alone: true, bare: func(c *connection) (err error) {
			emptied, err = c.emptyLog()
			return err
		}})
		if err != nil || emptied {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the log is not empty yet, somebody reads it: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// emptyLog moves the log into the database and cuts it to nothing, unless
// somebody reads what is in it: to wait for them here would make everybody wait
// who writes.
func (c *connection) emptyLog() (emptied bool, err error) {
	ctx := context.Background()
	var usual, busy, log, moved int
	if err := c.conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&usual); err != nil {
		return false, err
	}
	if _, err := c.conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return false, err
	}
	err = c.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	_, restored := c.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", usual))
	return busy == 0, errors.Join(err, restored)
}
