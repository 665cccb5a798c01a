package access

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the test looks past the server, at its rows

	"homeroom/app/store"
)

// database is the server's, opened a second time to see what it stored.
type database struct {
	t      testing.TB
	db     *sql.DB
	tables []string
	count  *sql.Stmt
}

func openDatabase(t testing.TB, dir string) *database {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.DatabaseFile)+"?mode=ro")
	require.NoError(t, err)
	d := &database{t: t, db: db}
	for _, row := range d.query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
		d.tables = append(d.tables, strings.TrimSpace(row))
	}
	require.NotEmpty(t, d.tables)
	counts := []string{"(SELECT sum(seq) FROM classes)"}
	for _, table := range d.tables {
		counts = append(counts, fmt.Sprintf("(SELECT count(*) FROM %q)", table))
	}
	d.count, err = db.PrepareContext(t.Context(), "SELECT "+strings.Join(counts, " || ' ' || "))
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.count.Close(); _ = db.Close() })
	return d
}

// counts says how many rows each table has and how far the classes' numbers
// went: nothing can be stored, but for a change without an event, that it does
// not show.
func (w *world) counts() (counts string) {
	w.t.Helper()
	require.NoError(w.t, w.rows.count.QueryRowContext(w.t.Context()).Scan(&counts))
	return counts
}

// all returns every row there is, without when a token was last used.
func (w *world) all() string {
	w.t.Helper()
	var all strings.Builder
	for _, table := range w.rows.tables {
		for _, row := range w.rows.query(fmt.Sprintf("SELECT * FROM %q", table)) {
			all.WriteString(table + row + "\n")
		}
	}
	return all.String()
}

// query returns the rows as text.
func (d *database) query(query string) (found []string) {
	d.t.Helper()
	rows, err := d.db.QueryContext(d.t.Context(), query)
	require.NoError(d.t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(d.t, err)
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		require.NoError(d.t, rows.Scan(values...))
		var row strings.Builder
		for i, c := range columns {
			if c != "last_used_at" {
				fmt.Fprintf(&row, " %v", *values[i].(*any))
			}
		}
		found = append(found, row.String())
	}
	require.NoError(d.t, rows.Err())
	return found
}
