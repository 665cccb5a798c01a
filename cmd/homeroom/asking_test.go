package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/demo"
)

// asking is a process that reads a thread over REST again and again, as pages
// do that are opened. It is a process of its own, because a crowd in the same
// one would hold it up, and the server be blamed for it.
type asking struct {
	t     *testing.T
	cmd   *exec.Cmd
	tell  io.WriteCloser
	said  bytes.Buffer
	wrong bytes.Buffer
}

// asksFor is the variable that makes a test binary such a process.
const asksFor = "HOMEROOM_TEST_ASKS_FOR"

type errand struct {
	Address string
	As      demo.Membership
}

func askOften(t *testing.T, address string, as demo.Membership) *asking {
	t.Helper()
	what, err := json.Marshal(errand{address, as})
	require.NoError(t, err)
	a := &asking{t: t, cmd: exec.Command(os.Args[0])}
	a.cmd.Env = append(os.Environ(), asksFor+"="+string(what))
	a.cmd.Stdout, a.cmd.Stderr = &a.said, &a.wrong
	a.tell, err = a.cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, a.cmd.Start())
	t.Cleanup(func() { _ = a.cmd.Process.Kill() })
	return a
}

// end returns the time that 99 of 100 answers did not exceed.
func (a *asking) end() (p99 time.Duration) {
	a.t.Helper()
	require.NoError(a.t, a.tell.Close())
	require.NoError(a.t, a.cmd.Wait(), a.wrong.String())
	require.NoError(a.t, json.Unmarshal(a.said.Bytes(), &p99), a.said.String())
	return p99
}

// askUntilTold asks until standard input ends, then prints the time that 99 of
// 100 answers did not exceed.
func askUntilTold(what string) error {
	var e errand
	if err := json.Unmarshal([]byte(what), &e); err != nil {
		return err
	}
	told := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(told)
	}()
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	path := fmt.Sprintf("/classes/%d/threads/%d/messages", e.As.ClassID, e.As.ThreadIDs[1])
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	var took []time.Duration
	for {
		began := time.Now()
		var page map[string]any
		if _, err := ask(context.Background(), client, e.Address, e.As.Token, http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		took = append(took, time.Since(began))
		select {
		case <-told:
			return json.NewEncoder(os.Stdout).Encode(percentile(took, 99))
		case <-ticker.C:
		}
	}
}
