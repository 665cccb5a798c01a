package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// confined names the program that a copy of this test becomes: one which the
// kernel ends when it calls connect.
const confined = "HOMEROOM_TEST_CONFINED"

func init() {
	path := os.Getenv(confined)
	if path == "" {
		return
	}
	runtime.LockOSThread()
	if err := forbidConnect(); err != nil {
		panic(err)
	}
	if path == "connect" {
		_, _ = net.Dial("tcp", "127.0.0.1:9")
		os.Exit(0)
	}
	panic(syscall.Exec(path, append([]string{path}, os.Args[1:]...), os.Environ()))
}

// forbidConnect makes connect(2) the end of the thread's process, and of what it
// becomes.
func forbidConnect() error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_CONNECT, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}

func confine(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	own, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(own, args...)
	cmd.Env = append(os.Environ(), confined+"="+program)
	return cmd
}

// Texts full of addresses come in by every door, and the clock makes a backup:
// the server fetches, resolves and calls nothing. The number is that of the
// threat in docs/security.md.
func TestThreat22TheServerConnectsToNobody(t *testing.T) {
	var exit *exec.ExitError
	require.ErrorAs(t, confine(t, "connect").Run(), &exit)
	require.Equal(t, syscall.SIGSYS, exit.Sys().(syscall.WaitStatus).Signal(), "who connects is ended")

	binary, err := built()
	require.NoError(t, err)
	folder, backups, address, inner := t.TempDir(), t.TempDir(), freeAddress(t), freeAddress(t)
	memberships := school(t, folder, "--classes=1", "--members=5", "--threads=1", "--messages=5")
	p := &process{t: t, address: address, ended: make(chan struct{}), began: time.Now()}
	p.cmd = confine(t, binary, "serve", "--data", folder, "--listen", address, "--push-listen", inner, "--metrics-listen", freeAddress(t),
		"--backup-every=1s", "--backup-dir", backups, "--log-level=warn")
	p.cmd.Stderr = &p.log
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	p.ready()

	links := "http://127.0.0.1:9/ https://[::ffff:127.0.0.1]/ http://169.254.169.254/latest http://2130706433/ ![x](http://example.org/x.png) //example.org ftp://example.org"
	line, err := net.Dial("tcp", inner)
	require.NoError(t, err)
	defer line.Close()
	for _, m := range memberships {
		socket, err := dial(address, m.Token)
		require.NoError(t, err)
		defer socket.Close()
		for _, frame := range []map[string]any{
			{"action": "hello", "since": map[string]int{}},
			{"action": "send", "class_id": m.ClassID, "thread_id": m.ThreadIDs[0], "content": links, "client_id": "socket"},
		} {
			require.NoError(t, socket.WriteJSON(frame))
		}
		var sent, class any
		path := "/classes/" + strconv.FormatInt(m.ClassID, 10)
		_, err = ask(t.Context(), probing, address, m.Token, http.MethodPost, path+"/threads/"+strconv.FormatInt(m.ThreadIDs[0], 10)+"/messages",
			map[string]any{"content": links, "client_id": "rest"}, &sent)
		require.NoError(t, err)
		_, err = ask(t.Context(), probing, address, m.Token, http.MethodGet, path, nil, &class)
		require.NoError(t, err)
		text, err := json.Marshal(map[string]any{"uid": m.UserID, "content": links, "url": "http://127.0.0.1:9/"})
		require.NoError(t, err)
		_, err = line.Write(append(text, '\n'))
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool {
		made, err := filepath.Glob(filepath.Join(backups, "homeroom-*.tar"))
		return err == nil && len(made) > 0
	}, 20*time.Second, 20*time.Millisecond, "a backup was made")
	code, _ := p.stop()
	require.Zero(t, code, "%s", strings.TrimSpace(p.log.String()))
}
