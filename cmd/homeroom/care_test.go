package main

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/chaostest"
	"homeroom/app/store"
)

func TestARestoredBackupOfABusyServerServesAllThatWasAcknowledged(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startWriters(t, address, members[2:18])
	require.Eventually(t, func() bool { return clients.ledger.count() > 500 }, patience, 10*time.Millisecond)
	acked, announced, _ := clients.ledger.copies()
	to := filepath.Join(t.TempDir(), "b.tar")
	said, err := run(t, "backup", to, "--data", folder)
	require.NoError(t, err)
	require.Contains(t, said, "1 classes")
	_, err = run(t, "backup", to, "--data", folder)
	require.ErrorContains(t, err, "exists already")
	clients.end()
	code, _ := server.stop()
	require.Zero(t, code)

	restored := filepath.Join(t.TempDir(), "restored")
	said, err = run(t, "restore", to, "--data", restored)
	require.NoError(t, err)
	require.Contains(t, said, "newest event of")
	_, err = run(t, "restore", to, "--data", restored)
	require.ErrorContains(t, err, "not empty")
	again := start(t, restored, address, unlimited...)
	again.ready()
	requireKept(t, restored, acked, announced)
	requireReadable(t, address, members[0], acked)
	status, answer := sendOver(t, address, members[2], "life goes on")
	require.Equal(t, http.StatusCreated, status, answer)
	_, err = run(t, "restore", to, "--data", restored)
	require.ErrorContains(t, err, "another server runs")
}

func TestR15ADamagedDatabaseIsNotServedAndItIsSaidWhatToDo(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=200")
	path := filepath.Join(folder, store.DatabaseFile)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for what, damage := range map[string]func([]byte) []byte{
		"header": func(b []byte) []byte { b[17] ^= 0x40; return b },
		"page":   func(b []byte) []byte { b[2*4096] ^= 0x08; return b },
		"cut":    func(b []byte) []byte { return b[:len(b)-5000] },
		"empty":  func([]byte) []byte { return nil },
	} {
		require.NoError(t, os.WriteFile(path, damage(append([]byte{}, whole...)), 0o600))
		server := start(t, folder, address)
		select {
		case <-server.ended:
		case <-time.After(patience):
			require.FailNow(t, "it serves", what)
		}
		require.Equal(t, 1, server.cmd.ProcessState.ExitCode(), what)
		require.Contains(t, server.log.String(), "homeroom restore BACKUP --data FOLDER", what)
		_, err := run(t, "doctor", "--data", folder)
		require.ErrorContains(t, err, "failed", what)
	}
	chaostest.Figures("R15", "damaged=header,page,cut,empty refused=4 told_what_to_do=4")
}

// An empty database was begun in its place, and the first sweep took every file.
func TestAFolderThatLostItsDatabaseIsNotBegunAnew(t *testing.T) {
	for what, leave := range map[string]func(*apptest.House) error{
		"files": func(h *apptest.House) error {
			h.Upload(h.Bob, h.Class("Physics 9b").ID, "notes.txt", []byte("boats in fog"))
			return nil
		},
		"last-backup.json": func(h *apptest.House) error {
			_, err := backup.Write(t.Context(), backup.Job{Data: h.Dir, To: filepath.Join(t.TempDir(), "b.tar")})
			return err
		},
	} {
		h := apptest.New(t)
		require.NoError(t, leave(h))
		folder := filepath.Join(t.TempDir(), "data")
		require.NoError(t, os.CopyFS(folder, os.DirFS(h.Dir)))
		database := filepath.Join(folder, store.DatabaseFile)
		for _, end := range []string{"", "-wal", "-shm"} {
			require.NoError(t, os.Remove(database+end))
		}
		err := typed(t, "", "migrate", "--data="+folder)
		require.ErrorContains(t, err, what)
		require.ErrorContains(t, err, "homeroom restore BACKUP --data FOLDER")
		require.NoFileExists(t, database)
	}
}

// enlarge fills the database of a folder, which has a message, with as many MiB.
func enlarge(t *testing.T, folder string, size int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, store.DatabaseFile))
	require.NoError(t, err)
	_, err = db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO message_versions (message_id, content, written_at, replaced_at, replaced_by, reason)
		SELECT (SELECT min(id) FROM messages), hex(randomblob(4096)), 1, 2, (SELECT min(id) FROM users), 'edited' FROM n`, size*128)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// TestR15DamageThatAStartDoesNotReachEndsTheServerThatFindsIt damages a page of
// a database that is too large to be looked through before it is served: the
// oldest of its largest table, since SQLite looks at the newest first.
func TestR15DamageThatAStartDoesNotReachEndsTheServerThatFindsIt(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=200")
	path := filepath.Join(folder, store.DatabaseFile)
	small, err := os.Stat(path)
	require.NoError(t, err)
	enlarge(t, folder, chaostest.Of(1, 1024))
	large, err := os.Stat(path)
	require.NoError(t, err)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	_, err = file.WriteAt([]byte{0xff, 0xff, 0xff, 0xff}, small.Size())
	require.NoError(t, err)
	require.NoError(t, file.Close())
	ends := func() (log string, after time.Duration) {
		server := start(t, folder, address)
		select {
		case <-server.ended:
		case <-time.After(patience):
			require.FailNow(t, "it serves")
		}
		require.Equal(t, 1, server.cmd.ProcessState.ExitCode(), server.log.String())
		require.Contains(t, server.log.String(), "homeroom restore BACKUP --data FOLDER")
		return server.log.String(), time.Since(server.began)
	}
	log, after := ends()
	_, err = os.Stat(path + ".suspect")
	if chaostest.Full() {
		require.Contains(t, log, "storage has failed", "it had begun to serve")
		require.NoError(t, err, "the next start is told")
	}
	log, again := ends()
	require.Equal(t, err == nil, strings.Contains(log, "all of it is checked"))
	chaostest.Figures("R15", "damaged=late_page of %dMiB: exit=1 after=%v, of the next start after=%v", large.Size()>>20, after.Round(time.Millisecond), again.Round(time.Millisecond))
}

// TestR15ALargeBackupIsRestoredWholeAndSoon restores a database of a gigabyte.
func TestR15ALargeBackupIsRestoredWholeAndSoon(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=200")
	enlarge(t, folder, chaostest.Of(16, 1024))
	sum := func(db *sql.DB) (digest string) {
		require.NoError(t, db.QueryRow("SELECT count(*) || '/' || sum(unicode(substr(content, 1 + id % 8000, 1)) * id) || '/' || sum(length(content)) FROM message_versions").Scan(&digest))
		return digest
	}
	before := sum(database(t, folder))
	to, restored := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "restored")
	began := time.Now()
	_, err := run(t, "backup", to, "--data", folder)
	require.NoError(t, err)
	made := time.Since(began)
	began = time.Now()
	_, err = run(t, "restore", to, "--data", restored)
	require.NoError(t, err)
	took := time.Since(began)
	info, err := os.Stat(to)
	require.NoError(t, err)
	require.Equal(t, before, sum(database(t, restored)))
	chaostest.Figures("R15", "backup=%dMiB made=%v restored=%v rows_equal=yes", info.Size()>>20, made.Round(10*time.Millisecond), took.Round(10*time.Millisecond))
	require.Less(t, took, time.Minute)
}

func TestTheDoctorSeesSettingsThatContradictEachOther(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=20")
	said, err := run(t, "doctor", "--data", folder)
	require.NoError(t, err, said)
	require.Contains(t, said, "ok    settings")
	for flags, want := range map[string]string{
		"--listen=:8080":    "warn  settings: --listen :8080 is every address",
		"--shared-idle=24h": "fail  settings: --shared-idle 24h0m0s is longer",
		"--staff-idle=200h": "fail  settings: --staff-idle 200h0m0s is longer",
		"--ping=50s":        "warn  settings: --ping 50s and --pong 10s",
		"--public-url=http://chat.school.example":                 "warn  settings: --public-url http://chat.school.example has no encryption",
		"--public-url=https://chat.school.example":                "warn  settings: there is a proxy in front",
		"--public-url=https://chat.school.example/chat":           "fail  settings: --public-url",
		"--trusted-proxies=127.0.0.1":                             "warn  settings: there are --trusted-proxies",
		"--metrics-listen=0.0.0.0:9100":                           "fail  settings: --metrics-listen",
		"--metrics-listen=127.0.0.1:8080":                         "fail  settings: --metrics-listen and --listen",
		"--backup-dir=" + folder + "/backups":                     "warn  settings: backups lie in the data folder",
		"--backup-dir=" + folder + "/other":                       "fail  settings: --backup-dir " + folder + "/other is in the data folder: no backup can be made there",
		"--backup-every=0 --backup-dir=/srv/backups":              "warn  settings: --backup-dir has no effect",
		"--backup-every=168h --backup-keep=52":                    "warn  settings: --backup-keep 52 and --backup-every 168h0m0s reach further back",
		"--public-url=http://127.0.0.1:8080":                      "ok    settings",
		"--metrics-listen=127.0.0.1:9100":                         "ok    settings",
		"--backup-every=1h --backup-dir=/srv/backups":             "ok    settings",
		"--listen=:8080 --public-url=https://chat.school.example": "ok    settings",
	} {
		said, err := run(t, append([]string{"doctor", "--data", folder}, strings.Fields(flags)...)...)
		require.Contains(t, said, want, flags)
		require.Equal(t, strings.Contains(said, "fail  "), err != nil, "%s: %v\n%s", flags, err, said)
	}
}

func TestBackupsAreMadeByTheClockAndSeenInTheMetrics(t *testing.T) {
	folder, address, metrics, backups := filepath.Join(t.TempDir(), "data"), freeAddress(t), freeAddress(t), filepath.Join(t.TempDir(), "backups")
	school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=20")
	server := start(t, folder, address, "--backup-every=1s", "--backup-keep=2", "--backup-days=0", "--backup-dir="+backups, "--metrics-listen="+metrics)
	server.ready()
	seen := map[string]bool{}
	require.Eventually(t, func() bool {
		made, _ := filepath.Glob(filepath.Join(backups, "homeroom-*.tar"))
		for _, name := range made {
			seen[name] = true
		}
		return len(seen) >= 4
	}, patience, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		kept, err := filepath.Glob(filepath.Join(backups, "*"))
		return err == nil && len(kept) == 2
	}, patience, time.Millisecond)
	response, err := watching.Get("http://" + metrics + "/metrics")
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Regexp(t, `homeroom_backup_age_seconds \d[.e\s]`, string(text), "it is younger than ten seconds")
	said, err := run(t, "doctor", "--data", folder, "--backup-every=1s", "--backup-dir="+backups)
	require.NoError(t, err, said)
	require.Contains(t, said, "ok    backup: the last is")
	code, _ := server.stop()
	require.Zero(t, code, server.log.String())
	_, err = run(t, "restore", newest(t, backups), "--data", filepath.Join(t.TempDir(), "restored"))
	require.NoError(t, err)
	fmt.Printf("figures: %d backups by the clock, 2 kept, the newest restored\n", len(seen))
}

func newest(t *testing.T, folder string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "homeroom-*.tar"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	return names[len(names)-1]
}
