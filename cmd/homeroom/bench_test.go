package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/cmd/homeroom/bench"
)

func TestTheBenchmarkMeasuresPushesByBothDoors(t *testing.T) {
	out := filepath.Join(t.TempDir(), "figures.json")
	printed, err := run(t, "bench", "--members", "20", "--group", "10", "--stored", "20", "--rates", "200",
		"--warm", "200ms", "--duration", "1s", "--idle", "0", "--read-conns", "0", "--push-rate", "200", "--out", out)
	require.NoError(t, err, printed)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	var report bench.Report
	require.NoError(t, json.Unmarshal(text, &report))
	require.Len(t, report.Pushes, 2)
	for i, door := range []string{"REST", "inner port"} {
		p := report.Pushes[i]
		require.Equal(t, door, p.Door)
		require.Contains(t, printed, "pushes/s by "+door)
		require.Equal(t, 20, p.Online)
		require.InDelta(t, 200, p.Sent, 2)
		require.Zero(t, p.Refused)
		require.Zero(t, p.Closed)
		require.GreaterOrEqual(t, p.Delivery.Count, p.Sent, "each is shown")
		require.LessOrEqual(t, p.Delivery.Count, p.Sent+200/5, "once; those of the warm-up may be under way when counting begins")
		require.Positive(t, p.Delivery.P50)
		require.Positive(t, p.CPUPerPush)
	}
}

func TestTheBenchmarkComparesASendInASmallSchoolAndInALargeOne(t *testing.T) {
	out := filepath.Join(t.TempDir(), "figures.json")
	printed, err := run(t, "bench", "--members", "30", "--group", "15", "--stored", "20", "--rates", "100", "--warm", "200ms", "--duration", "300ms",
		"--idle", "0", "--read-conns", "0", "--push-rate", "0", "--many-classes", "20", "--out", out)
	require.NoError(t, err, printed)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	var report bench.Report
	require.NoError(t, json.Unmarshal(text, &report))
	require.Len(t, report.Growth, 1)
	g := report.Growth[0]
	require.Equal(t, []any{"classes", 10, 20}, []any{g.Of, g.Few, g.Many})
	require.Positive(t, g.Less)
	require.InDelta(t, g.More/g.Less, g.Ratio, 0.001)
	require.Contains(t, printed, "a send with 20 classes costs ")
}
