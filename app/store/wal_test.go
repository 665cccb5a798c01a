package store

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A transaction that is larger than what SQLite keeps in memory is written to the
// log before it is committed, and read back from there.
func TestATransactionReadsBackWhatItWroteToTheLogAndNobodyElseDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), DatabaseFile)
	_, pool, err := connect(path, 1, url.Values{}, DefaultLimits().writing())
	require.NoError(t, err)
	defer pool.Close()
	exec := func(query string, args ...any) { t.Helper(); exec(t, pool, query, args...) }
	exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, turn INTEGER NOT NULL, text TEXT NOT NULL)")
	exec("PRAGMA cache_size = 10") // pages
	_, reader, err := connect(path, 1, url.Values{"mode": {"ro"}}, DefaultLimits().reading())
	require.NoError(t, err)
	defer reader.Close()
	const notes = 3000
	sum := func(db *sql.DB) (of int) {
		t.Helper()
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT coalesce(sum(turn), 0) FROM notes").Scan(&of))
		return of
	}
	write := func(turn int) {
		t.Helper()
		for id := range notes { // not in the order in which they lie
			exec("INSERT INTO notes (id, turn, text) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET turn = excluded.turn, text = excluded.text",
				id*7%notes, turn, strings.Repeat("x", 100+id%300))
		}
		require.Equal(t, turn*notes, sum(pool))
	}
	for turn := 1; turn <= 4; turn++ {
		exec("BEGIN IMMEDIATE")
		write(turn)
		exec("SAVEPOINT half")
		write(turn + 100)
		exec("ROLLBACK TO half")
		require.Equal(t, turn*notes, sum(pool))
		require.Equal(t, (turn-1)*notes, sum(reader), "nobody sees what is not committed")
		exec("COMMIT")
		require.Equal(t, turn*notes, sum(reader), "and everybody what is")
		exec("BEGIN IMMEDIATE")
		write(turn + 200)
		exec("ROLLBACK")
		require.Equal(t, turn*notes, sum(pool))
		exec("PRAGMA wal_checkpoint")
	}
	requireWhole(t, reader)
}

// A command writes beside a running server: where the log ended, once the server has
// undone what it had written there.
func TestWhatWasUndoneIsNotWrittenOverWhatAnotherCommitted(t *testing.T) {
	path := filepath.Join(t.TempDir(), DatabaseFile)
	open := func() *sql.DB {
		_, pool, err := connect(path, 1, url.Values{}, DefaultLimits().writing())
		require.NoError(t, err)
		t.Cleanup(func() { _ = pool.Close() })
		return pool
	}
	one, other := open(), open()
	exec(t, one, "CREATE TABLE notes (id INTEGER PRIMARY KEY, turn INTEGER NOT NULL, text TEXT NOT NULL)")
	exec(t, one, "PRAGMA cache_size = 10")
	const notes = 500
	for id := range notes {
		exec(t, one, "INSERT INTO notes (id, turn, text) VALUES (?, 0, ?)", id, strings.Repeat("x", 1000))
	}
	for turn := 1; turn <= 20; turn++ {
		exec(t, one, "PRAGMA wal_checkpoint(TRUNCATE)")
		exec(t, one, "BEGIN IMMEDIATE")
		for id := range 40 + turn {
			exec(t, one, "UPDATE notes SET turn = -1 WHERE id = ?", id*7)
		}
		exec(t, one, "ROLLBACK")
		exec(t, other, "UPDATE notes SET turn = ?", turn)
		for _, db := range []*sql.DB{one, other} {
			var least, most int
			require.NoError(t, db.QueryRowContext(t.Context(), "SELECT min(turn), max(turn) FROM notes").Scan(&least, &most))
			require.Equal(t, [2]int{turn, turn}, [2]int{least, most})
		}
	}
	requireWhole(t, open())
}

func exec(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), query, args...)
	require.NoError(t, err)
}

func requireWhole(t *testing.T, db *sql.DB) {
	t.Helper()
	var found string
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&found))
	require.Equal(t, "ok", found)
}
