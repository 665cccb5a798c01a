package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/app/files"
	"homeroom/models"
)

// InFile is the part of an input that names a file of a class.
type InFile struct {
	InClass
	FileID int64 `path:"file_id" minimum:"1" example:"1"`
}

const filesPath = "/classes/{class_id}/files"

// IsPart tells the requests whose body is no JSON: a part of a file.
func IsPart(method, path string) bool {
	return method == http.MethodPut && strings.HasPrefix(path, Base+"/classes/") && strings.HasSuffix(path, "/content") && strings.Contains(path, "/files/")
}

func registerFiles(d *rest) {
	const tag, one = "Files", filesPath + "/{file_id}"
	onBody(d, op{method: http.MethodGet, path: filesPath, id: "list-files", tag: tag, summary: "List what was sent in a class, the newest first"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			ThreadID int64  `query:"thread_id" minimum:"1" doc:"What was sent in this thread"`
			After    string `query:"after" doc:"next of the page before" maxLength:"40"`
			Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"50" example:"20"`
		}) (list[models.File], error) {
			before, err := ByNumber{Cursor: in.After}.number()
			if err != nil {
				return list[models.File]{}, fault.Malformed.With("after")
			}
			sent, err := d.app.SentFiles(ctx, actor, in.ClassID, in.ThreadID, before, in.Limit+1)
			return pageOf(sent, in.Limit, func(f models.File) string { return cursorOf(f.ID) }), err
		})
	onBody(d, op{method: http.MethodPost, path: filesPath, id: "begin-file", tag: tag, summary: "Begin the upload of a file", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			Body app.NewFile
		}) (models.File, error) {
			return d.app.BeginFile(ctx, actor, in.ClassID, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: one, id: "read-file", tag: tag, summary: "Read what a file is, and how much of it was received"},
		func(ctx context.Context, actor app.Actor, in *InFile) (models.File, error) {
			return d.app.File(ctx, actor, in.ClassID, in.FileID)
		})
	onNone(d, op{method: http.MethodDelete, path: one, id: "delete-file", tag: tag, summary: "Remove a file of one's own that was not sent"},
		func(ctx context.Context, actor app.Actor, in *InFile) error {
			return d.app.DeleteFile(ctx, actor, in.ClassID, in.FileID)
		})
	onBody(d, op{method: http.MethodPut, path: one + "/content", id: "put-part", tag: tag, summary: "Send the next part of a file; the last one has it checked"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InFile
			Offset  int64  `query:"offset" minimum:"0" required:"true" doc:"How much was received before" example:"0"`
			RawBody []byte `contentType:"application/octet-stream"`
		}) (models.File, error) {
			return d.app.PutPart(ctx, actor, in.ClassID, in.FileID, in.Offset, in.RawBody)
		})
	put := d.api.OpenAPI().Paths[one+"/content"].Put
	put.RequestBody.Required = false // an empty part asks once more
	put.RequestBody.Description = "At most 256 KiB."
	onContent(d, op{method: http.MethodGet, path: one + "/content", id: "read-file-content", tag: tag, summary: "Read the bytes of a file"}, false)
	onContent(d, op{method: http.MethodGet, path: one + "/preview", id: "read-file-preview", tag: tag, summary: "Read a picture of at most 1,280 pixels on its longer side"}, true)
}

// contained is an answer of bytes, as a browser may have it: to keep, never to
// run, and for nobody else.
type contained struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Security    string `header:"Content-Security-Policy"`
	Caching     string `header:"Cache-Control"`
	Vary        string `header:"Vary"`
	ETag        string `header:"ETag"`
	Body        func(huma.Context)
}

// onContent is on for the bytes of a file.
func onContent(d *rest, o op, preview bool) {
	on(d, o, func(ctx context.Context, actor app.Actor, in *struct {
		InFile
		IfNoneMatch string `header:"If-None-Match" doc:"ETag of the answer that one has"`
	}) (contained, error) {
		file, content, err := d.app.OpenFile(ctx, actor, in.ClassID, in.FileID, preview)
		if err != nil {
			return contained{}, err
		}
		hash := sha256.Sum256([]byte(fmt.Sprint(file.DiskName, preview)))
		answer := contained{
			ContentType: file.MediaType, Disposition: attachment(file.Name),
			Security: "sandbox; default-src 'none'",
			// Whoever signs in next at the same browser asks anew.
			Caching: "private, max-age=600", Vary: "Cookie, Authorization",
			ETag: `"` + base64.RawURLEncoding.EncodeToString(hash[:12]) + `"`,
		}
		if strings.TrimPrefix(in.IfNoneMatch, "W/") == answer.ETag {
			answer.Body = func(c huma.Context) { c.SetStatus(http.StatusNotModified) }
			return answer, content.Close()
		}
		if preview {
			if answer.ContentType, err = files.TypeOfPreview(content); err != nil {
				return contained{}, errors.Join(err, content.Close())
			}
		}
		if strings.HasPrefix(answer.ContentType, "text/") {
			answer.ContentType += "; charset=utf-8"
		}
		answer.Body = func(c huma.Context) { send(c, content) }
		return answer, nil
	})
	answer := d.api.OpenAPI().Paths[o.path].Get.Responses["200"]
	answer.Content = map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
}

// send has the bytes leave after the handler has returned, each part in a time
// of its own.
func send(c huma.Context, content files.Bytes) {
	request := humafiber.Unwrap(c).Context()
	request.SetBodyStream(&leaving{content, request.Conn()}, int(content.Size()))
}

type leaving struct {
	files.Bytes
	conn net.Conn
}

func (l *leaving) Read(p []byte) (int, error) {
	if err := l.conn.SetWriteDeadline(time.Now().Add(exportPart)); err != nil {
		return 0, err
	}
	return l.Bytes.Read(p)
}

var _ io.ReadCloser = (*leaving)(nil)

// attachment says that a browser is to keep what comes under that name (RFC
// 6266): in letters that every client reads, and as it is.
func attachment(name string) string {
	var plain, exact strings.Builder
	for _, r := range name {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\%;`, r) {
			plain.WriteByte('_')
		} else {
			plain.WriteRune(r)
		}
	}
	for _, b := range []byte(name) {
		if b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || strings.IndexByte("-._~", b) >= 0 {
			exact.WriteByte(b)
		} else {
			fmt.Fprintf(&exact, "%%%02X", b)
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + exact.String()
}
