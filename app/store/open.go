// Package store reads and writes the rows. It knows no rules: who may do what
// is package app's. GORM appears here and nowhere else.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	sqlite3 "modernc.org/sqlite"
	sqlite3lib "modernc.org/sqlite/lib"

	"homeroom/app/disk"
	"homeroom/app/fault"
	"homeroom/app/wal"
	"homeroom/migrations"
)

// DatabaseFile is the name of the database in the data folder.
const DatabaseFile = "homeroom.db"

// Readers is how many connections read at the same time. Reading is mostly
// processor work; more than this only takes memory.
const Readers = 4

// Store is an open database: one writer that commits what has gathered, and
// several readers.
type Store struct {
	path     string
	read     Queries
	writer   *writer
	pools    []*sql.DB          // of the readers, of the writer
	stop     context.CancelFunc // ends checking
	checking sync.WaitGroup
}

// Open opens the database in folder dir, makes it where there is none, and
// brings its tables up to date. The folder is made with mode 0700: nobody else
// on the machine reads what a class says. A damaged database is refused with
// Damage, one of a newer version with Newer.
func Open(ctx context.Context, dir string) (*Store, error) {
	return OpenWithin(ctx, dir, DefaultLimits())
}

// OpenWithin is Open with other limits.
func OpenWithin(ctx context.Context, dir string, limits Limits) (*Store, error) {
	s, err := tryOpen(ctx, dir, limits)
	return s, asFullDisk(dir, err)
}

// leastRoom is what SQLite needs to open a database: it makes the files of the
// log beside it, and where it cannot, it tells of an I/O error.
const leastRoom = 1 << 20

// asFullDisk says of an error that a disk without room gave what to do, and
// leaves every other one as it is.
func asFullDisk(dir string, err error) error {
	full := errors.Is(err, syscall.ENOSPC)
	var e *sqlite3.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3lib.SQLITE_FULL:
			full = true
		case sqlite3lib.SQLITE_IOERR, sqlite3lib.SQLITE_CANTOPEN:
			free, _, unknown := disk.Free(dir)
			full = unknown == nil && free < leastRoom
		}
	}
	if !full {
		return err
	}
	return fmt.Errorf("the disk of %s is full: make room, then start again: %w", dir, err)
}

func tryOpen(ctx context.Context, dir string, limits Limits) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	path := filepath.Join(dir, DatabaseFile)
	if err := begin(path); err != nil {
		return nil, err
	}
	checked, err := check(ctx, path)
	if err != nil {
		return nil, err
	}
	write, writePool, err := connect(path, 1, url.Values{"_txlock": {"immediate"}}, limits.writing())
	if err != nil {
		return nil, asDamage(path, err)
	}
	if err := migrate(ctx, writePool); err != nil {
		return nil, errors.Join(asDamage(path, err), writePool.Close())
	}
	read, readPool, err := connect(path, Readers, url.Values{"mode": {"ro"}}, limits.reading())
	if err != nil {
		return nil, errors.Join(err, writePool.Close())
	}
	session, conn, err := writing(ctx, write, writePool)
	if err != nil {
		return nil, errors.Join(err, readPool.Close(), writePool.Close())
	}
	s := &Store{
		path:   path,
		read:   Queries{db: read},
		writer: startWriter(path, session, conn),
		pools:  []*sql.DB{readPool, writePool},
	}
	checking, stop := context.WithCancel(context.Background())
	s.stop = stop
	if !checked {
		s.checking.Go(func() { s.checkOn(checking) })
	}
	return s, nil
}

// checkOn goes on where Open left off.
func (s *Store) checkOn(ctx context.Context) {
	slog.Info("the database is large: the check of its pages goes on while the server runs", "file", s.path)
	start := time.Now()
	_, err := quickCheck(ctx, s.path, s.pools[0])
	switch {
	case ctx.Err() != nil: // the server stops
	case err != nil:
		s.writer.fail(err)
	default:
		slog.Info("the database is whole", "file", s.path, "took_ms", time.Since(start).Milliseconds())
	}
}

// Folder is the data folder.
func (s *Store) Folder() string { return filepath.Dir(s.path) }

// Reading returns the queries, answered by the readers, until ctx ends.
func (s *Store) Reading(ctx context.Context) Queries {
	return Queries{db: s.read.db.WithContext(ctx)}
}

// Close lets what is queued for writing finish, then closes the database.
func (s *Store) Close() error {
	s.stop()
	s.checking.Wait()
	s.writer.stop()
	err := s.pools[0].Close()
	if s.Err() != nil {
		// Closing the last connection moves the log into the database, and nobody
		// knows what of it is on disk: the next start reads it afresh.
		return err
	}
	return errors.Join(err, s.pools[1].Close())
}

// Failed is closed when the writer has given up; Err tells why. Nothing is
// written from then on, and the process is to be started anew.
func (s *Store) Failed() <-chan struct{} { return s.writer.failed }

// Err is why the writer has given up, nil while it has not.
func (s *Store) Err() error {
	select {
	case <-s.writer.failed:
		return s.writer.failure
	default:
		return nil
	}
}

// never is the lifetime by which GORM means that a prepared statement has none.
// One that ends is prepared anew, and the old one is not closed. Nor is their
// number limited: GORM closes those past it while they are in use.
const never = 10 * 365 * 24 * time.Hour

// connect opens a pool of connections with the pragmas, and refuses one on which
// they are not in force: SQLite says nothing where it does not take one, as the
// log on a disk that cannot share memory.
func connect(path string, size int, query url.Values, pragmas []pragma) (*gorm.DB, *sql.DB, error) {
	vfs, err := wal.FileSystem()
	if err != nil {
		return nil, nil, fmt.Errorf("database %s: %w", path, err)
	}
	if vfs != "" {
		query.Set("vfs", vfs)
	}
	for _, p := range pragmas {
		query.Add("_pragma", p.String())
	}
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
	db, err := gorm.Open(dialector{sqlite.New(sqlite.Config{DriverName: "sqlite", DSN: dsn}).(*sqlite.Dialector)}, &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            true,
		PrepareStmtTTL:         never,
		TranslateError:         true,
		Logger:                 logger.Discard,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("database %s: %w", path, err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, nil, fmt.Errorf("database %s: %w", path, err)
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	for _, p := range pragmas {
		var value string
		if err := pool.QueryRow("PRAGMA " + p.name).Scan(&value); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("database %s: %s: %w", path, p.name, err), pool.Close())
		}
		if value != p.value {
			return nil, nil, errors.Join(fmt.Errorf("database %s: %s is %s, and should be %s", path, p.name, value, p.value), pool.Close())
		}
	}
	return db, pool, nil
}

func migrate(ctx context.Context, pool *sql.DB) error {
	files, err := fs.Sub(migrations.FS, "sqlite")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if has, err := schemaOf(ctx, pool); err != nil || has > Schema() {
		return errors.Join(err, newerThan(has))
	}
	results, err := provider.Up(ctx)
	for _, r := range results {
		slog.Info("migrated", "to", r.Source.Version, "took_ms", r.Duration.Milliseconds())
	}
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// dialector teaches GORM's SQLite driver, which knows the errors of another
// engine only, those of this one.
type dialector struct{ *sqlite.Dialector }

func (d dialector) Translate(err error) error {
	var e *sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3lib.SQLITE_CONSTRAINT_UNIQUE, sqlite3lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return gorm.ErrDuplicatedKey
	case sqlite3lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return gorm.ErrForeignKeyViolated
	}
	return err
}

// explain turns trouble with the disk or the database into the fault that
// tells a client to try again, and leaves every other error as it is.
func explain(err error) error {
	var e *sqlite3.Error
	if errors.Is(err, fault.Unavailable) || !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3lib.SQLITE_BUSY, sqlite3lib.SQLITE_LOCKED, sqlite3lib.SQLITE_FULL, sqlite3lib.SQLITE_IOERR,
		sqlite3lib.SQLITE_READONLY, sqlite3lib.SQLITE_CANTOPEN, sqlite3lib.SQLITE_NOMEM,
		sqlite3lib.SQLITE_CORRUPT, sqlite3lib.SQLITE_NOTADB:
		slog.Error("storage", "error", err.Error())
		return fmt.Errorf("%w: %w", fault.Unavailable, err)
	}
	return err
}
