// Package wal brings SQLite's log, the write-ahead log, to disk with fewer calls of
// the system than SQLite does by itself. It does so on Linux only.
//
// What a commit appends to the log is gathered, and goes to the file in one write of
// up to 128 KiB where SQLite makes two for each page. And it is waited for by
// fdatasync(2), which asks for the bytes and the length of a file and not for the time
// of its last change too: where a commit overwrites an old part of the log, an ext4
// with a journal flushes the disk once for it instead of twice. SQLite takes fdatasync
// itself where it was configured with it (full_fsync in os_unix.c); the one that is
// translated to Go was not.
//
// SQLite's interface for file systems (https://sqlite.org/vfs.html) is one of C, so
// memory is read here that Go knows nothing about, and nowhere else.
package wal

// FileSystem returns the name under which SQLite knows it, for the parameter vfs of
// a database's name; it is empty where there is none, and SQLite's own does. A
// connection that writes through it must have synchronous=FULL, and psow as it is by
// itself: what was gathered is in the file once the log is synchronised, and only then
// may readers be told of it.
func FileSystem() (name string, err error) { return fileSystem() }
