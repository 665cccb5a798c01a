package wal

import (
	"errors"
	"runtime"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3lib "modernc.org/sqlite/lib"
)

// most is how many bytes are gathered before they are written: those of some thirty
// pages.
const most = 128 << 10

// gathered is what was written to a log and is not in its file yet.
type gathered struct {
	bytes []byte
	at    int64 // where in the file they begin
}

var (
	unixVFS, logVFS         sqlite3lib.Tsqlite3_vfs
	unixMethods, logMethods sqlite3lib.Tsqlite3_io_methods // of a log
	onFirstLog              sync.Once

	logs sync.Map // *gathered by the address of SQLite's file, from its first write on
)

var fileSystem = sync.OnceValues(func() (string, error) {
	const name = "gathering"
	tls := libc.NewTLS()
	defer tls.Close()
	found := sqlite3lib.Xsqlite3_vfs_find(tls, 0)
	if found == 0 {
		return "", errors.New("SQLite has no file system")
	}
	unixVFS = *at[sqlite3lib.Tsqlite3_vfs](found)
	logVFS = unixVFS
	logVFS.FxOpen = address(open)
	var err error
	if logVFS.FzName, err = libc.CString(name); err != nil { // never freed: SQLite keeps it
		return "", err
	}
	if code := sqlite3lib.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(&logVFS)), 0); code != sqlite3lib.SQLITE_OK {
		return "", errors.New("SQLite takes no other file system")
	}
	return name, nil
})

// open is xOpen: all files are opened by SQLite's own, and a log then gets the
// methods below.
func open(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	code := function[func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32](unixVFS.FxOpen)(tls, vfs, name, file, flags, outFlags)
	if code != sqlite3lib.SQLITE_OK || flags&sqlite3lib.SQLITE_OPEN_WAL == 0 {
		return code
	}
	methods := &at[sqlite3lib.Tsqlite3_file](file).FpMethods
	onFirstLog.Do(func() {
		unixMethods = *at[sqlite3lib.Tsqlite3_io_methods](*methods)
		logMethods = unixMethods
		logMethods.FxClose = address(closeLog)
		logMethods.FxRead = address(read)
		logMethods.FxWrite = address(write)
		logMethods.FxTruncate = address(truncate)
		logMethods.FxSync = address(synchronise)
		logMethods.FxFileSize = address(size)
	})
	*methods = uintptr(unsafe.Pointer(&logMethods))
	return code
}

// write is xWrite.
func write(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	g, _ := of(file)
	if g == nil {
		g = &gathered{bytes: make([]byte, 0, most)}
		logs.Store(file, g)
	}
	if offset != g.at+int64(len(g.bytes)) || len(g.bytes)+int(n) > most {
		if code := flush(tls, file); code != sqlite3lib.SQLITE_OK {
			return code
		}
		g.at = offset
	}
	g.bytes = append(g.bytes, unsafe.Slice(at[byte](data), n)...)
	return sqlite3lib.SQLITE_OK
}

// flush writes what was gathered. What cannot be written is forgotten: the commit to
// which it belongs has failed then.
func flush(tls *libc.TLS, file uintptr) int32 {
	g, has := of(file)
	if !has {
		return sqlite3lib.SQLITE_OK
	}
	code := function[func(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32](unixMethods.FxWrite)(
		tls, file, uintptr(unsafe.Pointer(unsafe.SliceData(g.bytes))), int32(len(g.bytes)), g.at)
	runtime.KeepAlive(g)
	g.bytes = g.bytes[:0]
	return code
}

// of is what was gathered of a file, nil where nothing was ever written, and whether
// there is anything in it.
func of(file uintptr) (g *gathered, has bool) {
	found, written := logs.Load(file)
	if !written {
		return nil, false
	}
	g = found.(*gathered)
	return g, len(g.bytes) > 0
}

// synchronise is xSync. When a new log is synchronised for the first time, its folder
// is as well, and SQLite's own does both.
func synchronise(tls *libc.TLS, file uintptr, flags int32) int32 {
	if code := flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	f := at[sqlite3lib.TunixFile](file)
	if f.FctrlFlags&sqlite3lib.UNIXFILE_DIRSYNC != 0 {
		return function[func(tls *libc.TLS, file uintptr, flags int32) int32](unixMethods.FxSync)(tls, file, flags)
	}
	if libc.Xfdatasync(tls, f.Fh) != 0 {
		return sqlite3lib.SQLITE_IOERR_FSYNC
	}
	return sqlite3lib.SQLITE_OK
}

// read is xRead.
func read(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	if code := flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	return function[func(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32](unixMethods.FxRead)(tls, file, data, n, offset)
}

// truncate is xTruncate.
func truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	if code := flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	return function[func(tls *libc.TLS, file uintptr, size int64) int32](unixMethods.FxTruncate)(tls, file, size)
}

// size is xFileSize.
func size(tls *libc.TLS, file, size uintptr) int32 {
	if code := flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	return function[func(tls *libc.TLS, file, size uintptr) int32](unixMethods.FxFileSize)(tls, file, size)
}

// closeLog is xClose. What nobody has synchronised by then is of no commit.
func closeLog(tls *libc.TLS, file uintptr) int32 {
	logs.Delete(file)
	return function[func(tls *libc.TLS, file uintptr) int32](unixMethods.FxClose)(tls, file)
}

// at is what lies at an address that SQLite gave.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// function is the one at an address that SQLite gave.
func function[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }

// address is where SQLite finds a function of this package. It must not be a
// closure: nothing would keep that from being collected.
func address[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
