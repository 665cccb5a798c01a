package access

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

var scopes = []models.Scope{read, write, push, manage}

// tokens returns a token with each scope alone, and one with all but each.
func (w *world) tokens(u models.User) map[string][]models.Scope {
	w.t.Helper()
	made := map[string][]models.Scope{}
	for i, scope := range scopes {
		for _, set := range [][]models.Scope{{scope}, slices.Delete(slices.Clone(scopes), i, i+1)} {
			token, err := w.CreateToken(w.t.Context(), apptest.As(u), app.NewToken{Name: fmt.Sprint(set), Scopes: set})
			require.NoError(w.t, err)
			made[token.Secret] = set
		}
	}
	return made
}

func TestATokenDoesWhatItsScopesNameAndNothingElse(t *testing.T) {
	w := newWorld(t)
	owner, admin := w.actor("owner"), w.actor("admin")
	made := map[*actor]map[string][]models.Scope{owner: w.tokens(owner.user), admin: w.tokens(admin.user)}
	refused, allowed := 0, 0
	for id, o := range w.operations() {
		for n, r := range rows[id] {
			if r.where == open {
				continue
			}
			a := owner
			if r.where == ofServer {
				a = admin
			}
			for secret, set := range made[a] {
				where := fmt.Sprintf("%s (case %d) with %v", id, n, set)
				values := w.vars(w.here)
				if r.with != nil {
					r.with(w, a, values)
				}
				var body any
				if r.body != nil {
					body = r.body(w, a)
				}
				has := slices.Contains(set, r.scope)
				before := w.counts()
				got := w.ask(secret, o.Method, w.fill(o.Path, values)+r.query, body)
				if !has {
					require.Equal(t, []int{http.StatusForbidden, 125}, []int{got.StatusCode, got.Code()}, "%s: %s", where, got.Bytes)
					require.Contains(t, string(got.Bytes), "lacks the scope "+string(r.scope), where)
					require.Equal(t, before, w.counts(), "%s: it was refused, and stored something", where)
					refused++
					continue
				}
				if id == "create-token" && (!slices.Contains(set, read) || !slices.Contains(set, write)) {
					require.Equal(t, 125, got.Code(), "%s: none that may more", where) // the usual two
					continue
				}
				require.NotContains(t, string(got.Bytes), "lacks the scope", where)
				require.Equal(t, r.expected(a), got.Code(), "%s: %s", where, got.Bytes)
				allowed++
				if r.breaks && got.StatusCode < 300 {
					w.rebuild()
				}
			}
		}
	}
	t.Logf("%d refused, %d not", refused, allowed)
}

func TestTheOtherDoorsAskForTheSameScopes(t *testing.T) {
	w := newWorld(t)
	owner := w.actor("owner")
	for secret, set := range w.tokens(owner.user) {
		has := func(s models.Scope) bool { return slices.Contains(set, s) }

		form := url.Values{"type": {"publish"}, "to": {w.Bob.Name}, "content": {"x"}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/push?"+form.Encode(), nil)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+secret)
		response, err := w.HTTP.Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		if has(push) {
			require.Equal(t, http.StatusOK, response.StatusCode, set)
		} else {
			require.Equal(t, []any{http.StatusForbidden, "125"}, []any{response.StatusCode, response.Header.Get("Homeroom-Code")}, set)
		}

		for _, dialect := range []string{servertest.Classic, servertest.V2} {
			c, response, err := w.dial(&actor{secret: secret}, dialect)
			if !has(read) {
				require.Error(t, err, set)
				require.Equal(t, http.StatusForbidden, response.StatusCode, set)
				continue
			}
			require.NoError(t, err)
			if dialect == servertest.V2 {
				for _, x := range []servertest.Frame{
					{"action": "send", "class_id": w.here.class.ID, "thread_id": w.here.thread.ID, "content": "hi", "client_id": secret},
					{"action": "typing", "thread_id": w.here.thread.ID},
				} {
					got := c.Ask(x)
					require.Equal(t, has(write), got["code"] != 125.0, "%v: %v", set, got)
					require.Equal(t, has(write), got["status"], "%v: %v", set, got)
				}
			}
			require.NoError(t, c.Close())
		}
	}
}
