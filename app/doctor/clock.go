package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"homeroom/app/store"
)

// drift is how far the clock may be off before it is told.
const drift = 2 * time.Minute

// written is before the first release: a clock that shows less was never set.
var written = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// checkClock holds the clock against what was written by it: nothing may be
// from the future. A clock that jumped back lengthens no session, but tells
// people wrong times, and one that was ahead has told them.
func checkClock(p Patient, looked store.Examination) Finding {
	const do = "set the clock, and keep it with NTP (timedatectl set-ntp true)"
	shows := "clock: it shows " + p.Now.UTC().Format(time.RFC3339)
	if p.Now.Before(written) {
		return Finding{Fail, shows, do}
	}
	if ahead := looked.Newest.Sub(p.Now); ahead > drift {
		return Finding{Fail, fmt.Sprintf("%s, and the newest event is of %s later", shows, ahead.Round(time.Second)), do}
	}
	for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal"} {
		info, err := os.Stat(filepath.Join(p.Data, name))
		if err != nil {
			continue
		}
		if ahead := info.ModTime().Sub(p.Now); ahead > drift {
			return Finding{Fail, fmt.Sprintf("%s, and %s was written %s later", shows, name, ahead.Round(time.Second)), do}
		}
	}
	return fine("%s, after everything that was written", shows)
}
