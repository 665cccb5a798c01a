package disk

import "golang.org/x/sys/windows"

// Free returns the bytes that may still be written where a folder lies, and
// those of the whole disk.
func Free(folder string) (free, total uint64, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, 0, err
	}
	err = windows.GetDiskFreeSpaceEx(name, &free, &total, nil)
	return free, total, err
}
