package backup_test

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/backup"
)

// archive is a tar file with one file and a manifest, as far as tar can name it.
func archive(kind byte, name string, content, manifest []byte) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(kind byte, name string, content []byte) {
		h := &tar.Header{Typeflag: kind, Name: name, Linkname: "../../outside", Mode: 0o777, Size: int64(len(content))}
		if kind != tar.TypeReg {
			h.Size, content = 0, nil
		}
		if w.WriteHeader(h) == nil {
			_, _ = w.Write(content)
		}
	}
	add(kind, name, content)
	add(tar.TypeReg, "manifest.json", manifest)
	_ = w.Close()
	return b.Bytes()
}

// Whatever is offered as a backup and is none: it is refused, and nothing of it
// is left in the folder, nor anywhere else.
func FuzzArchive(f *testing.F) {
	good := []byte(`{"format":1,"files":[{"name":"homeroom.db","size":1,"sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}]}`)
	for _, name := range []string{"homeroom.db", "../outside", "/outside", "files/../../outside", "a/b", "manifest.json", "", ".", "..", "lock", "\x00", "C:outside", "CON"} {
		for _, kind := range []byte{tar.TypeReg, tar.TypeSymlink, tar.TypeLink, tar.TypeDir} {
			f.Add(archive(kind, name, []byte("x"), good), kind, name, []byte("x"), good)
		}
	}
	for _, manifest := range []string{`{`, `null`, `[]`, `{"format":2}`, `{"format":1,"files":null}`, `{"format":1,"files":[{"name":"../x"}]}`, `{"at":"x"}`, `{"format":1,"contents":{"users":-1}}`} {
		f.Add([]byte(manifest), byte(tar.TypeReg), "homeroom.db", []byte("SQLite format 3\x00"), []byte(manifest))
	}
	f.Fuzz(func(t *testing.T, bytes []byte, kind byte, name string, content, manifest []byte) {
		folder := t.TempDir()
		to := filepath.Join(folder, "in", "data")
		require.NoError(t, os.MkdirAll(to, 0o700))
		from := filepath.Join(folder, "from.tar")
		for _, offered := range [][]byte{bytes, archive(kind, name, content, manifest)} {
			require.NoError(t, os.WriteFile(from, offered, 0o600))
			_, err := backup.Restore(t.Context(), from, to)
			require.Error(t, err)
			for place, want := range map[string]int{to: 0, filepath.Dir(to): 1, folder: 2} {
				entries, err := os.ReadDir(place)
				require.NoError(t, err)
				require.Len(t, entries, want, "%s holds %v", place, entries)
			}
		}
	})
}
