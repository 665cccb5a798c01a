package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/store"
)

// lived returns the data folder of a house with files and keys in it.
func lived(t *testing.T) *apptest.House {
	h := busy(t)
	thread(t, h)
	for name, text := range map[string]string{
		"push.key": "a key", "lock": "", "files/ab/abcdef": "a drawing", "files/.begun": "half", "backups/old.tar": "old", ".new-1/x": "begun",
	} {
		path := filepath.Join(h.Dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return h
}

func write(t *testing.T, data, to string) backup.Manifest {
	t.Helper()
	m, err := backup.Write(t.Context(), backup.Job{Data: data, To: to, Version: "v1"})
	require.NoError(t, err)
	return m
}

func names(t *testing.T, folder string) (found []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func TestABackupHoldsFilesAndKeysAndNotTheLock(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	to := filepath.Join(folder, "b.tar")
	m := write(t, h.Dir, to)
	var held []string
	for _, f := range m.Files {
		held = append(held, f.Name)
	}
	slices.Sort(held)
	require.Equal(t, []string{"files/ab/abcdef", "homeroom.db", "push.key"}, held)
	require.Equal(t, "v1", m.Version)
	require.Equal(t, store.Schema(), m.Contents.Schema)
	require.Equal(t, []string{"b.tar"}, names(t, folder), "nothing is left of the making")
	info, err := os.Stat(to)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	last, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	require.Equal(t, backup.Last{At: m.At, File: to, Bytes: info.Size()}, last)

	back := filepath.Join(t.TempDir(), "back")
	_, err = backup.Restore(t.Context(), to, back)
	require.NoError(t, err)
	require.Equal(t, []string{"files", "homeroom.db", "push.key"}, names(t, back))
	for name, mode := range map[string]os.FileMode{"": 0o700, "files": 0o700, "files/ab": 0o700, "push.key": 0o600, "files/ab/abcdef": 0o600, "homeroom.db": 0o600} {
		info, err := os.Stat(filepath.Join(back, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
	text, err := os.ReadFile(filepath.Join(back, "files", "ab", "abcdef"))
	require.NoError(t, err)
	require.Equal(t, "a drawing", string(text))
}

func TestAnOlderBackupIsOverwrittenOnlyByForce(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	to := filepath.Join(folder, "b.tar")
	require.NoError(t, os.WriteFile(to, []byte("precious"), 0o644))
	_, err := backup.Write(t.Context(), backup.Job{Data: h.Dir, To: to})
	require.ErrorIs(t, err, backup.ErrExists)
	kept, err := os.ReadFile(to)
	require.NoError(t, err)
	require.Equal(t, "precious", string(kept))
	_, err = backup.Write(t.Context(), backup.Job{Data: h.Dir, To: to, Force: true})
	require.NoError(t, err)
	info, err := os.Stat(to)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	_, err = backup.Restore(t.Context(), to, t.TempDir())
	require.NoError(t, err)
}

func TestABackupThatIsCutOffLeavesNothing(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	ctx, cut := context.WithCancel(t.Context())
	cut()
	_, err := backup.Write(ctx, backup.Job{Data: h.Dir, To: filepath.Join(folder, "b.tar")})
	require.Error(t, err)
	require.Empty(t, names(t, folder))
	last, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	require.Zero(t, last)
}

func TestABackupDoesNotLieInTheDataFolderBesideWhatItSaves(t *testing.T) {
	h := lived(t)
	_, err := backup.Write(t.Context(), backup.Job{Data: h.Dir, To: filepath.Join(h.Dir, "b.tar")})
	require.ErrorContains(t, err, "in the data folder")
	write(t, h.Dir, filepath.Join(h.Dir, backup.Folder, "b.tar"))
}

func TestABackupWithAChangedByteIsRefused(t *testing.T) {
	h := lived(t)
	to := filepath.Join(t.TempDir(), "b.tar")
	write(t, h.Dir, to)
	whole, err := os.ReadFile(to)
	require.NoError(t, err)
	start := bytes.Index(whole, []byte("a drawing"))
	for _, at := range []int{1000, 5000, len(whole) / 2, start, bytes.Index(whole, []byte(`"sha256": "`)) + 12} {
		changed := bytes.Clone(whole)
		changed[at] ^= 0x01
		require.NoError(t, os.WriteFile(to, changed, 0o600))
		back := t.TempDir()
		_, err := backup.Restore(t.Context(), to, back)
		require.Error(t, err, "byte %d", at)
		require.Empty(t, names(t, back), "nothing of it is left")
	}
	for _, size := range []int{0, 511, 5000, len(whole) / 2, start, bytes.Index(whole, []byte(`"format"`))} {
		require.NoError(t, os.WriteFile(to, whole[:size], 0o600))
		back := t.TempDir()
		_, err := backup.Restore(t.Context(), to, back)
		require.Error(t, err, "%d bytes", size)
		require.Empty(t, names(t, back))
	}
}

func TestNothingIsRestoredOverSomething(t *testing.T) {
	h := lived(t)
	to := filepath.Join(t.TempDir(), "b.tar")
	write(t, h.Dir, to)
	back := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(back, "lock"), nil, 0o600))
	_, err := backup.Restore(t.Context(), to, back)
	require.NoError(t, err)
	_, err = backup.Restore(t.Context(), to, back)
	require.ErrorContains(t, err, "not empty")
	cut := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(cut, store.Restoring), 0o700))
	_, err = backup.Restore(t.Context(), to, cut)
	require.ErrorContains(t, err, "cut off")
	_, err = store.Open(t.Context(), cut)
	require.ErrorContains(t, err, "cut off", "nor does a server begin anew there")
}

// Archives come from outside: the names in them lead nowhere else.
func TestAnArchiveCannotWriteOutsideTheFolder(t *testing.T) {
	for _, h := range []tar.Header{
		{Name: "../outside", Typeflag: tar.TypeReg}, {Name: "/tmp/outside", Typeflag: tar.TypeReg},
		{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc"}, {Name: "link", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"},
		{Name: "folder", Typeflag: tar.TypeDir},
	} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		h.Mode = 0o777
		require.NoError(t, w.WriteHeader(&h))
		require.NoError(t, w.Close())
		folder := t.TempDir()
		from := filepath.Join(folder, "evil.tar")
		require.NoError(t, os.WriteFile(from, b.Bytes(), 0o600))
		_, err := backup.Restore(t.Context(), from, filepath.Join(folder, "data"))
		require.ErrorContains(t, err, "no backup does", h.Name)
		require.Equal(t, []string{"data", "evil.tar"}, names(t, folder))
		require.Empty(t, names(t, filepath.Join(folder, "data")))
	}
}

func TestTheKeeperKeepsTheNewestAndWhatIsNotItsOwn(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	for _, name := range []string{"homeroom-20200101T000000Z.tar", "homeroom-20200102T000000Z.tar", "homeroom-20200103T000000Z.tar", "by-hand.tar"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	old := filepath.Join(folder, ".backup-1")
	require.NoError(t, os.Mkdir(old, 0o700))
	require.NoError(t, os.Chtimes(old, time.Now(), time.Now().Add(-48*time.Hour)))
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 2, Version: "v1"}
	_, err := k.Once(t.Context())
	require.NoError(t, err)
	left := names(t, folder)
	require.Len(t, left, 3)
	require.Equal(t, "by-hand.tar", left[0])
	require.Equal(t, "homeroom-20200103T000000Z.tar", left[1])
}

func TestTheKeeperMakesOneAtOnceWhenNoneWasMadeInTime(t *testing.T) {
	h, folder := lived(t), filepath.Join(t.TempDir(), "made")
	ctx, stop := context.WithCancel(t.Context())
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 2, Version: "v1"}
	run := func() chan struct{} {
		ended := make(chan struct{})
		go func() { defer close(ended); k.Run(ctx) }()
		return ended
	}
	ended := run()
	require.Eventually(t, func() bool {
		last, err := backup.ReadLast(h.Dir)
		return err == nil && !last.At.IsZero()
	}, 10*time.Second, 5*time.Millisecond)
	stop()
	<-ended
	require.Len(t, names(t, folder), 1)

	ctx, stop = context.WithCancel(t.Context())
	ended = run() // after a restart the next is not due yet
	time.Sleep(100 * time.Millisecond)
	stop()
	<-ended
	require.Len(t, names(t, folder), 1)
}

func TestTheManifestCanBeReadWithTar(t *testing.T) {
	h := lived(t)
	to := filepath.Join(t.TempDir(), "b.tar")
	write(t, h.Dir, to)
	file, err := os.Open(to)
	require.NoError(t, err)
	defer file.Close()
	var last string
	for r := tar.NewReader(file); ; {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		last = header.Name
	}
	require.Equal(t, "manifest.json", last)
}
