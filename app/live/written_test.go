package live_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
	"homeroom/models"
)

// What the code can say and docs/protocol.md does not, nobody who writes a
// client can know.
func TestTheProtocolIsWrittenDown(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	require.NoError(t, err)
	lines := strings.Split(string(page), "\n")
	// written wants a line that holds all of the parts.
	written := func(parts ...string) {
		t.Helper()
	lines:
		for _, line := range lines {
			for _, part := range parts {
				if !strings.Contains(line, part) {
					continue lines
				}
			}
			return
		}
		t.Errorf("no line has %q", parts)
	}
	for _, f := range fault.All {
		written(fmt.Sprintf("| %d | %d | %s |", f.Code, f.Status, f.Message))
	}
	for _, code := range []int{fault.OK, fault.Sent, fault.ReactionDone, fault.DeleteDone, fault.EditDone} {
		written(fmt.Sprint(code))
	}
	for _, e := range models.EventData {
		written("`"+string(e.Type)+"`", "|")
	}
	s := open(t)
	for code := range s.Hub.Stats().Closed {
		if code != 0 {
			written("| ", fmt.Sprint(code), "|")
		}
	}
	for _, f := range s.frames() {
		for _, value := range f.Properties["action"].Enum {
			action := fmt.Sprint(value)
			written("`"+action+"`", "|")
			for name := range f.Properties {
				if name != "action" && name != "ref" {
					written("`"+action+"`", "|", "`"+strings.TrimSuffix(name, "?"))
				}
			}
		}
		for _, op := range f.Properties["op"].Enum {
			if op != "unknown" {
				written(fmt.Sprint(op))
			}
		}
	}
}

// The browser's types come from the document: a frame that is not in it can be
// forgotten there without anybody noticing.
func TestEveryFrameIsInTheDocument(t *testing.T) {
	s := open(t)
	known := map[string]bool{}
	for _, f := range s.frames() {
		for _, name := range slices.Concat(f.Properties["op"].Enum, f.Properties["action"].Enum) {
			known[fmt.Sprint(name)] = true
		}
	}
	named := regexp.MustCompile("`json:\"(?:op|action)\" enum:\"([a-z,]+)\"`")
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range named.FindAllStringSubmatch(string(source), -1) {
			for name := range strings.SplitSeq(match[1], ",") {
				require.True(t, known[name], "%s of %s", name, file)
				found++
			}
		}
	}
	require.Greater(t, found, 20)
}

type schema struct {
	OneOf []struct {
		Ref string `json:"$ref"`
	}
	AllOf      []schema
	Properties map[string]struct{ Enum []any } // text, or the numbers of faults
}

// frames returns the schemas of all frames of v2, as the document has them.
func (s *school) frames() (all []schema) {
	s.t.Helper()
	response, err := http.Get(s.URL + "/api/v1/openapi.json")
	require.NoError(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	var document struct {
		Components struct{ Schemas map[string]schema }
	}
	require.NoError(s.t, json.Unmarshal(text, &document))
	schemas := document.Components.Schemas
	for _, union := range []string{"ServerFrame", "ClientFrame"} {
		for _, one := range schemas[union].OneOf {
			f := schemas[strings.TrimPrefix(one.Ref, "#/components/schemas/")]
			all = append(append(all, f), f.AllOf...)
		}
	}
	require.Greater(s.t, len(all), 15)
	return all
}
