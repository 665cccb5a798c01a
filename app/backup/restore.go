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
	"slices"

	"homeroom/app/disk"
	"homeroom/app/store"
)

// stage is the folder, in the one that is restored, where files wait until all
// of them have proved good.
const stage = store.Restoring

// mostManifest bounds the bytes of a manifest: some millions of files.
const mostManifest = 1 << 30

// Restore brings a backup back into a folder, which must be empty or not be
// there. Nothing of it appears there before every file has the hash of the
// manifest, the database is whole, and its tables are of a version that this
// program knows.
func Restore(ctx context.Context, from, data string) (m Manifest, err error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	if err := empty(data); err != nil {
		return m, err
	}
	if err := os.Chmod(data, 0o700); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	staged := filepath.Join(data, stage)
	if err := os.Mkdir(staged, 0o700); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	defer os.RemoveAll(staged)

	m, err = unpack(ctx, from, staged)
	if err != nil {
		return m, fmt.Errorf("restore: %s: %w", from, err)
	}
	if err := prove(ctx, staged, m); err != nil {
		return m, fmt.Errorf("restore: %s: %w", from, err)
	}
	if err := moveIn(staged, data); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	return m, nil
}

// empty refuses a folder that holds something. The lock may be there: whoever
// restores keeps servers out with it.
func empty(data string) error {
	entries, err := os.ReadDir(data)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	whole := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == store.DatabaseFile })
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "lock", name == "lost+found":
		case name == stage && whole: // the database came in last: it is what is there
		case name == stage:
			return fmt.Errorf("restore: in %s an earlier restore was cut off: empty the folder first", data)
		default:
			return fmt.Errorf("restore: %s is not empty (%s is there): name an empty folder with --data, nothing is ever restored over something", data, name)
		}
	}
	return nil
}

var errCut = errors.New("it has no manifest: the file was cut, or is no backup")

// unpack writes the archive's files into a folder and holds them against the
// manifest.
func unpack(ctx context.Context, from, to string) (m Manifest, err error) {
	file, err := os.Open(from)
	if err != nil {
		return m, err
	}
	defer file.Close()
	last, err := lastManifest(ctx, file)
	if err != nil {
		return m, err
	}
	found := map[string]File{}
	for archive, at := tar.NewReader(file), 0; ; at++ {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return m, errCut
		}
		if err != nil {
			return m, fmt.Errorf("it cannot be read: %w", err)
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(h.Name)) {
			return m, fmt.Errorf("it holds %q, which no backup does", h.Name)
		}
		if at == last {
			if err := json.NewDecoder(io.LimitReader(archive, mostManifest)).Decode(&m); err != nil {
				return m, fmt.Errorf("its manifest cannot be read: %w", err)
			}
			return m, m.matches(found)
		}
		f, err := extract(archive, h.Name, filepath.Join(to, filepath.FromSlash(h.Name)))
		if err != nil {
			return m, err
		}
		found[f.Name] = f
	}
}

// lastManifest returns which of an archive's files is its manifest: the last of
// that name. Backups were made with one of the data folder's in them, too.
func lastManifest(ctx context.Context, file *os.File) (last int, err error) {
	last = -1
	for archive, at := tar.NewReader(file), 0; ctx.Err() == nil; at++ {
		h, err := archive.Next()
		if err != nil { // what cannot be read is told when it is unpacked
			break
		}
		if h.Name == manifestFile {
			last = at
		}
	}
	_, err = file.Seek(0, io.SeekStart)
	return last, err
}

func extract(from io.Reader, name, path string) (File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return File{}, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return File{}, err
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, hash), from)
	if err != nil {
		return File{}, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return File{Name: name, Size: n, SHA256: hex.EncodeToString(hash.Sum(nil))}, file.Sync()
}

// matches refuses files that are not those which were written.
func (m Manifest) matches(found map[string]File) error {
	if m.Format != format {
		return fmt.Errorf("its format is %d, this program knows %d: restore it with the Homeroom that wrote it (%s), or a newer one", m.Format, format, m.Version)
	}
	for _, want := range m.Files {
		got, ok := found[want.Name]
		if !ok {
			return fmt.Errorf("%s is missing", want.Name)
		}
		if got != want {
			return fmt.Errorf("%s is not what was written: its SHA-256 is %s, not %s", want.Name, got.SHA256, want.SHA256)
		}
	}
	if len(found) != len(m.Files) {
		return errors.New("it holds files that its manifest does not name")
	}
	return nil
}

// prove looks at the database as it will be found.
func prove(ctx context.Context, folder string, m Manifest) error {
	looked, err := store.Examine(ctx, folder, true)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("it holds no database")
	case err != nil:
		return err
	case looked.Integrity != "ok":
		return fmt.Errorf("its database is damaged: %s", looked.Integrity)
	case looked.Strays > 0:
		return fmt.Errorf("%d rows of its database refer to rows that are not there", looked.Strays)
	case looked.Contents != m.Contents:
		return errors.New("its database holds something else than its manifest says")
	}
	missing, err := Missing(ctx, folder)
	if err != nil {
		return err
	}
	for _, name := range missing {
		if !slices.Contains(m.Missing, name) {
			return fmt.Errorf("its database names %s, which it does not hold", name)
		}
	}
	return nil
}

// moveIn moves the staged files into the folder, the database last: without it
// the folder holds nothing that a server would start on.
func moveIn(staged, data string) error {
	entries, err := os.ReadDir(staged)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == store.DatabaseFile {
			continue
		}
		if err := os.Rename(filepath.Join(staged, e.Name()), filepath.Join(data, e.Name())); err != nil {
			return err
		}
	}
	if err := os.Rename(filepath.Join(staged, store.DatabaseFile), filepath.Join(data, store.DatabaseFile)); err != nil {
		return err
	}
	return disk.SyncFolder(data)
}
