package store

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/models"
)

const said = 8 // messages in a log

// killed is a database as a server leaves it that is killed: what was said last
// stands in the log alone.
func killed(t *testing.T) (class int64, whole, log []byte) {
	t.Helper()
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	c := anyClass(t, s)
	thread := models.Thread{ClassID: c.ID, Name: "Questions", CreatedBy: c.CreatedBy, CreatedAt: c.CreatedAt}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.CreateThread(&thread) }))
	require.NoError(t, s.Close())
	s, err = Open(t.Context(), dir)
	require.NoError(t, err)
	for i := range said {
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
			clientID := fmt.Sprint(i)
			m := models.Message{
				ClassID: c.ID, ThreadID: thread.ID, SpeakerID: c.CreatedBy, SpeakerRole: models.Owner, ClientID: &clientID,
				Content: strings.Repeat("x", 1000*i), CreatedAt: models.At(time.Now()),
			}
			if err := tx.CreateMessage(&m); err != nil {
				return err
			}
			return tx.CreateEvent(&models.Event{ClassID: c.ID, Seq: m.Seq, Type: models.MessageCreated, At: m.CreatedAt})
		}))
	}
	path := filepath.Join(dir, DatabaseFile)
	whole, err = os.ReadFile(path)
	require.NoError(t, err)
	log, err = os.ReadFile(path + "-wal")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	return c.ID, whole, log
}

// laid puts a database and a log into a folder of their own.
func laid(t *testing.T, whole, log []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, DatabaseFile), whole, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, DatabaseFile+"-wal"), log, 0o600))
	return dir
}

// found starts on a folder and returns how many messages are there: the first
// ones, all of each, and nothing of any other.
func found(t *testing.T, dir string, class int64) int {
	t.Helper()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	looked, err := Examine(t.Context(), dir, true)
	require.NoError(t, err)
	require.Equal(t, "ok", looked.Integrity)
	require.Zero(t, looked.Strays)
	var ids, seqs []int64
	require.NoError(t, s.read.db.Raw("SELECT client_id FROM messages ORDER BY id").Scan(&ids).Error)
	require.NoError(t, s.read.db.Raw("SELECT seq FROM events ORDER BY seq").Scan(&seqs).Error)
	require.Len(t, seqs, len(ids))
	for i := range ids {
		require.EqualValues(t, i, ids[i])
		require.EqualValues(t, i+1, seqs[i])
	}
	stored, err := s.Reading(t.Context()).Class(class)
	require.NoError(t, err)
	require.EqualValues(t, len(ids), stored.Seq)
	return len(ids)
}

func TestALogThatWasCutIsReadUpToALastWholeCommit(t *testing.T) {
	class, whole, log := killed(t)
	require.Equal(t, said, found(t, laid(t, whole, log), class))
	before := 0
	for cut := 0; cut < len(log); cut += 2*frameBytes - 7 {
		messages := found(t, laid(t, whole, log[:cut]), class)
		require.GreaterOrEqual(t, messages, before, "what is longer holds no less")
		before = messages
	}
	require.Positive(t, before)
}

func TestALogInWhichABitFlippedIsReadUpToTheCommitBeforeAndThatIsTold(t *testing.T) {
	class, whole, log := killed(t)
	require.Zero(t, lostCommits(filepath.Join(laid(t, whole, log), DatabaseFile)))
	var lines bytes.Buffer
	usual := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
	t.Cleanup(func() { slog.SetDefault(usual) })
	flip := func(at int) {
		lines.Reset()
		flipped := bytes.Clone(log)
		flipped[at] ^= 0x10
		dir := laid(t, whole, flipped)
		looked, err := Examine(t.Context(), dir, false)
		require.NoError(t, err)
		lost := said - found(t, dir, class)
		require.Positive(t, lost, "byte %d", at)
		switch {
		case lost == 1: // as after a power cut
			require.Zero(t, looked.Lost, "byte %d", at)
		case lost > 2: // of two, one may be what is not to be told from the other any more
			require.InDelta(t, lost, looked.Lost, 1, "byte %d", at)
		}
		require.Equal(t, looked.Lost > 0, strings.Contains(lines.String(), "log is damaged"), "byte %d", at)
	}
	for at := 1; at < 32; at += 4 { // the header
		flip(at)
	}
	parts := []int{0, 9, 17, 24, frameBytes - 1} // page, salt, sum, content
	for n := 0; 32+n*frameBytes < len(log); n++ {
		flip(32 + n*frameBytes + parts[n%len(parts)])
	}
}

// A log is written over from its beginning once all of it has been moved: what
// follows is a rest, and no loss.
func TestTheRestOfAnOlderLogIsNoDamage(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	for range said {
		require.NoError(t, s.Write(t.Context(), writes("before")))
	}
	require.NoError(t, s.writer.do(t.Context(), &job{alone: true, bare: func(c *connection) error {
		_, err := c.conn.ExecContext(t.Context(), "PRAGMA wal_checkpoint(RESTART)")
		return err
	}}))
	length := sizesOf(s.path).Log
	require.NoError(t, s.Write(t.Context(), writes("after")))
	require.Equal(t, length, sizesOf(s.path).Log)
	require.Zero(t, lostCommits(s.path))
	require.NoError(t, s.Close())
}
