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
	do := "homeroom backup FILE, or let the server make them: --backup-every 1h --backup-dir FOLDER on another disk"
	if p.BackupEvery > 0 {
		do = "homeroom backup FILE, or wait ten minutes from the server's start; its log says why none was made"
	}
	last, err := backup.ReadLast(p.Data)
	if err != nil {
		return Finding{Warn, err.Error(), do}
	}
	if last.At.IsZero() {
		return Finding{Warn, "backup: none was ever made of this folder", do}
	}
	age := p.Now.Sub(last.At)
	what := fmt.Sprintf("backup: the last is %s old, %s, %s", age.Round(time.Second), bytes(uint64(last.Bytes)), last.File)
	// What nobody has written to needs no newer one.
	if p.BackupEvery > 0 && backup.Written(p.Data).Sub(last.At) > 2*p.BackupEvery {
		return Finding{Fail, what + fmt.Sprintf(", and one is due every %s", p.BackupEvery), "see the server's log for why none was made"}
	}
	if age > oldest && p.BackupEvery == 0 {
		return Finding{Warn, what, do}
	}
	if _, err := os.Stat(last.File); err != nil {
		return Finding{Warn, what + ", and it is not there any more", "where it was taken to, see that it can be restored"}
	}
	if backup.Inside(p.Data, last.File) {
		return Finding{OK, what + ", in the data folder and lost with it", "give --backup-dir a folder on another disk, or take one elsewhere"}
	}
	return fine("%s", what)
}
