package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// sample is a request in a language, as pages that show the document read it.
type sample struct {
	Lang   string `json:"lang"`
	Label  string `json:"label"`
	Source string `json:"source"`
}

// bytesExample is the file that begin-file's example begins.
const bytesExample = "day,lesson\nMonday,Physics\nTuesday,Art\n"

// addSamples gives every operation an example of its body and the command that
// sends it, both made from the examples of the fields: what the document shows
// can be run, and a test runs it.
func addSamples(document *huma.OpenAPI) {
	for path, item := range document.Paths {
		for method, o := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
			http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
		} {
			if o == nil {
				continue
			}
			body := addExample(document, o)
			if o.Extensions == nil {
				o.Extensions = map[string]any{}
			}
			o.Extensions["x-codeSamples"] = []sample{{Lang: "Shell", Label: "curl", Source: curl(document, method, path, o, body)}}
		}
	}
}

// addExample sets the example of an operation's body and returns it as JSON,
// empty where it has no body.
func addExample(document *huma.OpenAPI, o *huma.Operation) string {
	if o.RequestBody == nil {
		return ""
	}
	media := o.RequestBody.Content["application/json"]
	if media == nil {
		return ""
	}
	schema := resolve(document, media.Schema)
	example := map[string]any{}
	for name, property := range schema.Properties {
		if value, ok := exampleOf(document, property); ok {
			example[name] = value
		}
	}
	media.Example = example
	encoded, err := json.Marshal(example)
	if err != nil {
		panic(err) // an example that is no JSON: a mistake in a tag
	}
	return string(encoded)
}

func exampleOf(document *huma.OpenAPI, s *huma.Schema) (any, bool) {
	if s = resolve(document, s); s != nil && len(s.Examples) > 0 {
		return s.Examples[0], true
	}
	return nil, false
}

func resolve(document *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return document.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// curl is the command for an operation. The shell knows where the server is and
// the token: secrets are not written into commands.
func curl(document *huma.OpenAPI, method, path string, o *huma.Operation, body string) string {
	for _, p := range o.Parameters {
		if value, ok := exampleOf(document, p.Schema); ok && p.In == "path" {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", fmt.Sprint(value))
		}
	}
	query := []string{}
	for _, p := range o.Parameters {
		if value, ok := exampleOf(document, p.Schema); ok && p.In == "query" && p.Required {
			query = append(query, p.Name+"="+fmt.Sprint(value))
		}
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	lines := []string{fmt.Sprintf(`curl -X %s "$HOMEROOM%s%s"`, method, Base, path)}
	if o.Security == nil || slices.ContainsFunc(o.Security, func(way map[string][]string) bool { return way["token"] != nil }) {
		lines = append(lines, `-H "Authorization: Bearer $TOKEN"`)
	}
	if body != "" {
		lines = append(lines, `-H "Content-Type: application/json"`, "-d '"+strings.ReplaceAll(body, "'", `'\''`)+"'")
	}
	if o.RequestBody != nil && o.RequestBody.Content["application/octet-stream"] != nil {
		lines = append(lines, `-H "Content-Type: application/octet-stream"`, "--data-binary '"+bytesExample+"'")
	}
	return strings.Join(lines, " \\\n  ")
}
