package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// filled closes a database with rows on many pages and returns its file.
func filled(t *testing.T) (path string, whole []byte) {
	t.Helper()
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	for i := range 20 {
		require.NoError(t, s.Write(t.Context(), writes(fmt.Sprintf("%d %s", i, strings.Repeat("x", 3000)))))
	}
	require.NoError(t, s.Close())
	path = filepath.Join(dir, DatabaseFile)
	whole, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Greater(t, len(whole), 60<<10)
	_, err = os.Stat(path + "-wal")
	require.ErrorIs(t, err, os.ErrNotExist)
	return path, whole
}

// notes is what filled wrote, as a reader finds it.
func notes(t *testing.T, path string) (found string, err error) {
	t.Helper()
	pool, err := look(path)
	require.NoError(t, err)
	defer pool.Close()
	err = pool.QueryRowContext(t.Context(), "SELECT group_concat(action, '|' ORDER BY id) FROM audit").Scan(&found)
	return found, err
}

// checkAll checks until the time sufficed, which on a busy machine it may not.
func checkAll(t *testing.T, path string) error {
	t.Helper()
	for {
		finished, err := check(t.Context(), path)
		if finished || err != nil {
			return err
		}
	}
}

func TestABitFlippedInTheHeaderIsRefusedOrHarmless(t *testing.T) {
	path, whole := filled(t)
	want, err := notes(t, path)
	require.NoError(t, err)
	refused := 0
	for at := range 100 {
		for _, bit := range []byte{0x01, 0x10, 0x80} {
			flipped := bytes.Clone(whole)
			flipped[at] ^= bit
			require.NoError(t, os.WriteFile(path, flipped, 0o600))
			err := checkAll(t, path)
			if err != nil {
				var damage *Damage
				require.ErrorAs(t, err, &damage, "byte %d", at)
				refused++
				continue
			}
			found, err := notes(t, path)
			require.NoError(t, err, "byte %d was let in", at)
			require.Equal(t, want, found, "byte %d was let in", at)
		}
	}
	require.Greater(t, refused, 120)
}

func TestABitFlippedInThePartOfAPageThatHoldsItTogetherIsRefused(t *testing.T) {
	path, whole := filled(t)
	page := int(binary.BigEndian.Uint16(whole[16:]))
	trees, refused := 0, 0
	for start := page; start < len(whole); start += page {
		switch whole[start] {
		case 2, 5, 10, 13: // a page of a tree
		default:
			continue // what a row had too much of
		}
		for _, at := range []int{0, 3, 4, 5} { // kind of the page, number of its cells, where they begin
			trees++
			flipped := bytes.Clone(whole)
			flipped[start+at] ^= 0x10
			require.NoError(t, os.WriteFile(path, flipped, 0o600))
			if err := checkAll(t, path); err != nil {
				var damage *Damage
				require.ErrorAs(t, err, &damage)
				refused++
			}
		}
	}
	require.Greater(t, trees, 100)
	require.Equal(t, trees, refused)
}

func TestACutFileIsRefused(t *testing.T) {
	path, whole := filled(t)
	for _, size := range []int{0, 1, 99, 100, 4095, 4096, 8192, len(whole) / 2, len(whole) - 4096, len(whole) - 1} {
		require.NoError(t, os.WriteFile(path, whole[:size], 0o600))
		s, err := Open(t.Context(), filepath.Dir(path))
		var damage *Damage
		require.ErrorAs(t, err, &damage, "%d bytes", size)
		require.Nil(t, s)
		require.ErrorContains(t, err, "homeroom restore", "it says what to do")
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, whole[:size], left, "nothing was changed")
	}
	require.NoError(t, os.WriteFile(path, whole, 0o600))
	s, err := Open(t.Context(), filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, noted(t, s), 20)
	require.NoError(t, s.Close())
}

func TestALogWithoutItsDatabaseIsNoReasonToBeginAnew(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, DatabaseFile+"-wal"), []byte("a log"), 0o600))
	_, err := Open(t.Context(), dir)
	var damage *Damage
	require.ErrorAs(t, err, &damage)
}

func TestDamageThatIsSeenWhileRunningStopsTheWriterAndTheNextStart(t *testing.T) {
	path, whole := filled(t)
	s, err := Open(t.Context(), filepath.Dir(path))
	require.NoError(t, err)
	ruined := bytes.Clone(whole)
	for i := 4096; i < len(ruined); i++ {
		ruined[i] = 0xff
	}
	require.NoError(t, os.WriteFile(path, ruined, 0o600))
	_, err = quickCheck(t.Context(), path, s.pools[0])
	require.Error(t, err)
	s.checkOn(t.Context()) // as after a check that took too long
	select {
	case <-s.Failed():
	case <-time.After(waitFor):
		t.Fatal("the writer goes on")
	}
	require.ErrorContains(t, s.Err(), "damaged")
	require.Eventually(t, func() bool { return s.Write(context.Background(), writes("lost")) != nil }, waitFor, tick)
	require.NoError(t, s.Close())

	_, err = os.Stat(path + suspectFile)
	require.NoError(t, err)
	_, err = Open(t.Context(), filepath.Dir(path))
	require.Error(t, err)
	_ = os.Remove(path + "-wal")
	require.NoError(t, os.WriteFile(path, whole, 0o600)) // what an operator does who has a copy
	again, err := Open(t.Context(), filepath.Dir(path))
	require.NoError(t, err)
	require.NoError(t, again.Close())
	_, err = os.Stat(path + suspectFile)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	require.NoError(t, err)
	require.NoError(t, s.writer.db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", Schema()+1).Error)
	require.NoError(t, s.Close())
	_, err = Open(t.Context(), dir)
	var newer *Newer
	require.ErrorAs(t, err, &newer)
	require.Equal(t, Schema()+1, newer.Has)
}
