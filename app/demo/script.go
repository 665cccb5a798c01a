package demo

import (
	_ "embed" // the conversations
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var (
	//go:embed words/talk.en.txt
	talkEnglish string
	//go:embed words/talk.zh.txt
	talkChinese string
)

// script is a conversation with its slots open.
type script struct {
	kind   string
	fields []string // the subjects that it fits, none: all
	lines  []line
}

// line is what one speaker says in a script.
type line struct {
	speaker   string // T, A, S1 to S5
	answers   int    // the number of the line it answers, 0 for none
	text      string
	edited    string // what it was edited to, if it was
	deleted   bool
	reactions []reaction
}

type reaction struct {
	emoji string
	count int
}

// fits tells whether the conversation can be had in a thread of that kind.
func (s script) fits(kind, field string) bool {
	if s.kind != kind && (s.kind != "any" || kind == "announce") {
		return false
	}
	return len(s.fields) == 0 || slices.Contains(s.fields, field)
}

// parse reads a file of conversations.
func parse(text string) (scripts []script, err error) {
	for n, row := range strings.Split(text, "\n") {
		if err := parseRow(&scripts, row); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return scripts, nil
}

func parseRow(scripts *[]script, row string) error {
	if row == "" || strings.HasPrefix(row, "# ") {
		return nil
	}
	if head, ok := strings.CutPrefix(row, "@"); ok {
		words := strings.Fields(head)
		*scripts = append(*scripts, script{kind: words[0], fields: words[1:]})
		return nil
	}
	if len(*scripts) == 0 {
		return fmt.Errorf("%q stands before the first conversation", row)
	}
	current := &(*scripts)[len(*scripts)-1]
	if rest, ok := strings.CutPrefix(row, "|"); ok && len(current.lines) > 0 {
		current.lines[len(current.lines)-1].text += "\n" + strings.TrimPrefix(rest, " ")
		return nil
	}
	if speaker, text, ok := strings.Cut(row, ": "); ok && speaker != "" && strings.Contains("TAS", speaker[:1]) {
		l := line{speaker: speaker, text: text}
		if who, number, ok := strings.Cut(speaker, ">"); ok {
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 || n > len(current.lines) {
				return fmt.Errorf("%q answers nothing", row)
			}
			l.speaker, l.answers = who, n
		}
		current.lines = append(current.lines, l)
		return nil
	}
	if len(current.lines) == 0 {
		return fmt.Errorf("%q stands under no message", row)
	}
	return current.lines[len(current.lines)-1].annotate(row)
}

// annotate adds what stands under a message: what became of it.
func (l *line) annotate(row string) error {
	switch {
	case row == "x":
		l.deleted = true
	case strings.HasPrefix(row, "= "):
		l.edited = row[2:]
	case strings.HasPrefix(row, "~ "):
		for one := range strings.SplitSeq(row[2:], ", ") {
			var r reaction
			if _, err := fmt.Sscanf(one, "%s %d", &r.emoji, &r.count); err != nil {
				return fmt.Errorf("%q: want emoji and count", one)
			}
			l.reactions = append(l.reactions, r)
		}
	default:
		return fmt.Errorf("%q is no line of a conversation", row)
	}
	return nil
}
