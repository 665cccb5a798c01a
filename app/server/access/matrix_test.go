package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/models"
)

// expected returns the code with which the row refuses the actor, 0: it is
// allowed.
func (r row) expected(a *actor) int {
	if code, ok := r.others[a.name]; ok {
		return code
	}
	switch {
	case r.where == open:
		return r.code
	case a.unknown:
		return 130
	case a.reads && r.scope != models.ScopeRead:
		return 125
	case a.limited && (r.where == ofOne || r.where == ofServer):
		return 125
	case r.where == ofServer && !atLeast(a.user.Role, r.account):
		return 125
	case r.where == inClass && r.admin && a.user.Role == models.Admin:
		return 0
	case r.where == inClass && a.in == "":
		return 107
	case r.writes && a.muted:
		return 121
	case r.where == inClass && r.role.Over(a.in):
		return 125
	}
	return r.code
}

func atLeast(role, least models.ServerRole) bool {
	order := []models.ServerRole{models.StudentAccount, models.Teacher, models.Admin}
	return slices.Index(order, role) >= slices.Index(order, least)
}

var statuses = map[int]int{102: 404, 107: 403, 121: 403, 125: 403, 126: 404, 130: 401, 137: 404}

func TestEveryOperationLetsInWhomTheTableNamesAndNobodyElse(t *testing.T) {
	w := newWorld(t)
	operations := w.operations()
	cells := 0
	for id, o := range operations {
		require.Contains(t, rows, id, "who may do it? Every operation needs a row in the table")
		for n, r := range rows[id] {
			for _, a := range w.actors {
				cells++
				where := fmt.Sprintf("%s (case %d) as %s", id, n, a.name)
				values := w.vars(w.here)
				if r.with != nil {
					r.with(w, a, values)
				}
				var body any
				if r.body != nil {
					body = r.body(w, a)
				}
				before := w.counts()
				got := w.ask(a.secret, o.Method, w.fill(o.Path, values)+r.query, body)
				want := r.expected(a)
				require.Equal(t, want, got.Code(), "%s: %s", where, got.Bytes)
				if want != 0 {
					require.Equal(t, statuses[want], got.StatusCode, where)
					require.Equal(t, before, w.counts(), "%s: it was refused, and stored something", where)
					continue
				}
				require.Equal(t, r.status, got.StatusCode, "%s: %s", where, got.Bytes)
				if r.breaks {
					w.rebuild()
				}
			}
		}
	}
	for id := range rows {
		require.Contains(t, operations, id, "a row without an operation")
	}
	t.Logf("%d operations, %d actors, %d requests", len(operations), len(w.actors), cells)
}

func TestEveryRouteOfTheServerIsInTheDocument(t *testing.T) {
	w := newWorld(t)
	known := map[string]bool{"GET /openapi.json": true, "HEAD /openapi.json": true}
	for _, o := range w.operations() {
		path := parameter.ReplaceAllString(o.Path, ":$1")
		known[o.Method+" "+path] = true
		if o.Method == "GET" {
			known["HEAD "+path] = true
		}
	}
	found := 0
	for _, r := range w.Fiber.GetRoutes(true) {
		path, ok := strings.CutPrefix(r.Path, "/api/v1")
		if !ok {
			continue
		}
		found++
		require.True(t, known[r.Method+" "+path], "%s %s is not in the document, so nobody says who may", r.Method, r.Path)
	}
	require.Greater(t, found, 40)
}
