package homeroom

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const threats = 50

// TestEveryThreatHasItsTests holds the table of docs/security.md against the
// tests that there are: each row names tests that exist, one of them by its own
// number, or says that the product has no surface; and every test of a threat is
// in its row.
func TestEveryThreatHasItsTests(t *testing.T) {
	tests := testNames(t)
	page, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| (.+) \|$`)
	inGo := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`)
	inPages := regexp.MustCompile("`([\\w.]+)` \"([^\"]+)\"")
	seen, named := 0, map[string]bool{}
	for _, found := range row.FindAllStringSubmatch(string(page), -1) {
		seen++
		number, _ := strconv.Atoi(found[1])
		if number != seen {
			t.Fatalf("row %d stands where %d belongs", number, seen)
		}
		hasOwn := strings.HasPrefix(found[2], "no surface: ")
		for _, name := range inGo.FindAllString(found[2], -1) {
			if !tests[name] {
				t.Errorf("threat %d: there is no %s", number, name)
			}
			hasOwn = hasOwn || isOf(name, number)
			named[name+" "+found[1]] = true
		}
		for _, one := range inPages.FindAllStringSubmatch(found[2], -1) {
			if !titled(t, one[1], one[2]) {
				t.Errorf("threat %d: %s has no %q", number, one[1], one[2])
			}
			hasOwn = hasOwn || regexp.MustCompile(`^threats? .*\b`+found[1]+`\b`).MatchString(one[2])
		}
		if !hasOwn {
			t.Errorf("threat %d has no test of its number", number)
		}
	}
	if seen != threats {
		t.Errorf("the table has %d rows of %d", seen, threats)
	}
	for name := range tests {
		for number := 1; number <= threats; number++ {
			if isOf(name, number) && !named[name+" "+strconv.Itoa(number)] {
				t.Errorf("%s is not in row %d of docs/security.md", name, number)
			}
		}
	}
}

// isOf tells whether a test's name begins with the number of a threat:
// TestThreat07…, TestThreats09And19….
func isOf(name string, number int) bool {
	numbers := regexp.MustCompile(`^TestThreats?((?:\d\d(?:And)?)+)`).FindStringSubmatch(name)
	if numbers == nil {
		return false
	}
	for _, one := range strings.Split(numbers[1], "And") {
		if n, err := strconv.Atoi(one); err == nil && n == number {
			return true
		}
	}
	return false
}

// testNames are the tests and fuzz targets of all packages.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, found := range function.FindAllSubmatch(text, -1) {
			names[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// titled tells whether a test of the pages has a title that begins so.
func titled(t *testing.T, file, title string) bool {
	t.Helper()
	paths, err := filepath.Glob("frontend/tests/*/" + file)
	if err != nil || len(paths) != 1 {
		return false
	}
	text, err := os.ReadFile(paths[0])
	return err == nil && regexp.MustCompile(`(?:test|it|describe)\('`+regexp.QuoteMeta(title)).Match(text)
}
