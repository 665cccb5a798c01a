package doctor

import (
	"fmt"
	"os"
	"time"

	"homeroom/app/backup"
)

// oldest is how old a backup may be where no schedule says so.
const oldest = 7 * 24 * time.Hour

// checkBackup looks at the age of the last good backup.
func checkBackup(p Patient) Finding {
	const do = "homeroom backup FILE, or start the server with --backup-every 24h --backup-dir FOLDER on another disk"
	last, err := backup.ReadLast(p.Data)
	if err != nil {
		return Finding{Warn, err.Error(), do}
	}
	if last.At.IsZero() {
		return Finding{Warn, "backup: none was ever made of this folder", do}
	}
	age := p.Now.Sub(last.At)
	what := fmt.Sprintf("backup: the last is %s old, %s, %s", age.Round(time.Second), bytes(uint64(last.Bytes)), last.File)
	if p.BackupEvery > 0 && age > 2*p.BackupEvery {
		return Finding{Fail, what + fmt.Sprintf(", and one is due every %s", p.BackupEvery), "see the server's log for why none was made"}
	}
	if age > oldest && p.BackupEvery == 0 {
		return Finding{Warn, what, do}
	}
	if _, err := os.Stat(last.File); err != nil {
		return Finding{Warn, what + ", and it is not there any more", "where it was taken to, see that it can be restored"}
	}
	return fine("%s", what)
}
