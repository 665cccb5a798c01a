package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// mostStatements bounds the prepared statements of the writer. The code has
// fewer.
const mostStatements = 200

// connection is the one connection that writes, with its prepared statements.
// GORM's own cache prepares a statement anew in every transaction, which costs
// as much as running it.
type connection struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

var _ gorm.ConnPool = (*connection)(nil)

// writing returns a session of db whose every statement goes over one
// connection of the pool.
func writing(ctx context.Context, db *gorm.DB, pool *sql.DB) (*gorm.DB, *connection, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("the writer's connection: %w", err)
	}
	c := &connection{conn: conn, prepared: map[string]*sql.Stmt{}}
	session := db.Session(&gorm.Session{NewDB: true, Context: context.Background()})
	session.Statement.ConnPool = c
	return session, c, nil
}

func (c *connection) close() error {
	return errors.Join(c.forget(), c.conn.Close())
}

func (c *connection) forget() error {
	var errs []error
	for _, stmt := range c.prepared {
		errs = append(errs, stmt.Close())
	}
	clear(c.prepared)
	return errors.Join(errs...)
}

func (c *connection) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := c.prepared[query]; ok {
		return stmt, nil
	}
	if len(c.prepared) >= mostStatements {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	stmt, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = stmt
	return stmt, nil
}

// PrepareContext is part of gorm.ConnPool.
func (c *connection) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return c.conn.PrepareContext(ctx, query)
}

// ExecContext is part of gorm.ConnPool.
func (c *connection) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// QueryContext is part of gorm.ConnPool.
func (c *connection) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext is part of gorm.ConnPool.
func (c *connection) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := c.statement(ctx, query)
	if err != nil {
		return c.conn.QueryRowContext(ctx, query, args...) // which tells the error
	}
	return stmt.QueryRowContext(ctx, args...)
}

// transaction runs fn between BEGIN and COMMIT. An error of fn, or of the
// commit, undoes what it wrote.
func (c *connection) transaction(fn func() error) error {
	ctx := context.Background()
	// IMMEDIATE: a transaction that begins by reading could find, when it comes
	// to write, that another process has written meanwhile.
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := fn()
	if err == nil {
		if _, err = c.ExecContext(ctx, "COMMIT"); err == nil {
			return nil
		}
	}
	// Where SQLite has ended the transaction by itself there is none to undo.
	_, _ = c.ExecContext(ctx, "ROLLBACK")
	return err
}
