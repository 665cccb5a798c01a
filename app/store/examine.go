package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Contents is what a database holds, in round figures for people.
type Contents struct {
	Schema   int64     `json:"schema"`
	Users    int64     `json:"users"`
	Classes  int64     `json:"classes"`
	Messages int64     `json:"messages"`
	Newest   time.Time `json:"newest"` // the newest event; zero where there is none
}

// Sizes are the bytes of the database and of its log.
type Sizes struct{ Database, Log int64 }

// Examination is what a look at a database file found. A server may run on it
// meanwhile; nothing is written.
type Examination struct {
	Contents
	Sizes
	Integrity string // "ok", or the first thing that is wrong
	Strays    int    // rows that refer to rows which are not there
	Lost      int    // commits in the log, behind a place where it is damaged
	Journal   string // "wal" once a server has opened it: of its settings the one that stands in the file
}

// Examine looks at the database of a data folder. With thorough it compares
// indexes with their tables too, which takes longer. Damage that keeps it from
// looking is returned as Damage.
func Examine(ctx context.Context, dir string, thorough bool) (e Examination, err error) {
	path := filepath.Join(dir, DatabaseFile)
	if err := checkHeader(path); err != nil {
		return e, err
	}
	pool, err := look(path)
	if err != nil {
		return e, asDamage(path, err)
	}
	defer func() { err = errors.Join(asDamage(path, err), pool.Close()) }()
	e.Sizes, e.Lost = sizesOf(path), lostCommits(path)
	integrity := "PRAGMA quick_check(1)"
	if thorough {
		integrity = "PRAGMA integrity_check(1)"
	}
	if err := pool.QueryRowContext(ctx, integrity).Scan(&e.Integrity); err != nil {
		return e, err
	}
	e.Integrity = oneLine(e.Integrity)
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&e.Strays); err != nil {
		return e, err
	}
	if err := pool.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&e.Journal); err != nil {
		return e, err
	}
	e.Contents, err = contentsOf(ctx, pool)
	return e, err
}

// look opens a database for reading, beside a server that may run on it.
func look(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	_, pool, err := connect(path, 1, url.Values{"mode": {"ro"}}, []pragma{DefaultLimits().busy()})
	return pool, err
}

func contentsOf(ctx context.Context, pool *sql.DB) (c Contents, err error) {
	if c.Schema, err = schemaOf(ctx, pool); err != nil || c.Schema == 0 {
		return c, err
	}
	if err := newerThan(c.Schema); err != nil {
		return c, err
	}
	var newest sql.NullInt64
	err = pool.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM classes WHERE deleted_at IS NULL),"+
		" (SELECT count(*) FROM messages), (SELECT max(at) FROM events)").Scan(&c.Users, &c.Classes, &c.Messages, &newest)
	if newest.Valid {
		c.Newest = time.UnixMilli(newest.Int64).UTC()
	}
	return c, err
}

func sizesOf(path string) (s Sizes) {
	if info, err := os.Stat(path); err == nil {
		s.Database = info.Size()
	}
	if info, err := os.Stat(path + "-wal"); err == nil {
		s.Log = info.Size()
	}
	return s
}
