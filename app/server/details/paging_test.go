package details

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/models"
)

// read reads a stretch of the thread.
func (r *room) read(query string) (page app.MessagePage) {
	r.t.Helper()
	return ok[app.MessagePage](r, r.Bob, "GET", r.thread+"/messages?"+query, nil)
}

func TestAStretchOfAThreadKnowsWhetherThereIsMoreOnEitherSide(t *testing.T) {
	r := newRoom(t)
	_, other := r.open("Trips")
	early := ok[models.Message](r, r.Ann, "POST", other+"/messages", object{"content": "elsewhere"})
	var ids []int64
	for n := range 10 {
		ids = append(ids, r.say(r.Ann, fmt.Sprint(n)).ID)
		ok[models.Message](r, r.Ann, "POST", other+"/messages", object{"content": "between"})
	}
	first, last := ids[0], ids[9]
	for _, one := range []struct {
		query        string
		from, to     int // of ids
		older, newer bool
	}{
		{"", 0, 10, false, false},
		{"limit=10", 0, 10, false, false},
		{"limit=9", 1, 10, true, false},
		{"limit=1", 9, 10, true, false},
		{fmt.Sprintf("before=%d&limit=3", ids[5]), 2, 5, true, true},
		{fmt.Sprintf("before=%d&limit=5", ids[5]), 0, 5, false, true},
		{fmt.Sprintf("before=%d&limit=6", ids[5]), 0, 5, false, true},
		{fmt.Sprintf("before=%d", first), 0, 0, false, true},
		{fmt.Sprintf("before=%d&limit=3", last+1), 7, 10, true, false},
		{fmt.Sprintf("before=%d", int64(1)<<50), 0, 10, false, false},
		{fmt.Sprintf("after=%d&limit=3", ids[5]), 6, 9, true, true},
		{fmt.Sprintf("after=%d&limit=4", ids[5]), 6, 10, true, false},
		{fmt.Sprintf("after=%d&limit=5", ids[5]), 6, 10, true, false},
		{fmt.Sprintf("after=%d", last), 10, 10, true, false},
		{fmt.Sprintf("after=%d", early.ID), 0, 10, false, false},
		{fmt.Sprintf("after=%d&limit=1", first-1), 0, 1, false, true},
		{fmt.Sprintf("around=%d&limit=4", ids[5]), 3, 7, true, true},
		{fmt.Sprintf("around=%d&limit=5", ids[5]), 3, 8, true, true},
		{fmt.Sprintf("around=%d&limit=1", ids[5]), 5, 6, true, true},
		{fmt.Sprintf("around=%d&limit=1", first), 0, 1, false, true},
		{fmt.Sprintf("around=%d&limit=1", last), 9, 10, true, false},
		{fmt.Sprintf("around=%d&limit=100", ids[5]), 0, 10, false, false},
		{fmt.Sprintf("around=%d&limit=4", first), 0, 2, false, true},
		{fmt.Sprintf("around=%d&limit=4", last), 7, 10, true, false},
		{fmt.Sprintf("around=%d&limit=4", int64(1)<<50), 8, 10, true, false},
	} {
		page := r.read(one.query)
		got := []int64{}
		for _, m := range page.Items {
			got = append(got, m.ID)
		}
		require.Equal(t, ids[one.from:one.to], got, one.query)
		require.Equal(t, one.older, page.HasOlder, "older than %q", one.query)
		require.Equal(t, one.newer, page.HasNewer, "newer than %q", one.query)
	}
	for _, query := range []string{"limit=0", "limit=101", "limit=-1", "limit=x", "before=-1", "before=0", "after=0", "around=0", "before=1&after=1", "after=1&around=1", "around=99999999999999999999"} {
		require.Equal(t, 422, r.REST(r.Bob, "GET", r.thread+"/messages?"+query, nil).StatusCode, query)
	}
}

func TestAThreadIsReadWholeInBothDirections(t *testing.T) {
	r := newRoom(t)
	_, other := r.open("Trips")
	r.do(r.Ann, "POST", other+"/messages", object{"content": "elsewhere"})
	for n := range 23 {
		r.say(r.Ann, fmt.Sprint(n))
	}
	all := r.read("limit=100").Items
	require.Len(t, all, 23)
	for limit := 1; limit <= 24; limit += 3 {
		var down, up []models.Message
		for page := r.read(fmt.Sprintf("limit=%d", limit)); ; page = r.read(fmt.Sprintf("limit=%d&before=%d", limit, down[0].ID)) {
			down = append(page.Items, down...)
			if !page.HasOlder {
				break
			}
		}
		for page := r.read(fmt.Sprintf("limit=%d&after=%d", limit, all[0].ID-1)); ; page = r.read(fmt.Sprintf("limit=%d&after=%d", limit, up[len(up)-1].ID)) {
			up = append(up, page.Items...)
			if !page.HasNewer {
				break
			}
		}
		require.Equal(t, all, down, "downwards by %d", limit)
		require.Equal(t, all, up, "upwards by %d", limit)
	}
}

// walk reads a list by its cursors, two rows at a time, and requires that no
// row comes twice.
func walk[T any](r *room, u models.User, path string, key func(T) any) (all []T) {
	r.t.Helper()
	seen := map[any]bool{}
	for cursor := ""; ; {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		p := ok[page[T]](r, u, "GET", path+join+"limit=2&cursor="+cursor, nil)
		require.LessOrEqual(r.t, len(p.Items), 2)
		for _, row := range p.Items {
			require.False(r.t, seen[key(row)], "%s: %v comes twice", path, key(row))
			seen[key(row)] = true
		}
		all = append(all, p.Items...)
		if cursor = p.Next; cursor == "" {
			return all
		}
		require.Len(r.t, p.Items, 2, "only the last page is short")
	}
}

func TestEveryListIsWalkedToItsEndWithoutARowTwice(t *testing.T) {
	r := newRoom(t)
	for n := range 5 { // with what is there already: odd and even lengths
		r.do(r.Ann, "POST", "/classes", object{"name": fmt.Sprint("Class ", n)})
		_, thread := r.open(fmt.Sprint("Thread ", n))
		if n%2 == 0 {
			r.do(r.Ann, "POST", thread+"/messages", object{"content": "x"})
		}
		r.do(r.Ann, "POST", r.path+"/codes", object{"role": "student"})
		u := r.Person(fmt.Sprint("Walker ", n), models.StudentAccount)
		r.do(r.Ann, "POST", r.path+"/members", object{"user_id": u.ID, "role": "student"})
		r.do(u, "GET", "/me", nil)
	}
	id := func(row object) any { return row["id"] }
	for _, one := range []struct {
		who    models.User
		path   string
		length int
		key    func(object) any
	}{
		{r.Ann, "/classes", 6, id},
		{r.Ann, "/classes?archived=true", 0, id},
		{r.Ada, "/classes?all=true", 6, id},
		{r.Bob, r.path + "/members", 8, func(row object) any { return row["user_id"] }},
		{r.Bob, r.path + "/members?query=walk", 5, func(row object) any { return row["user_id"] }},
		{r.Bob, r.path + "/threads", 6, id},
		{r.Ann, r.path + "/codes", 5, id},
		{r.Ada, "/users", 10, id},
		{r.Ada, "/users?query=WALKER%20", 5, id},
		{r.Ada, "/tokens", 8, id},
		{r.Ada, "/audit", -1, id},
	} {
		rows := walk(r, one.who, one.path, one.key)
		if one.length >= 0 {
			require.Len(t, rows, one.length, one.path)
		} else {
			require.Greater(t, len(rows), 10, one.path)
		}
		require.Equal(t, 422, r.REST(one.who, "GET", strings.SplitN(one.path, "?", 2)[0]+"?cursor=x", nil).StatusCode, one.path)
	}
	// Threads come with the newest talk first, then by age.
	threads := walk(r, r.Bob, r.path+"/threads", id)
	for i := 1; i < len(threads); i++ {
		require.GreaterOrEqual(t, threads[i-1]["last_seq"], threads[i]["last_seq"])
	}
}

func TestAListOfLongTextsEndsWhereAnAnswerIsFull(t *testing.T) {
	const rows = 30
	r := newRoom(t, func(l *app.Limits) { l.OpenReports = rows })
	long := func(n int) string { return fmt.Sprint(n) + strings.Repeat("😀", 9990) } // 40,000 bytes: 26 are 1 MiB
	edited := r.say(r.Cai, "short")
	for n := range rows {
		_, thread := r.open(fmt.Sprint("Thread ", n))
		m := ok[models.Message](r, r.Cai, "POST", thread+"/messages", object{"content": long(n)})
		r.do(r.Bob, "POST", fmt.Sprintf("%s/messages/%d/reports", thread, m.ID), object{"reason": "spam"})
		r.do(r.Cai, "PATCH", r.message(edited), object{"content": long(n)})
	}
	for _, one := range []struct {
		who   models.User
		path  string
		whole int
	}{
		{r.Bob, r.path + "/threads", rows + 1},
		{r.Ann, r.path + "/reports", rows},
		{r.Ada, "/reports", rows},
		{r.Ann, r.message(edited) + "/versions", rows},
	} {
		seen := map[any]bool{}
		for cursor, more := "", true; more; more = cursor != "" {
			a := r.REST(one.who, "GET", one.path+"?limit=100&cursor="+cursor, nil)
			require.LessOrEqual(t, len(a.Bytes), 1<<20+32<<10, one.path)
			var p page[object]
			a.JSON(t, &p)
			require.NotEmpty(t, p.Items, one.path)
			for _, row := range p.Items {
				seen[row["id"]] = true
			}
			cursor = p.Next
		}
		require.Len(t, seen, one.whole, one.path)
	}
}

func TestAnEmptyListIsAListAndNotNull(t *testing.T) {
	r := newRoom(t)
	for _, path := range []string{"/classes?archived=true", r.path + "/threads?archived=true", r.path + "/codes", r.thread + "/messages", "/users?query=zzz", r.path + "/events?after=99"} {
		a := r.REST(r.Ada, "GET", path, nil)
		if a.StatusCode == http.StatusForbidden {
			a = r.REST(r.Ann, "GET", path, nil)
		}
		require.Contains(t, string(a.Bytes), `"items":[]`, path)
	}
}

func TestAnUnchangedThreadIsNotSentAgain(t *testing.T) {
	r := newRoom(t)
	m := r.say(r.Bob, "x")
	ask := func(u models.User, path, etag string) (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), "GET", r.URL+"/api/v1"+path, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+r.Token(u))
		request.Header.Set("If-None-Match", etag)
		response, err := r.HTTP.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode, response.Header.Get("ETag")
	}
	messages := r.thread + "/messages"
	status, etag := ask(r.Bob, messages, "")
	require.Equal(t, 200, status)
	require.NotEmpty(t, etag)
	status, same := ask(r.Bob, messages, etag)
	require.Equal(t, 304, status)
	require.Equal(t, etag, same)
	status, _ = ask(r.Bob, messages, "W/"+etag)
	require.Equal(t, 304, status, "as a proxy that compresses marks it")
	status, _ = ask(r.Ann, messages, etag)
	require.Equal(t, 200, status, "another user sees other client ids")
	for _, change := range []func(){
		func() { r.do(r.Bob, "PATCH", r.message(m), object{"content": "y"}) },
		func() { r.do(r.Bob, "PUT", r.message(m)+"/reactions/%F0%9F%91%8D", nil) },
		func() { r.do(r.Bob, "DELETE", r.message(m), nil) },
		func() { r.say(r.Ann, "new") },
		func() {
			r.Pass(r.Limits.KeepMessages + time.Hour)
			r.say(r.Ann, "much later")
		},
		func() { // no event tells of it
			for range 2 { // the first only wonders at the clock
				_, err := r.Purge(t.Context())
				require.NoError(t, err)
			}
		},
		r.Restart, // maybe with a database that was restored
	} {
		change()
		var now string
		status, now = ask(r.Bob, messages, etag)
		require.Equal(t, 200, status)
		require.NotEqual(t, etag, now)
		etag = now
	}
	status, _ = ask(r.Bob, fmt.Sprintf("%s/threads/%d/messages", r.path, 1<<40), etag)
	require.Equal(t, 404, status, "what is not there has not stayed the same")
	status, _ = ask(r.Eve, messages, etag)
	require.Equal(t, 403, status)
}
