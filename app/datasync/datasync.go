// Package datasync is the file system through which SQLite reaches its files: its
// own, but for one call. What must be on disk is brought there by fdatasync(2), which
// waits for the bytes and the length of a file and not for the time of its last
// change: an ext4 with a journal then flushes the disk once for a commit instead of
// twice. SQLite takes fdatasync itself where it was configured with it (full_fsync in
// os_unix.c); the one that is translated to Go was not.
//
// SQLite's interface for file systems (https://sqlite.org/vfs.html) is one of C, so
// memory is read here that Go knows nothing about, and nowhere else.
package datasync

// FileSystem returns the name under which SQLite knows it, for the parameter vfs of
// a database's name. It is empty where there is none, and SQLite's own does.
func FileSystem() (name string, err error) { return fileSystem() }
