package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/store"
	"homeroom/app/store/storetest"
)

// TestR02NothingAcknowledgedIsLostInPowerCuts records every write and every
// fsync of a server under load, in order, together with what it told its
// clients, and builds the disk as a power cut at a random moment leaves it: what
// was synced is there, and of the rest nothing, all, or any sectors of it.
//
// It shows what SQLite and the server ask of the disk, not what a disk does
// that lies about fsync: nobody can promise anything on such a one.
func TestR02NothingAcknowledgedIsLostInPowerCuts(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	record := filepath.Join(t.TempDir(), "trace")
	server.trace("-y", "-xx", "-s", "200000", "-o", record, "-e", "trace=pwrite64,fdatasync,fsync,ftruncate,write", "-e", "signal=none")
	drive := &disk{files: map[string]*file{}}
	for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal"} {
		drive.load(t, folder, name)
	}
	clients := startWriters(t, address, members[2:18])
	most := chaostest.Of(200, 3000)
	require.Eventually(t, func() bool { return clients.ledger.count() >= most }, 3*time.Minute, 5*time.Millisecond)
	server.kill()
	clients.end()
	calls := readTrace(t, record, folder)

	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	cuts := chaostest.Of(8, 100)
	at := map[int]bool{len(calls): true}
	for len(at) < cuts {
		at[random.IntN(len(calls)+1)] = true
	}
	told, checked, unsynced := map[string]bool{}, 0, 0
	synced := 0
	log := map[string]int{} // what was asked for it, by the call
	for i := 0; i <= len(calls); i++ {
		if at[i] {
			for _, survives := range []survival{nothing, everything, sectors} {
				image := t.TempDir()
				unsynced += drive.cut(t, image, survives, random)
				lost := missing(t, image, told)
				require.Empty(t, lost, "power cut after %d of %d calls, %d acknowledged, seed %d", i, len(calls), len(told), seed)
				checked++
			}
		}
		if i < len(calls) {
			c := calls[i]
			for _, id := range c.tells {
				told[id] = true
			}
			if drive.apply(c) {
				synced++
			}
			if strings.HasSuffix(c.file, "-wal") {
				log[c.name]++
			}
		}
	}
	// The control: on a disk that drops what it was told to sync, the same look
	// finds the loss.
	lying := &disk{files: map[string]*file{}, lies: true}
	for name, f := range drive.files {
		lying.files[name] = &file{durable: f.first, first: f.first}
	}
	for _, c := range calls {
		lying.apply(c)
	}
	image := t.TempDir()
	lying.cut(t, image, nothing, random)
	control := len(missing(t, image, told))
	chaostest.Figures("R2", "cuts=%d calls=%d fsyncs=%d unsynced_writes=%d acknowledged=%d lost=0; control, a disk that lies: lost=%d",
		checked, len(calls), synced, unsynced, len(told), control)
	require.Positive(t, control)
	require.Less(t, log["pwrite64"], 4*log["fdatasync"], "a commit is written in more pieces than it must: %v", log)
	require.LessOrEqual(t, log["fsync"], 1, "a commit waits for the time of its file's last change too: only a new log's first does")
}

// missing are those that were told and are not in the database, after a server
// has opened it.
func missing(t *testing.T, folder string, told map[string]bool) (lost []string) {
	t.Helper()
	opened, err := store.Open(t.Context(), folder)
	require.NoError(t, err)
	require.NoError(t, opened.Close())
	problems, err := storetest.Problems(t.Context(), folder)
	require.NoError(t, err)
	require.Empty(t, problems)
	db := database(t, folder)
	defer db.Close()
	rows, err := db.Query("SELECT content FROM messages")
	require.NoError(t, err)
	defer rows.Close()
	stored := map[string]bool{}
	for rows.Next() {
		var content string
		require.NoError(t, rows.Scan(&content))
		for _, id := range mentioned(content) {
			require.False(t, stored[id], "%s is there twice", id)
			stored[id] = true
		}
	}
	require.NoError(t, rows.Err())
	for id := range told {
		if !stored[id] {
			lost = append(lost, id)
		}
	}
	return lost
}

// survival is what a power cut leaves of what was not synced.
type survival int

const (
	nothing survival = iota
	everything
	sectors // any of them: a write may be torn
)

const sector = 512

// disk is the files as a disk holds them.
type disk struct {
	files map[string]*file
	lies  bool // it forgets what it was told to sync
}

type file struct {
	first   []byte // before anything was recorded
	durable []byte
	pending []call // since the last fsync that ended
}

func (d *disk) load(t *testing.T, folder, name string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	d.files[name] = &file{first: content, durable: content}
}

// apply takes in the next call and tells whether it made something durable.
func (d *disk) apply(c call) (synced bool) {
	f := d.files[c.file]
	if f == nil {
		return false
	}
	switch c.name {
	case "pwrite64", "ftruncate":
		f.pending = append(f.pending, c)
	case "fdatasync", "fsync":
		if d.lies {
			f.pending = nil
			return true
		}
		// A write counts that had ended when the sync began.
		var later []call
		content := append([]byte(nil), f.durable...)
		for _, p := range f.pending {
			if p.ended > c.began {
				later = append(later, p)
				continue
			}
			content = p.on(content, nil)
		}
		f.durable, f.pending = content, later
		return true
	}
	return false
}

// on is a file's content after the call; keep says of each sector whether it
// arrives.
func (c call) on(content []byte, keep func() bool) []byte {
	if c.name == "ftruncate" {
		if keep == nil || keep() {
			content = append(content, make([]byte, max(0, c.at-len(content)))...)[:c.at]
		}
		return content
	}
	for from := 0; from < len(c.data); from += sector {
		if keep != nil && !keep() {
			continue
		}
		part := c.data[from:min(from+sector, len(c.data))]
		content = append(content, make([]byte, max(0, c.at+from+len(part)-len(content)))...)
		copy(content[c.at+from:], part)
	}
	return content
}

// cut writes the files as the power cut leaves them, and tells how many writes
// were not synced.
func (d *disk) cut(t *testing.T, folder string, survives survival, random *rand.Rand) (unsynced int) {
	t.Helper()
	for name, f := range d.files {
		content := append([]byte(nil), f.durable...)
		unsynced += len(f.pending)
		for _, p := range f.pending {
			switch survives {
			case everything:
				content = p.on(content, nil)
			case sectors:
				content = p.on(content, func() bool { return random.IntN(2) == 0 })
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
	return unsynced
}

// mentioned are the messages of writers that a text mentions.
func mentioned(text string) (ids []string) {
	for {
		_, rest, found := strings.Cut(text, "**")
		if !found {
			return ids
		}
		text = rest
		var n, writer int
		if _, err := fmt.Sscanf(rest, "%d** from writer %d ", &n, &writer); err == nil {
			ids = append(ids, fmt.Sprintf("%d-%d", writer, n))
		}
	}
}
