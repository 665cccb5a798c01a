package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Plan says what to measure.
type Plan struct {
	Members   int           `default:"1000" help:"Members, each with a connection."`
	Group     int           `default:"50" help:"Members of one class."`
	Rates     []float64     `default:"20,400,800" help:"Messages a second in all; one run each."`
	Size      int           `default:"200" help:"Bytes of a message."`
	Warm      time.Duration `default:"3s" help:"Before anything is counted."`
	Duration  time.Duration `default:"15s" help:"How long each run counts."`
	Idle      int           `default:"8000" help:"Members who join at once and then say nothing; 0 leaves it out."`
	ReadConns int           `default:"32" help:"Connections that read by REST; 0 leaves it out."`
	PushRate  float64       `default:"1000" help:"Pushes a second to single members who are online; 0 leaves it out."`
	Stored    int           `default:"2000" help:"Messages stored before the runs."`

	ManyStored  int `default:"0" help:"Compare a send's cost where that many messages are stored and where few are; 0 leaves it out."`
	ManyThreads int `default:"0" help:"The same of threads, in as many classes; 0 leaves it out."`
	ManyClasses int `default:"0" help:"The same of classes, with as many members online; 0 leaves it out."`

	Server string `placeholder:"HOST:PORT" help:"Load this server instead of ones that are started; it needs --tokens. Its limits must leave room for the load."`
	Tokens string `placeholder:"FILE" help:"Its members, as demo --tokens writes them."`
	PID    int    `name:"pid" placeholder:"PID" help:"Its process, where it runs on this machine: without it, processor time and memory are not told."`
}

// Report is everything that a plan measured.
type Report struct {
	EmptyMemory int64     `json:"empty_server_memory_bytes,omitempty"`
	Runs        []Pair    `json:"runs"`
	Join        *Joining  `json:"join,omitempty"`
	Read        *Reading  `json:"read,omitempty"`
	Pushes      []Pushing `json:"pushes,omitempty"`
	Growth      []Growth  `json:"growth,omitempty"`
}

// Pair is the product beside the floor, one after the other in the same run.
type Pair struct {
	Rate    float64 `json:"messages_per_second"`
	Floor   Result  `json:"floor"`
	Product Result  `json:"product"`
	Ratio   float64 `json:"cpu_per_delivery_in_floors"`
}

// Joining is what it takes to come in and to stay.
type Joining struct {
	Members       int     `json:"members"`
	Seconds       float64 `json:"seconds"`
	PerSecond     float64 `json:"joins_per_second"`
	MemoryPerConn int64   `json:"memory_bytes_per_idle_connection"`
	FloorMemory   int64   `json:"floor_memory_bytes_per_idle_connection"`
}

// Run measures against servers that it starts itself, on folders that it fills
// and removes. It says on w what it does.
func (p Plan) Run(ctx context.Context, w io.Writer) (*Report, error) {
	dir, err := os.MkdirTemp("", "homeroom-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	report := &Report{}
	product, members, err := p.target(ctx, dir, report, w)
	if err != nil {
		return nil, err
	}
	defer func() { _ = product.stop() }()
	for _, rate := range p.Rates {
		load := Load{Rate: rate, Warm: p.Warm, Duration: p.Duration, Size: p.Size}
		pair := Pair{Rate: rate}
		if pair.Floor, err = p.floor(ctx, load); err != nil {
			return nil, err
		}
		if pair.Product, err = p.send(ctx, product, members, load); err != nil {
			return nil, err
		}
		pair.Ratio = pair.Product.CPUPerDelivery / pair.Floor.CPUPerDelivery
		report.Runs = append(report.Runs, pair)
		sayPair(w, pair)
	}
	if p.ReadConns > 0 {
		r, err := read(ctx, product, members, p.ReadConns, p.Duration)
		if err != nil {
			return nil, err
		}
		report.Read = &r
		say(w, "read 50 messages on %d connections: %.0f/s, p50 %.2f p99 %.2f ms, %.0f µs CPU each", r.Connections, r.PerSecond, r.Latency.P50, r.Latency.P99, r.CPU)
	}
	if p.Server != "" {
		return report, nil
	}
	if err := product.stop(); err != nil {
		say(w, "the server ended with: %v", err)
	}
	if p.PushRate > 0 {
		if report.Pushes, err = p.push(ctx, filepath.Join(dir, "few"), members, w); err != nil {
			return nil, err
		}
	}
	if report.Growth, err = p.grow(ctx, dir, w); err != nil {
		return nil, err
	}
	if p.Idle > 0 {
		if report.Join, err = p.join(ctx, filepath.Join(dir, "idle"), w); err != nil {
			return nil, err
		}
	}
	return report, nil
}

// target is the server that is loaded: one of its own, measured empty first,
// or the one that the plan points at.
func (p Plan) target(ctx context.Context, dir string, report *Report, w io.Writer) (server *process, members []Member, err error) {
	if p.Server != "" {
		if members, err = ReadMembers(p.Tokens); err != nil {
			return nil, nil, fmt.Errorf("--server needs --tokens: %w", err)
		}
		return &process{pid: p.PID, address: p.Server}, members[:min(len(members), p.Members)], nil
	}
	if report.EmptyMemory, err = p.empty(ctx, dir); err != nil {
		return nil, nil, err
	}
	say(w, "empty server: %.1f MiB", mib(report.EmptyMemory))
	return p.product(ctx, filepath.Join(dir, "few"), p.school(p.Members, p.Stored), w)
}

func (p Plan) empty(ctx context.Context, dir string) (int64, error) {
	server, err := serve(ctx, filepath.Join(dir, "empty"))
	if err != nil {
		return 0, err
	}
	time.Sleep(time.Second)
	memory, err := server.memory()
	return memory, errors.Join(err, server.stop())
}

// school is how much there is of everything in what is served.
type school struct {
	classes, members, threads int // members and threads of each class
	messages                  int // in all
}

// school is one of that many members, in classes as large as the plan has them.
func (p Plan) school(members, messages int) school {
	return school{classes: max(members/p.Group, 1), members: p.Group, threads: 5, messages: messages}
}

// product fills a folder and serves it.
func (p Plan) product(ctx context.Context, dir string, of school, w io.Writer) (*process, []Member, error) {
	say(w, "filling a school of %d classes, each with %d members and %d threads, with %d messages", of.classes, of.members, of.threads, of.messages)
	tokens := dir + ".tokens"
	if err := runSelf(ctx, "demo", "--data", dir, "--classes", strconv.Itoa(of.classes), "--members", strconv.Itoa(of.members),
		"--threads", strconv.Itoa(of.threads), "--messages", strconv.Itoa(of.messages), "--tokens", tokens); err != nil {
		return nil, nil, fmt.Errorf("demo: %w", err)
	}
	list, err := ReadMembers(tokens)
	if err != nil {
		return nil, nil, err
	}
	server, err := serve(ctx, dir)
	return server, list, err
}

// serve starts the product with the limits out of the way that are there for
// people, not for generators.
func serve(ctx context.Context, dir string, flags ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return start(ctx, address, append([]string{"serve", "--data", dir, "--listen", address, "--log-level", "error", "--backup-every", "0",
		"--max-connections-per-address", "20000", "--upgrades-per-second", "100000",
		"--requests-per-second", "1000000", "--request-burst", "1000000"}, flags...)...)
}

func (p Plan) floor(ctx context.Context, load Load) (Result, error) {
	address, err := freeAddress()
	if err != nil {
		return Result{}, err
	}
	floor, err := start(ctx, address, "bench", "--floor", address)
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = floor.stop() }()
	clients, _, err := connect(address, p.floorMembers(p.Members), 64)
	if err != nil {
		closeAll(clients)
		return Result{}, err
	}
	return load.send(ctx, floor, clients, floorFrame)
}

func (p Plan) floorMembers(n int) []Member {
	members := make([]Member, n)
	for i := range members {
		members[i] = FloorMember(i / p.Group)
	}
	return members
}

func (p Plan) send(ctx context.Context, server *process, members []Member, load Load) (Result, error) {
	clients, _, err := connect(server.address, members, 64)
	if err != nil {
		closeAll(clients)
		return Result{}, err
	}
	return load.send(ctx, server, clients, sendFrame)
}

func (p Plan) join(ctx context.Context, dir string, w io.Writer) (*Joining, error) {
	server, members, err := p.product(ctx, dir, p.school(p.Idle, p.Stored), w)
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.stop() }()
	time.Sleep(time.Second)
	j := &Joining{Members: len(members)}
	if j.Seconds, j.MemoryPerConn, err = settle(server, members); err != nil {
		return nil, err
	}
	j.PerSecond = float64(j.Members) / j.Seconds

	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	floor, err := start(ctx, address, "bench", "--floor", address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = floor.stop() }()
	if _, j.FloorMemory, err = settle(floor, p.floorMembers(p.Idle)); err != nil {
		return nil, err
	}
	say(w, "%d members joined in %.2f s (%.0f/s), %.1f KiB each idle (floor %.1f)", j.Members, j.Seconds, j.PerSecond, float64(j.MemoryPerConn)/1024, float64(j.FloorMemory)/1024)
	return j, nil
}

// settle connects the members and tells how long that took, and what each
// connection takes once it is quiet.
func settle(server *process, members []Member) (seconds float64, each int64, err error) {
	before, err := server.memory()
	if err != nil {
		return 0, 0, err
	}
	clients, took, err := connect(server.address, members, 128)
	defer closeAll(clients)
	if err != nil {
		return 0, 0, err
	}
	for _, c := range clients {
		go func() {
			var buffer []byte
			for {
				if op, payload, err := c.read(&buffer); err != nil {
					return
				} else if op == 9 {
					_ = c.write(10, payload)
				}
			}
		}()
	}
	time.Sleep(20 * time.Second)
	after, err := server.memory()
	return took.Seconds(), (after - before) / int64(len(members)), err
}

// ReadMembers reads what `homeroom demo --tokens` wrote.
func ReadMembers(path string) ([]Member, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var members []Member
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var m Member
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		members = append(members, m)
	}
	return members, lines.Err()
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String(), nil
}

func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func sayPair(w io.Writer, p Pair) {
	for _, r := range []struct {
		name string
		Result
	}{{"floor", p.Floor}, {"homeroom", p.Product}} {
		say(w, "%6.0f msg/s %-9s %7.0f deliveries/s  p50 %6.2f p95 %6.2f p99 %6.2f max %7.2f ms  CPU %6.1f µs/delivery %7.0f µs/message  refused %d closed %d",
			p.Rate, r.name, r.PerSecond, r.Delivery.P50, r.Delivery.P95, r.Delivery.P99, r.Delivery.Max, r.CPUPerDelivery, r.CPUPerMessage, r.Refused, r.Closed)
	}
	say(w, "%6.0f msg/s homeroom uses %.2f × the floor's CPU per delivery", p.Rate, p.Ratio)
}
