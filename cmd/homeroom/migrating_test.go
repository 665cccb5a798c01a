package main

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/store"
	"homeroom/app/store/storetest"
	"homeroom/migrations"
)

// TestR17ACrashWhileMigratingLeavesAServerThatStarts kills the migration of a
// new folder, and of one that an older version made, at each of its steps
// towards the disk.
func TestR17ACrashWhileMigratingLeavesAServerThatStarts(t *testing.T) {
	program := strace(t)
	binary, err := built()
	require.NoError(t, err)
	old := t.TempDir()
	school(t, old, "--classes=1", "--members=20", "--threads=3", "--messages=300")
	downgrade(t, old)
	messages := count(t, old, "SELECT count(*) FROM messages")
	require.Positive(t, messages)
	times, killed, schemas := chaostest.Of(6, 40), 0, map[int]int{}
	for n := range times {
		folder := filepath.Join(t.TempDir(), "data")
		upgrade := n%2 == 0
		if upgrade {
			require.NoError(t, os.CopyFS(folder, os.DirFS(old)))
			require.NoError(t, os.Chmod(folder, 0o700))
		}
		step := 1 + n*chaostest.Of(5, 1)
		cmd := exec.Command(program, "-f", "-qq", "-o", os.DevNull, "-e", "trace=pwrite64,fdatasync,fsync,ftruncate,linkat",
			"-e", fmt.Sprintf("inject=pwrite64,fdatasync,fsync,ftruncate,linkat:signal=KILL:when=%d", step), binary, "migrate", "--data", folder)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1") // strace counts the calls of each thread
		if out, err := cmd.CombinedOutput(); err != nil {
			require.NotContains(t, string(out), "not permitted")
			killed++
		}
		had := 0
		if info, err := os.Stat(filepath.Join(folder, store.DatabaseFile)); err == nil && info.Size() > 0 {
			had = count(t, folder, "SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'")
			if had > 0 {
				had = count(t, folder, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied")
			}
		}
		schemas[had]++
		address := freeAddress(t)
		again := start(t, folder, address)
		require.Less(t, again.ready(), chaostest.Of(patience, 500*time.Millisecond), "after a crash at step %d", step)
		problems, err := storetest.Problems(t.Context(), folder)
		require.NoError(t, err)
		require.Empty(t, problems)
		require.EqualValues(t, store.Schema(), count(t, folder, "SELECT max(version_id) FROM goose_db_version WHERE is_applied"))
		if upgrade {
			require.Equal(t, messages, count(t, folder, "SELECT count(*) FROM messages"))
		}
		code, _ := again.stop()
		require.Zero(t, code)
	}
	require.Positive(t, killed)
	chaostest.Figures("R17", "crashes=%d of %d runs, schema after them %v; started_again=%d lost=0", killed, times, schemas, times)
}

// downgrade makes a folder one of the first version.
func downgrade(t *testing.T, folder string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, store.DatabaseFile))
	require.NoError(t, err)
	defer db.Close()
	files, err := fs.Sub(migrations.FS, "sqlite")
	require.NoError(t, err)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), 1)
	require.NoError(t, err)
}

func count(t *testing.T, folder, query string) (n int) {
	t.Helper()
	db := database(t, folder)
	defer db.Close()
	require.NoError(t, db.QueryRow(query).Scan(&n))
	return n
}
