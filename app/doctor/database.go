package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"homeroom/app/store"
)

// mostLog is how large the database's log may be: more is a reader or a
// copying program that never ends.
const mostLog = 64 << 20

const restoreIt = "stop the server, keep the folder, and restore the newest backup into an empty one: homeroom restore BACKUP --data FOLDER"

// checkDatabase looks at the pages, the references, the journal, the log and the
// version of the tables.
func checkDatabase(ctx context.Context, data string) (looked store.Examination, found []Finding) {
	if _, err := os.Stat(filepath.Join(data, store.DatabaseFile)); errors.Is(err, fs.ErrNotExist) {
		return looked, []Finding{{Fail, "database: there is none in " + data, "name the right folder with --data, or start the server once, which makes one"}}
	}
	looked, err := store.Examine(ctx, data, false)
	var damage *store.Damage
	var newer *store.Newer
	switch {
	case errors.As(err, &damage):
		return looked, []Finding{{Fail, "database: damaged: " + damage.What, restoreIt}}
	case errors.As(err, &newer):
		return looked, []Finding{{Fail, "database: " + newer.Error(), "start the newer version"}}
	case err != nil:
		return looked, []Finding{{Fail, "database: it cannot be read: " + err.Error(), "run this as the user that the server runs as"}}
	}
	return looked, append(checkPages(looked), checkJournal(looked), checkLog(looked), checkSchema(looked))
}

func checkPages(looked store.Examination) []Finding {
	if looked.Integrity != "ok" {
		return []Finding{{Fail, "database: damaged: " + looked.Integrity, restoreIt}}
	}
	found := []Finding{fine("database: %s, its pages are whole", bytes(uint64(looked.Database)))}
	if looked.Strays > 0 {
		return append(found, Finding{Fail, fmt.Sprintf("database: %d rows refer to rows that are not there", looked.Strays),
			"something else has written to it: restore a backup from before that"})
	}
	return append(found, fine("database: all rows that refer to another find it"))
}

// checkJournal looks at the one setting that stands in the file. The others are
// of the server's connections, and it does not start without them.
func checkJournal(looked store.Examination) Finding {
	if looked.Journal == "wal" {
		return fine("database: written ahead (WAL)")
	}
	return Finding{Warn, fmt.Sprintf("database: not written ahead: its journal is %q, not \"wal\"", looked.Journal),
		"start the server, which sets it; a database that was just restored has not been started yet"}
}

func checkLog(looked store.Examination) Finding {
	if looked.Lost > 0 {
		return Finding{Fail, fmt.Sprintf("database: its log is damaged: %d commits behind the damage are lost", looked.Lost),
			"stop the server, keep the folder, and restore the newest backup into an empty one if that holds more; look at the disk"}
	}
	what := fmt.Sprintf("database: its log has %s", bytes(uint64(looked.Log)))
	if looked.Log > mostLog {
		return Finding{Warn, what, "something reads the database without an end: end other programs that have it open, or restart the server"}
	}
	return fine("%s", what)
}

func checkSchema(looked store.Examination) Finding {
	what := fmt.Sprintf("database: its tables are at %d, this program knows %d", looked.Schema, store.Schema())
	if looked.Schema < store.Schema() {
		return Finding{Warn, what, "make a backup; the next start brings them up to date"}
	}
	return fine("%s", what)
}
