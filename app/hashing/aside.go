package hashing

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"time"
)

const (
	// idle is how long a process waits for the next password: it takes as much
	// memory as a small server.
	idle = time.Minute
	// patience is how long one password may take. The process gives way to all
	// else, so that on a busy machine it is slow.
	patience = 10 * time.Second
)

// request asks for the hash of a password, or whether Hash is one of it.
type request struct {
	Password []byte `json:"password"` // no text: what is no UTF-8 would be changed
	Hash     string `json:"hash,omitempty"`
}

type answer struct {
	Hash    string `json:"hash,omitempty"`
	Matches bool   `json:"matches,omitempty"`
	Failed  string `json:"failed,omitempty"`
}

// Aside hashes in processes beside this one, which give way to it where the
// system can have them so: a flood of sign-ins then takes the processor from
// nobody who talks. As many run as passwords are hashed at once. Where one
// cannot be started or does not answer, the password is hashed here.
type Aside struct {
	command []string

	mu     sync.Mutex
	free   []*process
	closed bool
}

// NewAside returns an Aside whose processes are started by a command that
// calls Serve with its standard input and output.
func NewAside(command ...string) *Aside { return &Aside{command: command} }

// Hash is Here.Hash.
func (a *Aside) Hash(password string) (string, error) {
	got, err := a.ask(request{Password: []byte(password)})
	if err != nil {
		return Here{}.Hash(password)
	}
	return got.Hash, failure(got)
}

// Matches is Here.Matches.
func (a *Aside) Matches(password, hash string) (bool, error) {
	got, err := a.ask(request{Password: []byte(password), Hash: hash})
	if err != nil {
		return Here{}.Matches(password, hash)
	}
	return got.Matches, failure(got)
}

func failure(a answer) error {
	if a.Failed == "" {
		return nil
	}
	return errors.New(a.Failed)
}

// Close ends the processes.
func (a *Aside) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, p := range a.free {
		p.end()
	}
	a.free = nil
}

func (a *Aside) ask(r request) (answer, error) {
	p, err := a.take()
	if err != nil {
		slog.Warn("passwords are hashed in the server", "error", err.Error())
		return answer{}, err
	}
	got, err := p.ask(r)
	if err != nil {
		p.end()
		slog.Warn("a process that hashes passwords was lost", "error", err.Error())
		return got, err
	}
	a.giveBack(p)
	return got, nil
}

func (a *Aside) take() (*process, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.free); n > 0 {
		p := a.free[n-1]
		a.free = a.free[:n-1]
		p.rest.Stop()
		return p, nil
	}
	return startProcess(a.command)
}

func (a *Aside) giveBack(p *process) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		p.end()
		return
	}
	a.free = append(a.free, p)
	p.rest = time.AfterFunc(idle, func() { a.letGo(p) })
}

// letGo ends a process that has waited long enough, unless it was just taken.
func (a *Aside) letGo(p *process) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, other := range a.free {
		if other == p {
			a.free = append(a.free[:i], a.free[i+1:]...)
			p.end()
			return
		}
	}
}

// process is one that hashes.
type process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *json.Decoder
	rest *time.Timer // runs while it is free
}

func startProcess(command []string) (*process, error) {
	p := &process{cmd: exec.Command(command[0], command[1:]...)}
	p.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(out)
	return p, startGivingWay(p.cmd)
}

func (p *process) ask(r request) (got answer, err error) {
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	if err := json.NewEncoder(p.in).Encode(r); err != nil {
		return got, err
	}
	if err := p.out.Decode(&got); err != nil {
		return got, err
	}
	if r.Hash == "" && got.Hash == "" && got.Failed == "" {
		return got, errors.New("no hash")
	}
	return got, nil
}

// end lets it end: what it reads has an end.
func (p *process) end() {
	_ = p.in.Close()
	_ = p.cmd.Process.Kill() // it may hash still, for nobody
	go func() { _ = p.cmd.Wait() }()
}

// Serve is what a process beside does: it answers until what it reads ends, as
// it does when whoever started it is gone, however that ended.
func Serve(in io.Reader, out io.Writer) error {
	requests, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var r request
		if err := requests.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(answerTo(r)); err != nil {
			return err
		}
	}
}

func answerTo(r request) (a answer) {
	var err error
	if r.Hash == "" {
		a.Hash, err = Here{}.Hash(string(r.Password))
	} else {
		a.Matches, err = Here{}.Matches(string(r.Password), r.Hash)
	}
	if err != nil {
		a.Failed = err.Error()
	}
	return a
}
