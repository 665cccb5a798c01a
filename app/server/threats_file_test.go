package server_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// shelf is a server with a class in which Bob sent a picture.
type shelf struct {
	*servertest.Server
	t      *testing.T
	class  models.Class
	thread models.Thread
	file   models.File
	base   string // of the files of the class
}

func newShelf(t *testing.T, options ...servertest.Options) *shelf {
	t.Helper()
	s := servertest.New(t, append(options, servertest.Options{App: func(l *app.Limits) {
		l.UploadRate, l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6, 1e6
	}})...)
	class := s.Class("Chemistry 9b")
	thread, err := s.OpenThread(t.Context(), apptest.As(s.Ann), class.ID, app.NewThread{Name: "Reports"})
	require.NoError(t, err)
	x := &shelf{Server: s, t: t, class: class, thread: thread, base: fmt.Sprintf("/classes/%d/files", class.ID)}
	x.file = s.Upload(s.Bob, class.ID, "picture.png", picture(t))
	x.send(x.file.ID)
	return x
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))))
	return b.Bytes()
}

func (x *shelf) send(ids ...int64) models.Message {
	x.t.Helper()
	m, _, err := x.Send(x.t.Context(), apptest.As(x.Bob), x.class.ID, x.thread.ID, app.NewMessage{Files: ids})
	require.NoError(x.t, err)
	return m
}

func (x *shelf) path(file models.File, what string) string {
	return fmt.Sprintf("/api/v1%s/%d/%s", x.base, file.ID, what)
}

// put sends a part as a script of the user's.
func (x *shelf) put(u models.User, id, offset int64, part string, headers http.Header) servertest.Answer {
	x.t.Helper()
	h := http.Header{"Content-Type": {"application/octet-stream"}, "Authorization": {"Bearer " + x.Token(u)}}
	for name, values := range headers {
		h[name] = values
	}
	return fetch(x.t, x.Server, http.MethodPut, fmt.Sprintf("/api/v1%s/%d/content?offset=%d", x.base, id, offset), part, h)
}

func (x *shelf) as(u models.User) http.Header {
	if u.ID == 0 {
		return nil
	}
	return http.Header{"Authorization": {"Bearer " + x.Token(u)}}
}

func TestThreat09NobodyElseReadsAFile(t *testing.T) {
	x := newShelf(t)
	notes := x.Upload(x.Bob, x.class.ID, "notes.txt", []byte("secret"))
	x.send(notes.ID)
	draft := x.Upload(x.Bob, x.class.ID, "draft.txt", []byte("secret"))
	gone := x.Upload(x.Bob, x.class.ID, "gone.txt", []byte("secret"))
	m := x.send(gone.ID)
	_, err := x.Delete(t.Context(), apptest.As(x.Bob), x.class.ID, x.thread.ID, m.ID)
	require.NoError(t, err)
	elsewhere := x.Class("Art")
	require.NoError(t, x.RemoveMember(t.Context(), apptest.As(x.Ann), x.class.ID, x.Cai.ID))
	nobody, asked := models.User{}, 0
	ask := func(u models.User, path string) servertest.Answer {
		asked++
		return fetch(t, x.Server, http.MethodGet, path, "", x.as(u))
	}
	missing := models.File{ID: 1 << 40}
	for _, what := range []string{"content", "preview", ""} {
		paths := map[string]models.File{"sent": x.file, "notes": notes, "draft": draft, "gone": gone, "missing": missing}
		for name, file := range paths {
			path := strings.TrimSuffix(x.path(file, what), "/")
			require.Equal(t, http.StatusUnauthorized, ask(nobody, path).StatusCode, name)
			for who, u := range map[string]models.User{"a stranger": x.Eve, "who was removed": x.Cai, "an admin who is no member": x.Ada} {
				got := ask(u, path)
				require.Equal(t, []int{http.StatusForbidden, 107}, []int{got.StatusCode, got.Code()}, "%s as %s", name, who)
				require.NotContains(t, string(got.Bytes), "secret")
				require.Empty(t, got.Header.Get("ETag"))
			}
			// By the number of another class of the same people.
			got := ask(x.Ann, strings.Replace(path, fmt.Sprintf("/classes/%d/", x.class.ID), fmt.Sprintf("/classes/%d/", elsewhere.ID), 1))
			require.Equal(t, []int{http.StatusNotFound, 126}, []int{got.StatusCode, got.Code()}, name)
		}
		is := ask(x.Ann, strings.TrimSuffix(x.path(draft, what), "/"))
		is.Bytes = []byte(strings.ReplaceAll(string(is.Bytes), is.Header.Get("X-Request-Id"), ""))
		not := ask(x.Ann, strings.TrimSuffix(x.path(missing, what), "/"))
		require.Equal(t, strings.ReplaceAll(string(not.Bytes), not.Header.Get("X-Request-Id"), ""), string(is.Bytes), "whether somebody has a draft does not show")
	}
	require.Equal(t, "secret", string(ask(x.Ann, x.path(notes, "content")).Bytes))
	require.Equal(t, "secret", string(ask(x.Bob, x.path(draft, "content")).Bytes))
	require.Equal(t, http.StatusNotFound, ask(x.Bob, x.path(gone, "content")).StatusCode)
	require.Equal(t, "secret", string(ask(x.Ann, x.path(gone, "content")).Bytes), "staff may, and it is noted")
	for _, id := range []int64{draft.ID, notes.ID, missing.ID} {
		got := x.put(x.Ann, id, 6, "x", nil)
		require.Equal(t, 126, got.Code(), "nobody writes into another's")
		require.Equal(t, 126, x.REST(x.Ann, http.MethodDelete, fmt.Sprintf("%s/%d", x.base, id), nil).Code())
		got = x.REST(x.Ann, http.MethodPost, fmt.Sprintf("/classes/%d/threads/%d/messages", x.class.ID, x.thread.ID), map[string]any{"content": "x", "files": []int64{id}})
		require.Equal(t, 126, got.Code(), "nor sends it")
	}

	// Who signs out reads it no more by what the browser has kept: it must ask.
	_, cookie := x.SignIn(x.Bob)
	page := http.Header{"Cookie": {"sid=" + cookie}}
	etag := fetch(t, x.Server, http.MethodGet, x.path(notes, "content"), "", page).Header.Get("ETag")
	page["If-None-Match"] = []string{etag}
	require.Equal(t, http.StatusNotModified, fetch(t, x.Server, http.MethodGet, x.path(notes, "content"), "", page).StatusCode)
	require.NoError(t, x.RemoveMember(t.Context(), apptest.As(x.Ann), x.class.ID, x.Bob.ID))
	require.Equal(t, http.StatusForbidden, fetch(t, x.Server, http.MethodGet, x.path(notes, "content"), "", page).StatusCode)
	t.Logf("%d asked", asked)
}

func TestThreat19AFileIsKeptByABrowserAndNotRun(t *testing.T) {
	x := newShelf(t)
	page := x.Upload(x.Bob, x.class.ID, "page.txt", []byte("hello <script>alert(1)</script>"))
	odd := x.Upload(x.Bob, x.class.ID, `a"b%;c`+"\u00e9图 .txt", []byte("x"))
	x.send(page.ID, odd.ID)
	for _, file := range []models.File{x.file, page, odd} {
		for _, what := range []string{"content", "preview"} {
			got := fetch(t, x.Server, http.MethodGet, x.path(file, what), "", x.as(x.Ann))
			if file.Width == nil && what == "preview" {
				require.Equal(t, http.StatusNotFound, got.StatusCode)
				continue
			}
			require.Equal(t, http.StatusOK, got.StatusCode)
			require.True(t, strings.HasPrefix(got.Header.Get("Content-Disposition"), `attachment; filename="`), got.Header.Get("Content-Disposition"))
			require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
			require.Equal(t, []string{"sandbox; default-src 'none'"}, got.Header.Values("Content-Security-Policy"))
			require.Equal(t, "same-origin", got.Header.Get("Cross-Origin-Resource-Policy"))
			require.NotContains(t, got.Header.Get("Content-Type"), "html")
		}
	}
	got := fetch(t, x.Server, http.MethodGet, x.path(odd, "content"), "", x.as(x.Ann))
	require.Equal(t, `attachment; filename="a_b__c__ .txt"; filename*=UTF-8''a%22b%25%3Bc%C3%A9%E5%9B%BE%20.txt`, got.Header.Get("Content-Disposition"))

	// What runs is refused, and gone, whatever it is called; what is no part is
	// no body.
	for _, name := range []string{"a.svg", "a.html", "a.xml", "a.js", "a.exe", "a"} {
		got := x.REST(x.Bob, http.MethodPost, x.base, map[string]any{"name": name, "size": 5})
		require.Equal(t, []int{http.StatusUnsupportedMediaType, 135}, []int{got.StatusCode, got.Code()}, name)
	}
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
	for _, name := range []string{"a.png", "a.gif", "a.pdf", "a.txt", "a.zip", "a.docx"} {
		file, err := x.BeginFile(t.Context(), apptest.As(x.Bob), x.class.ID, app.NewFile{Name: name, Size: int64(len(svg))})
		require.NoError(t, err)
		got := x.put(x.Bob, file.ID, 0, svg, nil)
		require.Equal(t, []int{http.StatusUnsupportedMediaType, 135}, []int{got.StatusCode, got.Code()}, "%s: %s", name, got.Bytes)
		require.Equal(t, http.StatusNotFound, x.REST(x.Bob, http.MethodGet, fmt.Sprintf("%s/%d", x.base, file.ID), nil).StatusCode)
	}
	tried := 0
	routes(x.Server, func(method, path string) {
		if method == http.MethodGet || path == "/push" {
			return
		}
		for media, sent := range map[string]string{
			"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\n\r\n" + svg + "\r\n--x--\r\n",
			"image/svg+xml":                   svg, "application/octet-stream": svg,
		} {
			if media == "application/octet-stream" && strings.HasSuffix(path, "/content") {
				continue
			}
			got := fetch(t, x.Server, method, path, sent, http.Header{"Content-Type": {media}, "Authorization": {"Bearer " + x.Token(x.Ann)}})
			require.Equal(t, http.StatusUnsupportedMediaType, got.StatusCode, "%s %s: %s", method, path, got.Bytes)
			tried++
		}
	})
	require.Greater(t, tried, 60)
}

func TestThreat23TheNameOfAFileIsNeverAPath(t *testing.T) {
	x := newShelf(t)
	for _, name := range []string{"../../homeroom.txt", `..\a.txt`, "/etc/passwd.txt", "a\x00.txt", "CON.txt", "a\r\nb.txt", "a\u202etxt.exe", ".", "..", ""} {
		got := x.REST(x.Bob, http.MethodPost, x.base, map[string]any{"name": name, "size": 5})
		require.Equal(t, []int{http.StatusUnprocessableEntity, 104}, []int{got.StatusCode, got.Code()}, "%q: %s", name, got.Bytes)
	}
	// %2e%2e is a name like another: nothing unpacks it again.
	odd := x.Upload(x.Bob, x.class.ID, "%2e%2e%2fhomeroom.txt", []byte("mine"))
	require.Equal(t, "%2e%2e%2fhomeroom.txt", odd.Name)
	got := fetch(t, x.Server, http.MethodGet, x.path(odd, "content"), "", x.as(x.Bob))
	require.Equal(t, "mine", string(got.Bytes))
	for _, id := range []string{"..", "%2e%2e", "%252e%252e", "..%2f..%2fhomeroom.db", "1%00", "1%0d%0a", "-1", "0", "x", "1e3", "9999999999999999999", url.PathEscape("../" + odd.Name)} {
		for _, what := range []string{"content", "preview"} {
			got := fetch(t, x.Server, http.MethodGet, fmt.Sprintf("/api/v1%s/%s/%s", x.base, id, what), "", x.as(x.Bob))
			require.Contains(t, []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity}, got.StatusCode, "%s: %s", id, got.Bytes)
			require.NotContains(t, string(got.Bytes), "SQLite")
		}
	}
	for _, path := range []string{"/files/", "/data/files", "/api/v1/files/1"} {
		got := fetch(t, x.Server, http.MethodGet, path, "", x.as(x.Bob))
		require.NotContains(t, string(got.Bytes), "\x89PNG", path)
	}
}

func TestThreat29APictureThatClaimsToBeHugeTakesNoMemory(t *testing.T) {
	x := newShelf(t)
	bomb := picture(t)
	copy(bomb[16:24], "\x00\x00\xff\xff\x00\x00\xff\xff") // its head, whose checksum is wrong now
	gif := "GIF89a\xff\xff\xff\xff\x00\x00\x00\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x01\x00\x00\x3b"
	jpg := "\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xd9"
	for name, content := range map[string]string{"a.png": string(bomb), "a.gif": gif, "a.jpg": jpg} {
		file, err := x.BeginFile(t.Context(), apptest.As(x.Bob), x.class.ID, app.NewFile{Name: name, Size: int64(len(content))})
		require.NoError(t, err)
		before := allocated()
		got := x.put(x.Bob, file.ID, 0, content, nil)
		require.Less(t, allocated()-before, uint64(64<<20), "%s: its pixels would take gigabytes", name)
		require.Equal(t, []int{http.StatusUnprocessableEntity, 104}, []int{got.StatusCode, got.Code()}, "%s: %s", name, got.Bytes)
		require.Equal(t, http.StatusNotFound, x.REST(x.Bob, http.MethodGet, fmt.Sprintf("%s/%d", x.base, file.ID), nil).StatusCode)
	}
}

// allocated is all the memory that the process ever asked for, in bytes.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestThreat40AFileIsKeptByNobodyElse(t *testing.T) {
	x := newShelf(t)
	for _, what := range []string{"content", "preview"} {
		for _, h := range []http.Header{x.as(x.Ann), x.as(x.Eve), nil} {
			got := fetch(t, x.Server, http.MethodGet, x.path(x.file, what), "", h)
			keeps := got.Header.Values("Cache-Control")
			require.Len(t, keeps, 1)
			if got.StatusCode == http.StatusOK {
				require.Contains(t, keeps[0], "private")
				require.Equal(t, "Cookie, Authorization", got.Header.Get("Vary"), "who signs in next at the same browser asks anew")
			} else {
				require.Equal(t, "no-store", keeps[0])
			}
		}
	}
	require.Equal(t, "no-store", x.REST(x.Ann, http.MethodGet, x.base, nil).Header.Get("Cache-Control"))
}

func TestAPartIsBoundedAndCountedByItself(t *testing.T) {
	x := newShelf(t, servertest.Options{Server: func(c *server.Config) {
		c.Limits.PartRate, c.Limits.PartBurst = 0.001, 4
	}})
	file, err := x.BeginFile(t.Context(), apptest.As(x.Bob), x.class.ID, app.NewFile{Name: "a.txt", Size: 1 << 20})
	require.NoError(t, err)
	part := strings.Repeat("x", 256<<10)
	require.Equal(t, http.StatusOK, x.put(x.Bob, file.ID, 0, part, nil).StatusCode)
	got := x.put(x.Bob, file.ID, 256<<10, part+"x", nil)
	require.Equal(t, []int{http.StatusRequestEntityTooLarge, 134}, []int{got.StatusCode, got.Code()})
	for media, want := range map[string]int{"application/json": 415, "text/plain": 415, "application/octet-stream": 200} {
		require.Equal(t, want, x.put(x.Bob, file.ID, 256<<10, part, http.Header{"Content-Type": {media}}).StatusCode, media)
	}
	require.Equal(t, 415, x.put(x.Bob, file.ID, 512<<10, part, http.Header{"Content-Encoding": {"gzip"}}).StatusCode)
	require.Equal(t, http.StatusOK, x.put(x.Bob, file.ID, 512<<10, part, nil).StatusCode)
	for range 3 {
		got = x.put(x.Bob, file.ID, 768<<10, part, nil)
	}
	require.Equal(t, []int{http.StatusTooManyRequests, 138}, []int{got.StatusCode, got.Code()})
	require.NotEmpty(t, got.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, x.REST(x.Bob, http.MethodGet, fmt.Sprintf("%s/%d", x.base, file.ID), nil).StatusCode)
	require.Equal(t, http.StatusNoContent, x.REST(x.Bob, http.MethodDelete, fmt.Sprintf("%s/%d", x.base, file.ID), nil).StatusCode, "changes are not counted with them")

	// A page's script sends it with the cookie, and so must say that it is one.
	_, cookie := x.SignIn(x.Bob)
	path := fmt.Sprintf("/api/v1%s/%d/content?offset=0", x.base, file.ID)
	own := http.Header{"Cookie": {"sid=" + cookie}, "Content-Type": {"application/octet-stream"}, "Origin": {x.URL}}
	require.Equal(t, 132, fetch(t, x.Server, http.MethodPut, path, "x", own).Code())

	// Of a stranger no more is read than of any other request.
	for _, of := range []http.Header{{}, {"Authorization": {"Bearer hr_nobody"}}, {"Cookie": {"sid=" + cookie + "x"}}} {
		of.Set("Content-Type", "application/octet-stream")
		require.Equal(t, http.StatusRequestEntityTooLarge, fetch(t, x.Server, http.MethodPut, path, part, of).StatusCode)
	}
	of := http.Header{"Content-Type": {"application/octet-stream"}}
	require.Equal(t, http.StatusUnauthorized, fetch(t, x.Server, http.MethodPut, path, "x", of).StatusCode)
}

func TestAFileOfSeveralPartsIsReadAsItWas(t *testing.T) {
	x := newShelf(t)
	var content strings.Builder
	for i := 0; content.Len() < 700_000; i++ {
		fmt.Fprintln(&content, "line", i)
	}
	whole := content.String()
	file, err := x.BeginFile(t.Context(), apptest.As(x.Bob), x.class.ID, app.NewFile{Name: "long.txt", Size: int64(len(whole))})
	require.NoError(t, err)
	for at := 0; at < len(whole); at += 256 << 10 {
		got := x.put(x.Bob, file.ID, int64(at), whole[at:min(at+256<<10, len(whole))], nil)
		require.Equal(t, http.StatusOK, got.StatusCode, string(got.Bytes))
		got.JSON(t, &file)
	}
	require.True(t, file.Ready)
	got := fetch(t, x.Server, http.MethodGet, x.path(file, "content"), "", x.as(x.Bob))
	require.Equal(t, fmt.Sprint(len(whole)), got.Header.Get("Content-Length"))
	require.Equal(t, "text/plain; charset=utf-8", got.Header.Get("Content-Type"))
	require.True(t, whole == string(got.Bytes))
}

func TestFilesAreListedTheNewestFirst(t *testing.T) {
	x := newShelf(t)
	quiet, err := x.OpenThread(t.Context(), apptest.As(x.Ann), x.class.ID, app.NewThread{Name: "Quiet"})
	require.NoError(t, err)
	a, b := x.Upload(x.Bob, x.class.ID, "a.txt", []byte("a")), x.Upload(x.Bob, x.class.ID, "b.txt", []byte("b"))
	x.Upload(x.Bob, x.class.ID, "draft.txt", []byte("c"))
	x.send(a.ID)
	_, _, err = x.Send(t.Context(), apptest.As(x.Bob), x.class.ID, quiet.ID, app.NewMessage{Files: []int64{b.ID}})
	require.NoError(t, err)
	list := func(query string) (ids []int64, next string) {
		var page struct {
			Items []models.File
			Next  string
		}
		got := x.REST(x.Ann, http.MethodGet, x.base+query, nil)
		require.Equal(t, http.StatusOK, got.StatusCode, string(got.Bytes))
		got.JSON(t, &page)
		for _, f := range page.Items {
			ids = append(ids, f.ID)
		}
		return ids, page.Next
	}
	all, next := list("")
	require.Equal(t, []int64{b.ID, a.ID, x.file.ID}, all)
	require.Empty(t, next)
	first, next := list("?limit=2")
	require.Equal(t, []int64{b.ID, a.ID}, first)
	rest, next := list("?limit=2&after=" + next)
	require.Equal(t, []int64{x.file.ID}, rest)
	require.Empty(t, next)
	of, _ := list(fmt.Sprintf("?thread_id=%d", quiet.ID))
	require.Equal(t, []int64{b.ID}, of)
	require.Equal(t, 102, x.REST(x.Ann, http.MethodGet, x.base+"?thread_id=999", nil).Code())
	require.Equal(t, 104, x.REST(x.Ann, http.MethodGet, x.base+"?after=x", nil).Code())
}
