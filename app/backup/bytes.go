package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"homeroom/app/files"
	"homeroom/app/store"
)

// copies is how often the database is copied anew because files that it names
// went while their bytes were looked for.
const copies = 3

// copyAll copies the database and keeps hold of the bytes that the copy names: a
// row goes before its bytes, so what the copy names and is not there was removed
// since, and another copy no longer names it. What is missing from the third is
// missing from the data folder.
func (m *Manifest) copyAll(ctx context.Context, data, folder string) (held string, err error) {
	held, err = os.MkdirTemp(data, temporary) // mode 0700; beside the bytes, as links must be
	if err != nil {
		return "", err
	}
	for range copies {
		database := filepath.Join(folder, store.DatabaseFile)
		if err := os.Remove(database); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return held, err
		}
		if m.Contents, err = store.Copy(ctx, data, database); err != nil {
			return held, err
		}
		if m.Missing, err = hold(ctx, data, folder, held); err != nil || len(m.Missing) == 0 {
			return held, err
		}
	}
	return held, nil
}

// hold links the bytes that a copy of the database names, so that they stay
// while they are written, and returns the names of those that are not there as
// it says. What there is of a file that was cut is held too: it is all that is
// left of it.
func hold(ctx context.Context, data, folder, held string) (missing []string, err error) {
	return eachNamed(ctx, folder, func(name string, size int64) (bool, error) {
		from, to := filepath.Join(data, filepath.FromSlash(name)), filepath.Join(held, filepath.FromSlash(name))
		if is, err := reaches(to, size); err != nil || is { // for an earlier copy
			return is, err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return false, err
		}
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		err := os.Link(from, to)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a file system without links
			err = copyFile(from, to)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		return reaches(to, size)
	})
}

// reaches tells whether a file is there and has so many bytes, or more.
func reaches(path string, size int64) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() >= size, err
}

// eachNamed calls there with the name of everything that the database in a
// folder says is on disk, and returns the names for which it is not.
func eachNamed(ctx context.Context, folder string, there func(name string, size int64) (bool, error)) (missing []string, err error) {
	named, err := store.DiskFiles(ctx, folder)
	if err != nil {
		return nil, err
	}
	for _, f := range named {
		sizes := map[string]int64{f.Name: f.Size}
		if f.Preview {
			sizes[files.PreviewOf(f.Name)] = 1
		}
		for name, size := range sizes {
			name = path.Join(files.Subfolder, name[:2], name)
			if is, err := there(name, size); err != nil {
				return nil, err
			} else if !is {
				missing = append(missing, name)
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// Missing returns the names of the files that the database in a data folder
// says are on disk, and that are not there as it says.
func Missing(ctx context.Context, data string) ([]string, error) {
	return eachNamed(ctx, data, func(name string, size int64) (bool, error) {
		return reaches(filepath.Join(data, filepath.FromSlash(name)), size)
	})
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = target.ReadFrom(source)
	if err := errors.Join(err, target.Close()); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return nil
}
