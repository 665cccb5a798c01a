// Package access holds every door against the table of who may what: a route,
// an action or a parameter that is not in the table fails its tests.
package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// part is a class with everything that a path can name.
type part struct {
	class   models.Class
	thread  models.Thread
	message models.Message
	code    models.JoinCode
	report  app.Reported // of another message
	file    models.File  // a picture, sent with the message
}

// world is a server with two classes of Ann's: here, which the requests are
// about, and there.
type world struct {
	*servertest.Server
	t           *testing.T
	here, there part
	quiet       models.Thread            // another thread of here
	own         map[int64]models.Message // what each member said in here
	actors      []*actor
	made        int
	rows        *database
}

// actor is one kind of who asks.
type actor struct {
	name    string
	user    models.User
	secret  string
	in      models.MemberRole // in the class, none: not in it
	muted   bool
	unknown bool // the secret is worth nothing
	reads   bool // the token has the scope read only
	limited bool // the token is limited to the other class
}

func newWorld(t *testing.T, limits ...func(*app.Limits)) *world {
	t.Helper()
	w := &world{t: t, Server: servertest.New(t, servertest.Options{App: func(l *app.Limits) {
		l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6
		l.ClassesPerUser, l.SessionsPerUser, l.TokensPerUser, l.OpenReports = 1e6, 1e6, 1e6, 1e6
		l.UploadRate, l.FilesPerUser = 1e6, 1<<40
		l.CodeTries, l.AddressLogins, l.AddressFailures, l.FreeFailures = 1e6, 1e6, 1e6, 1e6
		for _, change := range limits {
			change(l)
		}
	}})}
	w.rows = openDatabase(t, w.Dir)
	w.there = w.newPart("There")
	every := []models.Scope{models.ScopeRead, models.ScopeWrite, models.ScopePush, models.ScopeManage}
	add := func(a actor, token app.NewToken) {
		if token.Scopes == nil {
			token.Scopes = every
		}
		if a.user.ID != 0 {
			token.Name = a.name
			made, err := w.CreateToken(t.Context(), apptest.As(a.user), token)
			require.NoError(t, err)
			a.secret = made.Secret
		}
		w.actors = append(w.actors, &a)
	}
	soon := models.At(w.Now().Add(time.Second))
	disabled := w.Person("Disabled", models.Teacher)
	add(actor{name: "nobody", unknown: true}, app.NewToken{})
	add(actor{name: "expired token", user: w.Ann, unknown: true}, app.NewToken{ExpiresAt: &soon})
	add(actor{name: "disabled", user: disabled, unknown: true}, app.NewToken{})
	add(actor{name: "stranger", user: w.Eve}, app.NewToken{})
	add(actor{name: "removed", user: w.Person("Removed", models.StudentAccount)}, app.NewToken{})
	add(actor{name: "admin", user: w.Ada}, app.NewToken{})
	add(actor{name: "muted", user: w.Person("Muted", models.StudentAccount), in: models.Student, muted: true}, app.NewToken{})
	add(actor{name: "student", user: w.Cai, in: models.Student}, app.NewToken{})
	add(actor{name: "assistant", user: w.Person("Assistant", models.StudentAccount), in: models.Assistant}, app.NewToken{})
	add(actor{name: "teacher", user: w.Person("Teacher", models.Teacher), in: models.ClassTeacher}, app.NewToken{})
	add(actor{name: "owner", user: w.Ann, in: models.Owner}, app.NewToken{})
	add(actor{name: "token to read", user: w.Ann, in: models.Owner, reads: true}, app.NewToken{Scopes: []models.Scope{models.ScopeRead}})
	add(actor{name: "token of the other class", user: w.Ann, limited: true}, app.NewToken{ClassIDs: []int64{w.there.class.ID}})
	yes := true
	_, err := w.ChangeUser(t.Context(), apptest.As(w.Ada), disabled.ID, app.UserChange{Disabled: &yes})
	require.NoError(t, err)
	w.Pass(3 * time.Second)
	w.rebuild()
	return w
}

// rebuild makes the class that the requests are about anew.
func (w *world) rebuild() {
	w.t.Helper()
	w.here = w.newPart("Here")
	ctx, ann, id := w.t.Context(), apptest.As(w.Ann), w.here.class.ID
	var err error
	w.quiet, err = w.OpenThread(ctx, ann, id, app.NewThread{Name: "Quiet"})
	require.NoError(w.t, err)
	w.own = map[int64]models.Message{}
	for _, a := range w.actors {
		if a.in == "" && a.name != "removed" {
			continue
		}
		if a.user.ID != w.Ann.ID {
			role := a.in
			if role == "" {
				role = models.Student
			}
			_, err = w.AddMember(ctx, ann, id, app.NewMember{UserID: a.user.ID, Role: role})
			require.NoError(w.t, err)
		}
		w.own[a.user.ID], _, err = w.Send(ctx, apptest.As(a.user), id, w.here.thread.ID, app.NewMessage{Content: "mine"})
		require.NoError(w.t, err)
		if a.muted {
			until := models.At(w.Now().Add(24 * time.Hour))
			_, err = w.ChangeMember(ctx, ann, id, a.user.ID, app.MemberChange{MutedUntil: &until})
			require.NoError(w.t, err)
		}
		if a.name == "removed" {
			require.NoError(w.t, w.RemoveMember(ctx, ann, id, a.user.ID))
		}
	}
}

// newPart makes a class of Ann's with Bob in it, who has said something.
func (w *world) newPart(name string) (p part) {
	w.t.Helper()
	ctx, ann := w.t.Context(), apptest.As(w.Ann)
	var err error
	p.class, err = w.CreateClass(ctx, ann, app.NewClass{Name: name})
	require.NoError(w.t, err)
	_, err = w.AddMember(ctx, ann, p.class.ID, app.NewMember{UserID: w.Bob.ID, Role: models.Student})
	require.NoError(w.t, err)
	p.thread, err = w.OpenThread(ctx, ann, p.class.ID, app.NewThread{Name: "Homework"})
	require.NoError(w.t, err)
	p.file = w.Upload(w.Bob, p.class.ID, "dot.png", dot)
	p.message, _, err = w.Send(ctx, apptest.As(w.Bob), p.class.ID, p.thread.ID, app.NewMessage{Content: "hello", Files: []int64{p.file.ID}})
	require.NoError(w.t, err)
	other, _, err := w.Send(ctx, apptest.As(w.Bob), p.class.ID, p.thread.ID, app.NewMessage{Content: "you again"})
	require.NoError(w.t, err)
	p.report, _, err = w.Report(ctx, ann, p.class.ID, p.thread.ID, other.ID, app.NewReport{Reason: models.Bullying})
	require.NoError(w.t, err)
	p.code, err = w.CreateCode(ctx, ann, p.class.ID, app.NewCode{Role: models.Student})
	require.NoError(w.t, err)
	return p
}

// name returns one that nobody has had.
func (w *world) name() string { w.made++; return fmt.Sprintf("New %d", w.made) }

// newcomer returns a user who is in no class.
func (w *world) newcomer() models.User { return w.Person(w.name(), models.StudentAccount) }

// vars are the values of a path's parameters.
type vars map[string]any

func (w *world) vars(p part) vars {
	return vars{
		"class_id": p.class.ID, "thread_id": p.thread.ID, "message_id": p.message.ID, "code_id": p.code.ID, "report_id": p.report.ID, "file_id": p.file.ID,
		"user_id": w.Bob.ID, "emoji": "👍", "session_id": 1 << 40, "token_id": 1 << 40,
	}
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// fill puts values into a path.
func (w *world) fill(path string, values vars) string {
	return parameter.ReplaceAllStringFunc(path, func(p string) string {
		value, ok := values[strings.Trim(p, "{}")]
		require.True(w.t, ok, "no value for %s in %s", p, path)
		return url.PathEscape(fmt.Sprint(value))
	})
}

// encode returns a body and its media type.
func (w *world) encode(body any) (io.Reader, string) {
	w.t.Helper()
	if part, ok := body.([]byte); ok {
		return bytes.NewReader(part), "application/octet-stream"
	}
	if body == nil {
		return nil, ""
	}
	encoded, err := json.Marshal(body)
	require.NoError(w.t, err)
	return bytes.NewReader(encoded), "application/json"
}

// ask makes a request with a token.
func (w *world) ask(secret, method, path string, body any) servertest.Answer {
	w.t.Helper()
	reader, media := w.encode(body)
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.URL+"/api/v1"+path, reader)
	require.NoError(w.t, err)
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	response, err := w.HTTP.Do(r)
	require.NoError(w.t, err)
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return servertest.Answer{Response: response, Bytes: read}
}

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// anonymous is a body without what names the request.
func anonymous(a servertest.Answer) string { return requestID.ReplaceAllString(string(a.Bytes), "") }

// operation is one of the document's.
type operation struct {
	ID           string `json:"operationId"`
	Method, Path string `json:"-"`
	RequestBody  struct {
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	} `json:"requestBody"`
}

// document is what the tests read of the OpenAPI document.
type document struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]struct {
			OneOf []struct {
				Ref string `json:"$ref"`
			} `json:"oneOf"`
			Properties map[string]struct{ Enum []any }
		}
	}
}

func (w *world) document() document {
	w.t.Helper()
	var d document
	w.ask("", http.MethodGet, "/openapi.json", nil).JSON(w.t, &d)
	return d
}

// operations returns every operation of the document by its id.
func (w *world) operations() map[string]operation {
	w.t.Helper()
	all := map[string]operation{}
	for path, methods := range w.document().Paths {
		for method, o := range methods {
			o.Method, o.Path = strings.ToUpper(method), path
			all[o.ID] = o
		}
	}
	return all
}
