package api_test

import (
	"regexp"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"homeroom/app/api"
)

// Parts of inputs were once embedded under names that are not exported, which
// huma passes over without a word: every class id was 0.
func TestEveryParameterOfAPathIsRead(t *testing.T) {
	document := api.New(fiber.New(), nil, api.Server{Name: "Test", Version: "0"}).OpenAPI()
	named := regexp.MustCompile(`\{([a-z_]+)\}`)
	for path, item := range document.Paths {
		for _, operation := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if operation == nil {
				continue
			}
			read := map[string]bool{}
			for _, p := range operation.Parameters {
				read[p.Name] = true
			}
			for _, match := range named.FindAllStringSubmatch(path, -1) {
				require.True(t, read[match[1]], "%s %s", operation.OperationID, match[1])
			}
		}
	}
}
