package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/demo"
)

// The tests of this package run the real binary: built once, or the one that
// HOMEROOM_BIN names.
var (
	workshop string // where it is built
	built    = sync.OnceValues(func() (string, error) {
		if path := os.Getenv("HOMEROOM_BIN"); path != "" {
			return filepath.Abs(path)
		}
		path := filepath.Join(workshop, "homeroom")
		build := exec.Command("go", "build", "-o", path, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go build: %w\n%s", err, out)
		}
		return path, nil
	})
)

func TestMain(m *testing.M) {
	for name, do := range map[string]func(string) error{asksFor: askUntilTold, floods: comeAsFlood} {
		if what := os.Getenv(name); what != "" {
			if err := do(what); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	var err error
	if workshop, err = os.MkdirTemp("", "homeroom-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(workshop)
	os.Exit(code)
}

// run runs a command to its end and returns what it printed.
func run(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	binary, err := built()
	require.NoError(t, err)
	var printed, log bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = &printed, &log
	if err := cmd.Run(); err != nil {
		return printed.String(), fmt.Errorf("homeroom %s: %w: %s", args[0], err, log.String())
	}
	return printed.String(), nil
}

// school fills a folder with a made-up school and returns its memberships.
func school(t *testing.T, folder string, flags ...string) []demo.Membership {
	t.Helper()
	tokens := filepath.Join(t.TempDir(), "tokens")
	_, err := run(t, append([]string{"demo", "--data", folder, "--tokens", tokens}, flags...)...)
	require.NoError(t, err)
	file, err := os.Open(tokens)
	require.NoError(t, err)
	defer file.Close()
	var memberships []demo.Membership
	for lines := json.NewDecoder(file); ; {
		var m demo.Membership
		if err := lines.Decode(&m); errors.Is(err, io.EOF) {
			return memberships
		} else {
			require.NoError(t, err)
		}
		memberships = append(memberships, m)
	}
}

// patience is how long the tests wait for what comes soon on a machine that is
// not busy.
const patience = 30 * time.Second

// process is a running server.
type process struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	began   time.Time
	log     bytes.Buffer
	ended   chan struct{}
}

// unlimited are flags of a server whose limits of a second nobody reaches.
var unlimited = []string{
	"--sends-per-second=1e6", "--send-burst=1000000", "--thread-sends-per-second=1e6",
	"--requests-per-second=1e6", "--request-burst=1000000", "--address-requests-per-second=1e6",
	"--frames-per-second=1e6", "--frame-burst=1000000", "--upgrades-per-second=10000",
}

// start runs a server on a folder and an address, until the test ends.
func start(t *testing.T, folder, address string, flags ...string) *process {
	t.Helper()
	binary, err := built()
	require.NoError(t, err)
	p := &process{t: t, address: address, ended: make(chan struct{})}
	p.cmd = exec.Command(binary, append([]string{"serve", "--data", folder, "--listen", address, "--log-level=warn"}, flags...)...)
	p.cmd.Stderr = &p.log
	p.began = time.Now()
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	return p
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	return ln.Addr().String()
}

// probing asks on a connection of its own each time: one that was open before
// says nothing of a server that starts.
var probing = &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// ready waits until the server says that it is, and returns how long after its
// start that was.
func (p *process) ready() time.Duration {
	p.t.Helper()
	for time.Since(p.began) < patience {
		response, err := probing.Get("http://" + p.address + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Since(p.began)
			}
		}
		select {
		case <-p.ended:
			require.FailNow(p.t, "the server ended", p.log.String())
		case <-time.After(2 * time.Millisecond):
		}
	}
	require.FailNow(p.t, "the server did not become ready", p.log.String())
	return 0
}

// kill ends the process as a power switch does, if it has not ended.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop asks the process to end and returns its exit code and how long it took.
func (p *process) stop() (code int, took time.Duration) {
	p.t.Helper()
	began := time.Now()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.ended:
	case <-time.After(patience):
		require.FailNow(p.t, "the server did not end", p.log.String())
	}
	return p.cmd.ProcessState.ExitCode(), time.Since(began)
}

// ask asks REST as the member does and reads the answer into v, if there is
// one to read.
func ask(ctx context.Context, client *http.Client, address, token, method, path string, body, v any) (status int, err error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		content = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+address+"/api/v1"+path, content)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode >= 400 {
		return response.StatusCode, errors.New(strings.TrimSpace(string(answer)))
	}
	return response.StatusCode, json.Unmarshal(answer, v)
}
