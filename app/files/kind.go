package files

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/text/unicode/norm"

	"homeroom/app/fault"
)

// mostName is how many characters the name of a file may have.
const mostName = 120

// CleanName trims the name of a file, and refuses with fault.Malformed one that
// is none, or that would be something else on somebody's disk.
func CleanName(name string) (string, error) {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", fault.Malformed.With("name holds a character that cannot be shown")
	}
	// Systems write other spaces into the names of their screenshots.
	name = strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	if name == "" {
		return "", fault.Malformed.With("name is empty")
	}
	if utf8.RuneCountInString(name) > mostName {
		return "", fault.Malformed.With("name is longer than 120")
	}
	for _, r := range name {
		joins := r == '\u200c' || r == '\u200d' // letters and emoji; the others turn a name round
		if !unicode.IsPrint(r) && !joins || r == utf8.RuneError {
			return "", fault.Malformed.With("name holds a character that cannot be shown")
		}
	}
	if strings.ContainsAny(name, `/\`) {
		return "", fault.Malformed.With("name holds a path")
	}
	stem, _, _ := strings.Cut(name, ".")
	if strings.Trim(name, ". ") == "" || isDevice(strings.ToUpper(strings.TrimSpace(stem))) {
		return "", fault.Malformed.With("name is not one of a file")
	}
	return name, nil
}

// isDevice tells the names that open a device on Windows, whatever follows their
// dot.
func isDevice(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if number, ok := strings.CutPrefix(stem, port); ok && utf8.RuneCountInString(number) == 1 && strings.Contains("0123456789¹²³", number) {
			return true
		}
	}
	return false
}

// Kind is a kind of file that is taken.
type Kind struct {
	MediaType string
	looks     []string // as its bytes may look
	picture   bool
}

// Picture tells whether it is drawn anew.
func (k Kind) Picture() bool { return k.picture }

const (
	ole  = "application/x-ole-storage"
	open = "application/vnd.openxmlformats-officedocument."
	odf  = "application/vnd.oasis.opendocument."
)

// written is what plain text may look like. Markup and scripts are not among
// it: whatever they are called, a browser or a shell would know them.
var written = []string{
	"text/plain", "text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson", "application/geo+json",
	"text/vtt", "application/x-subrip", "text/calendar", "text/vcard",
}

// kinds are the files that are taken, by their extension.
var kinds = map[string]Kind{
	".png":  {"image/png", []string{"image/png"}, true},
	".jpg":  {"image/jpeg", []string{"image/jpeg"}, true},
	".jpeg": {"image/jpeg", []string{"image/jpeg"}, true},
	".gif":  {"image/gif", []string{"image/gif"}, true},
	".webp": {"image/webp", []string{"image/webp"}, true},
	".pdf":  {"application/pdf", []string{"application/pdf"}, false},
	".docx": {open + "wordprocessingml.document", []string{open + "wordprocessingml.document"}, false},
	".xlsx": {open + "spreadsheetml.sheet", []string{open + "spreadsheetml.sheet"}, false},
	".pptx": {open + "presentationml.presentation", []string{open + "presentationml.presentation"}, false},
	".odt":  {odf + "text", []string{odf + "text"}, false},
	".ods":  {odf + "spreadsheet", []string{odf + "spreadsheet"}, false},
	".odp":  {odf + "presentation", []string{odf + "presentation"}, false},
	".doc":  {"application/msword", []string{"application/msword", ole}, false},
	".xls":  {"application/vnd.ms-excel", []string{"application/vnd.ms-excel", ole}, false},
	".ppt":  {"application/vnd.ms-powerpoint", []string{"application/vnd.ms-powerpoint", ole}, false},
	".txt":  {"text/plain", written, false},
	".md":   {"text/markdown", written, false},
	".csv":  {"text/csv", written, false},
	".zip":  {"application/zip", []string{"application/zip"}, false},
}

// KindOf returns what a file of that name must be. The fault is WrongMedia.
func KindOf(name string) (Kind, error) {
	kind, ok := kinds[strings.ToLower(path.Ext(name))]
	if !ok {
		return kind, fault.WrongMedia.With("files of that kind are not taken")
	}
	return kind, nil
}

// looked is how many bytes of a file are looked at: office documents say late
// what they are.
const looked = 1 << 20

func init() { mimetype.SetLimit(looked) }

// Check refuses with fault.WrongMedia bytes that do not look like the kind.
func (k Kind) Check(from io.ReaderAt) error {
	start := make([]byte, looked)
	n, err := from.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return explain(err)
	}
	is, _, _ := strings.Cut(mimetype.Detect(start[:n]).String(), ";")
	if !slices.Contains(k.looks, is) {
		return fault.WrongMedia.With("what it holds is not what its name says")
	}
	return nil
}
