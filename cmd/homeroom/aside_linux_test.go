package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestPasswordsAreHashedBesideTheServer looks at the process that does it: it
// gives way to the server, is replaced when it is lost, and ends with the server
// however that ends.
func TestPasswordsAreHashedBesideTheServer(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	password := "a ferry with a lantern"
	require.NoError(t, typed(t, password, "user", "add", "Ann Lee", "--role=teacher", "--password-stdin", "--data="+folder))
	server := start(t, folder, address)
	server.ready()
	require.Empty(t, children(t, server.cmd.Process.Pid), "nobody has signed in")

	require.Equal(t, http.StatusOK, statusOfSignIn(t, address, "Ann Lee", password))
	require.Equal(t, http.StatusUnauthorized, statusOfSignIn(t, address, "Ann Lee", "another password"))
	beside := children(t, server.cmd.Process.Pid)
	require.Len(t, beside, 1)
	priority, err := unix.Getpriority(unix.PRIO_PROCESS, beside[0])
	require.NoError(t, err)
	require.Equal(t, 20-5, priority, "the system call counts from 20 down")

	require.NoError(t, syscall.Kill(beside[0], syscall.SIGKILL))
	require.Equal(t, http.StatusOK, statusOfSignIn(t, address, "Ann Lee", password))
	require.Equal(t, http.StatusOK, statusOfSignIn(t, address, "Ann Lee", password))
	again := children(t, server.cmd.Process.Pid)
	require.Len(t, again, 1)
	require.NotEqual(t, beside, again)
	require.NoError(t, syscall.Kill(again[0], syscall.SIGTERM))
	require.Equal(t, http.StatusOK, statusOfSignIn(t, address, "Ann Lee", password))
	require.Equal(t, again, children(t, server.cmd.Process.Pid), "what stops a service tells all its processes")

	server.kill()
	require.Eventually(t, func() bool { return syscall.Kill(again[0], 0) != nil }, 20*time.Second, 10*time.Millisecond)
}

func statusOfSignIn(t *testing.T, address, name, password string) int {
	t.Helper()
	r, err := asBrowser(t.Context(), address, map[string]string{"name": name, "password": password})
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

// children are the processes that a process has started and that run.
func children(t *testing.T, parent int) (pids []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // state, parent, …
		if fields[0] == "Z" || fields[1] != strconv.Itoa(parent) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		require.NoError(t, err)
		pids = append(pids, pid)
	}
	return pids
}
