package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
	"homeroom/app/store"
	"homeroom/app/store/storetest"
	"homeroom/models"
)

// TestR01NothingAcknowledgedIsLostInCrashes kills the server at random moments
// while sixteen clients write and one listens.
func TestR01NothingAcknowledgedIsLostInCrashes(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	began, times := time.Now(), chaostest.Of(20, 100)
	var ready []time.Duration

	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startWriters(t, address, members[2:18])
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	listener := clients.listen(ctx, members[18], head(t, folder))
	for n := 1; n <= times; n++ {
		time.Sleep(time.Duration(50+random.IntN(700)) * time.Millisecond)
		server.kill()
		acked, announced, wrong := clients.ledger.copies()
		server = start(t, folder, address, unlimited...)
		ready = append(ready, server.ready())
		require.Empty(t, wrong, "crash %d, seed %d", n, seed)
		clients.whileSilent(func() { requireKept(t, folder, acked, announced) })
	}
	clients.stop()
	require.Eventually(t, func() bool { return listener.last.Load() >= head(t, folder) }, patience, 20*time.Millisecond,
		"the listener catches up with what it missed")
	stop()
	clients.end()
	acked, announced := clients.requireKept(t, folder)
	requireReadable(t, address, members[0], acked)
	require.NotZero(t, len(announced))
	slices.Sort(ready)
	middle, worst := ready[times/2], ready[times-1]
	chaostest.Figures("R1", "crashes=%d writers=16 acknowledged=%d announced=%d lost=0 doubled=0 ready=%v ready_worst=%v in=%.0fs",
		times, len(acked), len(announced), middle.Round(time.Millisecond), worst.Round(time.Millisecond), time.Since(began).Seconds())
	// Of the short form the middle: it runs beside whatever else a build server does.
	require.Less(t, chaostest.Of(middle, worst), chaostest.Of(time.Second, 500*time.Millisecond), "time to be ready")
}

// TestR05StoppingUnderLoadLosesNothing asks the server to stop while sixteen
// clients write.
func TestR05StoppingUnderLoadLosesNothing(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	clients := startWriters(t, address, members[2:18])
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	clients.listen(ctx, members[18], head(t, folder))
	require.Eventually(t, func() bool { return clients.ledger.count() > 300 }, patience, 10*time.Millisecond)
	code, took := server.stop()
	stop()
	clients.end()
	require.Zero(t, code, server.log.String())
	require.Less(t, took, chaostest.Of(patience, 10*time.Second))
	acked, _ := clients.requireKept(t, folder)
	require.Positive(t, clients.ledger.closes[1012], "sockets are told to come back: %v", clients.ledger.closes)
	for code := range clients.ledger.closes {
		require.Contains(t, []int{1012, 1006}, code, "%v", clients.ledger.closes)
	}
	chaostest.Figures("R5", "writers=16 exit=%v code=0 told_1012=%d acknowledged=%d lost=0", took.Round(time.Millisecond), clients.ledger.closes[1012], len(acked))
}

// database opens the database of a folder to read it.
func database(t *testing.T, folder string) *sql.DB {
	t.Helper()
	dsn := url.URL{Scheme: "file", Opaque: filepath.Join(folder, store.DatabaseFile), RawQuery: "mode=ro&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", dsn.String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// head is the number of the newest event of the first class.
func head(t *testing.T, folder string) (seq int64) {
	t.Helper()
	db := database(t, folder)
	defer db.Close()
	require.NoError(t, db.QueryRow("SELECT seq FROM classes WHERE id = 1").Scan(&seq))
	return seq
}

// requireKept requires that the writers were told nothing wrong so far, and that
// all that they were told is kept.
func (w *writers) requireKept(t *testing.T, folder string) (acked map[string]receipt, announced map[int64]int64) {
	t.Helper()
	acked, announced, wrong := w.ledger.copies()
	require.Empty(t, wrong)
	requireKept(t, folder, acked, announced)
	return acked, announced
}

// requireKept requires that the database is whole, and that everything is in
// it, once, that a client was told of.
func requireKept(t *testing.T, folder string, acked map[string]receipt, announced map[int64]int64) {
	t.Helper()
	problems, err := storetest.Problems(t.Context(), folder)
	require.NoError(t, err)
	require.Empty(t, problems)

	db := database(t, folder)
	defer db.Close()
	rows, err := db.Query("SELECT class_id, coalesce(client_id, ''), id, seq, content FROM messages")
	require.NoError(t, err)
	defer rows.Close()
	stored, numbered := map[string]receipt{}, map[int64]int64{}
	for rows.Next() {
		var clientID string
		var r receipt
		var classID int64
		require.NoError(t, rows.Scan(&classID, &clientID, &r.ID, &r.Seq, &r.Content))
		if _, ok := stored[clientID]; ok && clientID != "" {
			require.Fail(t, "doubled", clientID)
		}
		stored[clientID] = r
		if classID == 1 { // where the listener sits
			numbered[r.Seq] = r.ID
		}
	}
	require.NoError(t, rows.Err())
	for clientID, r := range acked {
		if stored[clientID] != r {
			require.Fail(t, "lost", "%s was acknowledged as %+v, stored is %+v", clientID, r, stored[clientID])
		}
	}
	for seq, id := range announced {
		if numbered[seq] != id {
			require.Fail(t, "lost", "message %d was announced as event %d, there is %d", id, seq, numbered[seq])
		}
	}
}

// requireReadable requires that REST shows a member what was acknowledged.
func requireReadable(t *testing.T, address string, as demo.Membership, acked map[string]receipt) {
	t.Helper()
	type page struct {
		Items    []models.Message `json:"items"`
		HasNewer bool             `json:"has_newer"`
	}
	shown := map[int64]string{}
	for after := int64(1); ; {
		var p page
		path := fmt.Sprintf("/classes/%d/threads/%d/messages?limit=100&after=%d", as.ClassID, as.ThreadIDs[1], after)
		_, err := ask(t.Context(), http.DefaultClient, address, as.Token, http.MethodGet, path, nil, &p)
		require.NoError(t, err)
		for _, m := range p.Items {
			shown[m.ID], after = m.Content, m.ID
		}
		if !p.HasNewer {
			break
		}
	}
	for clientID, r := range acked {
		if shown[r.ID] != r.Content {
			require.Equal(t, r.Content, shown[r.ID], clientID)
		}
	}
}
