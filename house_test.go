// Package homeroom holds the test of how the house is built.
package homeroom

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the packages from the ground up. A package imports from floors
// below its own only, so that neighbours (the two doors, the store and the bus)
// know nothing of each other.
var floors = [][]string{
	{"models", "migrations", "static", "app/fault", "app/tally", "app/words", "app/hashing", "app/disk", "app/wal", "app/ring", "app/chaostest"},
	{"app/bus", "app/store", "app/files"},
	{"app", "app/backup"},
	{"app/door", "app/doctor", "app/apptest", "app/demo", "app/store/storetest"},
	{"app/api", "app/live", "app/inner"},
	{"app/server"},
	{"app/metrics"},
	{"app/server/servertest", "app/server/access", "cmd/homeroom/bench"},
	{"cmd/homeroom"},
}

// confined are libraries that appear in some packages and nowhere else.
var confined = map[string][]string{
	"gorm.io/":                       {"app/store"},
	"modernc.org/sqlite":             {"app/store", "app/store/storetest", "app/wal"},
	"modernc.org/libc":               {"app/wal"},
	"github.com/gofiber/":            {"app/api", "app/live", "app/server", "app/server/servertest", "cmd/homeroom", "cmd/homeroom/bench"},
	"github.com/valyala/fasthttp":    {"app/api", "app/live", "app/server", "app/server/servertest"},
	"github.com/danielgtaylor/huma/": {"app/api", "app/live", "app/server"},
	"github.com/prometheus/":         {"app/metrics"},
	"github.com/alecthomas/kong":     {"cmd/homeroom"},
	"github.com/alexedwards/":        {"app/hashing", "app/apptest"},
	// What takes apart what strangers made.
	"github.com/gabriel-vasile/": {"app/files"},
	"golang.org/x/image":         {"app/files"},
	// What is random here is mostly a secret, and no secret is a UUID.
	"math/rand":              {"app/demo", "cmd/homeroom/bench"},
	"github.com/google/uuid": {"app"},
	"unsafe":                 {"app/wal", "app/ring"},
}

func TestImportsRunDownOnly(t *testing.T) {
	floor := map[string]int{}
	for i, names := range floors {
		for _, name := range names {
			floor[name] = i
		}
	}
	for name, imports := range packages(t) {
		own, known := floor[name]
		if !known {
			t.Errorf("%s stands on no floor: give it one in house_test.go", name)
			continue
		}
		for _, imported := range imports {
			inside, ours := strings.CutPrefix(imported, "homeroom/")
			if ours && floor[inside] >= own {
				t.Errorf("%s imports %s, which is not below it", name, inside)
			}
			if ours && forTests(inside) && !forTests(name) {
				t.Errorf("%s imports %s, which is for tests", name, inside)
			}
			for library, allowed := range confined {
				if strings.HasPrefix(imported, library) && !slices.Contains(allowed, name) {
					t.Errorf("%s imports %s, which belongs in %v", name, imported, allowed)
				}
			}
		}
	}
}

func forTests(name string) bool { return strings.HasSuffix(name, "test") }

// packages returns what each package's files import, tests left out.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := path.Dir(filepath.ToSlash(name))
		found[folder] = append(found[folder], "")
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[folder] = append(found[folder], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
