package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite"
	sqlite3lib "modernc.org/sqlite/lib"
)

// checkFor is how long Open looks through the pages before it goes on.
//
// A full check reads the whole database: some seconds for a gigabyte, which
// after every restart would keep a school waiting. So what costs nothing is
// always looked at (the header, the file's length, the schema), the pages as
// far as this time goes, which is all of them up to some tens of megabytes, and
// the rest while the server runs. A server that was killed is there again within
// half a second, however large its database is. Whether the last stop was clean plays no
// part: a disk rots, and files are copied badly, while nothing runs. Damage
// that is seen later stops the writer and leaves suspectFile, and with that the
// next Open looks through everything, however long it takes.
const checkFor = 150 * time.Millisecond

// suspectFile says, beside the database, that damage was seen.
const suspectFile = ".suspect"

// suspect leaves suspectFile. Where even that cannot be written, the next Open
// looks as far as its time goes.
func suspect(path string) {
	if err := os.WriteFile(path+suspectFile, nil, 0o600); err != nil {
		slog.Error("storage", "error", err.Error())
	}
}

// Damage says that the database file is not what was written.
type Damage struct {
	Path string
	What string
}

func (d *Damage) Error() string {
	return fmt.Sprintf("the database %s is damaged: %s. Nothing more was written to it. "+
		"Keep the folder as it is, restore the newest backup into an empty one, and start there: "+
		"homeroom restore BACKUP --data FOLDER, then homeroom serve --data FOLDER", d.Path, d.What)
}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "*** in database main ***\n"), "\n", "; ")
}

// asDamage turns what SQLite says of a damaged file into Damage, and leaves
// every other error as it is.
func asDamage(path string, err error) error {
	var e *sqlite3.Error
	if errors.As(err, &e) && (e.Code()&0xff == sqlite3lib.SQLITE_CORRUPT || e.Code()&0xff == sqlite3lib.SQLITE_NOTADB) {
		return &Damage{Path: path, What: oneLine(err.Error())}
	}
	return err
}

// check looks for damage without writing anything. finished is false where the
// time did not suffice for all of the pages.
func check(ctx context.Context, path string) (finished bool, err error) {
	if err := checkHeader(path); err != nil {
		return false, err
	}
	if lost := lostCommits(path); lost > 0 { // told now: what is written next stands in their place
		slog.Error("the database's log is damaged, and the commits behind the damage are lost", "file", path+"-wal", "commits", lost)
	}
	_, pool, err := connect(path, 1, url.Values{"mode": {"ro"}}, DefaultLimits().reading())
	if err != nil {
		return false, asDamage(path, err)
	}
	defer pool.Close()
	if _, err := os.Stat(path + suspectFile); err != nil {
		bounded, cancel := context.WithTimeout(ctx, checkFor)
		defer cancel()
		finished, err = quickCheck(bounded, path, pool)
		var damage *Damage
		if bounded.Err() != nil && ctx.Err() == nil && !errors.As(err, &damage) {
			return false, nil
		}
		return finished, err
	}
	slog.Warn("damage was seen in the database before: all of it is checked, which may take a while", "file", path)
	if finished, err = quickCheck(ctx, path, pool); err == nil {
		err = os.Remove(path + suspectFile)
	}
	return finished, err
}

// quickCheck looks at every page, but not at whether indexes and tables agree.
func quickCheck(ctx context.Context, path string, pool *sql.DB) (bool, error) {
	var tables int // reading the schema is what finds damage in it
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return false, asDamage(path, err)
	}
	var what string
	if err := pool.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&what); err != nil {
		return false, asDamage(path, err)
	}
	if what != "ok" {
		return true, &Damage{Path: path, What: oneLine(what)}
	}
	return true, nil
}

// checkHeader looks at what every SQLite file begins with
// (https://www.sqlite.org/fileformat2.html#the_database_header) and, where no
// log lies beside it that may hold the newest pages, at the file's length.
func checkHeader(path string) error {
	damaged := func(format string, args ...any) error {
		return &Damage{Path: path, What: fmt.Sprintf(format, args...)}
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	var h [100]byte
	if _, err := io.ReadFull(file, h[:]); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return damaged("the file has only %d bytes", info.Size())
		}
		return fmt.Errorf("database: %w", err)
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint32(h[at:])) }
	page := int64(binary.BigEndian.Uint16(h[16:]))
	if page == 1 {
		page = 65536
	}
	switch {
	case string(h[:16]) != "SQLite format 3\x00":
		return damaged("the file does not begin as a database does")
	case page < 512 || page&(page-1) != 0,
		h[18] < 1 || h[18] > 2, h[19] < 1 || h[19] > 2,
		h[20] != 0, h[21] != 64, h[22] != 32, h[23] != 32,
		number(44) > 4, number(52) != 0, number(56) > 1, number(64) != 0: // ours: UTF-8, no automatic vacuum
		return damaged("its header holds impossible values")
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil
	}
	// The count of pages is good only where it was written with the last change.
	if pages := number(28); number(24) == number(92) && info.Size() < pages*page {
		return damaged("the file should have %d bytes, and has %d", pages*page, info.Size())
	}
	return nil
}
