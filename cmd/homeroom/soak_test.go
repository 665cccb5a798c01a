package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// watching has the patience for a server that is busy.
var watching = &http.Client{Timeout: 10 * time.Second}

// figure is a number that the server tells Prometheus.
func figure(t *testing.T, address, name string) (value float64) {
	t.Helper()
	response, err := watching.Get("http://" + address + "/metrics")
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			value, err = strconv.ParseFloat(rest, 64)
			require.NoError(t, err)
			return value
		}
	}
	return 0
}

// soak is how long the soak lasts in full: two hours, or what HOMEROOM_SOAK
// says.
func soak(t *testing.T) time.Duration {
	t.Helper()
	said := os.Getenv("HOMEROOM_SOAK")
	if said == "" {
		return chaostest.Of(4*time.Second, 2*time.Hour)
	}
	long, err := time.ParseDuration(said)
	require.NoError(t, err)
	return long
}

// TestR18NothingGrowsInALongRun keeps a crowd coming and going while some talk,
// and looks at what the server holds: by the hour, and once everybody has left.
func TestR18NothingGrowsInALongRun(t *testing.T) {
	folder, address, metrics := t.TempDir(), freeAddress(t), freeAddress(t)
	guests, speakers := schoolOf(t, folder, chaostest.Of(100, 2000))
	server := start(t, folder, address, append([]string{"--metrics-listen=" + metrics}, crowded...)...)
	server.ready()
	time.Sleep(time.Second) // what tidies begins once it is ready
	base := figure(t, metrics, "go_goroutines")
	crowd, _ := gather(t, address, guests, 20*time.Second)
	clients := startPaced(t, address, speakers, time.Second)
	var at, held []float64
	began, long := time.Now(), soak(t)
	churn := time.NewTicker(time.Second / 20)
	defer churn.Stop()
	cut := 0
	for sampled := began; time.Since(began) < long; {
		<-churn.C
		crowd.guests[rand.IntN(len(crowd.guests))].hangUp()
		cut++
		if time.Since(sampled) > long/100 {
			sampled = time.Now()
			at, held = append(at, time.Since(began).Minutes()), append(held, float64(server.memory())/(1<<20))
		}
	}
	clients.end()
	crowd.leave()
	left := 0.0
	require.Eventually(t, func() bool {
		left = figure(t, metrics, "go_goroutines")
		return left <= base+5
	}, 40*time.Second, 100*time.Millisecond, "goroutines do not go away")
	acked, _ := clients.requireKept(t, folder)
	settled := len(at) / 4 // the first quarter fills what is bounded: pools, caches, rosters
	slope, grows := slope(at[settled:], held[settled:])*10, "too_short_to_say"
	if long >= 20*time.Minute { // less is the start, and no slope
		grows = fmt.Sprintf("%.2fMiB/10min", slope)
		defer func() { require.LessOrEqual(t, slope, 1.0) }()
	}
	chaostest.Figures("R18", "sockets=%d churn=20/s for=%v cuts=%d goroutines_before=%.0f after=%.0f memory=%.0fMiB slope=%s acknowledged=%d lost=0",
		len(guests), long, cut, base, left, held[len(held)-1], grows, len(acked))
}

// hangUp cuts the guest's connection, if it has one.
func (g *guest) hangUp() {
	if conn := g.conn.Load(); conn != nil {
		_ = conn.Close()
	}
}

// slope is by how much y grows with x, by least squares.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
