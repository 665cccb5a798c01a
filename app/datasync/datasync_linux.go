package datasync

import (
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3lib "modernc.org/sqlite/lib"
)

var fileSystem = sync.OnceValues(func() (string, error) {
	const name = "datasync"
	tls := libc.NewTLS()
	defer tls.Close()
	found := sqlite3lib.Xsqlite3_vfs_find(tls, 0)
	if found == 0 {
		return "", errors.New("SQLite has no file system")
	}
	cname, err := libc.CString(name) // SQLite keeps it
	if err != nil {
		return "", err
	}
	dataVFS = *at[sqlite3lib.Tsqlite3_vfs](found)
	unixOpen, dataVFS.FxOpen = dataVFS.FxOpen, address(openData)
	dataVFS.FzName = cname
	if code := sqlite3lib.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(&dataVFS)), 0); code != sqlite3lib.SQLITE_OK {
		return "", errors.New("SQLite takes no other file system")
	}
	return name, nil
})

var (
	dataVFS  sqlite3lib.Tsqlite3_vfs
	unixOpen uintptr
	unixSync uintptr

	dataMethods = map[uintptr]*sqlite3lib.Tsqlite3_io_methods{} // by what each is a copy of
	copying     sync.Mutex
)

// openData is xOpen of sqlite3_vfs.
func openData(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	open := *(*func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32)(unsafe.Pointer(&unixOpen))
	code := open(tls, vfs, name, file, flags, outFlags)
	if code != sqlite3lib.SQLITE_OK {
		return code
	}
	f := at[sqlite3lib.Tsqlite3_file](file)
	copying.Lock()
	defer copying.Unlock()
	methods := dataMethods[f.FpMethods]
	if methods == nil { // a file that is locked has others than one that is not
		methods = new(*at[sqlite3lib.Tsqlite3_io_methods](f.FpMethods))
		if unixSync == 0 {
			unixSync = methods.FxSync
		}
		methods.FxSync = address(syncData)
		dataMethods[f.FpMethods] = methods
	}
	f.FpMethods = uintptr(unsafe.Pointer(methods))
	return code
}

// syncData is xSync of sqlite3_io_methods. The first time that a new file is
// synchronised, its folder is as well, and SQLite's own does both.
func syncData(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := at[sqlite3lib.TunixFile](file)
	if f.FctrlFlags&sqlite3lib.UNIXFILE_DIRSYNC != 0 {
		sync := *(*func(tls *libc.TLS, file uintptr, flags int32) int32)(unsafe.Pointer(&unixSync))
		return sync(tls, file, flags)
	}
	if libc.Xfdatasync(tls, f.Fh) != 0 {
		return sqlite3lib.SQLITE_IOERR_FSYNC
	}
	return sqlite3lib.SQLITE_OK
}

// at is what lies at an address that SQLite gave.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// address is where SQLite finds a function of this package. It must not be a
// closure: nothing would keep that from being collected.
func address[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
