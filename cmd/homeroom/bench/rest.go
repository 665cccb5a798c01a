package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Reading is what came of reading threads by REST.
type Reading struct {
	Connections int     `json:"connections"`
	PerSecond   float64 `json:"requests_per_second"`
	Latency     Latency `json:"latency"`
	CPU         float64 `json:"cpu_us_per_request"`
}

// read asks for the last 50 messages of threads, over and over, on some
// connections at once.
func read(ctx context.Context, p *process, members []Member, connections int, d time.Duration) (Reading, error) {
	took := &latencies{}
	var failed atomic.Int64
	var wg sync.WaitGroup
	before, err := p.cpu()
	if err != nil {
		return Reading{}, err
	}
	begin := time.Now()
	errs := make([]error, connections)
	for i := range connections {
		wg.Go(func() {
			errs[i] = readOn(ctx, p.address, members[i*len(members)/connections], begin.Add(d), took, &failed)
		})
	}
	wg.Wait()
	seconds := time.Since(begin).Seconds()
	after, err := p.cpu()
	if err := errors.Join(append(errs, err)...); err != nil {
		return Reading{}, err
	}
	if n := failed.Load(); n > 0 {
		return Reading{}, fmt.Errorf("%d requests were refused", n)
	}
	sum := took.sum()
	return Reading{
		Connections: connections, PerSecond: float64(sum.Count) / seconds, Latency: sum,
		CPU: float64((after - before).Microseconds()) / float64(max(sum.Count, 1)),
	}, nil
}

func readOn(ctx context.Context, address string, m Member, until time.Time, took *latencies, failed *atomic.Int64) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	r := bufio.NewReaderSize(c, 32<<10)
	request := fmt.Appendf(nil, "GET /api/v1/classes/%d/threads/%d/messages?limit=50 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n",
		m.ClassID, m.ThreadIDs[0], address, m.Token)
	for time.Now().Before(until) && ctx.Err() == nil {
		at := time.Now()
		if _, err := c.Write(request); err != nil {
			return err
		}
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			failed.Add(1)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		took.add(time.Since(at))
	}
	return nil
}
