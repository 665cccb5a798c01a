// Package api is the REST door: it decodes, calls one method of package app,
// and encodes. The OpenAPI document is made from the Go types that it uses.
package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"homeroom/app"
	"homeroom/app/door"
)

// Base is the path that all REST paths begin with.
const Base = "/api/v1"

// Server says what the REST door must know of the server it stands in.
type Server struct {
	Name    string // shown on the sign-in page
	Version string
}

// rest is what the handlers share.
type rest struct {
	api    huma.API
	app    *app.App
	server Server
}

// Huma has these once for the whole process.
func init() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true // a field of another spelling would be read, but not checked
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return refused(context.Background(), status, message, errs...)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return refused(ctx.Context(), status, message, errs...)
	}
}

// New registers every REST operation on f.
func New(f *fiber.App, a *app.App, server Server) huma.API {
	config := huma.DefaultConfig("Homeroom", server.Version)
	config.Info.Description = description
	config.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema in answers: it would point at a page that is not there
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "A token made under /me/tokens or by `homeroom token add`."},
		"session": {Type: "apiKey", In: "cookie", Name: "sid", Description: "The cookie that signing in sets (`__Host-sid` over https)."},
	}
	config.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	config.Servers = []*huma.Server{{URL: Base}}
	d := &rest{api: humafiber.NewWithGroup(f, f.Group(Base), config), app: a, server: server}
	for _, register := range []func(*rest){
		registerInfo, registerSetup, registerSession, registerSignUp, registerMe, registerSecondFactor, registerTokens, registerUsers, registerExports,
		registerClasses, registerMembers, registerCodes, registerThreads, registerMessages, registerFiles, registerReactions, registerReports, registerEvents, registerPushes, registerStats,
	} {
		register(d)
	}
	addSamples(d.api.OpenAPI())
	registerForm(f, a)
	return d.api
}

const description = `The REST interface of Homeroom. Scripts send a token: ` + "`Authorization: Bearer hr_…`" + `.
Times are RFC 3339 in UTC with milliseconds; ids are integers below 2^53. Fields that are not described are refused.
Errors are problem documents (RFC 9457) whose ` + "`code`" + ` is the number that the live protocol uses for the same thing.`

// body is an answer of JSON.
type body[T any] struct{ Body T }

// none is an input or an answer without anything in it.
type none struct{}

// list is a page of rows; next, where there is one, is the cursor of the page
// that follows.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}

// pageOf returns the first limit of rows, of which one more was read, with the
// cursor that follows them.
func pageOf[T any](rows []T, limit int, cursor func(T) string) list[T] {
	if len(rows) <= limit {
		return list[T]{Items: rows}
	}
	return list[T]{Items: rows[:limit], Next: cursor(rows[limit-1])}
}

// textPageOf is pageOf for rows that carry text: it ends where that is more than
// one answer carries.
func textPageOf[T any](rows []T, limit int, text func(T) int, cursor func(T) string) list[T] {
	return pageOf(rows, min(limit, app.Light(rows, text)), cursor)
}

// op describes an operation.
type op struct {
	method, path, id, tag, summary string
	status                         int  // 0: 200
	open                           bool // needs nobody to be signed in
}

// on registers an operation: f gets who asks and the decoded input.
func on[I, O any](d *rest, o op, f func(ctx context.Context, actor app.Actor, in *I) (O, error)) {
	operation := huma.Operation{
		Method: o.method, Path: o.path, OperationID: o.id, Summary: o.summary, Tags: []string{o.tag},
		DefaultStatus: o.status, MaxBodyBytes: -1, // the server limits bodies
		Errors: []int{http.StatusUnprocessableEntity},
	}
	if o.open {
		operation.Security = []map[string][]string{}
	} else {
		operation.Errors = append(operation.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	answer := func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, door.Of(ctx).Actor, in)
		if err != nil {
			return nil, problem(ctx, err)
		}
		return &out, nil
	}
	huma.Register(d.api, operation, answer)
	if o.method == http.MethodGet {
		// HEAD is GET of which the web server leaves out the body (RFC 9110, 9.3.2).
		operation.Method, operation.Hidden = http.MethodHead, true
		huma.Register(d.api, operation, answer)
	}
}

// onBody is on for answers that are a body and nothing else.
func onBody[I, T any](d *rest, o op, f func(ctx context.Context, actor app.Actor, in *I) (T, error)) {
	on(d, o, func(ctx context.Context, actor app.Actor, in *I) (body[T], error) {
		value, err := f(ctx, actor, in)
		return body[T]{Body: value}, err
	})
}

// onNone is on for operations that answer 204.
func onNone[I any](d *rest, o op, f func(ctx context.Context, actor app.Actor, in *I) error) {
	o.status = http.StatusNoContent
	on(d, o, func(ctx context.Context, actor app.Actor, in *I) (none, error) {
		return none{}, f(ctx, actor, in)
	})
}
