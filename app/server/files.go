package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/fault"
)

// files are embedded files that are served as they are, or in a compressed
// form that lies beside them (x.js, x.js.br, x.js.gz).
type files struct {
	byName map[string]file
}

type file struct {
	media string
	tag   func() string      // names the content, in every form
	forms map[string]content // by content encoding
}

// content reads a file the first time it is asked for. All answers share what was
// read: those who take theirs slowly must not have a copy each.
type content func() ([]byte, error)

func contentOf(root fs.FS, name string) content {
	return sync.OnceValues(func() ([]byte, error) { return fs.ReadFile(root, name) })
}

// mediaTypes is a table of our own: the machine's may be missing or odd, and
// nosniff makes a wrong type an unusable file.
var mediaTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
}

// encodings are the compressed forms, the better one first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// newFiles looks through root once; requests find files by name in a table, so
// that no path can lead anywhere else.
func newFiles(root fs.FS) (*files, error) {
	f := &files{byName: map[string]file{}}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || compressed(name) {
			return err
		}
		forms := map[string]content{"": contentOf(root, name)}
		for _, e := range encodings {
			if _, err := fs.Stat(root, name+e.suffix); err == nil {
				forms[e.name] = contentOf(root, name+e.suffix)
			}
		}
		media := mediaTypes[path.Ext(name)]
		if media == "" {
			media = fiber.MIMEOctetStream
		}
		f.byName[name] = file{media: media, tag: sync.OnceValue(func() string { return tagOf(root, name) }), forms: forms}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("embedded files: %w", err)
	}
	return f, nil
}

// tagOf is only worked out for what is asked for: reading all the files at start
// would bring them into memory.
func tagOf(root fs.FS, name string) string {
	content, err := fs.ReadFile(root, name)
	if err != nil {
		return "" // the answer, which reads it too, says why
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:12])
}

func compressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

func (f *files) has(name string) bool {
	_, ok := f.byName[name]
	return ok
}

// send answers with the file, in the best form that the client takes, or with
// fault.NotFound.
func (f *files) send(c *fiber.Ctx, name, cache string) error {
	file, ok := f.byName[name]
	if !ok {
		return fault.NotFound
	}
	form, tag := "", `"`+file.tag()+`"`
	for _, e := range encodings {
		if file.forms[e.name] != nil && accepts(c.Get(fiber.HeaderAcceptEncoding), e.name) {
			form, tag = e.name, `"`+file.tag()+"-"+e.name+`"`
			break
		}
	}
	c.Set(fiber.HeaderCacheControl, cache)
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	body, err := file.forms[form]()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, file.media)
	if form != "" {
		c.Set(fiber.HeaderContentEncoding, form)
	}
	c.Response().SetBodyRaw(body)
	return nil
}

// accepts reads Accept-Encoding: "br;q=0" is a no.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == encoding {
			q := strings.ReplaceAll(params, " ", "")
			return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || q == ""
		}
	}
	return false
}

// matches reads If-None-Match, in which a proxy may have marked tags as weak.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}
