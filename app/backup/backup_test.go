package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/disk"
	"homeroom/app/store"
)

// lived returns the data folder of a house with files and keys in it.
func lived(t *testing.T) *apptest.House {
	h := busy(t)
	class, _ := thread(t, h)
	h.Upload(h.Bob, class.ID, "drawing.txt", []byte("a drawing"))
	for name, text := range map[string]string{
		"push.key": "a key", "lock": "", "files/ab/abcdef": "nobody's", "files/.begun": "half", "backups/old.tar": "old", ".new-1/x": "begun",
	} {
		path := filepath.Join(h.Dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return h
}

// onDisk is where the one file of a house lies, from its data folder on.
func onDisk(t *testing.T, data string) string {
	t.Helper()
	named, err := store.DiskFiles(t.Context(), data)
	require.NoError(t, err)
	require.Len(t, named, 1)
	return path.Join("files", named[0].Name[:2], named[0].Name)
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
	drawing := onDisk(t, h.Dir)
	require.Equal(t, []string{drawing, "homeroom.db", "push.key"}, held)
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
	for name, mode := range map[string]os.FileMode{"": 0o700, "files": 0o700, path.Dir(drawing): 0o700, "push.key": 0o600, drawing: 0o600, "homeroom.db": 0o600} {
		info, err := os.Stat(filepath.Join(back, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
	text, err := os.ReadFile(filepath.Join(back, filepath.FromSlash(drawing)))
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

func TestABackupOfADataFolderThatIsALinkHoldsAllOfIt(t *testing.T) {
	h := lived(t)
	link, to := filepath.Join(t.TempDir(), "link"), filepath.Join(t.TempDir(), "b.tar")
	require.NoError(t, os.Symlink(h.Dir, link))
	require.Equal(t, len(write(t, h.Dir, to).Files), len(write(t, link, to+"2").Files))
	_, err := backup.Write(t.Context(), backup.Job{Data: link, To: filepath.Join(h.Dir, "b.tar")})
	require.ErrorContains(t, err, "in the data folder")
	write(t, link, filepath.Join(h.Dir, backup.Folder, "b.tar"))
	require.True(t, backup.Inside(h.Dir, filepath.Join(link, "not", "there")))
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
	require.NoError(t, os.Mkdir(filepath.Join(back, store.Restoring), 0o700))
	_, err = backup.Restore(t.Context(), to, back)
	require.ErrorContains(t, err, "not empty", "nobody is told to empty it")
	cut := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(cut, store.Restoring), 0o700))
	_, err = backup.Restore(t.Context(), to, cut)
	require.ErrorContains(t, err, "cut off")
	_, err = store.Open(t.Context(), cut)
	require.ErrorContains(t, err, "cut off", "nor does a server begin anew there")
}

func TestAManifestThatWasUnpackedIntoTheDataFolderIsInNoBackup(t *testing.T) {
	h := lived(t)
	require.NoError(t, os.WriteFile(filepath.Join(h.Dir, "manifest.json"), []byte("{}"), 0o600))
	to, back := filepath.Join(t.TempDir(), "b.tar"), t.TempDir()
	write(t, h.Dir, to)
	_, err := backup.Restore(t.Context(), to, back)
	require.NoError(t, err)
	require.Equal(t, []string{"files", "homeroom.db", "push.key"}, names(t, back))
}

func TestABackupWithTheDataFoldersOwnManifestCanBeRestored(t *testing.T) {
	h := lived(t)
	name := "manifest-json" // the archive is as those of before: it takes this in, and gets the other name
	require.NoError(t, os.WriteFile(filepath.Join(h.Dir, name), []byte(`{"format":1}`), 0o600))
	to, back := filepath.Join(t.TempDir(), "b.tar"), t.TempDir()
	write(t, h.Dir, to)
	before, err := os.Open(to)
	require.NoError(t, err)
	defer before.Close()
	var renamed bytes.Buffer
	w := tar.NewWriter(&renamed)
	for r := tar.NewReader(before); ; {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		if header.Name == "manifest.json" {
			content = bytes.ReplaceAll(content, []byte(name), []byte("manifest.json"))
		}
		header.Name = strings.Replace(header.Name, name, "manifest.json", 1)
		require.NoError(t, w.WriteHeader(header))
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(to, renamed.Bytes(), 0o600))
	_, err = backup.Restore(t.Context(), to, back)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(back, "manifest.json"))
	require.NoError(t, err)
	require.Equal(t, `{"format":1}`, string(text))
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

func TestTheKeeperKeepsOneOfEachDayAndNoneThatIsTooOld(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	now := time.Now().UTC()
	at := func(days, second int) string {
		return time.Date(now.Year(), now.Month(), now.Day()-days, 0, 0, second, 0, time.UTC).Format("homeroom-20060102T150405Z.tar")
	}
	for _, name := range []string{at(1, 0), at(1, 1), at(2, 0), at(2, 1), at(3, 0), at(4, 0), at(40, 0)} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 3, Days: 4, MaxAge: 35 * 24 * time.Hour, Version: "v1"}
	_, err := k.Once(t.Context())
	require.NoError(t, err)
	left := names(t, folder)
	require.Equal(t, []string{at(3, 0), at(2, 1), at(1, 0), at(1, 1)}, left[:len(left)-1], "the newest three, and one of each of four days")

	time.Sleep(1100 * time.Millisecond) // a name has whole seconds
	k.Keep, k.Days, k.MaxAge = 100, 100, time.Nanosecond
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	require.Len(t, names(t, folder), 1, "the newest is kept whatever its age")
}

// dated puts backups in a folder, the oldest first, that were made so many days
// before another time.
func dated(t *testing.T, folder string, at time.Time, days ...int) (made []string) {
	t.Helper()
	for _, day := range days {
		made = append(made, at.AddDate(0, 0, -day).UTC().Format("homeroom-20060102T150405Z.tar"))
	}
	sparse(t, folder, 0, made...)
	return made
}

// remember makes the last backup of a data folder one of another time.
func remember(t *testing.T, data string, last backup.Last) {
	t.Helper()
	text, err := json.Marshal(last)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(data, "last-backup.json"), text, 0o600))
}

// To the clock, which is years ahead of what was made before it leapt, all of
// that is far too old.
func TestAClockThatLeaptWipesNoBackupUntilItIsBelieved(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	leapt := time.Now().AddDate(-3, 0, 0)
	before := dated(t, folder, leapt, 3, 2, 1, 0)
	remember(t, h.Dir, backup.Last{At: leapt})
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 6, Days: 7, MaxAge: 35 * 24 * time.Hour, Version: "v1"}
	once := func() []string {
		t.Helper()
		_, err := k.Once(t.Context())
		require.NoError(t, err)
		return names(t, folder)
	}
	require.Subset(t, once(), before)
	require.NoError(t, os.Remove(filepath.Join(folder, names(t, folder)[4]))) // a name has whole seconds
	require.Subset(t, once(), before, "nor is the next tidying sure of it")
	last, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), last.Leapt, time.Minute)
	require.NoError(t, os.Remove(last.File))
	last.Leapt = time.Now().Add(-25 * time.Hour)
	remember(t, h.Dir, last)
	require.Len(t, once(), 1, "nobody has set it for a day")
}

func TestABackupOfATimeToComeIsTheOldest(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	ahead := dated(t, folder, time.Now().AddDate(3, 0, 0), 3, 2, 1, 0)
	kept := dated(t, folder, time.Now(), 2, 1)
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 1, Days: 4, MaxAge: 35 * 24 * time.Hour, Version: "v1"}
	m, err := k.Once(t.Context())
	require.NoError(t, err)
	made := m.At.Format("homeroom-20060102T150405Z.tar")
	require.Equal(t, append(kept, made, ahead[3]), names(t, folder), "one of each of four days")

	k.Days = 1
	sparse(t, folder, 8<<30, ahead[3])
	free, _, err := disk.Free(folder)
	require.NoError(t, err)
	k.Keep, k.Spare = 9, int(free)+4<<30
	require.NoError(t, os.Remove(filepath.Join(folder, made))) // a name has whole seconds
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	require.Equal(t, kept, names(t, folder)[:2], "and it makes room before the others")
	require.Len(t, names(t, folder), 3)

	dated(t, folder, time.Now().AddDate(3, 0, 0), 0)
	old := dated(t, folder, time.Now(), 40)
	k.Spare = 0
	require.NoError(t, os.Remove(filepath.Join(folder, names(t, folder)[3])))
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	require.Equal(t, kept, names(t, folder)[:2], "with one that is too old it goes too: %v", old)
	require.Len(t, names(t, folder), 3)
}

func TestBackupsInTheFolderOfBeforeGoByTheirAge(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	before := filepath.Join(h.Dir, backup.Folder)
	lie := dated(t, before, time.Now(), 50, 40, 2)
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 2, MaxAge: 35 * 24 * time.Hour, Spare: 1 << 62, Version: "v1"}
	_, err := k.Once(t.Context())
	require.ErrorContains(t, err, "make room")
	require.Len(t, names(t, before), 4, "those are all there are")
	k.Spare = 0
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{lie[2], "old.tar"}, names(t, before))
	require.NoError(t, os.Remove(filepath.Join(before, lie[2])))
	dated(t, before, time.Now(), 36)
	require.NoError(t, os.Remove(filepath.Join(folder, names(t, folder)[0]))) // a name has whole seconds
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"old.tar"}, names(t, before), "the newest too")
}

func TestAnotherServersBackupsInTheFolderAreTold(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 2, Version: "v1"}
	log := logged(t)
	_, err := k.Once(t.Context())
	require.NoError(t, err)
	own := names(t, folder)
	require.NotContains(t, log.String(), "another server")
	last, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	last.At = last.At.Add(-time.Hour) // and what lies there is of later
	remember(t, h.Dir, last)
	require.NoError(t, os.Rename(filepath.Join(folder, own[0]), filepath.Join(folder, last.At.Add(time.Minute).Format("homeroom-20060102T150405Z.tar"))))
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	require.Contains(t, log.String(), "another server")
}

// quiet makes a database look as if nobody had written to it for some hours.
func quiet(t *testing.T, data string, hours int) {
	t.Helper()
	at := time.Now().Add(-time.Duration(hours) * time.Hour)
	for _, log := range []string{"", "-wal"} {
		require.NoError(t, os.Chtimes(filepath.Join(data, store.DatabaseFile+log), at, at))
	}
}

func TestWhereNothingWasWrittenThereIsNoSecondBackup(t *testing.T) {
	h := lived(t)
	k := backup.Keeper{Data: h.Dir, Every: time.Hour, Keep: 9, Version: "v1"}
	makes := func(want bool, why string) {
		t.Helper()
		k.Folder = filepath.Join(t.TempDir(), "made")
		m, err := k.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, !m.At.IsZero(), why)
		require.Equal(t, want, len(names(t, k.Folder)) == 1, why)
	}
	makes(true, "there is none")
	makes(true, "a commit may have been under way when the first was begun")
	quiet(t, h.Dir, 2)
	makes(true, "it was written to until now")
	held, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	time.Sleep(2 * time.Millisecond) // the time of a backup is in whole milliseconds
	makes(false, "nothing was written")
	again, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	require.True(t, again.At.After(held.At), "it holds all there is, and so it is as good as new")
	require.Equal(t, held.File, again.File)

	quiet(t, h.Dir, 3)
	makes(true, "something was written by a clock that was set back")
	makes(false, "nothing was written")
	last, err := backup.ReadLast(h.Dir)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(last.File, last.Bytes-1))
	makes(true, "the last was cut")
	last, err = backup.ReadLast(h.Dir)
	require.NoError(t, err)
	require.NoError(t, os.Remove(last.File))
	makes(true, "the last was taken away")
}

// sparse makes backups of old that look large and take no room.
func sparse(t *testing.T, folder string, size int64, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Truncate(path, size))
	}
}

func TestTheOldestBackupsMakeRoomAndNoneGoesForNothing(t *testing.T) {
	h, folder := lived(t), t.TempDir()
	yesterday := time.Now().Add(-24 * time.Hour).UTC()
	old := yesterday.AddDate(0, 0, -60).Format("homeroom-20060102T150405Z.tar")
	var kept []string
	for n := range 3 {
		kept = append(kept, yesterday.Add(time.Duration(n)*time.Second).Format("homeroom-20060102T150405Z.tar"))
	}
	sparse(t, folder, 8<<30, append(kept, old)...)
	free, _, err := disk.Free(folder)
	require.NoError(t, err)
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 9, MaxAge: 35 * 24 * time.Hour, Spare: int(free) + 20<<30, Version: "v1"}
	_, err = k.Once(t.Context())
	require.ErrorContains(t, err, "make room")
	require.Equal(t, kept, names(t, folder), "two would not be enough; what is too old goes without another")
	k.Spare = int(free) + 12<<30
	_, err = k.Once(t.Context())
	require.NoError(t, err)
	left := names(t, folder)
	require.Len(t, left, 2)
	require.Equal(t, kept[2], left[0])
}

// logged takes what is logged during a test.
func logged(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func TestTheKeeperSaysThatAFileWasCut(t *testing.T) {
	h := lived(t)
	cut := onDisk(t, h.Dir)
	require.NoError(t, os.Truncate(filepath.Join(h.Dir, filepath.FromSlash(cut)), 1))
	log := logged(t)
	k := backup.Keeper{Data: h.Dir, Folder: t.TempDir(), Every: time.Hour, Keep: 2, Version: "v1"}
	_, err := k.Once(t.Context())
	require.NoError(t, err)
	require.Contains(t, log.String(), "missing or cut")
	require.Contains(t, log.String(), cut)
}

func TestAFolderThatCannotBeWrittenToIsSaidAtTheStart(t *testing.T) {
	h := lived(t)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	k := backup.Keeper{Data: h.Dir, Folder: filepath.Join(file, "backups"), Every: time.Hour, Keep: 2, Version: "v1"}
	log := logged(t)
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	k.Run(ctx)
	require.Contains(t, log.String(), "no backup can be made")
}

func TestTheKeeperMakesOneAtOnceWhenNoneWasMadeInTime(t *testing.T) {
	h, folder := lived(t), filepath.Join(t.TempDir(), "made")
	ctx, stop := context.WithCancel(t.Context())
	k := backup.Keeper{Data: h.Dir, Folder: folder, Every: time.Hour, Keep: 2, Version: "v1"}
	hours := time.Now().Add(-2 * time.Hour).UTC()
	require.NoError(t, os.WriteFile(filepath.Join(h.Dir, "last-backup.json"), []byte(`{"at":"`+hours.Format(time.RFC3339)+`","file":"gone.tar","bytes":1}`), 0o600))
	run := func() chan struct{} {
		ended := make(chan struct{})
		go func() { defer close(ended); k.Run(ctx) }()
		return ended
	}
	ended := run()
	require.Eventually(t, func() bool {
		last, err := backup.ReadLast(h.Dir)
		return err == nil && last.At.After(hours.Add(time.Hour))
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
