package doctor

import (
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/files"
	"homeroom/app/store"
)

// uploaded is a house with two files: one that can be removed as its owner does,
// and one that is kept, whose name is from the data folder on.
func uploaded(t *testing.T) (h *apptest.House, remove func(), kept string) {
	t.Helper()
	h = apptest.New(t)
	class := h.Class("Physics 9b")
	h.Upload(h.Bob, class.ID, "a.txt", []byte("a drawing"))
	named, err := store.DiskFiles(t.Context(), h.Dir)
	require.NoError(t, err)
	require.Len(t, named, 1)
	gone := h.Upload(h.Bob, class.ID, "b.txt", []byte("a drawing"))
	return h, func() {
		require.NoError(t, h.DeleteFile(t.Context(), apptest.As(h.Bob), class.ID, gone.ID))
	}, path.Join(files.Subfolder, named[0].Name[:2], named[0].Name)
}

func TestFilesThatAreMissingOrCutAreTold(t *testing.T) {
	h, _, name := uploaded(t)
	require.Equal(t, OK, checkFiles(t.Context(), h.Dir).Level)
	place := filepath.Join(h.Dir, filepath.FromSlash(name))
	require.NoError(t, os.Truncate(place, 1))
	require.Contains(t, checkFiles(t.Context(), h.Dir).What, "1 that were uploaded are missing or cut, such as "+name)
	require.NoError(t, os.Remove(place))
	told := checkFiles(t.Context(), h.Dir)
	require.Contains(t, told.What, "1 that were uploaded are missing or cut, such as "+name)
	require.Contains(t, told.Do, "tar -xf BACKUP -C '"+h.Dir+"' "+name, "all of an archive would bring its manifest, and what was erased since")
}

func TestAFileThatIsRemovedWhileFilesAreLookedAtIsNotMissing(t *testing.T) {
	h, remove, name := uploaded(t)
	require.NoError(t, os.Remove(filepath.Join(h.Dir, filepath.FromSlash(name))))
	times := 0
	missing, err := lost(func() ([]string, error) {
		if times++; times > 1 {
			return backup.Missing(t.Context(), h.Dir)
		}
		// What a look finds whose list is older than the removal.
		all, err := store.DiskFiles(t.Context(), h.Dir)
		require.NoError(t, err)
		remove()
		var gone []string
		for _, f := range all {
			gone = append(gone, path.Join(files.Subfolder, f.Name[:2], f.Name))
		}
		return gone, err
	})
	require.NoError(t, err)
	require.Equal(t, []string{name}, missing, "and what is missing still is")
}
