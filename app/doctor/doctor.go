// Package doctor looks at a data folder and says what is wrong with it, and
// what to do. It changes nothing, and a server may run on the folder.
package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"homeroom/app/backup"
	"homeroom/app/store"
)

// Level says how bad a finding is.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn" // it works, and may not for long, or not as it seems
	Fail Level = "fail" // it does not work, or is not safe
)

// Finding is what one check found.
type Finding struct {
	Level Level
	What  string
	Do    string // what to do, empty where there is nothing
}

func (f Finding) String() string {
	if f.Do == "" {
		return fmt.Sprintf("%-4s  %s", f.Level, f.What)
	}
	return fmt.Sprintf("%-4s  %s  → %s", f.Level, f.What, f.Do)
}

func fine(format string, args ...any) Finding {
	return Finding{Level: OK, What: fmt.Sprintf(format, args...)}
}

// Patient is what is looked at.
type Patient struct {
	Data        string
	BackupEvery time.Duration // 0: no schedule
	BackupDir   string        // where the schedule puts them
	Now         time.Time
}

// Examine returns a finding or several for each check.
func Examine(ctx context.Context, p Patient) []Finding {
	if info, err := os.Stat(p.Data); err != nil || !info.IsDir() {
		return []Finding{{Fail, "there is no data folder " + p.Data, "name it with --data, or start the server once, which makes it"}}
	}
	if folder, err := filepath.EvalSymlinks(p.Data); err == nil {
		p.Data = folder // a walk does not begin at a link
	}
	found := []Finding{checkDisk(p.Data)}
	found = append(found, checkRights(p.Data)...)
	found = append(found, checkLeftovers(p.Data)...)
	looked, database := checkDatabase(ctx, p.Data)
	found = append(found, database...)
	if looked.Integrity == "ok" {
		found = append(found, checkFiles(ctx, p.Data))
	}
	found = append(found, checkClock(p, looked))
	return append(append(found, checkFolders(p)...), checkBackup(p))
}

// checkLeftovers looks for what was begun and not ended.
func checkLeftovers(data string) (found []Finding) {
	restoring := filepath.Join(data, store.Restoring)
	if _, err := os.Stat(restoring); err == nil {
		left := Finding{Fail, "a restore is under way, or was cut off", "if none runs, empty the folder and restore again"}
		if _, err := os.Stat(filepath.Join(data, store.DatabaseFile)); err == nil { // which comes in last
			left = Finding{Warn, "a restore that has ended left " + restoring, "remove that, and nothing else"}
		}
		found = append(found, left)
	}
	left, err := backup.Left(data)
	if err != nil {
		found = append(found, Finding{Warn, "backup: what was begun cannot be looked at: " + err.Error(), "run this as the user that the server runs as"})
	}
	if len(left) > 0 {
		found = append(found, Finding{Warn, fmt.Sprintf("backup: %d that were cut off left something that may have been erased since, such as %s", len(left), left[0]),
			"remove it; the next backup removes what lies in the data folder itself, and the server's own what lies in its folder of backups"})
	}
	return found
}
