package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/backup"
)

// Files come and go while backups are written: each that a backup's database
// names is in it, which restoring it proves.
func TestABackupHoldsEveryFileThatItsDatabaseNames(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.UploadRate = 1e6 })
	class, _ := thread(t, h)
	ctx, enough := context.WithCancel(t.Context())
	var users sync.WaitGroup
	for range 2 {
		users.Go(func() {
			for ctx.Err() == nil {
				file, err := h.BeginFile(t.Context(), apptest.As(h.Bob), class.ID, app.NewFile{Name: "a.txt", Size: 5})
				if err == nil {
					_, err = h.PutPart(t.Context(), apptest.As(h.Bob), class.ID, file.ID, 0, []byte("hello"))
				}
				if err == nil {
					err = h.DeleteFile(t.Context(), apptest.As(h.Bob), class.ID, file.ID)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 8 {
		to := filepath.Join(t.TempDir(), "b.tar")
		m := write(t, h.Dir, to)
		if len(m.Missing) > 0 {
			continue // gone three times in a row: what it names and has not, it says
		}
		_, err := backup.Restore(t.Context(), to, filepath.Join(t.TempDir(), "back"))
		require.NoError(t, err)
	}
	enough()
	users.Wait()
	leftovers, err := filepath.Glob(filepath.Join(h.Dir, ".backup-*"))
	require.NoError(t, err)
	require.Empty(t, leftovers)
}

func TestABackupOfAFolderWithoutAFileSaysSoAndCanBeRestored(t *testing.T) {
	h := lived(t)
	lost := onDisk(t, h.Dir)
	require.NoError(t, os.Remove(filepath.Join(h.Dir, filepath.FromSlash(lost))))
	to := filepath.Join(t.TempDir(), "b.tar")
	m := write(t, h.Dir, to)
	require.Equal(t, []string{lost}, m.Missing)
	back := filepath.Join(t.TempDir(), "back")
	_, err := backup.Restore(t.Context(), to, back)
	require.NoError(t, err, "all else is there")
	missing, err := backup.Missing(t.Context(), back)
	require.NoError(t, err)
	require.Equal(t, []string{lost}, missing)
}
