package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"homeroom/migrations"
)

// Newer says that a later version of Homeroom made the database.
type Newer struct{ Has, Knows int64 }

func (n *Newer) Error() string {
	return fmt.Sprintf("the database is of a newer Homeroom: its tables are at %d, this program knows them up to %d. Start the newer one", n.Has, n.Knows)
}

func newerThan(has int64) error {
	if has <= Schema() {
		return nil
	}
	return &Newer{Has: has, Knows: Schema()}
}

// Schema is the number of the newest migration that this program knows.
var Schema = sync.OnceValue(func() (newest int64) {
	names, err := fs.Glob(migrations.FS, "sqlite/*.sql")
	if err != nil {
		panic(err) // only for a pattern that is none
	}
	for _, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "sqlite/"), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
})

// schemaOf is the number of the newest migration that a database has seen, 0
// for none.
func schemaOf(ctx context.Context, pool *sql.DB) (has int64, err error) {
	err = pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'").Scan(&has)
	if err == nil && has > 0 {
		err = pool.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&has)
	}
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	return has, nil
}
