package demo

import (
	_ "embed" // the names
	"math/rand/v2"
	"strings"
)

//go:embed words/names.txt
var nameLists string

// names draws names that nobody has yet.
type names struct {
	random *rand.Rand
	lists  map[string][]string
	taken  map[string]bool
}

func newNames(random *rand.Rand) *names {
	n := &names{random: random, lists: map[string][]string{}, taken: map[string]bool{}}
	for line := range strings.Lines(nameLists) {
		if list, words, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") {
			n.lists[list] = strings.Fields(words)
		}
	}
	return n
}

// next returns a name in the language. Where all are taken, people have second
// given names.
func (n *names) next(l language) string {
	for seconds := 0; ; seconds++ {
		name := n.draw(l, seconds/200)
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

func (n *names) draw(l language, seconds int) string {
	if l == chinese {
		return n.pick("姓") + n.pick("名") + n.more("名", "", seconds)
	}
	return n.pick("given") + n.more("given", " ", seconds) + " " + n.pick("surname")
}

func (n *names) more(list, before string, count int) string {
	var b strings.Builder
	for range count {
		b.WriteString(before + n.pick(list))
	}
	return b.String()
}

func (n *names) pick(list string) string {
	return n.lists[list][n.random.IntN(len(n.lists[list]))]
}

// called is what a class calls somebody.
func called(name string) string {
	if given, _, ok := strings.Cut(name, " "); ok {
		return given
	}
	if letters := []rune(name); len(letters) > 2 {
		return string(letters[len(letters)-2:])
	}
	return name
}
