package store

import (
	"context"
	"database/sql"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"homeroom/migrations"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// column is one of a table, as the database describes it.
type column struct {
	Name    string
	NotNull bool `gorm:"column:notnull"`
	PK      int
}

// tableNames lists what the migrations made, without the notes of those who
// made it: the migrations themselves, AUTOINCREMENT, the search index.
func tableNames(t *testing.T, db *gorm.DB) []string {
	t.Helper()
	var names []string
	require.NoError(t, db.Raw(`SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ? ORDER BY name`,
		goose.DefaultTablename).Scan(&names).Error)
	return names
}

func TestEveryColumnHasItsFieldAndEveryFieldItsColumn(t *testing.T) {
	s := open(t)
	var cache sync.Map
	var known []string
	for _, row := range Tables() {
		parsed, err := schema.Parse(row, &cache, schema.NamingStrategy{})
		require.NoError(t, err)
		known = append(known, parsed.Table)

		fields := map[string]bool{} // whether it may be NULL
		for _, f := range parsed.Fields {
			if f.DBName == "" || f.IgnoreMigration {
				continue
			}
			// A nil slice of bytes is NULL; every other slice is stored as JSON.
			fields[f.DBName] = f.FieldType.Kind().String() == "ptr" || f.DataType == schema.Bytes && !slices.Contains([]string{"secret_hash"}, f.DBName)
		}
		var columns []column
		require.NoError(t, s.read.db.Raw("SELECT name, \"notnull\", pk FROM pragma_table_info(?)", parsed.Table).Scan(&columns).Error)
		require.NotEmpty(t, columns, "the table %s", parsed.Table)
		for _, c := range columns {
			nullable, ok := fields[c.Name]
			require.True(t, ok, "%s.%s has no field in %s", parsed.Table, c.Name, parsed.Name)
			require.Equal(t, !c.NotNull && c.PK == 0, nullable, "%s.%s may be NULL in one of the two only", parsed.Table, c.Name)
			delete(fields, c.Name)
		}
		require.Empty(t, fields, "fields of %s without a column", parsed.Name)
	}
	slices.Sort(known)
	require.Equal(t, tableNames(t, s.read.db), known, "the tables and Tables()")
}

func TestTheDatabaseIsSafeAgainstPowerCutsOnEveryConnection(t *testing.T) {
	s := open(t)
	want := func(conn *sql.Conn, pragmas map[string]string) {
		for name, value := range pragmas {
			var got string
			require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got))
			require.Equal(t, value, got, name)
		}
	}
	readers, writer := s.pools[0], s.pools[1]
	require.Equal(t, 1, writer.Stats().MaxOpenConnections)
	require.Equal(t, 1, writer.Stats().InUse, "all writing goes over the writer's one connection")
	want(s.writer.conn.conn, map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		"wal_autocheckpoint": "1000", "journal_size_limit": "67108864", "secure_delete": "1",
	})
	require.Equal(t, Readers, readers.Stats().MaxOpenConnections)
	for range Readers { // held until the end of the test: each one is another
		conn, err := readers.Conn(t.Context())
		require.NoError(t, err)
		defer conn.Close()
		want(conn, map[string]string{"journal_mode": "wal", "query_only": "1", "busy_timeout": "5000"})
	}
}

func TestADatabaseOnWhichASettingIsNotInForceIsRefused(t *testing.T) {
	_, _, err := connect("memory", 1, url.Values{"mode": {"memory"}}, DefaultLimits().writing())
	require.ErrorContains(t, err, "journal_mode is memory, and should be wal")
	limits := DefaultLimits()
	limits.LogBytes = -7 // which SQLite does not take, and does not say so
	_, err = OpenWithin(t.Context(), t.TempDir(), limits)
	require.ErrorContains(t, err, "journal_size_limit is")
	limits = DefaultLimits()
	limits.Busy = -time.Second
	_, err = OpenWithin(t.Context(), t.TempDir(), limits)
	require.ErrorContains(t, err, "busy_timeout is 0, and should be -1000")
}

func TestAReaderCannotWrite(t *testing.T) {
	s := open(t)
	err := explain(s.read.db.Exec("UPDATE users SET name = 'x'").Error)
	require.Error(t, err)
}

func TestTheMigrationsGoUpAndDownAndUpAgain(t *testing.T) {
	db, pool, err := connect(filepath.Join(t.TempDir(), DatabaseFile), 1, url.Values{}, DefaultLimits().writing())
	require.NoError(t, err)
	defer pool.Close()
	require.NoError(t, migrate(t.Context(), pool))
	folder, err := fs.Sub(migrations.FS, "sqlite")
	require.NoError(t, err)
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, folder)
	require.NoError(t, err)

	all := func() (sql []string) {
		require.NoError(t, db.Raw("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name").Scan(&sql).Error)
		return sql
	}
	made := all()
	_, err = provider.DownTo(context.Background(), 0)
	require.NoError(t, err)
	require.Empty(t, tableNames(t, db), "down leaves nothing behind")
	_, err = provider.Up(context.Background())
	require.NoError(t, err)
	require.Equal(t, made, all())
}

func TestARestartFindsWhatWasStored(t *testing.T) {
	dir := t.TempDir()
	for n := range 3 {
		s, err := Open(t.Context(), dir)
		require.NoError(t, err)
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return note(tx, "kept") }))
		entries, err := s.Reading(t.Context()).Audit(0, 10)
		require.NoError(t, err)
		require.Len(t, entries, n+1)
		require.NoError(t, s.Close())
	}
}
