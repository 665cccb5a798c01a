package doctor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// checkFolders looks whether the backups of the schedule are the only ones where
// they may lie.
func checkFolders(p Patient) (found []Finding) {
	if p.BackupEvery == 0 {
		return nil
	}
	earlier, err := backup.Earlier(p.Data, p.BackupDir, p.Now)
	if len(earlier) > 0 {
		found = append(found, Finding{Warn, fmt.Sprintf("backup: %d from before --backup-dir was given lie in %s", len(earlier), filepath.Join(p.Data, backup.Folder)),
			"remove them, or leave it to the server: each goes when it is older than --backup-max-age"})
	}
	another, other := backup.OfAnother(p.Data, p.BackupDir, p.Now)
	if another != "" {
		found = append(found, Finding{Warn, fmt.Sprintf("backup: %s in %s is not this server's", another, p.BackupDir),
			"give each server a --backup-dir of its own: each removes what the other made"})
	}
	if err := errors.Join(err, other); err != nil {
		found = append(found, Finding{Warn, "backup: the folders cannot be looked at: " + err.Error(), "run this as the user that the server runs as"})
	}
	return found
}
