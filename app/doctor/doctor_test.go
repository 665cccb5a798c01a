package doctor_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/backup"
	"homeroom/app/doctor"
	"homeroom/app/store"
	"homeroom/models"
)

// folder is a data folder with an event of an hour ago and a backup.
func folder(t *testing.T) doctor.Patient {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	at := models.At(time.Now().Add(-time.Hour))
	change(t, data, func(tx *store.Tx) error {
		user := models.User{Name: "Ann Lee", NameKey: "ann lee", Role: models.Teacher, CreatedAt: at}
		if err := tx.CreateUser(&user); err != nil {
			return err
		}
		class := models.Class{Name: "Biology", CreatedBy: user.ID, CreatedAt: at}
		if err := tx.CreateClass(&class); err != nil {
			return err
		}
		return tx.CreateEvent(&models.Event{ClassID: class.ID, Seq: 1, Type: models.ClassChanged, At: at})
	})
	_, err := backup.Write(t.Context(), backup.Job{Data: data, To: filepath.Join(t.TempDir(), "b.tar")})
	require.NoError(t, err)
	return doctor.Patient{Data: data, Now: time.Now()}
}

func change(t *testing.T, data string, fn func(*store.Tx) error) {
	t.Helper()
	s, err := store.Open(t.Context(), data)
	require.NoError(t, err)
	require.NoError(t, s.Write(t.Context(), fn))
	require.NoError(t, s.Close())
}

// bad are the findings that are not ok.
func bad(t *testing.T, p doctor.Patient) (found []doctor.Finding) {
	t.Helper()
	for _, f := range doctor.Examine(t.Context(), p) {
		require.NotContains(t, f.String(), "\n", "a line for each")
		if f.Level != doctor.OK {
			require.NotEmpty(t, f.Do, "%s: it says what to do", f.What)
			found = append(found, f)
		}
	}
	return found
}

func one(t *testing.T, p doctor.Patient, level doctor.Level, what string) {
	t.Helper()
	found := bad(t, p)
	require.Len(t, found, 1, "%v", found)
	require.Equal(t, level, found[0].Level)
	require.Contains(t, found[0].What, what)
}

func TestAHealthyFolderHasNothing(t *testing.T) {
	p := folder(t)
	require.Empty(t, bad(t, p))
	s, err := store.Open(t.Context(), p.Data)
	require.NoError(t, err)
	require.Empty(t, bad(t, p), "nor while a server runs on it")
	require.NoError(t, s.Close())
}

func TestAFolderThatIsNotThereIsTold(t *testing.T) {
	one(t, doctor.Patient{Data: filepath.Join(t.TempDir(), "none"), Now: time.Now()}, doctor.Fail, "no data folder")
	found := bad(t, doctor.Patient{Data: t.TempDir(), Now: time.Now()})
	require.Contains(t, found[0].What+found[1].What, "there is none in")
}

func TestFilesThatOthersMayReadAreTold(t *testing.T) {
	p := folder(t)
	require.NoError(t, os.Chmod(filepath.Join(p.Data, store.DatabaseFile), 0o640))
	one(t, p, doctor.Fail, "homeroom.db")
	require.NoError(t, os.Chmod(filepath.Join(p.Data, store.DatabaseFile), 0o600))
	require.NoError(t, os.Chmod(p.Data, 0o755))
	one(t, p, doctor.Fail, "such as "+p.Data)
}

func TestADataFolderThatIsALinkIsLookedInto(t *testing.T) {
	p := folder(t)
	require.NoError(t, os.Chmod(filepath.Join(p.Data, store.DatabaseFile), 0o640))
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(p.Data, link))
	p.Data = link
	one(t, p, doctor.Fail, "homeroom.db")
}

func TestFilesOfAnotherOwnerAreTold(t *testing.T) {
	p := folder(t)
	if os.Getuid() != 0 {
		t.Skip("only root gives files away")
	}
	require.NoError(t, os.Chown(filepath.Join(p.Data, store.DatabaseFile), 65534, -1))
	one(t, p, doctor.Warn, "another owner")
}

func TestAClockThatIsBehindIsTold(t *testing.T) {
	p := folder(t)
	p.Now = time.Now().Add(-30 * time.Minute)
	one(t, p, doctor.Fail, "was written")
	p.Now = time.Now().Add(-90 * time.Minute)
	one(t, p, doctor.Fail, "newest event")
	p.Now = time.Unix(0, 0)
	one(t, p, doctor.Fail, "1970")
}

func TestADamagedDatabaseIsTold(t *testing.T) {
	p := folder(t)
	path := filepath.Join(p.Data, store.DatabaseFile)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, whole[:len(whole)-4096], 0o600))
	one(t, p, doctor.Fail, "damaged")
	flipped := append([]byte{}, whole...)
	flipped[8192] ^= 0x10
	require.NoError(t, os.WriteFile(path, flipped, 0o600))
	one(t, p, doctor.Fail, "damaged")
}

func TestADatabaseThatIsNotWrittenAheadIsTold(t *testing.T) {
	p := folder(t)
	last, err := backup.ReadLast(p.Data)
	require.NoError(t, err)
	restored := filepath.Join(t.TempDir(), "restored")
	_, err = backup.Restore(t.Context(), last.File, restored)
	require.NoError(t, err)
	found := bad(t, doctor.Patient{Data: restored, Now: time.Now()})
	require.Equal(t, doctor.Warn, found[0].Level)
	require.Contains(t, found[0].What, `its journal is "delete"`)
	change(t, restored, func(*store.Tx) error { return nil })
	one(t, doctor.Patient{Data: restored, Now: time.Now()}, doctor.Warn, "none was ever made")
}

func TestALogThatGrewIsTold(t *testing.T) {
	p := folder(t)
	log := filepath.Join(p.Data, store.DatabaseFile+"-wal")
	require.NoError(t, os.WriteFile(log, nil, 0o600))
	require.NoError(t, os.Truncate(log, 65<<20)) // nothing that SQLite takes for a log
	one(t, p, doctor.Warn, "its log has 65.0 MiB")
}

func TestALogInWhichABitFlippedIsTold(t *testing.T) {
	p := folder(t)
	s, err := store.Open(t.Context(), p.Data)
	require.NoError(t, err)
	for range 9 {
		require.NoError(t, s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.CreateAudit(&models.AuditEntry{Action: "said"})
		}))
	}
	log := filepath.Join(p.Data, store.DatabaseFile+"-wal")
	whole, err := os.ReadFile(log) // as it would be if the server were killed
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, os.WriteFile(log, whole, 0o600))
	require.Empty(t, bad(t, p))
	whole[100] ^= 0x10
	require.NoError(t, os.WriteFile(log, whole, 0o600))
	one(t, p, doctor.Fail, "its log is damaged: 9 commits")
}

func TestAnOldOrMissingBackupIsTold(t *testing.T) {
	p := folder(t)
	p.Now = time.Now().Add(8 * 24 * time.Hour)
	one(t, p, doctor.Warn, "192h")
	p.Now = time.Now().Add(3 * time.Hour)
	require.Empty(t, bad(t, p))
	p.BackupEvery = time.Hour
	require.Empty(t, bad(t, p), "nobody has written since")
	later := time.Now().Add(3 * time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(p.Data, store.DatabaseFile), later, later))
	one(t, p, doctor.Fail, "due every 1h")
	p.BackupEvery, p.Now = 0, later
	require.NoError(t, os.Remove(filepath.Join(p.Data, "last-backup.json")))
	one(t, p, doctor.Warn, "none was ever made")
	inside := filepath.Join(p.Data, backup.Folder)
	require.NoError(t, os.Mkdir(inside, 0o700))
	_, err := backup.Write(t.Context(), backup.Job{Data: p.Data, To: filepath.Join(inside, "b.tar")})
	require.NoError(t, err)
	require.Empty(t, bad(t, p))
	found := doctor.Examine(t.Context(), p)
	require.Contains(t, found[len(found)-1].String(), "in the data folder and lost with it")
}

func TestBackupsThatAreNotOfThisScheduleAreTold(t *testing.T) {
	p := folder(t)
	p.BackupEvery, p.BackupDir, p.Now = time.Hour, t.TempDir(), time.Now().Add(90*time.Minute)
	require.Empty(t, bad(t, p))
	before := filepath.Join(p.Data, backup.Folder)
	require.NoError(t, os.Mkdir(before, 0o700))
	name := time.Now().Add(time.Hour).UTC().Format("homeroom-20060102T150405Z.tar")
	require.NoError(t, os.WriteFile(filepath.Join(before, name), nil, 0o600))
	one(t, p, doctor.Warn, "1 from before --backup-dir was given lie in "+before)
	p.BackupDir = before
	one(t, p, doctor.Warn, name+" in "+before+" is not this server's")
}

func TestARestoreThatWasCutOffIsTold(t *testing.T) {
	p := folder(t)
	require.NoError(t, os.Mkdir(filepath.Join(p.Data, store.Restoring), 0o700))
	one(t, p, doctor.Warn, "a restore that has ended left "+filepath.Join(p.Data, store.Restoring))
	require.NoError(t, os.Remove(filepath.Join(p.Data, store.DatabaseFile)))
	found := bad(t, p)
	require.Equal(t, doctor.Fail, found[0].Level)
	require.Contains(t, found[0].String(), "empty the folder")
}

func TestWhatABackupThatWasKilledLeftIsTold(t *testing.T) {
	p := folder(t)
	left := filepath.Join(p.Data, ".backup-1")
	require.NoError(t, os.Mkdir(left, 0o700))
	long := time.Now().Add(-48 * time.Hour)
	require.NoError(t, os.Chtimes(left, long, long))
	one(t, p, doctor.Warn, left)
	_, err := backup.Write(t.Context(), backup.Job{Data: p.Data, To: filepath.Join(t.TempDir(), "b.tar")})
	require.NoError(t, err)
	require.Empty(t, bad(t, doctor.Patient{Data: p.Data, Now: time.Now()}))
}

func TestAFullDiskIsTold(t *testing.T) {
	small := filepath.Join(t.TempDir(), "small")
	require.NoError(t, os.Mkdir(small, 0o700))
	if err := mount(small, "16m"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unmount(small)) })
	found := bad(t, doctor.Patient{Data: small, Now: time.Now()})
	require.True(t, strings.HasPrefix(found[0].What, "disk: 16.0 MiB free"), found[0].What)
	require.Equal(t, doctor.Fail, found[0].Level)
}
