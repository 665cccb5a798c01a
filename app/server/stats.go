package server

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/tally"
)

// RouteClass is a kind of request. Routes by themselves would be many, and what
// strangers type many more.
type RouteClass int

// The classes.
const (
	RouteRead RouteClass = iota // of the API
	RouteWrite
	RouteSignIn
	RouteSocket
	RouteHealth
	RoutePage // and everything that is not there
	RouteClasses
)

func (c RouteClass) String() string {
	return [RouteClasses]string{"read", "write", "sign_in", "socket", "health", "page"}[c]
}

func routeClassOf(method, path string) RouteClass {
	switch {
	case socketPath(path):
		return RouteSocket
	case path == "/healthz", path == "/readyz":
		return RouteHealth
	case !apiPath(path):
		return RoutePage
	case method == http.MethodPost && (path == "/api/v1/session" || path == "/api/v1/sign-up" || path == "/api/v1/setup"):
		return RouteSignIn // as slow as a password is meant to be
	case method == http.MethodGet || method == http.MethodHead:
		return RouteRead
	}
	return RouteWrite
}

// requests counts the requests of one class.
type requests struct {
	status  [6]atomic.Int64 // by its first digit
	seconds *tally.Histogram
}

type metrics [RouteClasses]requests

func newMetrics() *metrics {
	m := &metrics{}
	for i := range m {
		m[i].seconds = tally.New(tally.Seconds)
	}
	return m
}

func (m *metrics) observe(c *fiber.Ctx, took time.Duration) {
	r := &m[routeClassOf(c.Method(), c.Path())]
	r.seconds.Observe(took.Seconds())
	if digit := c.Response().StatusCode() / 100; digit < len(r.status) {
		r.status[digit].Add(1)
	}
}

// Requests is what was asked of one class since the start.
type Requests struct {
	Status  map[string]int64 // by its first digit: "2xx"
	Seconds tally.Distribution
}

// Stats is what was asked since the start.
type Stats [RouteClasses]Requests

// Stats reads the counters.
func (s *Server) Stats() (read Stats) {
	for class := range s.metrics {
		read[class].Seconds = s.metrics[class].seconds.Read()
		read[class].Status = map[string]int64{}
		for digit := 1; digit < len(s.metrics[class].status); digit++ {
			read[class].Status[string('0'+rune(digit))+"xx"] = s.metrics[class].status[digit].Load()
		}
	}
	return read
}
