package access

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// columns returns the name of every column of every table, and some that other
// systems were taken over by.
func (w *world) columns() []string {
	w.t.Helper()
	names := []string{"is_super", "is_admin", "speaker", "user", "user_role", "permissions", "__proto__"}
	for _, table := range w.rows.tables {
		for _, name := range w.rows.query("SELECT name FROM pragma_table_info('" + table + "')") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	require.Greater(w.t, len(names), 80)
	return names
}

func TestNoRequestSetsAColumnThatItsDocumentDoesNotName(t *testing.T) {
	w := newWorld(t)
	columns := w.columns()
	w.refusesWith(func(named []string) (bodies []object) {
		for _, column := range columns {
			if !slices.Contains(named, column) {
				bodies = append(bodies, object{column: 1}, object{column: "owner"})
			}
		}
		return bodies
	})
}

// Go reads "ROLE" into a field that is called "role". A second spelling once
// went past every limit that the document sets for the first.
func TestAFieldHasOneSpelling(t *testing.T) {
	newWorld(t).refusesWith(func(named []string) (bodies []object) {
		for _, name := range named {
			bodies = append(bodies, object{strings.ToUpper(name): 1}, object{strings.ToUpper(name): "owner"})
		}
		return bodies
	})
}

// refusesWith asks for every operation that has a body, with the fields that
// more makes of the names of the body's own besides: none may be taken.
func (w *world) refusesWith(more func(named []string) []object) {
	w.t.Helper()
	document, tried := w.document(), 0
	for id, o := range w.operations() {
		content, ok := o.RequestBody.Content["application/json"]
		if !ok {
			continue
		}
		require.Contains(w.t, rows, id)
		a := w.actor("owner")
		if r := rows[id][0]; r.account != "" {
			a = w.actor("admin")
		}
		properties := document.Components.Schemas[strings.TrimPrefix(content.Schema.Ref, "#/components/schemas/")].Properties
		require.NotEmpty(w.t, properties, "the body of %s has a schema of its own", id)
		values := w.vars(w.here)
		if with := rows[id][0].with; with != nil {
			with(w, a, values)
		}
		path, good := w.fill(o.Path, values), w.bodyOf(id, a)
		before := w.all()
		for _, fields := range more(slices.Collect(maps.Keys(properties))) {
			body := maps.Clone(good.(object))
			maps.Copy(body, fields)
			got := w.ask(a.secret, o.Method, path, body)
			require.Equal(w.t, 422, got.StatusCode, "%s with %v: %s", id, fields, got.Bytes)
			tried++
		}
		require.Equal(w.t, before, w.all(), "%s stored something of a request that it refused", id)
	}
	w.t.Logf("%d requests", tried)
}

func TestAnUnknownParameterIsRefused(t *testing.T) {
	w := newWorld(t)
	for id, o := range w.operations() {
		require.Contains(t, rows, id)
		a := w.actor("owner")
		got := w.ask(a.secret, o.Method, w.fill(o.Path, w.vars(w.here))+"?role=owner", w.bodyOf(id, a))
		require.Equal(t, 422, got.StatusCode, "%s: %s", id, got.Bytes)
	}
}
