package metrics_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/backup"
)

// A panel of a series that is not there is empty, which looks like quiet.
func TestThePanelsOfTheDashboardShowWhatThereIs(t *testing.T) {
	text, err := os.ReadFile("../../docs/grafana.json")
	require.NoError(t, err)
	var dashboard struct {
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ H, W, X, Y int }
			Targets []struct{ Expr, RefID string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &dashboard))
	w := watch(t)
	_, err = backup.Write(t.Context(), backup.Job{Data: w.Dir, To: t.TempDir() + "/b.tar"})
	require.NoError(t, err)
	_, scrape := w.get("/metrics", "")
	there := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllStringSubmatch(scrape, -1) {
		there[match[1]] = true
	}
	shown, ids := map[string]bool{}, map[int]bool{}
	named := regexp.MustCompile(`\b(?:homeroom|go|process)_[a-z_]+`)
	for _, p := range dashboard.Panels {
		require.False(t, ids[p.ID], "%s: its id is another's", p.Title)
		ids[p.ID] = true
		require.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, p.Title)
		if p.Type == "row" {
			continue
		}
		require.NotEmpty(t, p.Targets, p.Title)
		for _, target := range p.Targets {
			names := named.FindAllString(target.Expr, -1)
			require.NotEmpty(t, names, p.Title)
			for _, name := range names {
				require.True(t, there[name], "%s shows %s, which there is not", p.Title, name)
				shown[name] = true
			}
		}
	}
	for name := range there {
		base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if !regexp.MustCompile(`^homeroom_`).MatchString(name) || name == "homeroom_build_info" {
			continue
		}
		require.True(t, shown[name] || shown[base+"_bucket"] || shown[base+"_sum"], "%s is on no panel", name)
	}
}
