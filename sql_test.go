package homeroom

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// takesSQL are the functions of GORM and of database/sql that take SQL, and at
// which place among their arguments.
var takesSQL = map[string][]int{
	"Where": {0}, "Or": {0}, "Not": {0}, "Having": {0}, "Joins": {0}, "InnerJoins": {0}, "Order": {0}, "Group": {0},
	"Select": {0}, "Omit": {0}, "Distinct": {0}, "Table": {0}, "Pluck": {0}, "Update": {0}, "UpdateColumn": {0},
	"First": {1}, "Last": {1}, "Take": {1}, "Find": {1}, "FirstOrInit": {1}, "FirstOrCreate": {1}, "Delete": {1},
	"Raw": {0}, "Expr": {0}, "Exec": {0}, "Query": {0}, "QueryRow": {0}, "Prepare": {0},
	"ExecContext": {1}, "QueryContext": {1}, "QueryRowContext": {1}, "PrepareContext": {1},
}

// notConstant is what stands in SQL all the same, and why it may.
var notConstant = map[string]string{
	"row.go: of.names":      "the columns of a struct",
	"row.go: of.table":      "the table of a struct",
	"row.go: other.names":   "the columns of a struct",
	"row.go: other.table":   "the table of a struct",
	"connection.go: args":   "values: the statement is prepared",
	"examine.go: integrity": "one of two constants",
	"open.go: p.name":       "one of the names in limits.go",
	"purge.go: statement":   "one of five constants",
	`scrub.go: fmt.Sprintf("PRAGMA busy_timeout = %d", usual)`: "a number",
}

// TestSQLIsWrittenOut holds that what is asked never becomes SQL: the text of a
// statement is constant, and values go beside it.
func TestSQLIsWrittenOut(t *testing.T) {
	paths, err := filepath.Glob("app/store/*.go")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(path, "_test.go") {
			sources[filepath.Base(path)] = string(text)
		}
	}
	looked, built := builtSQL(t, sources)
	seen := map[string]bool{}
	for _, one := range built {
		seen[one] = true
		if notConstant[one] == "" {
			t.Errorf("this stands in SQL, and is no constant: %s", one)
		}
	}
	for one := range notConstant {
		if !seen[one] {
			t.Errorf("this stands in no SQL any more: %s", one)
		}
	}
	if looked < 150 {
		t.Errorf("only %d places of SQL were looked at", looked)
	}
}

func TestSQLThatIsPutTogetherIsSeen(t *testing.T) {
	for text, want := range map[string]string{
		`db.Where("id = ?", name)`:                                       "",
		`db.Where("id = 1" + " OR " + known, "any " + name)`:             "",
		`const here = "name"; db.Order(here + " DESC")`:                  "",
		`db.Where("id IN (?)", db.Select("id"))`:                         "",
		`db.Find(&rows, "id = ?", name)`:                                 "",
		`db.Find(&rows)`:                                                 "",
		`many("id = ?", name); single("id = ?")`:                         "",
		`db.Where("name = '" + name + "'")`:                              "name",
		`db.Order(name)`:                                                 "name",
		`db.Joins("a").Or("b").Having(name).Select("d")`:                 "name",
		`db.Raw(fmt.Sprintf("SELECT %s", name))`:                         `fmt.Sprintf("SELECT %s", name)`,
		`db.First(&rows, "id = " + name)`:                                "name",
		`conn.ExecContext(ctx, "DELETE FROM " + name)`:                   "name",
		`gorm.Expr(name)`:                                                "name",
		`_ = clause.Expr{SQL: name}`:                                     "name",
		`where := "id = ?"; where += name; db.Where(where)`:              "where",
		`known := name; db.Where(known)`:                                 "known",
		`db.Where(struct{ Name string }{name})`:                          "struct{Name string}{…}",
		`func(known string) { db.Where(known) }(name)`:                   "known",
		`many("id = " + name)`:                                           "name",
		`single(name)`:                                                   "name",
		`tx.many(name)`:                                                  "name",
		`}; func Open(where string) { db.Where(where)`:                   "where",
		`}; func changed(where string) { where += rows; db.Where(where)`: "where",
	} {
		_, built := builtSQL(t, map[string]string{"ask.go": `package store
			import ("fmt"; "gorm.io/gorm"; "gorm.io/gorm/clause")
			const known = "name = ?"
			func many(where string, args ...any) { db.Where("1 = 1 AND " + where, args...) }
			func single[T any](where string) { many(where) }
			func ask(name string) { name = fmt.Sprint(name); ` + text + ` }`})
		if got := strings.TrimPrefix(strings.Join(built, ", "), "ask.go: "); got != want {
			t.Errorf("%s: built of %q, not %q", text, got, want)
		}
	}
}

// builtSQL tells how many places of a package take SQL, and what stands there
// that is no constant, each with its file. A function that hands on as SQL what
// it was given takes SQL itself; one that other packages see must not.
func builtSQL(t *testing.T, sources map[string]string) (looked int, built []string) {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	for name, text := range sources {
		file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	known := types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	// Other packages are not read, so that nothing of theirs is a constant.
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	_, _ = config.Check("store", set, files, &known)

	takes := maps.Clone(takesSQL)
	for again := true; again; {
		looked, built, again = 0, nil, false
		for _, file := range files {
			for _, declared := range file.Decls {
				function, given := handedOn(declared, known)
				look := func(sql ast.Expr) {
					looked++
					for _, part := range parts(sql) {
						if known.Types[part].Value != nil {
							continue
						}
						name, _ := part.(*ast.Ident)
						place, ok := given[known.Uses[name]]
						switch {
						case !ok || ast.IsExported(function) && !slices.Contains(takes[function], place):
							built = append(built, set.File(file.Pos()).Name()+": "+types.ExprString(part))
						case !slices.Contains(takes[function], place):
							takes[function], again = append(takes[function], place), true
						}
					}
				}
				ast.Inspect(declared, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.CallExpr:
						for _, place := range takes[called(n.Fun)] {
							if place < len(n.Args) {
								look(n.Args[place])
							}
						}
					case *ast.KeyValueExpr: // clause.Expr{SQL: …}
						if key, ok := n.Key.(*ast.Ident); ok && key.Name == "SQL" {
							look(n.Value)
						}
					}
					return true
				})
			}
		}
	}
	return looked, built
}

// nothing imports nothing.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not read") }

// handedOn returns the name of a function, and the places of those of its
// parameters that are what the caller gave, wherever they are used.
func handedOn(declared ast.Decl, known types.Info) (name string, places map[types.Object]int) {
	function, ok := declared.(*ast.FuncDecl)
	if !ok {
		return "", nil
	}
	places = map[types.Object]int{}
	place := 0
	for _, field := range function.Type.Params.List {
		for _, one := range field.Names {
			places[known.Defs[one]] = place
			place++
		}
	}
	ast.Inspect(function, func(n ast.Node) bool {
		if set, ok := n.(*ast.AssignStmt); ok {
			for _, one := range set.Lhs {
				if one, ok := one.(*ast.Ident); ok {
					delete(places, known.Uses[one])
				}
			}
		}
		return true
	})
	return function.Name.Name, places
}

// parts are what an expression puts one behind the other.
func parts(e ast.Expr) []ast.Expr {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return parts(e.X)
	case *ast.BinaryExpr:
		return append(parts(e.X), parts(e.Y)...)
	}
	return []ast.Expr{e}
}

// called is the name of what is called.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr: // of one type
		return called(e.X)
	case *ast.IndexListExpr:
		return called(e.X)
	}
	return ""
}
