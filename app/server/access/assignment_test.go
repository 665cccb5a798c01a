package access

import (
	"maps"
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
	document, columns := w.document(), w.columns()
	tried := 0
	for id, o := range w.operations() {
		content, ok := o.RequestBody.Content["application/json"]
		if !ok {
			continue
		}
		require.Contains(t, rows, id)
		a := w.actor("owner")
		if r := rows[id][0]; r.account != "" {
			a = w.actor("admin")
		}
		properties := document.Components.Schemas[strings.TrimPrefix(content.Schema.Ref, "#/components/schemas/")].Properties
		require.NotEmpty(t, properties, "the body of %s has a schema of its own", id)
		values := w.vars(w.here)
		if with := rows[id][0].with; with != nil {
			with(w, a, values)
		}
		path, good := w.fill(o.Path, values), w.bodyOf(id, a)
		before := w.all()
		for _, column := range columns {
			if _, named := properties[column]; named {
				continue
			}
			for _, value := range []any{1, "owner"} {
				body := maps.Clone(good.(object))
				body[column] = value
				got := w.ask(a.secret, o.Method, path, body)
				require.Equal(t, 422, got.StatusCode, "%s with %s: %s", id, column, got.Bytes)
				tried++
			}
		}
		require.Equal(t, before, w.all(), "%s stored something of a request that it refused", id)
	}
	t.Logf("%d requests", tried)
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
