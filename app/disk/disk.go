// Package disk is what everybody needs who wants a file to survive a power cut,
// or to leave room on the disk.
package disk

import "os"

// SyncFolder puts the names in a folder on disk, where the system can.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync() // some systems cannot
	return folder.Close()
}
