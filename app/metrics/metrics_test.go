package metrics_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/metrics"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// watched is a server with a class, a thread, and its metrics on a listener.
type watched struct {
	*servertest.Server
	t        *testing.T
	class    models.Class
	thread   models.Thread
	listener *metrics.Listener
}

func watch(t *testing.T) *watched {
	s := servertest.New(t)
	w := &watched{Server: s, t: t, class: s.Class("Biology")}
	var err error
	w.thread, err = s.OpenThread(t.Context(), apptest.As(s.Ann), w.class.ID, app.NewThread{Name: "Questions"})
	require.NoError(t, err)
	w.listener, err = metrics.Listen("127.0.0.1:0", false, s.Sources)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.listener.Close()) })
	return w
}

func (w *watched) get(path string, host string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://"+w.listener.Addr().String()+path, nil)
	require.NoError(w.t, err)
	if host != "" {
		r.Host = host
	}
	answer, err := w.HTTP.Do(r)
	require.NoError(w.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(w.t, err)
	return answer.StatusCode, string(text)
}

// values reads a scrape: by series, as it is written.
func (w *watched) values() map[string]float64 {
	w.t.Helper()
	status, text := w.get("/metrics", "")
	require.Equal(w.t, http.StatusOK, status)
	found := map[string]float64{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(strings.TrimSpace(line), " ")
		v, err := strconv.ParseFloat(strings.TrimSpace(line)[at+1:], 64)
		require.NoError(w.t, err, line)
		found[line[:at]] = v
	}
	return found
}

func TestTheMetricsTellWhatHappened(t *testing.T) {
	w := watch(t)
	before := w.values()
	ann, bob := w.Dial(w.Ann, servertest.V2), w.Dial(w.Bob, servertest.Classic)
	ann.Hello()
	bob.HearOp("connect")
	for n := range 5 {
		w.REST(w.Bob, http.MethodPost, fmt.Sprintf("/classes/%d/threads/%d/messages", w.class.ID, w.thread.ID), map[string]any{"content": fmt.Sprint(n)})
		ann.HearOp("event")
	}
	require.Equal(t, 401, w.REST(models.User{}, http.MethodPost, "/session", map[string]any{"name": "Bob Ray", "password": "not this one", "my_device": false}).StatusCode)
	_, err := backup.Write(t.Context(), backup.Job{Data: w.Dir, To: t.TempDir() + "/b.tar"})
	require.NoError(t, err)
	after := w.values()
	grew := func(name string) float64 { return after[name] - before[name] }
	require.EqualValues(t, 5, grew("homeroom_messages_stored_total"))
	require.EqualValues(t, 1, after[`homeroom_connections{dialect="v2"}`])
	require.EqualValues(t, 1, after[`homeroom_connections{dialect="classic"}`])
	require.EqualValues(t, 2, after["homeroom_users_online"])
	require.EqualValues(t, 1, after["homeroom_rooms"])
	require.EqualValues(t, 1, after["homeroom_rosters"])
	require.GreaterOrEqual(t, grew("homeroom_deliveries_total"), 5.0)
	require.EqualValues(t, 5, grew("homeroom_events_total"))
	require.EqualValues(t, 5, grew("homeroom_event_lag_seconds_count"))
	require.GreaterOrEqual(t, grew("homeroom_frames_received_total"), 1.0)
	require.EqualValues(t, 1, grew(`homeroom_sign_ins_total{result="wrong_password"}`))
	require.EqualValues(t, 5, grew(`homeroom_http_requests_total{class="write",status="2xx"}`))
	require.EqualValues(t, 1, grew(`homeroom_http_requests_total{class="sign_in",status="4xx"}`))
	require.GreaterOrEqual(t, grew("homeroom_commit_seconds_count"), 5.0)
	require.Greater(t, grew("homeroom_commit_seconds_sum"), 0.0)
	require.GreaterOrEqual(t, grew("homeroom_commit_batch_jobs_sum"), 5.0)
	require.Greater(t, after["homeroom_database_bytes"]+after["homeroom_database_log_bytes"], 8192.0)
	require.Greater(t, after["homeroom_disk_free_bytes"], 0.0)
	require.Contains(t, after, "homeroom_backup_age_seconds")
	require.NotContains(t, before, "homeroom_backup_age_seconds", "there was none")
	require.Contains(t, after, "go_goroutines")
	require.Contains(t, after, "process_open_fds")

	require.NoError(t, bob.Close())
	disabled := true
	_, err = w.ChangeUser(t.Context(), apptest.As(w.Ada), w.Ann.ID, app.UserChange{Disabled: &disabled})
	require.NoError(t, err)
	require.Equal(t, 4501, ann.Closed(5*time.Second))
	require.Eventually(t, func() bool { return w.values()[`homeroom_connections_closed_total{code="4501"}`] == 1 }, 5*time.Second, 10*time.Millisecond,
		"it is counted once, a moment after the page hears it")
}

func TestTheMetricsAreWellFormed(t *testing.T) {
	w := watch(t)
	_, text := w.get("/metrics", "")
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestTheListenerIsForTheMachineItself(t *testing.T) {
	w := watch(t)
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:9100", "[::]:0", "school.example:9100", "nonsense"} {
		_, err := metrics.Listen(address, false, w.Sources)
		require.Error(t, err, address)
	}
	public, err := metrics.Listen("0.0.0.0:0", true, w.Sources)
	require.NoError(t, err)
	require.NoError(t, public.Close())

	status, _ := w.get("/metrics", "evil.example")
	require.Equal(t, http.StatusMisdirectedRequest, status)
	status, text := w.get("/healthz", "localhost")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ok\n", text)
	status, text = w.get("/debug/pprof/goroutine?debug=1", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "goroutine profile")
	require.Equal(t, 404, w.REST(w.Ada, http.MethodGet, "/../../metrics", nil).StatusCode, "the school's own listener shows nothing of it")
}
