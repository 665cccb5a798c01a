package app_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/store"
)

// reads begins to read the database as another process does, and what is
// removed stays in the log until it ends.
func (k talk) reads() (end func()) {
	k.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(k.Dir, store.DatabaseFile)+"?mode=ro")
	require.NoError(k.t, err)
	tx, err := db.BeginTx(k.t.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(k.t, err)
	var users int
	require.NoError(k.t, tx.QueryRow("SELECT count(*) FROM users").Scan(&users))
	return func() {
		require.NoError(k.t, tx.Rollback())
		require.NoError(k.t, db.Close())
	}
}

// onDisk tells whether a text is in the database or in its log.
func (k talk) onDisk(text string) bool {
	k.t.Helper()
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(filepath.Join(k.Dir, store.DatabaseFile) + end)
		require.NoError(k.t, err)
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}

// laterScrubs are who finishes what could not be taken out of the log: the same
// process, and one that begins where that was killed.
var laterScrubs = map[string]func(talk) *app.App{
	"in the same process": func(k talk) *app.App { return k.App },
	"in the next one":     func(k talk) *app.App { return app.New(k.Store, k.Bus, k.Limits, k.Now) },
}

func TestWhatWasErasedGoesOutOfTheLogOnceNobodyReadsIt(t *testing.T) {
	for name, next := range laterScrubs {
		t.Run(name, func(t *testing.T) {
			app.ScrubBriefly(t)
			k := newTalk(t, apptest.New(t))
			k.say(k.Bob, "boats in fog")
			k.say(k.Cai, "tall lamps")
			end := k.reads()
			for _, erase := range []int64{k.Bob.ID, k.Cai.ID} { // who reads stops neither
				_, err := k.EraseUser(t.Context(), apptest.As(k.Ada), erase, app.Erasure{})
				require.NoError(t, err)
				require.Error(t, k.FinishErasures(t.Context()))
			}
			require.Equal(t, []string{"", ""}, k.saidFor(k.Ann))
			require.True(t, k.onDisk("boats in fog"))
			end()
			require.NoError(t, next(k).FinishErasures(t.Context()))
			require.False(t, k.onDisk("boats in fog"))
			require.False(t, k.onDisk("tall lamps"))
		})
	}
}

func TestWhatWasPurgedGoesOutOfTheLogOnceNobodyReadsIt(t *testing.T) {
	for name, next := range laterScrubs {
		t.Run(name, func(t *testing.T) {
			app.ScrubBriefly(t)
			k := newTalk(t, apptest.New(t))
			k.say(k.Bob, "boats in fog")
			k.Pass(401 * day)
			k.say(k.Bob, "new")
			k.Pass(confirmed)
			end := k.reads()
			done, err := k.Purge(t.Context())
			require.Error(t, err)
			require.Equal(t, 1, done.Messages)
			require.True(t, k.onDisk("boats in fog"))
			end()
			require.NoError(t, next(k).FinishErasures(t.Context()))
			require.False(t, k.onDisk("boats in fog"))
		})
	}
}
