// Package metrics shows what the other packages counted: to Prometheus on a
// listener of its own, and to the admin's page as a series of the last hour.
package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"homeroom/app"
	"homeroom/app/backup"
	"homeroom/app/disk"
	"homeroom/app/fault"
	"homeroom/app/live"
	"homeroom/app/server"
	"homeroom/app/store"
	"homeroom/app/tally"
)

// Sources are where things are counted.
type Sources struct {
	Version string // of this program
	Data    string // the data folder
	Store   *store.Store
	App     *app.App
	Hub     *live.Hub
	Server  *server.Server
}

// collector makes Prometheus's values of the counters when it is asked.
type collector struct{ Sources }

var _ prometheus.Collector = collector{}

// Describe says nothing: what is collected is checked as it comes.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect reads every counter once.
func (c collector) Collect(to chan<- prometheus.Metric) {
	p := page{to}
	p.gauge("build_info", "1, with the version of the program.", 1, "version", c.Version)
	c.collectHub(p)
	c.collectRules(p)
	c.collectStore(p)
	for class, r := range c.Server.Stats() {
		name := server.RouteClass(class).String()
		p.histogram("http_request_seconds", "How long requests took, by kind of route.", r.Seconds, "class", name)
		for status, n := range r.Status {
			p.counter("http_requests_total", "Requests, by kind of route and first digit of the status.", n, "class", name, "status", status)
		}
	}
}

func (c collector) collectHub(p page) {
	s := c.Hub.Stats()
	const connections = "Live connections, by dialect."
	p.gauge("connections", connections, float64(s.Classic), "dialect", "classic")
	p.gauge("connections", connections, float64(s.V2), "dialect", "v2")
	p.gauge("users_online", "Users with at least one live connection.", float64(s.Users))
	p.gauge("rooms", "Classes that somebody listens to.", float64(s.Rooms))
	p.counter("frames_received_total", "Frames that clients sent.", s.Frames)
	p.counter("events_total", "Events dispatched to connections.", s.Events)
	p.counter("deliveries_total", "Events told to a connection.", s.Deliveries)
	p.counter("connections_too_slow_total", "Connections closed because their queue was full.", s.Slow)
	p.histogram("event_lag_seconds", "From an event's commit to its having been handed to every connection.", s.Lag)
	const closed = "Connections closed by the server, by close code; and by the client."
	p.counter("connections_closed_total", closed, s.Left, "code", "client")
	for code, n := range s.Closed {
		p.counter("connections_closed_total", closed, n, "code", nameOf(code))
	}
}

// results names the codes with which a sign-in is refused.
var results = map[int]string{
	fault.WrongPassword.Code: "wrong_password", fault.WeakPassword.Code: "too_long", fault.TooManyTries.Code: "too_many_tries",
	fault.SecondFactorNeeded.Code: "second_factor_needed", fault.WrongCode.Code: "wrong_code",
	fault.Busy.Code: "busy", fault.Unavailable.Code: "unavailable", 0: "other",
}

func (c collector) collectRules(p page) {
	s := c.App.Counts()
	p.counter("messages_stored_total", "Messages stored.", s.Sends)
	p.gauge("rosters", "Classes whose members and threads are in memory.", float64(s.Rosters))
	p.counter("password_hashes_total", "Passwords hashed, to keep or to compare them.", s.Hashed)
	const signIns = "Sign-ins, by what came of them."
	p.counter("sign_ins_total", signIns, s.SignIns, "result", "ok")
	for code, n := range s.Refused {
		p.counter("sign_ins_total", signIns, n, "result", results[code])
	}
}

func (c collector) collectStore(p page) {
	s := c.Store.Stats()
	p.histogram("commit_seconds", "How long a transaction took, the disk included.", s.Seconds)
	p.histogram("commit_batch_jobs", "Changes that shared a transaction.", s.Batches)
	p.gauge("write_queue", "Changes that wait for the writer.", float64(s.Queued))
	p.counter("writes_refused_total", "Changes that storage could not take.", s.Refused)
	p.gauge("database_bytes", "Size of the database.", float64(s.Sizes.Database))
	p.gauge("database_log_bytes", "Size of the database's write-ahead log.", float64(s.Sizes.Log))
	if free, total, err := disk.Free(c.Data); err == nil {
		p.gauge("disk_free_bytes", "Bytes that may still be written where the database lies.", float64(free))
		p.gauge("disk_bytes", "Size of the disk where the database lies.", float64(total))
	}
	if last, err := backup.ReadLast(c.Data); err == nil && !last.At.IsZero() {
		p.gauge("backup_age_seconds", "Age of the last good backup; absent where none was made.", time.Since(last.At).Seconds())
		p.gauge("backup_bytes", "Size of the last good backup.", float64(last.Bytes))
	}
}

func nameOf(code int) string {
	if code == 0 {
		return "other"
	}
	return strconv.Itoa(code)
}

// page takes values down. Labels are pairs of name and value.
type page struct{ to chan<- prometheus.Metric }

func (p page) counter(name, help string, n int64, labels ...string) {
	p.to <- prometheus.MustNewConstMetric(desc(name, help, labels), prometheus.CounterValue, float64(n), values(labels)...)
}

func (p page) gauge(name, help string, v float64, labels ...string) {
	p.to <- prometheus.MustNewConstMetric(desc(name, help, labels), prometheus.GaugeValue, v, values(labels)...)
}

func (p page) histogram(name, help string, d tally.Distribution, labels ...string) {
	buckets := make(map[float64]uint64, len(d.Bounds))
	below := uint64(0)
	for i, bound := range d.Bounds {
		below += uint64(d.Buckets[i])
		buckets[bound] = below
	}
	p.to <- prometheus.MustNewConstHistogram(desc(name, help, labels), uint64(d.Count()), d.Sum, buckets, values(labels)...)
}

func desc(name, help string, labels []string) *prometheus.Desc {
	var names []string
	for i := 0; i < len(labels); i += 2 {
		names = append(names, labels[i])
	}
	return prometheus.NewDesc("homeroom_"+name, help, names, nil)
}

func values(labels []string) (values []string) {
	for i := 1; i < len(labels); i += 2 {
		values = append(values, labels[i])
	}
	return values
}
