package bench

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPlotsShowEveryRunOfAReport(t *testing.T) {
	fast, slow := &latencies{}, &latencies{}
	for i := range 1000 {
		fast.add(time.Duration(i) * time.Microsecond)
		slow.add(time.Duration(i) * time.Millisecond)
	}
	r := Report{}
	for _, rate := range []float64{20, 400, 800} {
		r.Runs = append(r.Runs, Pair{
			Rate: rate, Ratio: 1.5,
			Floor:   Result{Delivery: fast.sum(), CPUPerDelivery: 8},
			Product: Result{Delivery: slow.sum(), CPUPerDelivery: 12},
		})
	}
	dir := filepath.Join(t.TempDir(), "plots")
	require.NoError(t, r.Plots(dir))
	for file, wants := range map[string][]string{
		"latency.svg": {"20/s", "400/s", "800/s", "1000", "99.9 %", "<polyline"},
		"cpu.svg":     {"20 messages/s", "800 messages/s", "1.50 × the floor", "12.0", "<rect"},
	} {
		svg, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		for _, want := range wants {
			require.Contains(t, string(svg), want, file)
		}
		elements := xml.NewDecoder(strings.NewReader(string(svg)))
		for {
			_, err := elements.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, file)
		}
	}
}

func TestAReportWithoutRunsIsDrawnToo(t *testing.T) {
	r := Report{}
	require.NoError(t, r.Plots(t.TempDir()))
}

func TestTheCurveOfADistributionRises(t *testing.T) {
	l := &latencies{}
	for i := range 2000 {
		l.add(time.Duration(i) * 50 * time.Microsecond)
	}
	s := l.sum()
	require.Len(t, s.Curve, len(shares))
	before := math.Inf(-1)
	for _, ms := range s.Curve {
		require.GreaterOrEqual(t, ms, before)
		before = ms
	}
	require.InDelta(t, 50, s.P50, 0.2)
	require.InDelta(t, 99, s.P99, 0.2)
}
