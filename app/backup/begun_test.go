//go:build unix

package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/backup"
)

// killed leaves what a backup that is killed leaves: another name for the bytes
// of a file.
func killed(t *testing.T, data, file string) (left string) {
	t.Helper()
	left = filepath.Join(data, ".backup-1")
	require.NoError(t, os.Mkdir(left, 0o700))
	require.NoError(t, os.Link(filepath.Join(data, filepath.FromSlash(file)), filepath.Join(left, "bytes")))
	return left
}

func TestWhatABackupThatWasKilledLeftGoesWithTheNext(t *testing.T) {
	h := lived(t)
	left := killed(t, h.Dir, onDisk(t, h.Dir))
	write(t, h.Dir, filepath.Join(t.TempDir(), "b.tar"))
	require.NoDirExists(t, left)
}

func TestWhatABackupThatWasKilledLeftGoesWhenTheServerStarts(t *testing.T) {
	h := lived(t)
	write(t, h.Dir, filepath.Join(t.TempDir(), "b.tar")) // the next is not due
	left := killed(t, h.Dir, onDisk(t, h.Dir))
	ended, end := context.WithCancel(t.Context())
	end()
	backup.Keeper{Data: h.Dir, Folder: t.TempDir(), Every: time.Hour, Keep: 2, Version: "v1"}.Run(ended)
	require.NoDirExists(t, left)
}

func TestBackupsThatAreMadeAtOnceTakeNothingFromEachOther(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	drawing := onDisk(t, h.Dir)
	var makers sync.WaitGroup
	for _, name := range []string{"a.tar", "b.tar", "c.tar"} {
		makers.Go(func() {
			for range 8 {
				m, err := backup.Write(t.Context(), backup.Job{Data: h.Dir, To: filepath.Join(folder, name), Force: true})
				if err != nil {
					t.Error(err)
					return
				}
				held := false
				for _, f := range m.Files {
					held = held || f.Name == drawing
				}
				if !held || len(m.Missing) > 0 {
					t.Errorf("%s lacks %s", name, drawing)
				}
			}
		})
	}
	makers.Wait()
	left, err := backup.Left(h.Dir)
	require.NoError(t, err)
	require.Empty(t, left)
}
