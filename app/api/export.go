package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"homeroom/app"
	"homeroom/app/door"
)

// exportPart is how long a part of an export may take to leave: the whole may
// take longer than any other answer.
const exportPart = 15 * time.Second

func registerExports(d *rest) {
	onExport(d, op{method: http.MethodGet, path: "/me/export", id: "export-me", tag: "Me", summary: "Take out everything that is kept of oneself; it is noted"},
		func(actor app.Actor, _ *none) int64 { return actor.User.ID })
	onExport(d, op{method: http.MethodGet, path: "/users/{user_id}/export", id: "export-user", tag: "Users", summary: "Take out everything that is kept of a person; for admins, and noted"},
		func(_ app.Actor, in *InUser) int64 { return in.UserID })
}

// exported is an answer that is written while it is read.
type exported struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        func(huma.Context)
}

// onExport is on for an export of the user whom whose names.
func onExport[I any](d *rest, o op, whose func(actor app.Actor, in *I) int64) {
	on(d, o, func(ctx context.Context, actor app.Actor, in *I) (exported, error) {
		id := whose(actor, in)
		write, err := d.app.ExportUser(ctx, actor, id)
		return exported{
			ContentType: "application/json",
			Disposition: fmt.Sprintf(`attachment; filename="homeroom-user-%d.json"`, id),
			Body:        func(c huma.Context) { stream(c, door.Of(ctx).ID, write) },
		}, err
	})
	answer := d.api.OpenAPI().Paths[o.path].Get.Responses["200"]
	answer.Content = map[string]*huma.MediaType{"application/json": {
		Schema: d.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[app.Export](), true, "Export"),
	}}
}

// stream writes the body of an answer after its handler has returned: nothing of
// the request may be touched then. Where it fails the connection is closed, so
// that nobody takes a part for the whole.
func stream(c huma.Context, requestID string, write func(context.Context, io.Writer) error) {
	request := humafiber.Unwrap(c).Context()
	conn := request.Conn()
	request.SetBodyStreamWriter(func(w *bufio.Writer) {
		err := recovering(func() error { return write(context.Background(), patient{w, conn}) })
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			slog.Warn("an export was cut off", "request_id", requestID, "error", err.Error())
			_ = conn.Close()
		}
	})
}

// recovering turns a panic into an error: nobody else catches those of a body.
func recovering(write func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return write()
}

// patient gives each part its own time to leave.
type patient struct {
	to   io.Writer
	conn net.Conn
}

func (p patient) Write(part []byte) (int, error) {
	if err := p.conn.SetWriteDeadline(time.Now().Add(exportPart)); err != nil {
		return 0, err
	}
	return p.to.Write(part)
}
