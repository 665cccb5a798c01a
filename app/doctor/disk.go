package doctor

import (
	"fmt"
	"os"
	"path/filepath"

	"homeroom/app/disk"
	"homeroom/app/store"
)

// Below these the disk is nearly full.
const (
	least = 100 << 20
	few   = 1 << 30
)

// checkDisk looks for room: for the next days, and for a second database, which
// a backup and a migration need.
func checkDisk(data string) Finding {
	free, total, err := disk.Free(data)
	if err != nil {
		return Finding{Warn, fmt.Sprintf("disk: its free space is unknown (%v)", err), ""}
	}
	var database int64
	if info, err := os.Stat(filepath.Join(data, store.DatabaseFile)); err == nil {
		database = info.Size()
	}
	what := fmt.Sprintf("disk: %s free of %s", bytes(free), bytes(total))
	switch {
	case free < least:
		return Finding{Fail, what, "make room: without it no message is stored"}
	case free < few, free < 2*uint64(database):
		return Finding{Warn, what + fmt.Sprintf(", the database has %s", bytes(uint64(database))), "make room soon"}
	}
	return fine("%s", what)
}

func bytes(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	size, unit := float64(n), 0
	for ; size >= 1024 && unit < len(units)-1; unit++ {
		size /= 1024
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}
