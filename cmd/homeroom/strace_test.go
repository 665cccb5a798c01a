package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tracer watches what a process asks of the system, or makes it fail, from
// outside: through strace.
type tracer struct {
	cmd   *exec.Cmd
	said  said
	ended chan struct{}
}

// said is what a process has said so far.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// strace is the program, or the reason to skip.
func strace(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("no strace here to make the system fail")
	}
	return program
}

// trace attaches to the server until it or the test ends, or skips the test
// where that is not allowed.
func (p *process) trace(args ...string) *tracer {
	p.t.Helper()
	tr := &tracer{ended: make(chan struct{})}
	tr.cmd = exec.Command(strace(p.t), append([]string{"-f", "-p", fmt.Sprint(p.cmd.Process.Pid)}, args...)...)
	tr.cmd.Stderr = &tr.said
	require.NoError(p.t, tr.cmd.Start())
	go func() {
		defer close(tr.ended)
		_ = tr.cmd.Wait()
	}()
	p.t.Cleanup(tr.detach)
	for !strings.Contains(tr.said.String(), "attached") {
		select {
		case <-p.ended: // what was to fail has failed already
			return tr
		case <-tr.ended:
			p.t.Skipf("strace may not trace here: %s", tr.said.String())
		case <-time.After(time.Millisecond):
		}
	}
	return tr
}

// fail makes system calls fail or die, as strace's option "inject" has it, and
// leaves everything else alone.
func (p *process) fail(what string) *tracer {
	p.t.Helper()
	calls, _, _ := strings.Cut(what, ":")
	return p.trace("-o", os.DevNull, "-e", "trace="+calls, "-e", "inject="+what)
}

// detach ends the tracing; the process goes on.
func (tr *tracer) detach() {
	_ = tr.cmd.Process.Signal(os.Interrupt)
	<-tr.ended
}
