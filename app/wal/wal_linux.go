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
// pages, and no more than SQLite hands to the system in one call (seekAndWriteFd in
// os_unix.c counts in 17 bits).
const most = 128<<10 - 1

// gathered is what was written to a log and is not in its file yet. It belongs to the
// transaction that is being written: it is let go with the right to write.
type gathered struct {
	database uintptr // SQLite's file of the database whose log it is
	bytes    []byte
	at       int64 // where in the log's file they begin, or began
	failure  int32 // why they could not be written: what SQLite takes for written is not there
}

var (
	unixVFS, logVFS                 sqlite3lib.Tsqlite3_vfs
	unixLog, gatheringLog           sqlite3lib.Tsqlite3_io_methods
	unixDatabase, gatheringDatabase sqlite3lib.Tsqlite3_io_methods
	onFirstLog                      sync.Once

	logs sync.Map // *gathered by the address of SQLite's file, of the log and of its database
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

// open is xOpen: all files are opened by SQLite's own. A log, and the database that it
// is of, then get the methods below.
func open(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	code := function[func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32](unixVFS.FxOpen)(tls, vfs, name, file, flags, outFlags)
	if code != sqlite3lib.SQLITE_OK || flags&sqlite3lib.SQLITE_OPEN_WAL == 0 {
		return code
	}
	database := sqlite3lib.Xsqlite3_database_file_object(tls, name)
	ofLog := &at[sqlite3lib.Tsqlite3_file](file).FpMethods
	ofDatabase := &at[sqlite3lib.Tsqlite3_file](database).FpMethods
	onFirstLog.Do(func() {
		unixLog = *at[sqlite3lib.Tsqlite3_io_methods](*ofLog)
		gatheringLog = unixLog
		gatheringLog.FxClose = address(closeLog)
		gatheringLog.FxRead = address(read)
		gatheringLog.FxWrite = address(write)
		gatheringLog.FxTruncate = address(truncate)
		gatheringLog.FxSync = address(synchronise)
		gatheringLog.FxFileSize = address(size)
		unixDatabase = *at[sqlite3lib.Tsqlite3_io_methods](*ofDatabase)
		gatheringDatabase = unixDatabase
		gatheringDatabase.FxShmLock = address(lock)
	})
	*ofLog = uintptr(unsafe.Pointer(&gatheringLog))
	*ofDatabase = uintptr(unsafe.Pointer(&gatheringDatabase))
	g := &gathered{database: database}
	logs.Store(file, g)
	logs.Store(database, g)
	return code
}

// of is what was gathered for a log or for a database.
func of(file uintptr) *gathered {
	g, _ := logs.Load(file)
	return g.(*gathered)
}

// lock is xShmLock, of the database. Who gives the right to write back has committed
// what it gathered, and then nothing is left, or has undone it: others write in the
// same place of the log from then on.
func lock(tls *libc.TLS, database uintptr, first, n, flags int32) int32 {
	const rightToWrite = 0 // WAL_WRITE_LOCK of wal.c
	if first == rightToWrite && flags == sqlite3lib.SQLITE_SHM_UNLOCK|sqlite3lib.SQLITE_SHM_EXCLUSIVE {
		if g, is := logs.Load(database); is {
			g := g.(*gathered)
			g.bytes, g.failure = g.bytes[:0], sqlite3lib.SQLITE_OK
		}
	}
	return function[func(tls *libc.TLS, database uintptr, first, n, flags int32) int32](unixDatabase.FxShmLock)(tls, database, first, n, flags)
}

// write is xWrite.
func write(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	g := of(file)
	if g.failure != sqlite3lib.SQLITE_OK {
		return g.failure
	}
	if offset != g.at+int64(len(g.bytes)) || len(g.bytes)+int(n) > most {
		if code := g.flush(tls, file); code != sqlite3lib.SQLITE_OK {
			return code
		}
		g.at = offset
	}
	if g.bytes == nil {
		g.bytes = make([]byte, 0, most)
	}
	g.bytes = append(g.bytes, unsafe.Slice(at[byte](data), n)...)
	return sqlite3lib.SQLITE_OK
}

// flush writes what was gathered. Where it cannot, the transaction cannot be committed
// any more.
func (g *gathered) flush(tls *libc.TLS, file uintptr) int32 {
	if g.failure != sqlite3lib.SQLITE_OK || len(g.bytes) == 0 {
		return g.failure
	}
	g.failure = function[func(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32](unixLog.FxWrite)(
		tls, file, uintptr(unsafe.Pointer(unsafe.SliceData(g.bytes))), int32(len(g.bytes)), g.at)
	runtime.KeepAlive(g)
	g.bytes = g.bytes[:0]
	return g.failure
}

// synchronise is xSync. The first time, the log's folder is synchronised as well, and
// SQLite's own does both.
func synchronise(tls *libc.TLS, file uintptr, flags int32) int32 {
	if code := of(file).flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	f := at[sqlite3lib.TunixFile](file)
	if f.FctrlFlags&sqlite3lib.UNIXFILE_DIRSYNC != 0 {
		return function[func(tls *libc.TLS, file uintptr, flags int32) int32](unixLog.FxSync)(tls, file, flags)
	}
	if libc.Xfdatasync(tls, f.Fh) != 0 {
		return sqlite3lib.SQLITE_IOERR_FSYNC
	}
	return sqlite3lib.SQLITE_OK
}

// read is xRead. What lies before what could not be written can be read still.
func read(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	g := of(file)
	if code := g.flush(tls, file); code != sqlite3lib.SQLITE_OK && offset+int64(n) > g.at {
		return code
	}
	return function[func(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32](unixLog.FxRead)(tls, file, data, n, offset)
}

// truncate is xTruncate.
func truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	if code := of(file).flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	return function[func(tls *libc.TLS, file uintptr, size int64) int32](unixLog.FxTruncate)(tls, file, size)
}

// size is xFileSize.
func size(tls *libc.TLS, file, size uintptr) int32 {
	if code := of(file).flush(tls, file); code != sqlite3lib.SQLITE_OK {
		return code
	}
	return function[func(tls *libc.TLS, file, size uintptr) int32](unixLog.FxFileSize)(tls, file, size)
}

// closeLog is xClose. What was not synchronised by then is of no commit.
func closeLog(tls *libc.TLS, file uintptr) int32 {
	logs.Delete(of(file).database)
	logs.Delete(file)
	return function[func(tls *libc.TLS, file uintptr) int32](unixLog.FxClose)(tls, file)
}

// at is what lies at an address that SQLite gave.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// function is the one at an address that SQLite gave.
func function[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }

// address is where SQLite finds a function of this package. It must not be a
// closure: nothing would keep that from being collected.
func address[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
