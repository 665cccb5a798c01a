package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Pushing is what came of pushes to single users who are online, by one door.
type Pushing struct {
	Door           string  `json:"door"`
	Online         int     `json:"users_online"`
	Rate           float64 `json:"pushes_per_second_asked"`
	Sent           int64   `json:"pushes_sent"`
	Refused        int64   `json:"refused"`
	Closed         int64   `json:"connections_closed"`
	PerSecond      float64 `json:"pushes_per_second_shown"`
	Delivery       Latency `json:"delivery"`
	Acknowledgment Latency `json:"acknowledgment"`
	CPUPerPush     float64 `json:"cpu_us_per_push"`
}

// pushers is how many connections a door's pushes come by.
const pushers = 4

// push is one that is due at a time, and counts for a run.
type push struct {
	at time.Time
	of *run
	to int64 // user
}

// pushDoor is how a push is written, and how its answer is read.
type pushDoor struct {
	name, address string

	write func(out []byte, to int64, content string) []byte
	// read reads one answer and tells whether it was ok.
	read func(r *bufio.Reader) (bool, error)
}

// push measures the two doors by which programs push, one after the other, on a
// folder whose members are all online.
func (p Plan) push(ctx context.Context, dir string, members []Member, w io.Writer) ([]Pushing, error) {
	token, err := pushToken(ctx, dir)
	if err != nil {
		return nil, err
	}
	inner, err := freeAddress()
	if err != nil {
		return nil, err
	}
	server, err := serve(ctx, dir, "--push-listen", inner)
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.stop() }()
	var all []Pushing
	for _, door := range []*pushDoor{restDoor(server.address, token), innerDoor(inner)} {
		clients, _, err := connect(server.address, members, 64)
		if err != nil {
			closeAll(clients)
			return nil, err
		}
		r, err := p.pushBy(ctx, server, door, clients)
		if err != nil {
			return nil, fmt.Errorf("pushes by %s: %w", door.name, err)
		}
		all = append(all, r)
		say(w, "%6.0f pushes/s by %-10s to %d online %5.0f shown/s  p50 %6.2f p95 %6.2f p99 %6.2f max %7.2f ms  CPU %6.1f µs/push  refused %d closed %d",
			r.Rate, r.Door, r.Online, r.PerSecond, r.Delivery.P50, r.Delivery.P95, r.Delivery.P99, r.Delivery.Max, r.CPUPerPush, r.Refused, r.Closed)
	}
	return all, nil
}

// pushToken makes an admin, who may push to anybody, and a token of theirs.
func pushToken(ctx context.Context, dir string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	const name = "Build server"
	if err := runSelf(ctx, "user", "add", name, "--role", "admin", "--data", dir); err != nil {
		return "", err
	}
	token, err := exec.CommandContext(ctx, self, "token", "add", name, "--name", "pushes", "--scopes", "push", "--data", dir).Output()
	if err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return string(bytes.TrimSpace(token)), nil
}

func restDoor(address, token string) *pushDoor {
	return &pushDoor{
		name: "REST", address: address,
		write: func(out []byte, to int64, content string) []byte {
			body := fmt.Sprintf(`{"to":%d,"content":"%s","task":"build","percent":50}`, to, content)
			return fmt.Appendf(out, "POST /api/v1/pushes HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				address, token, len(body), body)
		},
		read: func(r *bufio.Reader) (bool, error) {
			response, err := http.ReadResponse(r, nil)
			if err != nil {
				return false, err
			}
			body, err := io.ReadAll(response.Body)
			return response.StatusCode == http.StatusOK && bytes.Contains(body, []byte(`"result":"ok"`)), err
		},
	}
}

func innerDoor(address string) *pushDoor {
	return &pushDoor{
		name: "inner port", address: address,
		write: func(out []byte, to int64, content string) []byte {
			return fmt.Appendf(out, `{"uid":%d,"percent":"50%%","content":"%s"}`+"\n", to, content)
		},
		read: func(r *bufio.Reader) (bool, error) {
			answer, err := r.ReadSlice('\n')
			return string(answer) == "ok\n", err
		},
	}
}

// stragglers is how long pushes that the server took may be on their way.
const stragglers = 10 * time.Second

// awaits tells whether some of so many pushes were neither refused nor shown.
func (r *run) awaits(sent int64) bool { return r.delivered.sum().Count+r.refused.Load() < sent }

// pushBy pushes by a door, each push at its time whether or not the server
// keeps up, and closes the clients.
func (p Plan) pushBy(ctx context.Context, server *process, door *pushDoor, clients []*client) (Pushing, error) {
	defer closeAll(clients)
	warm, counted := &run{delivered: &latencies{}, acknowledged: &latencies{}}, &run{delivered: &latencies{}, acknowledged: &latencies{}}
	current := atomic.Pointer[run]{}
	current.Store(warm)
	var listening, working sync.WaitGroup
	for _, c := range clients {
		listening.Go(func() { c.listenTo(&current) })
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan push, 1<<16)
	errs := make([]error, pushers)
	for i := range pushers {
		working.Go(func() {
			errs[i] = door.work(ctx, queue, p.Size)
			if errs[i] != nil {
				cancel()
			}
		})
	}
	before, after := time.Duration(0), time.Duration(0)
	begin := time.Now()
	every := time.Duration(float64(time.Second) / p.PushRate)
	var err error
	var sent int64
	var counting time.Time
	for at := begin; at.Before(begin.Add(p.Warm+p.Duration)) && ctx.Err() == nil && err == nil; at = at.Add(every) {
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		if counting.IsZero() && at.Sub(begin) >= p.Warm {
			before, err = server.cpu()
			current.Store(counted)
			counting = time.Now()
		}
		of := current.Load()
		if of == counted {
			sent++
		}
		select {
		case queue <- push{at: at, of: of, to: clients[rand.IntN(len(clients))].member.UserID}:
		default:
			err = errors.New("the server keeps up with far less")
		}
	}
	if err == nil {
		after, err = server.cpu()
	}
	took := time.Since(counting)
	shown := counted.delivered.sum().Count
	close(queue)
	working.Wait()
	for end := time.Now().Add(stragglers); counted.awaits(sent) && ctx.Err() == nil && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	closeAll(clients)
	listening.Wait()
	if err := errors.Join(append(errs, err)...); err != nil {
		return Pushing{}, err
	}
	return Pushing{
		Door: door.name, Online: len(clients), Rate: p.PushRate, Sent: sent,
		Refused: counted.refused.Load(), Closed: counted.closed.Load(),
		PerSecond: float64(shown) / took.Seconds(), Delivery: counted.delivered.sum(), Acknowledgment: counted.acknowledged.sum(),
		CPUPerPush: float64((after - before).Microseconds()) / float64(max(sent, 1)),
	}, nil
}

// work sends what is due on one connection, waiting for each answer, as
// programs do.
func (d *pushDoor) work(ctx context.Context, queue <-chan push, size int) error {
	c, err := net.Dial("tcp", d.address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	r := bufio.NewReaderSize(c, 4096)
	padding := strings.Repeat("x", size)
	var out []byte
	for one := range queue {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		content := (stamp + fmt.Sprintf("%019d", one.at.UnixNano()) + padding)[:max(size, len(stamp)+19)]
		out = d.write(out[:0], one.to, content)
		if _, err := c.Write(out); err != nil {
			return err
		}
		ok, err := d.read(r)
		if err != nil {
			return err
		}
		if !ok {
			one.of.refused.Add(1)
		}
		one.of.acknowledged.add(time.Since(one.at))
	}
	return nil
}
