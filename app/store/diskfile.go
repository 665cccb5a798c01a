package store

import (
	"context"
	"path/filepath"
)

// filesSince is the migration that made the table of files.
const filesSince = 9

// DiskFile is what a database says of the bytes of a file: that so many, or
// more, are there under a name, and a preview where it is a picture.
type DiskFile struct {
	Name    string
	Size    int64
	Preview bool
}

// DiskFiles returns what the database of a data folder says of bytes, in the
// order of their names. A server may run on it. A database from before there
// were files says nothing.
func DiskFiles(ctx context.Context, dir string) (all []DiskFile, err error) {
	pool, err := look(filepath.Join(dir, DatabaseFile))
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	if has, err := schemaOf(ctx, pool); err != nil || has < filesSince {
		return nil, err
	}
	rows, err := pool.QueryContext(ctx, "SELECT disk_name, received, ready AND width IS NOT NULL FROM files WHERE received > 0 ORDER BY disk_name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f DiskFile
		if err := rows.Scan(&f.Name, &f.Size, &f.Preview); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}
