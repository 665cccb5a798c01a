package pushes

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func TestAPushSaysWhetherSomebodyWasThere(t *testing.T) {
	s := open(t)
	offline := app.PushResult{Result: "offline"}
	require.Equal(t, offline, s.tells(s.Ada, object{"to": s.Bob.ID, "content": "x"}))
	require.Equal(t, offline, s.tells(s.Ada, object{"class_id": s.class.ID, "content": "x"}))
	require.Equal(t, offline, s.tells(s.Ada, object{"content": "x"}))

	one, two, ann, eve := s.page(s.Bob), s.page(s.Bob), s.page(s.Ann), s.page(s.Eve)
	s.Dial(s.Bob, servertest.Classic)
	s.Dial(s.Bob, servertest.V2) // has not said hello: nothing shows there
	for _, to := range []any{s.Bob.ID, "Bob Ray", "bob ray"} {
		require.Equal(t, app.PushResult{Result: "ok", Reached: 2}, s.tells(s.Ada, object{"to": to, "content": "to Bob"}))
	}
	require.Equal(t, app.PushResult{Result: "ok", Reached: 3}, s.tells(s.Ada, object{"class_id": s.class.ID, "content": "to the class"}))
	require.Equal(t, app.PushResult{Result: "ok", Reached: 4}, s.tells(s.Ada, object{"content": "to all"}))
	for _, to := range []any{s.Cai.ID, int64(1 << 40), -1, 0, "Nobody", fmt.Sprint(s.Bob.ID)} {
		require.Equal(t, offline, s.tells(s.Ada, object{"to": to, "content": "lost"}), to)
	}

	heard := []string{"to Bob", "to Bob", "to Bob", "to the class", "to all"}
	require.Equal(t, heard, contents(pushes(one)))
	require.Equal(t, heard, contents(pushes(two)))
	require.Equal(t, heard[3:], contents(pushes(ann)))
	require.Equal(t, heard[4:], contents(pushes(eve)))
}

func TestAPageGetsWhatWasPushed(t *testing.T) {
	s := open(t)
	bob := s.page(s.Bob)
	s.tells(s.Ada, object{"to": s.Bob.ID, "content": "The build is done"})
	text := `<script>alert(1)</script> & "图书馆" ` + "\u2028"
	s.tells(s.Ada, object{"to": s.Bob.ID, "content": text, "task": "build-7", "percent": 0})
	s.tells(s.Ada, object{"to": s.Bob.ID, "content": strings.Repeat("图", 10_000), "task": strings.Repeat("任", 64), "percent": 99.5})
	told := pushes(bob)
	require.Len(t, told, 3)
	ids := map[any]bool{}
	for _, f := range told {
		ids[f["id"]] = true
		require.WithinDuration(t, s.Now(), at(t, f), 10*time.Second)
	}
	require.Len(t, ids, 3, "each has an id of its own")
	require.NotContains(t, told[0], "task")
	require.NotContains(t, told[0], "percent")
	require.NotContains(t, told[0], "data")
	require.Equal(t, []any{text, "build-7", 0.0}, []any{told[1]["content"], told[1]["task"], told[1]["percent"]})
	require.Equal(t, 99.5, told[2]["percent"])
	require.Equal(t, strings.Repeat("图", 10_000), told[2]["content"])
}

func at(t *testing.T, f servertest.Frame) time.Time {
	t.Helper()
	text, _ := f["at"].(string)
	when, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return when
}

func TestEveryBadPushIsRefusedAndNobodyHearsOfIt(t *testing.T) {
	s := open(t)
	all := map[models.User]*servertest.Socket{s.Bob: s.page(s.Bob), s.Ann: s.page(s.Ann), s.Eve: s.page(s.Eve)}
	token := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopePush}})
	bob := func(more string) string { return fmt.Sprintf(`{"to":%d,"content":"x"%s}`, s.Bob.ID, more) }
	for name, bad := range map[string]struct {
		body         string
		status, code int
	}{
		"no body":            {"", 400, 104},
		"half of one":        {`{"to":3,"content":"x`, 400, 104},
		"two at once":        {bob("") + bob(""), 400, 104},
		"two lines":          {bob("") + "\n" + bob("") + "\n", 400, 104},
		"an array":           {"[" + bob("") + "]", 422, 104},
		"no content":         {fmt.Sprintf(`{"to":%d}`, s.Bob.ID), 422, 104},
		"empty content":      {`{"content":""}`, 422, 104},
		"blank content":      {`{"content":" \n"}`, 422, 104},
		"content of 10,001":  {`{"content":"` + strings.Repeat("图", 10_001) + `"}`, 422, 124},
		"content a number":   {`{"content":1}`, 422, 104},
		"a zero byte":        {`{"content":"a\u0000b"}`, 422, 104},
		"percent 101":        {bob(`,"task":"t","percent":101`), 422, 104},
		"percent 100.5":      {bob(`,"task":"t","percent":100.5`), 422, 104},
		"percent below 0":    {bob(`,"task":"t","percent":-1`), 422, 104},
		"percent as text":    {bob(`,"task":"t","percent":"88%"`), 422, 104},
		"percent of nothing": {bob(`,"percent":5`), 422, 104},
		"a task of 65":       {bob(`,"task":"` + strings.Repeat("t", 65) + `"`), 422, 104},
		"a blank task":       {bob(`,"task":" "`), 422, 104},
		"to and class":       {bob(fmt.Sprintf(`,"class_id":%d`, s.class.ID)), 422, 104},
		"to nothing":         {`{"to":"","content":"x"}`, 422, 104},
		"to null":            {`{"to":null,"content":"x"}`, 422, 104},
		"to a list":          {`{"to":[3],"content":"x"}`, 422, 104},
		"to half a user":     {`{"to":3.5,"content":"x"}`, 422, 104},
		"keep for a class":   {fmt.Sprintf(`{"class_id":%d,"content":"x","keep":true}`, s.class.ID), 422, 104},
		"class 0":            {`{"class_id":0,"content":"x"}`, 422, 104},
		"no class":           {`{"class_id":99999,"content":"x"}`, 404, 103},
		"an unknown field":   {bob(`,"html":"<b>"`), 422, 104},
		"data":               {bob(`,"data":{}`), 422, 104},
		"65 KiB":             {`{"content":"` + strings.Repeat("x", 65<<10) + `"}`, 413, 134},
	} {
		a := s.ask(token, http.MethodPost, "/api/v1/pushes", "application/json", bad.body)
		require.Equal(t, []int{bad.status, bad.code}, []int{a.StatusCode, a.Code()}, "%s: %s", name, a.Bytes)
		require.Contains(t, string(a.Bytes), `"result":"fail","reached":0`, name)
	}
	a := s.ask(s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopeRead}}), http.MethodPost, "/api/v1/pushes", "application/json", bob(""))
	require.Equal(t, []int{403, 125}, []int{a.StatusCode, a.Code()}, "a token that may not push")
	require.Contains(t, string(a.Bytes), `"result":"fail","reached":0`)
	a = s.ask(token, http.MethodGet, "/api/v1/nothing", "", "")
	require.NotContains(t, string(a.Bytes), "result", "what pushes nothing")
	a = s.ask(token, http.MethodPost, "/api/v1/pushes", "application/x-www-form-urlencoded", "content=x")
	require.Equal(t, 135, a.Code(), "the form has a door of its own")
	a = s.ask(token, http.MethodGet, "/api/v1/pushes?content=x", "", "")
	require.Equal(t, 133, a.Code())
	for u, c := range all {
		require.Empty(t, pushes(c), u.Name)
	}
}

func TestWhoMayPushToWhom(t *testing.T) {
	s := open(t)
	everybody := []models.User{s.Ada, s.Ann, s.Bob, s.Cai, s.Eve}
	pages := map[int64]*servertest.Socket{}
	for _, u := range everybody {
		pages[u.ID] = s.page(u)
	}
	may := map[int64][]models.User{
		s.Ada.ID: everybody,
		s.Ann.ID: {s.Ann, s.Bob, s.Cai},
		s.Bob.ID: {s.Bob},
		s.Eve.ID: {s.Eve},
	}
	for _, who := range []models.User{s.Ada, s.Ann, s.Bob, s.Eve} {
		allowed := map[int64]bool{}
		for _, u := range may[who.ID] {
			allowed[u.ID] = true
		}
		for _, u := range everybody {
			pushes(pages[u.ID])
			result := s.tells(who, object{"to": u.ID, "content": who.Name})
			if allowed[u.ID] {
				require.Equal(t, app.PushResult{Result: "ok", Reached: 1}, result, "%s to %s", who.Name, u.Name)
				require.Equal(t, []string{who.Name}, contents(pushes(pages[u.ID])))
				continue
			}
			require.Equal(t, app.PushResult{Result: "offline"}, result, "%s to %s: like nobody", who.Name, u.Name)
			require.Empty(t, pushes(pages[u.ID]))
		}
	}
	for _, x := range []struct {
		who  models.User
		body object
		code int
	}{
		{s.Ada, object{"class_id": s.class.ID}, 0}, {s.Ann, object{"class_id": s.class.ID}, 0},
		{s.Bob, object{"class_id": s.class.ID}, 125}, {s.Eve, object{"class_id": s.class.ID}, 107},
		{s.Ann, object{"class_id": s.foreign.ID}, 107}, {s.Ann, object{"class_id": 99999}, 103},
		{s.Ada, object{}, 0}, {s.Ann, object{}, 125}, {s.Bob, object{}, 125},
	} {
		x.body["content"] = "x"
		a := s.REST(x.who, http.MethodPost, "/pushes", x.body)
		require.Equal(t, x.code, a.Code(), "%s %v: %s", x.who.Name, x.body, a.Bytes)
	}
}
