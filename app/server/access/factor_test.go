package access

import (
	"io"
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

// before are the operations that an admin's session may do before there is a
// second factor.
var before = []string{
	"read-session", "list-sessions", "end-session", "confirm-session", "sign-out",
	"read-me", "change-me", "change-password",
	"read-second-factor", "begin-second-factor", "confirm-second-factor", "make-recovery-codes", "remove-second-factor",
}

// page is a browser of Ada's.
type page struct {
	*world
	cookie string
}

// ask makes a request as a page of the server does.
func (p page) ask(method, path string, body any) servertest.Answer {
	p.t.Helper()
	return p.of(method, "/api/v1"+path, body)
}

func (p page) of(method, path string, body any) servertest.Answer {
	p.t.Helper()
	reader, media := p.encode(body)
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, reader)
	require.NoError(p.t, err)
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	r.Header.Set("Cookie", "sid="+p.cookie)
	r.Header.Set("Origin", p.URL)
	r.Header.Set("X-Requested-With", "homeroom")
	response, err := p.HTTP.Do(r)
	require.NoError(p.t, err)
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return servertest.Answer{Response: response, Bytes: read}
}

// Every door is asked: a check that one of them forgets is no second factor.
func TestThreat07AnAdminWithoutASecondFactorIsRefusedAtEveryDoor(t *testing.T) {
	w := newWorld(t, func(l *app.Limits) { l.AdminFactor = true })
	_, err := w.AddMember(t.Context(), apptest.As(w.Ann), w.here.class.ID, app.NewMember{UserID: w.Ada.ID, Role: models.ClassTeacher})
	require.NoError(t, err)
	_, cookie := w.SignIn(w.Ada)
	p, admin := page{w, cookie}, w.actor("admin")

	operations, refused := w.operations(), 0
	for id, o := range operations {
		for n, r := range rows[id] {
			if r.where == open || id == "sign-out" {
				continue
			}
			values := w.vars(w.here)
			if r.with != nil {
				r.with(w, admin, values)
			}
			var body any
			if r.body != nil {
				body = r.body(w, admin)
			}
			stored := w.counts()
			got := p.ask(o.Method, w.fill(o.Path, values)+r.query, body)
			if slices.Contains(before, id) {
				require.NotEqual(t, 144, got.Code(), "%s (case %d)", id, n)
				continue
			}
			require.Equal(t, []int{http.StatusForbidden, 144}, []int{got.StatusCode, got.Code()}, "%s (case %d): %s", id, n, got.Bytes)
			require.Equal(t, stored, w.counts(), "%s (case %d): it was refused, and stored something", id, n)
			refused++
		}
	}
	for _, id := range before {
		require.Contains(t, operations, id)
	}
	t.Logf("%d refused", refused)
	require.Greater(t, refused, 40)

	dial := func() []int {
		var statuses []int
		for _, dialect := range []string{servertest.Classic, servertest.V2} {
			c, response, err := w.TryDial(models.User{}, dialect, http.Header{"Cookie": {"sid=" + cookie}})
			statuses = append(statuses, response.StatusCode)
			if err == nil {
				require.NoError(t, c.Close())
			}
		}
		return statuses
	}
	require.Equal(t, []int{403, 403}, dial(), "before the upgrade")
	push := "/push?" + url.Values{"type": {"publish"}, "to": {w.Bob.Name}, "content": {"x"}}.Encode()
	require.Equal(t, http.StatusUnauthorized, p.of(http.MethodGet, push, nil).StatusCode, "it believes no cookie")

	// The token that the command line made goes on, and the session once it has shown a code.
	require.Zero(t, w.ask(admin.secret, http.MethodGet, "/audit", nil).Code())
	var key app.SecondFactorKey
	p.ask(http.MethodPost, "/me/second-factor", object{"password": apptest.Password}).JSON(t, &key)
	require.Zero(t, p.ask(http.MethodPost, "/me/second-factor/confirm", object{"code": w.Shown(key.Secret)}).Code())
	require.Zero(t, p.ask(http.MethodGet, "/audit", nil).Code())
	require.Equal(t, []int{101, 101}, dial())

	// Who knows the password alone opens no session, and so no door.
	for _, code := range []any{nil, "", "000000", w.Shown(key.Secret)} {
		body := object{"name": w.Ada.Name, "password": apptest.Password}
		if code != nil {
			body["code"] = code
		}
		got := w.ask("", http.MethodPost, "/session", body)
		require.Equal(t, http.StatusUnauthorized, got.StatusCode)
		require.Empty(t, got.Cookies())
	}
}
