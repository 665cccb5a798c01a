//go:build unix

package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// checkRights looks for files that others of the machine may read, and for
// files of another owner: a command that was run as root leaves some, which the
// server then cannot write.
func checkRights(data string) []Finding {
	var open, foreign string
	owner, known := ownerOf(data)
	opened, strangers, files := 0, 0, 0
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return nil // gone since
		}
		files++
		if entry.Type()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 {
			opened++
			open = path
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok && known && s.Uid != owner {
			strangers++
			foreign = path
		}
		return nil
	})
	var found []Finding
	if err != nil {
		found = append(found, Finding{Fail, fmt.Sprintf("rights: the folder cannot be read (%v)", err), "run this as the user that the server runs as"})
	}
	if opened > 0 {
		found = append(found, Finding{Fail, fmt.Sprintf("rights: others of the machine may reach %d of the data folder's files, such as %s", opened, open),
			fmt.Sprintf("chmod -R go= '%s'", data)})
	}
	if strangers > 0 {
		found = append(found, Finding{Warn, fmt.Sprintf("rights: %d files have another owner than the folder, such as %s", strangers, foreign),
			fmt.Sprintf("chown -R --reference='%s' '%s', and run commands as that user", data, data)})
	}
	if len(found) == 0 {
		found = append(found, fine("rights: %d files are the owner's alone", files))
	}
	return found
}

func ownerOf(path string) (uid uint32, known bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return s.Uid, true
}
