package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
	"homeroom/app/store"
)

// smallDisk mounts a small disk until the test ends, or skips the test.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=0700,size="+size, "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() { require.NoError(t, exec.Command("umount", folder).Run()) })
	return folder
}

// fill takes all the room that is left, and returns the file that does.
func fill(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "filler")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	_, err = io.Copy(file, zeros{})
	require.ErrorContains(t, err, "no space left")
	return path
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// sendOver sends one message over REST and returns the status and the answer.
func sendOver(t *testing.T, address string, as demo.Membership, text string) (status int, answer string) {
	t.Helper()
	var out map[string]any
	path := fmt.Sprintf("/classes/%d/threads/%d/messages", as.ClassID, as.ThreadIDs[1])
	status, err := ask(t.Context(), watching, address, as.Token, http.MethodPost, path, map[string]string{"content": text}, &out)
	if err != nil {
		return status, err.Error()
	}
	return status, ""
}

// TestR04AFullDiskRefusesSendsAndNothingElseAndIsForgottenWhenThereIsRoom fills
// a disk of 64 MiB, and one on which the log could grow beyond what it may.
func TestR04AFullDiskRefusesSendsAndNothingElseAndIsForgottenWhenThereIsRoom(t *testing.T) {
	for _, size := range []int{64, 256} {
		t.Run(fmt.Sprint(size), func(t *testing.T) { fillUnderWriters(t, size) })
	}
}

func fillUnderWriters(t *testing.T, size int) {
	small := smallDisk(t, fmt.Sprintf("%dm", size))
	folder, address := filepath.Join(small, "data"), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=20", "--threads=3", "--messages=30")
	server := start(t, folder, address, unlimited...)
	server.ready()
	reader := members[18]
	socket, err := dial(address, reader.Token)
	require.NoError(t, err)
	defer socket.Close()
	listens := func() {
		t.Helper()
		require.NoError(t, socket.WriteJSON(map[string]any{"action": "keep", "ref": "alive"}))
		for f := (frame{}); f.Ref != "alive"; {
			f = frame{}
			require.NoError(t, socket.SetReadDeadline(time.Now().Add(patience)))
			require.NoError(t, socket.ReadJSON(&f))
		}
	}
	listens()

	filler := fill(t, small)
	refused := 0
	for n := 0; refused == 0; n++ {
		require.Less(t, n, 5000, "it is never full")
		status, answer := sendOver(t, address, members[2], strings.Repeat("full ", 1500))
		if status == http.StatusCreated {
			continue // the log had room left
		}
		require.Equal(t, http.StatusServiceUnavailable, status, answer)
		require.Contains(t, answer, `"code":128`)
		refused++
	}
	// While writers go on trying, everything else goes on too.
	clients := startWriters(t, address, members[2:10])
	for range 20 {
		var page map[string]any
		status, err := ask(t.Context(), watching, address, reader.Token, http.MethodGet, fmt.Sprintf("/classes/%d/threads/%d/messages", reader.ClassID, reader.ThreadIDs[1]), nil, &page)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
		listens()
		time.Sleep(50 * time.Millisecond)
	}
	require.LessOrEqual(t, clients.ledger.count(), 8*20, "hardly anything fits in")

	before := clients.ledger.count()
	require.NoError(t, os.Remove(filler))
	freed := time.Now()
	require.Eventually(t, func() bool { return clients.ledger.count() > before }, patience, time.Millisecond, "it resumes by itself")
	resumed := time.Since(freed)
	time.Sleep(2 * time.Second)
	log, err := os.Stat(filepath.Join(folder, store.DatabaseFile+"-wal"))
	require.NoError(t, err)
	require.LessOrEqual(t, log.Size(), int64(64<<20))
	listens()
	clients.end()
	code, _ := server.stop()
	require.Zero(t, code, server.log.String())
	acked, _ := clients.requireKept(t, folder)
	chaostest.Figures("R4", "disk=%dMiB full: sends=503 reads=200 sockets=live resumed=%v log=%dKiB acknowledged=%d lost=0", size, resumed.Round(time.Millisecond), log.Size()>>10, len(acked))
	require.LessOrEqual(t, resumed, chaostest.Of(patience, 5*time.Second))
}

func TestR04AServerThatIsStartedOnAFullDiskSaysSo(t *testing.T) {
	small := smallDisk(t, "64m")
	folder := filepath.Join(small, "data")
	school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=10")
	filler := fill(t, small)
	for _, data := range []string{folder, filepath.Join(small, "new")} {
		_, err := run(t, "serve", "--data", data, "--listen", freeAddress(t))
		require.ErrorContains(t, err, "the disk of "+data+" is full")
		require.ErrorContains(t, err, "make room, then start again")
	}
	require.NoError(t, os.Remove(filler))
	start(t, folder, freeAddress(t)).ready()
}
