//go:build unix

package disk

import "golang.org/x/sys/unix"

// Free returns the bytes that may still be written where a folder lies, and
// those of the whole disk.
func Free(folder string) (free, total uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	size := uint64(s.Bsize)
	return uint64(s.Bavail) * size, uint64(s.Blocks) * size, nil
}
