package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"homeroom/app/disk"
	"homeroom/app/files"
	"homeroom/app/store"
)

// Folder is the folder of backups inside a data folder: the only place there
// where a backup may lie, and never part of one.
const Folder = "backups"

// Job says what to back up, and where to.
type Job struct {
	Data    string // the data folder
	To      string // the file
	Force   bool   // an older file of that name makes room
	Version string // of this program
}

// ErrExists says that there is a file of that name already.
var ErrExists = errors.New("the file exists already: choose another name, or say --force")

// Write writes a backup. A server may run on the data folder: the database is
// copied by a reader, and the files that the copy names are held until they are
// written. The file gets its name when it is whole and on disk, with mode 0600: it holds
// what everybody said. The error may be ErrExists.
func Write(ctx context.Context, job Job) (m Manifest, err error) {
	if err := job.check(); err != nil {
		return m, err
	}
	sweep(job.Data)
	defer share(job.Data)()
	defer share(filepath.Dir(job.To))()
	folder, err := os.MkdirTemp(filepath.Dir(job.To), temporary) // mode 0700
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(folder)

	state := stateOf(job.Data) // before the copy, which may hold more, and never less
	m = Manifest{Format: format, Version: job.Version, At: time.Now().UTC().Truncate(time.Millisecond)}
	held, err := m.copyAll(ctx, job.Data, folder)
	defer os.RemoveAll(held)
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	archive := filepath.Join(folder, "archive")
	if err := m.write(ctx, archive, filepath.Join(folder, store.DatabaseFile), job.Data, held); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	if err := job.install(archive); err != nil {
		return m, err
	}
	info, err := os.Stat(job.To)
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, note(job.Data, Last{At: m.At, File: job.To, Bytes: info.Size(), State: state})
}

func (job *Job) check() error {
	to, err := filepath.Abs(job.To)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	job.To, job.Data = to, resolved(job.Data) // a walk does not begin at a link
	if !MayLie(job.Data, filepath.Dir(to)) {
		return fmt.Errorf("backup: %s is in the data folder: choose a place outside, best on another disk", to)
	}
	info, err := os.Lstat(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("backup: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("backup: %s is no file", to)
	case !job.Force:
		return fmt.Errorf("backup: %s: %w", to, ErrExists)
	}
	return nil
}

// install gives the archive its name.
func (job *Job) install(archive string) error {
	err := errors.ErrUnsupported
	if !job.Force {
		err = os.Link(archive, job.To) // unlike a renaming, it fails where somebody else was faster
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("backup: %s: %w", job.To, ErrExists)
	}
	if err != nil {
		err = os.Rename(archive, job.To)
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return disk.SyncFolder(filepath.Dir(job.To))
}

// write writes the archive: the database, what else the data folder holds, and
// the bytes that the database names.
func (m *Manifest) write(ctx context.Context, archive, database, data, held string) error {
	file, err := os.OpenFile(archive, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	w := tar.NewWriter(file)
	if err := m.add(ctx, w, store.DatabaseFile, database); err != nil {
		return err
	}
	if err := m.addFolder(ctx, w, data, leftOut); err != nil {
		return err
	}
	if err := m.addFolder(ctx, w, held, func(string) bool { return false }); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: manifestFile, Mode: 0o600, Size: int64(len(text)), ModTime: m.At}); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return file.Sync()
}

// addFolder adds what a folder holds, but what is left out.
func (m *Manifest) addFolder(ctx context.Context, w *tar.Writer, folder string, leftOut func(name string) bool) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil || path == folder {
			return errors.Join(goneIsFine(err), ctx.Err())
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		switch {
		case leftOut(name) && entry.IsDir():
			return filepath.SkipDir
		case leftOut(name), !entry.Type().IsRegular():
			return nil
		}
		return goneIsFine(m.add(ctx, w, filepath.ToSlash(name), path))
	})
}

// leftOut tells what of a data folder is not taken from there: the database and
// the bytes of files (copies are), what belongs to the running server, other
// backups and what was unpacked from one, and what was only begun.
func leftOut(name string) bool {
	first, _, _ := strings.Cut(filepath.ToSlash(name), "/")
	return strings.HasPrefix(filepath.Base(name), ".") || strings.HasPrefix(name, store.DatabaseFile) ||
		name == lastFile || name == manifestFile || first == "lock" || first == Folder || first == files.Subfolder || first == "lost+found"
}

// goneIsFine passes over a file that was removed since the folder was read.
func goneIsFine(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// until reads until ctx ends: a large database takes longer than a server has to
// stop.
type until struct {
	ctx  context.Context
	from io.Reader
}

// Read is part of io.Reader.
func (u until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.from.Read(p)
}

func (m *Manifest) add(ctx context.Context, w *tar.Writer, name, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	hash := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w, hash), until{ctx, file}, info.Size()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	m.Files = append(m.Files, File{Name: name, Size: info.Size(), SHA256: hex.EncodeToString(hash.Sum(nil))})
	return nil
}
