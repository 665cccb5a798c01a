package backup_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/files"
	"homeroom/app/store"
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

// A disk that was full, or a copy by hand, leaves files that are shorter than
// the database says.
func TestABackupOfAFolderWithFilesThatWereCutSaysSoAndCanBeRestored(t *testing.T) {
	h := apptest.New(t)
	class, _ := thread(t, h)
	for _, name := range []string{"whole.txt", "short.txt", "empty.txt"} {
		h.Upload(h.Bob, class.ID, name, []byte("a drawing"))
	}
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))))
	h.Upload(h.Bob, class.ID, "picture.png", picture.Bytes())
	named, err := store.DiskFiles(t.Context(), h.Dir)
	require.NoError(t, err)
	var texts, cut []string
	for _, f := range named {
		if name := path.Join(files.Subfolder, f.Name[:2], f.Name); f.Preview {
			cut = append(cut, files.PreviewOf(name))
		} else {
			texts = append(texts, name)
		}
	}
	require.Len(t, texts, 3)
	require.Len(t, cut, 1)
	cut = append(cut, texts[1], texts[2])
	for name, size := range map[string]int64{cut[0]: 0, cut[1]: 1, cut[2]: 0} {
		require.NoError(t, os.Truncate(filepath.Join(h.Dir, filepath.FromSlash(name)), size))
	}

	to := filepath.Join(t.TempDir(), "b.tar")
	m := write(t, h.Dir, to)
	require.ElementsMatch(t, cut, m.Missing)
	back := filepath.Join(t.TempDir(), "back")
	_, err = backup.Restore(t.Context(), to, back)
	require.NoError(t, err, "all else is there")
	missing, err := backup.Missing(t.Context(), back)
	require.NoError(t, err)
	require.ElementsMatch(t, cut, missing)
	for name, want := range map[string]string{texts[0]: "a drawing", texts[1]: "a", texts[2]: ""} {
		text, err := os.ReadFile(filepath.Join(back, filepath.FromSlash(name)))
		require.NoError(t, err, "what there is of it is kept")
		require.Equal(t, want, string(text))
	}
}
