//go:build unix

package backup

import (
	"os"

	"golang.org/x/sys/unix"
)

// share marks a folder as one in which a backup is being made, until done is
// called or the process ends, however it ends. The folder itself is locked: a
// file for it would belong to whoever came first, perhaps root.
func share(folder string) (done func()) {
	done, _ = lockFolder(folder, unix.LOCK_SH) // some file systems cannot: there age tells
	return done
}

// alone tells whether no backup is being made in a folder, and keeps others from
// beginning one until done is called.
func alone(folder string) (done func(), is bool) {
	return lockFolder(folder, unix.LOCK_EX|unix.LOCK_NB)
}

func lockFolder(folder string, how int) (done func(), is bool) {
	opened, err := os.Open(folder)
	if err != nil {
		return func() {}, false
	}
	if err := unix.Flock(int(opened.Fd()), how); err != nil {
		_ = opened.Close()
		return func() {}, false
	}
	return func() { _ = opened.Close() }, true
}
