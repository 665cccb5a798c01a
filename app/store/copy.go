package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Copy writes the database of a data folder as it is at one moment into a new
// file. A server may run on it: who writes is not held up, because the copy is
// made by a reader. What it tells of the contents is read from the copy.
func Copy(ctx context.Context, dir, to string) (Contents, error) {
	pool, err := look(filepath.Join(dir, DatabaseFile))
	if err != nil {
		return Contents{}, err
	}
	defer pool.Close()
	file, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // SQLite would let others read it
	if err != nil {
		return Contents{}, fmt.Errorf("copy of the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return Contents{}, fmt.Errorf("copy of the database: %w", err)
	}
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return Contents{}, fmt.Errorf("copy of the database: %w", asDamage(filepath.Join(dir, DatabaseFile), err))
	}
	copied, err := look(to)
	if err != nil {
		return Contents{}, fmt.Errorf("copy of the database: %w", err)
	}
	defer copied.Close()
	return contentsOf(ctx, copied)
}
