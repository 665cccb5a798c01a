package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/door"
	"homeroom/app/server/servertest"
)

// routes are the server's routes of one kind, every parameter filled in with 1.
func (f fuzzed) routes(methods ...string) (found [][2]string) {
	for _, r := range f.Fiber.GetRoutes(true) {
		if !strings.HasPrefix(r.Path, api.Base) || !slices.Contains(methods, r.Method) {
			continue
		}
		parts := strings.Split(r.Path, "/")
		for i, part := range parts {
			if strings.HasPrefix(part, ":") {
				parts[i] = "1"
			}
		}
		found = append(found, [2]string{r.Method, strings.Join(parts, "/")})
	}
	return found
}

// proper asks, and wants JSON or a problem document that names no fault of ours.
func (f fuzzed) proper(t testing.TB, method, path, media, body string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.URL, strings.NewReader(body))
	require.NoError(t, err)
	r.URL = &url.URL{Scheme: "http", Host: strings.TrimPrefix(f.URL, "http://"), Opaque: path}
	r.Header.Set("Authorization", "Bearer "+f.token)
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	response, err := f.HTTP.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Less(t, response.StatusCode, http.StatusInternalServerError, "%s %s: %s", method, path, text)
	if strings.HasPrefix(path, "/push") {
		require.Contains(t, []string{"ok", "offline", "fail"}, string(text))
		return response.StatusCode
	}
	if response.StatusCode >= http.StatusBadRequest {
		var problem door.Problem
		require.Equal(t, door.ProblemType, response.Header.Get("Content-Type"), "%s %s: %s", method, path, text)
		require.NoError(t, json.Unmarshal(text, &problem), "%s %s: %s", method, path, text)
		require.NotZero(t, problem.Code)
		return response.StatusCode
	}
	require.True(t, len(text) == 0 || json.Valid(text) && utf8.Valid(text), "%s %s: %s", method, path, text)
	return response.StatusCode
}

// Whatever JSON, or what is none, comes as the body of whichever operation.
func FuzzBody(f *testing.F) {
	s := newFuzzed(f)
	routes := s.routes(http.MethodPost, http.MethodPut, http.MethodPatch)
	require.Greater(f, len(routes), 20)
	bodies := []string{
		`{"content":"hi","client_id":"1"}`, `{"name":"x","role":"student","code":"2345-6789"}`, `{"muted_until":"2030-01-01T00:00:00.000Z"}`,
		`{"to":"Bob Ray","content":"x","task":"t","percent":1e2,"data":{"a":[1]}}`, `{"to":1}`, `{"seq":9223372036854775808}`,
		`{"scopes":["read"],"class_ids":[1],"expires_in_days":1}`, `{`, `[]`, `null`, `{"name":null}`, `{"name":1}`, `{"name":"\ud800"}`, ``, `{"hue":1e999}`,
	}
	for i := range max(len(routes), len(bodies)) {
		f.Add(byte(i), bodies[i%len(bodies)])
	}
	f.Fuzz(func(t *testing.T, route byte, body string) {
		to := routes[int(route)%len(routes)]
		s.proper(t, to[0], to[1], "application/json", body)
	})
}

// Whatever stands behind the question mark of whichever operation, and of a part
// of a file.
func FuzzQuery(f *testing.F) {
	s := newFuzzed(f)
	file, err := s.BeginFile(f.Context(), apptest.As(s.Ann), 1, app.NewFile{Name: "notes.txt", Size: 25 << 20})
	require.NoError(f, err)
	content := fmt.Sprintf("%s/classes/1/files/%d/content", api.Base, file.ID)
	routes := s.routes(http.MethodGet)
	require.Greater(f, len(routes), 15)
	queries := []string{
		"limit=50", "limit=-1", "limit=1&limit=2", "before=1&after=1&around=1", "cursor=1-1", "query=Ann", "query=%27%25_", "all=true", "all=TRUE",
		"%zz", "&&==", "a;b", "offset=0", "offset=1", "offset=-1", "offset=9223372036854775808", "offset=0&offset=1", "limit=%00", "limit=१", "role=owner", "=", "limit",
	}
	for i := range max(len(routes), len(queries)) {
		f.Add(byte(i), queries[i%len(queries)])
	}
	f.Fuzz(func(t *testing.T, route byte, query string) {
		if len(query) > 4000 || strings.ContainsAny(query, " #\r\n\t\x00") || !printable(query) {
			return // no request line
		}
		to := routes[int(route)%len(routes)]
		s.proper(t, to[0], to[1]+"?"+query, "", "")
		was, err := s.File(t.Context(), apptest.As(s.Ann), 1, file.ID)
		require.NoError(t, err)
		s.proper(t, http.MethodPut, content+"?"+query, "application/octet-stream", "part")
		is, err := s.File(t.Context(), apptest.As(s.Ann), 1, file.ID)
		require.NoError(t, err)
		require.Contains(t, []int64{was.Received, was.Received + 4}, is.Received, "a part goes behind those before")
	})
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f })
}

// Whatever a sender of the form dialect of pushes sends.
func FuzzPushForm(f *testing.F) {
	s := newFuzzed(f)
	for _, body := range []string{
		"type=publish&to=&content=hi", "type=publish&to=1&content=hi", "type=publish&to=Bob+Ray&content=%E4%BD%A0", "type=publish&to=-1&content=", "type=x",
		"type=publish&to=99999999999999999999&content=x", "type=publish&content=%ff", "%zz=%", "type=publish&type=x&content=a&content=b", "",
	} {
		f.Add(body, "application/x-www-form-urlencoded")
		f.Add(body, "application/json")
	}
	f.Add("--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\npublish\r\n--x\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nhi\r\n--x--\r\n", "multipart/form-data; boundary=x")
	f.Add("--x\r\n\r\n--x--", "multipart/form-data; boundary=x")
	f.Add("----", "multipart/form-data; boundary=")
	f.Fuzz(func(t *testing.T, body, media string) {
		if !printable(media) {
			return // no header
		}
		s.proper(t, http.MethodPost, "/push", media, body)
		if printable(body) && !strings.ContainsAny(body, " #") && len(body) < 4000 {
			s.proper(t, http.MethodGet, "/push?"+body, "", "")
		}
	})
}

// Whatever comes where a secret belongs: it is nobody's.
func FuzzSecret(f *testing.F) {
	s := newFuzzed(f)
	_, session := s.SignIn(s.Bob)
	for _, value := range []string{
		"sid=x", "sid=" + strings.Repeat("A", 43), "Bearer x", "Bearer hr_" + strings.Repeat("A", 43), "Bearer  ", "bearer", "Basic QTpC", "sid=;=;\"", "sid=a; sid=b",
		"__Host-sid=x", "device=x", "sid=hr_x", "sid=%00", "sid=\"x\"",
	} {
		f.Add(value, value)
	}
	f.Fuzz(func(t *testing.T, cookie, authorization string) {
		if !printable(cookie+authorization) || strings.Contains(cookie, session) || strings.Contains(authorization, s.token) {
			return
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+api.Base+"/me", nil)
		require.NoError(t, err)
		r.Header.Set("Cookie", cookie)
		r.Header.Set("Authorization", authorization)
		response, err := s.HTTP.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		a := servertest.Answer{Response: response}
		a.Bytes, err = io.ReadAll(response.Body)
		require.NoError(t, err)
		if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			require.Equal(t, http.StatusUnauthorized, response.StatusCode, "%s", a.Bytes)
			require.Equal(t, 130, a.Code())
		}
		require.Empty(t, response.Header.Values("Set-Cookie"))
	})
}
