package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that this run started, or one that it was pointed at:
// then command is nil, and pid is 0 where nobody said which process it is.
type process struct {
	pid     int
	address string
	command *exec.Cmd
}

// start runs this program again with other arguments, and waits until it
// answers.
func start(ctx context.Context, address string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, args...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = 15 * time.Second
	c.Stdout = io.Discard
	var log bytes.Buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &process{pid: c.Process.Pid, address: address, command: c}
	for range 400 {
		response, err := http.Get("http://" + address + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			return p, nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	_ = p.stop()
	return nil, fmt.Errorf("the server on %s did not answer: %s", address, log.String())
}

func (p *process) stop() error {
	if p.command == nil {
		return nil
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	return p.command.Wait()
}

// cpu is how long the process has used a processor; 0 of an unknown one.
func (p *process) cpu() (time.Duration, error) {
	if p.pid == 0 {
		return 0, nil
	}
	return processorTime(p.pid)
}

// memory is the process's resident set, in bytes; 0 of an unknown one.
func (p *process) memory() (int64, error) {
	if p.pid == 0 {
		return 0, nil
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no VmRSS of process %d", p.pid)
}

// runSelf runs this program with other arguments to its end.
func runSelf(ctx context.Context, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, self, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
