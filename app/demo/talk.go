package demo

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeroom/app"
	"homeroom/models"
)

// deed is one thing that happened in a class.
type deed struct {
	at      time.Time
	by      *person
	message *message
	do      func(*app.Past, *deed) error
}

// message is one message as it is planned, then as it is stored.
type message struct {
	class, thread int64
	by            *person
	text          string
	answers       *message
	deleted       bool
	file          *attached
	stored        models.Message
}

func say(p *app.Past, d *deed) (err error) {
	in := app.NewMessage{Content: d.message.text}
	if d.message.answers != nil {
		in.ReplyTo = &d.message.answers.stored.ID
	}
	if f := d.message.file; f != nil {
		content, err := f.content()
		if err != nil {
			return err
		}
		file, err := p.File(d.by.user, d.message.class, f.name, content)
		if err != nil {
			return err
		}
		in.Files = []int64{file.ID}
	}
	d.message.stored, err = p.Send(d.by.user, d.message.class, d.message.thread, in)
	return err
}

func edit(text string) func(*app.Past, *deed) error {
	return func(p *app.Past, d *deed) error { return p.Edit(d.by.user, d.message.stored, text) }
}

func remove(p *app.Past, d *deed) error { return p.Delete(d.by.user, d.message.stored) }

func react(emoji string) func(*app.Past, *deed) error {
	return func(p *app.Past, d *deed) error { return p.React(d.by.user, d.message.stored, emoji) }
}

// talk makes up what is said in a class between two times.
type talk struct {
	random   *rand.Rand
	scripts  []script
	id       int64 // of the class
	class    *class
	from, to time.Time

	deeds    []deed
	messages []*message
}

// fillAll makes up what happened in the class, in order.
func (t *talk) fillAll() {
	shares := 0
	for _, thread := range t.class.threads {
		shares += share[thread.kind]
	}
	given := 0
	for i, thread := range t.class.threads {
		before := t.class.messages * given / shares
		given += share[thread.kind]
		t.fill(&t.class.threads[i], t.class.messages*given/shares-before)
	}
	slices.SortStableFunc(t.deeds, func(a, b deed) int { return a.at.Compare(b.at) })
}

// fill has conversations in a thread until so many messages are said. None
// comes twice before all had their turn.
func (t *talk) fill(thread *thread, messages int) {
	var deck []script
	for messages > 0 {
		if len(deck) == 0 {
			for _, s := range t.scripts {
				if s.fits(thread.kind, t.class.field) {
					deck = append(deck, s)
				}
			}
			t.random.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		}
		next := deck[0]
		deck = deck[1:]
		next.lines = next.lines[:min(len(next.lines), messages)]
		messages -= len(next.lines)
		t.have(thread, next)
	}
}

// have has one conversation.
func (t *talk) have(thread *thread, s script) {
	cast := t.cast()
	fill := t.slots(cast).Replace
	offsets := make([]time.Duration, len(s.lines))
	for i := 1; i < len(offsets); i++ {
		offsets[i] = offsets[i-1] + t.wait(3*time.Minute, 2*time.Hour)
	}
	start := t.moment(offsets[len(offsets)-1])
	said := make([]*message, len(s.lines))
	for i, l := range s.lines {
		m := &message{class: t.id, thread: thread.id, by: cast[l.speaker], text: fill(l.text), deleted: l.deleted}
		if l.answers > 0 {
			m.answers = said[l.answers-1]
		}
		said[i] = m
		t.messages = append(t.messages, m)
		at := start.Add(offsets[i])
		t.add(at, m.by, m, say)
		t.reactTo(l, at, m)
		if l.edited != "" {
			t.add(at.Add(t.wait(2*time.Minute, 20*time.Minute)), m.by, m, edit(fill(l.edited)))
		}
		if l.deleted {
			t.add(at.Add(t.wait(time.Minute, 5*time.Minute)), m.by, m, remove)
		}
	}
}

// reactTo adds the reactions that the script wants, and now and then one more.
func (t *talk) reactTo(l line, at time.Time, m *message) {
	reactions := l.reactions
	if len(reactions) == 0 && !l.deleted && t.random.IntN(8) == 0 {
		reactions = []reaction{{[]string{"👍", "❤️", "😂"}[t.random.IntN(3)], 1 + t.random.IntN(3)}}
	}
	for _, r := range reactions {
		react := react(r.emoji)
		for _, i := range t.random.Perm(len(t.class.members)) {
			if r.count == 0 {
				break
			}
			if who := t.class.members[i]; who != m.by {
				t.add(at.Add(t.wait(20*time.Minute, 12*time.Hour)), who, m, react)
				r.count--
			}
		}
	}
}

func (t *talk) add(at time.Time, by *person, m *message, do func(*app.Past, *deed) error) {
	if at.After(t.to) {
		at = t.to
	}
	t.deeds = append(t.deeds, deed{at: at, by: by, message: m, do: do})
}

// cast chooses who has a conversation. In a small class somebody has two parts.
func (t *talk) cast() map[string]*person {
	students := slices.Clone(t.class.members[2:])
	// Some talk more than others: those at the front are moved there again.
	t.random.Shuffle(len(students), func(i, j int) {
		if i != j && t.random.IntN(3) > 0 {
			students[i], students[j] = students[j], students[i]
		}
	})
	cast := map[string]*person{"T": t.class.members[0], "A": t.class.members[1]}
	for i := range 5 {
		cast["S"+strconv.Itoa(i+1)] = students[i%len(students)]
	}
	return cast
}

var weekdays = map[language][]string{
	english: {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"},
	chinese: {"周一", "周二", "周三", "周四", "周五"},
}

// slots fills what a conversation leaves open.
func (t *talk) slots(cast map[string]*person) *strings.Replacer {
	number := func(from, to int) int { return from + t.random.IntN(to-from) }
	days, day := weekdays[t.class.language], number(0, 5)
	n, page := number(2, 12), number(14, 190)
	slots := []string{
		"{class}", t.class.title, "{day}", days[day], "{day2}", days[(day+1+number(0, 4))%5],
		"{n}", strconv.Itoa(n), "{n2}", strconv.Itoa(n + number(1, 6)),
		"{page}", strconv.Itoa(page), "{page2}", strconv.Itoa(page + number(1, 9)),
		"{value}", strconv.Itoa(number(30, 60)), "{value2}", strconv.Itoa(number(60, 90)),
		"{grade}", strconv.Itoa(number(70, 90)), "{hour}", strconv.Itoa(number(13, 19)),
		"{room}", string('A'+rune(number(0, 4))) + strconv.Itoa(number(101, 320)),
	}
	for _, s := range []string{"1", "2", "3"} {
		slots = append(slots, "{name"+s+"}", called(cast["S"+s].name))
	}
	return strings.NewReplacer(slots...)
}
