package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/door"
	"homeroom/models"
)

// rest is a house whose REST door is open.
type rest struct {
	*apptest.House
	t     testing.TB
	fiber *fiber.App
}

func openREST(t testing.TB, h *apptest.House, https bool) *rest {
	f := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	f.Use(func(c *fiber.Ctx) error {
		r := &door.Request{ID: "1", Address: "192.0.2.1", HTTPS: https, Device: c.Cookies(door.DeviceName(https))}
		if token, ok := strings.CutPrefix(c.Get("Authorization"), "Bearer "); ok {
			r.Actor, _ = h.Authenticate(c.UserContext(), token, app.Bearer)
		} else if secret := c.Cookies(door.CookieName(https)); secret != "" {
			r.Actor, _ = h.Authenticate(c.UserContext(), secret, app.Cookie)
			r.Cookie = r.Actor.User.ID != 0
		}
		c.SetUserContext(door.With(c.UserContext(), r))
		return c.Next()
	})
	api.New(f, h.App, api.Server{Name: "Test", Version: "0"})
	return &rest{House: h, t: t, fiber: f}
}

type answer struct {
	*http.Response
	text string
}

func (a answer) json(t testing.TB, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(a.text), into), a.text)
}

// do makes a request; secret is a cookie's, a token's or nothing.
func (d *rest) do(method, path, secret, body string) answer {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), method, "http://localhost/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("User-Agent", "a browser")
	if strings.HasPrefix(secret, "hr_") {
		r.Header.Set("Authorization", "Bearer "+secret)
	} else if secret != "" {
		r.AddCookie(&http.Cookie{Name: "sid", Value: secret})
		r.AddCookie(&http.Cookie{Name: "__Host-sid", Value: secret})
	}
	response, err := d.fiber.Test(r, 10_000)
	require.NoError(d.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(d.t, err)
	return answer{response, string(text)}
}

func credentials(name, password string) string {
	body, _ := json.Marshal(map[string]any{"name": name, "password": password})
	return string(body)
}

func TestSigningInSetsACookieThatOnlyThisServerGets(t *testing.T) {
	h := apptest.New(t)
	for _, one := range []struct {
		https bool
		name  string
	}{{true, "__Host-sid"}, {false, "sid"}} {
		d := openREST(t, h, one.https)
		a := d.do(http.MethodPost, "/session", "", credentials("Bob Ray", apptest.Password))
		require.Equal(t, http.StatusOK, a.StatusCode, a.text)
		require.Len(t, a.Cookies(), 2)
		c, device := a.Cookies()[0], a.Cookies()[1]
		require.Equal(t, one.name, c.Name)
		require.Equal(t, strings.Replace(one.name, "sid", "device", 1), device.Name)
		require.True(t, device.HttpOnly && device.Secure == one.https && device.SameSite == http.SameSiteLaxMode && device.Path == "/" && device.Domain == "")
		require.WithinDuration(t, h.Now().Add(400*24*time.Hour), device.Expires, time.Second)
		require.Len(t, device.Value, 43)
		require.NotContains(t, a.text, device.Value)
		require.Equal(t, one.https, c.Secure)
		require.True(t, c.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, c.SameSite)
		require.Equal(t, "/", c.Path)
		require.Empty(t, c.Domain)
		require.Len(t, c.Value, 43)
		require.True(t, c.Expires.IsZero() && c.MaxAge == 0, "it goes when the shared computer's browser closes")
		require.NotContains(t, a.text, c.Value)
		var in app.SignedIn
		a.json(t, &in)
		require.Equal(t, h.Bob.ID, in.User.ID)
		require.Equal(t, "a browser", in.Session.Agent)
		require.True(t, in.Session.Current)
		require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/session", c.Value, "").StatusCode)
	}
	a := openREST(t, h, true).do(http.MethodPost, "/session", "", `{"name":"Bob Ray","password":"`+apptest.Password+`","my_device":true}`)
	require.WithinDuration(t, h.Now().Add(30*24*time.Hour), a.Cookies()[0].Expires, time.Second)
}

func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	d := openREST(t, apptest.New(t), true)
	_, first := d.SignIn(d.Bob)
	a := d.do(http.MethodPost, "/session", first, credentials("Bob Ray", apptest.Password))
	require.NotEqual(t, first, a.Cookies()[0].Value)
	require.Equal(t, http.StatusUnauthorized, d.do(http.MethodGet, "/session", first, "").StatusCode)
}

func TestAFailedSignInLooksTheSameForEveryName(t *testing.T) {
	d := openREST(t, apptest.New(t), true)
	known := d.do(http.MethodPost, "/session", "", credentials("Bob Ray", "not this one"))
	unknown := d.do(http.MethodPost, "/session", "", credentials("Nobody Here", "not this one"))
	require.Equal(t, http.StatusUnauthorized, known.StatusCode)
	require.Contains(t, known.text, `"code":131`)
	require.Equal(t, known.text, unknown.text)
	known.Header.Del("Date")
	unknown.Header.Del("Date")
	require.Equal(t, known.Header, unknown.Header)
	require.Empty(t, known.Cookies())
	require.Equal(t, "Bearer", known.Header.Get("WWW-Authenticate"))
}

func TestWhoHasToWaitIsToldHowLong(t *testing.T) {
	d := openREST(t, apptest.New(t), true)
	for range 5 {
		d.do(http.MethodPost, "/session", "", credentials("Bob Ray", "not this one"))
	}
	a := d.do(http.MethodPost, "/session", "", credentials("Bob Ray", apptest.Password))
	require.Equal(t, http.StatusTooManyRequests, a.StatusCode)
	require.Equal(t, "30", a.Header.Get("Retry-After"))
	require.Contains(t, a.text, `"retry_after":30`)
}

func TestSigningOutTakesTheCookieAndLeavesWhatWaitsToBeSent(t *testing.T) {
	d := openREST(t, apptest.New(t), true)
	_, secret := d.SignIn(d.Bob)
	a := d.do(http.MethodDelete, "/session", secret, "")
	require.Equal(t, http.StatusNoContent, a.StatusCode, a.text)
	require.Equal(t, `"cache"`, a.Header.Get("Clear-Site-Data"))
	require.Equal(t, "__Host-sid", a.Cookies()[0].Name)
	require.Negative(t, a.Cookies()[0].MaxAge)
	require.True(t, a.Cookies()[0].Secure)
	require.Equal(t, http.StatusUnauthorized, d.do(http.MethodGet, "/me", secret, "").StatusCode)
}

// A password that is refused must not come back: answers are logged, and seen
// over a shoulder.
func TestARefusalNeverRepeatsASecret(t *testing.T) {
	h := apptest.New(t)
	d := openREST(t, h, true)
	_, ada := d.SignIn(d.Ada)
	const canary = "canary-hunter2"
	for _, one := range []struct{ method, path, body string }{
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":["` + canary + `"]}`},
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":{"a":"` + canary + `"}}`},
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":"` + canary + `","x":1}`},
		{http.MethodPost, "/session", `{"name":7,"password":"` + canary + `"}`},
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":"` + canary + `"`},
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":"` + canary + strings.Repeat("x", 300) + `"}`},
		{http.MethodPost, "/session", `"` + canary + `"`},
		{http.MethodPost, "/session", canary},
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":"` + canary + `"}`},
		{http.MethodPost, "/setup", `{"token":"` + canary + strings.Repeat("x", 300) + `","name":"","password":"` + canary + `"}`},
		{http.MethodPost, "/setup", `{"token":"` + canary + `","name":"A","password":"` + canary + `"}`},
		{http.MethodPost, "/sign-up", `{"code":"` + canary + strings.Repeat("x", 300) + `","name":"A","password":["` + canary + `"]}`},
		{http.MethodPut, "/me/password", `{"current":["` + canary + `"],"new":{"a":"` + canary + `"}}`},
		{http.MethodPut, "/me/password", `{"current":"` + canary + `","new":"` + canary + `"}`},
		{http.MethodPost, "/users", `{"name":"A","role":"` + canary + `","password":["` + canary + `"]}`},
		{http.MethodPost, "/users", `{"name":"A","role":"teacher","password":"` + canary + `"}`},
	} {
		a := d.do(one.method, one.path, ada, one.body)
		require.GreaterOrEqual(t, a.StatusCode, 400, one)
		require.Less(t, a.StatusCode, 500, one)
		require.Equal(t, door.ProblemType, a.Header.Get("Content-Type"))
		require.NotContains(t, a.text, "canary", "%v", one)
	}
}

func TestNothingButTheFieldsOfAnInputIsTaken(t *testing.T) {
	h := apptest.New(t)
	d := openREST(t, h, true)
	_, bob := d.SignIn(d.Bob)
	for _, route := range []struct{ method, path, body string }{
		{http.MethodPatch, "/me", `{"hue":3,`},
		{http.MethodPost, "/me/tokens", `{"name":"x",`},
		{http.MethodPost, "/session", `{"name":"Bob Ray","password":"` + apptest.Password + `",`},
	} {
		for _, row := range []any{models.User{}, models.Credential{}, models.Session{}, models.Token{}} {
			for _, field := range columns(row) {
				if strings.Contains(route.body, `"`+field+`"`) || strings.Contains("locale email name my_device scopes class_ids expires_at", field) {
					continue
				}
				a := d.do(route.method, route.path, bob, route.body+`"`+field+`":1}`)
				require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode, "%s %s %s: %s", route.method, route.path, field, a.text)
			}
		}
	}
	me, err := h.Me(t.Context(), apptest.As(h.Bob))
	require.NoError(t, err)
	h.Bob.Role = models.StudentAccount
	require.Equal(t, h.Bob, withoutKey(h.Bob, me))
}

func withoutKey(stored, me models.User) models.User {
	me.NameKey = stored.NameKey
	return me
}

// columns lists the columns of a row, as a request could name them.
func columns(row any) []string {
	var names []string
	t := reflect.TypeOf(row)
	for i := range t.NumField() {
		var name strings.Builder
		for j, r := range t.Field(i).Name {
			if r >= 'A' && r <= 'Z' && j > 0 && t.Field(i).Name[j-1] >= 'a' {
				name.WriteByte('_')
			}
			name.WriteString(strings.ToLower(string(r)))
		}
		names = append(names, name.String())
	}
	return names
}

func TestATeacherSeesOfAUserWhatAClassNeeds(t *testing.T) {
	d := openREST(t, apptest.New(t), true)
	_, ann := d.SignIn(d.Ann)
	_, ada := d.SignIn(d.Ada)
	_, bob := d.SignIn(d.Bob)
	keys := func(secret string) map[string]bool {
		var page struct{ Items []map[string]any }
		d.do(http.MethodGet, "/users?query=cai", secret, "").json(t, &page)
		require.Len(t, page.Items, 1)
		found := map[string]bool{}
		for key := range page.Items[0] {
			found[key] = true
		}
		return found
	}
	require.Equal(t, map[string]bool{"id": true, "name": true, "role": true, "hue": true}, keys(ann))
	require.Equal(t, map[string]bool{"id": true, "name": true, "role": true, "hue": true, "locale": true, "created_at": true}, keys(ada))
	require.Equal(t, http.StatusForbidden, d.do(http.MethodGet, "/users?query=cai", bob, "").StatusCode)
	require.Equal(t, http.StatusUnauthorized, d.do(http.MethodGet, "/users", "", "").StatusCode)
}

func TestUsersComeInPages(t *testing.T) {
	d := openREST(t, apptest.New(t), true)
	_, ada := d.SignIn(d.Ada)
	var names []string
	for cursor := ""; ; {
		var page struct {
			Items []app.Person
			Next  string
		}
		d.do(http.MethodGet, "/users?limit=2&cursor="+cursor, ada, "").json(t, &page)
		for _, p := range page.Items {
			names = append(names, p.Name)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	require.Equal(t, []string{"Ada Park", "Ann Lee", "Bob Ray", "Cai Wen", "Eve Moss"}, names)
}

func TestAnAccountFromItsSetupToItsEnd(t *testing.T) {
	h := apptest.Empty(t)
	d := openREST(t, h, true)
	var before struct {
		NeedsSetup bool `json:"needs_setup"`
	}
	d.do(http.MethodGet, "/info", "", "").json(t, &before)
	require.True(t, before.NeedsSetup)
	link, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	setup := d.do(http.MethodPost, "/setup", "", `{"token":"`+link+`","name":"Ada Park","password":"`+apptest.Password+`"}`)
	require.Equal(t, http.StatusOK, setup.StatusCode, setup.text)
	ada := setup.Cookies()[0].Value
	d.do(http.MethodGet, "/info", "", "").json(t, &before)
	require.False(t, before.NeedsSetup)
	again := d.do(http.MethodPost, "/setup", "", `{"token":"`+link+`","name":"Eve","password":"`+apptest.Password+`"}`)
	require.Equal(t, http.StatusNotFound, again.StatusCode)

	var made app.CreatedUser
	a := d.do(http.MethodPost, "/users", ada, `{"name":"Ann Lee","role":"teacher","email":"ann@example.org"}`)
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text)
	a.json(t, &made)
	require.NotEmpty(t, made.Password)
	ann := d.do(http.MethodPost, "/session", "", credentials("Ann Lee", made.Password)).Cookies()[0].Value

	a = d.do(http.MethodPut, "/me/password", ann, `{"current":"`+made.Password+`","new":"`+apptest.Password+`"}`)
	require.Equal(t, http.StatusNoContent, a.StatusCode, a.text)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/me", ann, "").StatusCode, "this browser goes on")

	var token models.Token
	a = d.do(http.MethodPost, "/me/tokens", ann, `{"name":"timetable"}`)
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text)
	a.json(t, &token)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/me", token.Secret, "").StatusCode)
	require.NotContains(t, d.do(http.MethodGet, "/me/tokens", ann, "").text, "secret")

	var reset struct{ Password string }
	d.do(http.MethodPost, "/users/2/reset", ada, "").json(t, &reset)
	require.NotEmpty(t, reset.Password)
	require.Equal(t, http.StatusUnauthorized, d.do(http.MethodGet, "/me", ann, "").StatusCode)
	require.Equal(t, http.StatusOK, d.do(http.MethodPatch, "/users/2", ada, `{"disabled":true}`).StatusCode)
	require.Equal(t, http.StatusUnauthorized, d.do(http.MethodGet, "/me", token.Secret, "").StatusCode)
	require.Equal(t, http.StatusUnauthorized, d.do(http.MethodPost, "/session", "", credentials("Ann Lee", reset.Password)).StatusCode)
}

func TestAStudentSignsUpWithTheClassesCode(t *testing.T) {
	h := apptest.New(t)
	d := openREST(t, h, true)
	class := h.Class("Physics 9b")
	code, err := h.CreateCode(t.Context(), apptest.As(h.Ann), class.ID, app.NewCode{Role: models.Student})
	require.NoError(t, err)
	a := d.do(http.MethodPost, "/sign-up", "", `{"code":"`+strings.ToLower(code.Code)+`","name":"Dee Fox","password":"eight letters"}`)
	require.Equal(t, http.StatusOK, a.StatusCode, a.text)
	var up app.SignedUp
	a.json(t, &up)
	require.Equal(t, "Dee Fox", up.User.Name)
	require.Equal(t, models.StudentAccount, up.User.Role)
	require.Equal(t, models.Student, up.Class.Role)
	require.Equal(t, class.ID, up.Class.ID)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/session", a.Cookies()[0].Value, "").StatusCode)
}
