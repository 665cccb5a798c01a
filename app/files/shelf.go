// Package files keeps the bytes of files under random names, and knows which
// files are taken and what is made of a picture.
package files

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"homeroom/app/disk"
	"homeroom/app/fault"
)

// Shelf is where bytes are kept. Its faults are NotFound and Unavailable.
type Shelf interface {
	// Put writes a part of the bytes where it belongs, and ends them there: what
	// follows was never said to be there. When it returns they are on disk.
	Put(name string, offset int64, part []byte) error
	// Create writes all bytes at once, likewise.
	Create(name string, write func(io.Writer) error) error
	// Open returns the bytes.
	Open(name string) (Bytes, error)
	// Delete removes the bytes and their preview. What is not there is removed.
	Delete(name string) error
	// Names calls f with the name of all bytes there are, some at a time; the
	// name of a preview is that of what it shows.
	Names(f func(names []string) error) error
	// Free returns how many bytes may still be put here.
	Free() (uint64, error)
}

// Bytes are those of a file, as long as it is not closed.
type Bytes interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// NewName returns a name that nobody can guess: 128 bits.
func NewName() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// nameLength is that of NewName.
const nameLength = 32

// preview follows the name of a picture in that of its preview.
const preview = ".preview"

// PreviewOf is the name of the preview of what has a name.
func PreviewOf(name string) string { return name + preview }

// Subfolder is where a data folder keeps the bytes.
const Subfolder = "files"

// Folder is the Shelf of a data folder: files of mode 0600 that only the
// server's user can read, in folders by the first two characters of their names.
type Folder struct{ path string }

// In returns the Shelf in a data folder. Nothing is made before it is needed.
func In(data string) *Folder { return &Folder{filepath.Join(data, Subfolder)} }

func (f *Folder) place(name string) (string, error) {
	if !isName(name) {
		return "", fmt.Errorf("files: %q is no name", name)
	}
	return filepath.Join(f.path, name[:2], name), nil
}

func isName(name string) bool {
	if len(name) == nameLength+len(preview) && name[nameLength:] == preview {
		name = name[:nameLength]
	}
	if len(name) != nameLength {
		return false
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Put is part of Shelf.
func (f *Folder) Put(name string, offset int64, part []byte) error {
	path, err := f.place(name)
	if err != nil {
		return err
	}
	if offset == 0 {
		if err := f.makeFor(path); err != nil {
			return explain(err)
		}
	}
	return explain(write(path, os.O_WRONLY|os.O_CREATE, func(file *os.File) error {
		if _, err := file.WriteAt(part, offset); err != nil {
			return err
		}
		return file.Truncate(offset + int64(len(part)))
	}))
}

// Create is part of Shelf.
func (f *Folder) Create(name string, fill func(io.Writer) error) error {
	path, err := f.place(name)
	if err != nil {
		return err
	}
	if err := f.makeFor(path); err != nil {
		return explain(err)
	}
	return explain(write(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, func(file *os.File) error {
		buffered := bufio.NewWriterSize(file, 64<<10)
		if err := fill(buffered); err != nil {
			return err
		}
		return buffered.Flush()
	}))
}

// makeFor makes the folder for a file.
func (f *Folder) makeFor(path string) error {
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return errors.Join(disk.SyncFolder(f.path), disk.SyncFolder(filepath.Dir(f.path)))
}

// write changes a file and puts it on disk, with its name where it is new.
func write(path string, flag int, change func(*os.File) error) error {
	_, err := os.Stat(path)
	isNew := errors.Is(err, fs.ErrNotExist)
	file, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := change(file); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if isNew {
		return disk.SyncFolder(filepath.Dir(path))
	}
	return nil
}

// Open is part of Shelf.
func (f *Folder) Open(name string) (Bytes, error) {
	path, err := f.place(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, explain(err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, explain(errors.Join(err, file.Close()))
	}
	return opened{file, info.Size()}, nil
}

type opened struct {
	*os.File
	size int64
}

// Size is part of Bytes.
func (o opened) Size() int64 { return o.size }

// Delete is part of Shelf.
func (f *Folder) Delete(name string) error {
	path, err := f.place(name)
	if err != nil {
		return err
	}
	return explain(errors.Join(remove(PreviewOf(path)), remove(path)))
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Free is part of Shelf.
func (f *Folder) Free() (uint64, error) {
	free, _, err := disk.Free(filepath.Dir(f.path)) // which is there before the first file
	return free, explain(err)
}

// Names is part of Shelf. What has no name of ours is nobody's, and left alone.
func (f *Folder) Names(tell func(names []string) error) error {
	folders, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return explain(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || len(folder.Name()) != 2 {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(f.path, folder.Name()))
		if err != nil {
			return explain(err)
		}
		var names []string
		for _, e := range entries {
			if name := e.Name(); isName(name) && name[:2] == folder.Name() {
				names = append(names, name[:nameLength])
			}
		}
		if len(names) > 0 {
			if err := tell(names); err != nil {
				return err
			}
		}
	}
	return nil
}

// explain turns trouble with the disk into the fault that tells a client to try
// again, and leaves faults, and what a picture may be refused for, as they are.
func explain(err error) error {
	var refused *fault.Fault
	switch {
	case err == nil, errors.As(err, &refused):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", fault.NotFound, err)
	}
	slog.Error("files", "error", err.Error())
	return fmt.Errorf("%w: %w", fault.Unavailable, err)
}
