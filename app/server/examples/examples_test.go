// Package examples runs what the document shows against a real server.
package examples

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/app/store"
	"homeroom/models"
)

type operation struct {
	ID           string `json:"operationId"`
	Summary      string
	Tags         []string
	Method, Path string `json:"-"`
	Parameters   []parameter
	RequestBody  *struct{ Content map[string]media } `json:"requestBody"`
	Samples      []struct{ Source string }           `json:"x-codeSamples"`
	Security     *[]map[string][]string
}

type parameter struct {
	Name, In string
	Required bool
	Schema   struct{ Examples []any }
}

type media struct {
	Example map[string]any
	Schema  struct {
		Ref string `json:"$ref"`
	}
}

type document struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]struct{ Required []string }
	}
}

// read returns the document, and its operations in an order in which what one
// of them deletes is not needed by the next.
func read(t testing.TB, s *servertest.Server) (d document, all []operation) {
	t.Helper()
	s.REST(models.User{}, http.MethodGet, "/openapi.json", nil).JSON(t, &d)
	for path, methods := range d.Paths {
		for method, o := range methods {
			o.Method, o.Path = strings.ToUpper(method), path
			all = append(all, o)
		}
	}
	order := []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete}
	slices.SortFunc(all, func(a, b operation) int {
		return cmp.Or(slices.Index(order, a.Method)-slices.Index(order, b.Method), len(b.Path)-len(a.Path), strings.Compare(a.Path, b.Path))
	})
	// What ends the sign-ins of who asks comes last.
	ends := func(o operation) bool { return o.ID == "reset-password" || o.ID == "change-user" }
	slices.SortStableFunc(all, func(a, b operation) int {
		switch {
		case ends(a) == ends(b):
			return 0
		case ends(a):
			return 1
		}
		return -1
	})
	require.Greater(t, len(all), 50)
	return d, all
}

// school is a server in which the first of everything is there.
func school(t testing.TB) *servertest.Server {
	s := servertest.New(t)
	s.Token(s.Bob) // the first token, which the examples revoke, is of nobody who asks
	class := s.Class("Chemistry 9b")
	ann := apptest.As(s.Ann)
	thread, err := s.OpenThread(t.Context(), ann, class.ID, app.NewThread{Name: "Trips"})
	require.NoError(t, err)
	for _, text := range []string{"hello", "again"} {
		_, _, err = s.Send(t.Context(), ann, class.ID, thread.ID, app.NewMessage{Content: text})
		require.NoError(t, err)
	}
	_, err = s.BeginFile(t.Context(), ann, class.ID, app.NewFile{Name: "timetable.csv", Size: 38})
	require.NoError(t, err)
	require.NoError(t, s.Store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.CreateJoinCode(&models.JoinCode{
			ClassID: class.ID, Code: "7KQ2-M9XT", Role: models.Student, CreatedBy: s.Ann.ID,
			CreatedAt: models.At(s.Now()), ExpiresAt: models.At(s.Now().Add(time.Hour)), MaxUses: 9,
		})
	}))
	return s
}

func TestEveryOperationIsDescribedAndHasWhatAnExampleNeeds(t *testing.T) {
	s := school(t)
	d, all := read(t, s)
	for name := range d.Components.Schemas {
		require.Regexp(t, regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`), name, "a schema's name is a word that people read")
	}
	for _, o := range all {
		require.NotEmpty(t, o.Summary, o.ID)
		require.Len(t, o.Tags, 1, o.ID)
		require.Len(t, o.Samples, 1, o.ID)
		for _, p := range o.Parameters {
			require.True(t, !p.Required || len(p.Schema.Examples) > 0, "%s: no example of %s", o.ID, p.Name)
		}
		if o.RequestBody == nil {
			continue
		}
		body, ok := o.RequestBody.Content["application/json"]
		if !ok {
			require.Contains(t, o.RequestBody.Content, "application/octet-stream", o.ID)
			continue
		}
		require.NotEmpty(t, body.Example, o.ID)
		schema := d.Components.Schemas[body.Schema.Ref[strings.LastIndex(body.Schema.Ref, "/")+1:]]
		for _, field := range schema.Required {
			require.Contains(t, body.Example, field, "%s: no example of %s", o.ID, field)
		}
	}
}

func TestEveryExampleOfTheDocumentIsARequestThatTheServerTakes(t *testing.T) {
	s := school(t)
	_, all := read(t, s)
	done := 0
	for _, o := range all {
		path, query := o.Path, url.Values{}
		for _, p := range o.Parameters {
			if len(p.Schema.Examples) == 0 {
				continue
			}
			value := fmt.Sprint(p.Schema.Examples[0])
			if p.In == "path" {
				path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
			} else if p.In == "query" {
				query.Set(p.Name, value)
			}
		}
		var body any
		if o.RequestBody != nil {
			body = o.RequestBody.Content["application/json"].Example
		}
		if o.ID == "put-part" { // a shell runs it, below
			continue
		}
		got := s.REST(s.Ann, o.Method, path+"?"+query.Encode(), body)
		if got.StatusCode == http.StatusForbidden { // Ann teaches; some things are for admins
			got = s.REST(s.Ada, o.Method, path+"?"+query.Encode(), body)
		}
		require.NotContains(t, []int{400, 405, 415, 422}, got.StatusCode, "%s: %s", o.ID, got.Bytes)
		if o.ID != "read-stats" {
			require.Less(t, got.StatusCode, 500, "%s: %s", o.ID, got.Bytes)
		}
		if got.StatusCode < 300 {
			done++
		} else {
			t.Logf("%s: %d %d", o.ID, got.StatusCode, got.Code())
		}
	}
	require.Greater(t, done, len(all)*2/3, "most of them do what they say")
	t.Logf("%d of %d succeeded", done, len(all))
}

func TestTheCommandsOfTheDocumentRunInAShell(t *testing.T) {
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program, "is not here")
		}
	}
	s := school(t)
	_, all := read(t, s)
	expected := map[string]int{
		"read-info": 200, "read-me": 200, "list-classes": 200, "read-class": 200, "list-messages": 200, "add-reaction": 200,
		"send-message": 201, "edit-message": 200, "open-thread": 201, "create-code": 201, "join-class": 200, "mark-read": 200, "unpin-message": 200,
		"push": 200, "read-online": 200, "create-token": 201,
		"put-part": 200, "begin-file": 201, "list-files": 200,
	}
	ran := 0
	for _, o := range all {
		want, ok := expected[o.ID]
		if !ok {
			continue
		}
		ran++
		command := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(o.Samples[0].Source, "curl ", "curl -s -w '\\n%{http_code}' ", 1))
		command.Env = []string{"HOMEROOM=" + s.URL, "TOKEN=" + s.Token(s.Ann), "PATH=/usr/local/bin:/usr/bin:/bin"}
		printed, err := command.Output()
		require.NoError(t, err, o.Samples[0].Source)
		at := strings.LastIndex(string(printed), "\n")
		require.Equal(t, fmt.Sprint(want), string(printed[at+1:]), "%s\n%s", o.Samples[0].Source, printed)
		require.True(t, json.Valid(printed[:at]), string(printed))
	}
	require.Len(t, expected, ran)
}
