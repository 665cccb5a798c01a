// Package demo fills an empty server with a made-up school: classes, people
// and weeks of talk. It writes through the rules, so that nothing tells the
// school from one that grew.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/app/store"
	"homeroom/models"
)

// Size says how large the school is. Each is a flag of the command "demo".
type Size struct {
	Classes  int    `default:"20" help:"Classes (${default})."`
	Members  int    `default:"50" help:"Members of each class: its teacher, an assistant, students (${default})."`
	Threads  int    `default:"5" help:"Threads in each class (${default})."`
	Messages int    `default:"2000" help:"Messages in the whole school, shared out among the classes (${default})."`
	Weeks    int    `default:"6" help:"How many weeks ago it begins (${default})."`
	Overlap  bool   `help:"People are in more than one class: a teacher has two, and a fifth of the students know each other from the class before. Without it every membership is another person's."`
	Seed     uint64 `default:"1" help:"Another number makes another school; the same makes the same one, but for the secrets (${default})."`
}

func (s Size) check() error {
	for _, limit := range []struct {
		name            string
		is, least, most int
	}{
		{"--classes", s.Classes, 1, 10_000}, {"--members", s.Members, 3, 5000}, {"--threads", s.Threads, 1, 2000},
		{"--messages", s.Messages, 0, 10_000_000}, {"--weeks", s.Weeks, 1, 200},
	} {
		if limit.is < limit.least || limit.is > limit.most {
			return fmt.Errorf("%s %d: want %d to %d", limit.name, limit.is, limit.least, limit.most)
		}
	}
	return nil
}

// Membership is one person in one class, with what a tool needs to act as them.
type Membership struct {
	UserID    int64             `json:"user_id"`
	Name      string            `json:"name"`
	Token     string            `json:"token"`
	Role      models.MemberRole `json:"role"`
	ClassID   int64             `json:"class_id"`
	ThreadIDs []int64           `json:"thread_ids"`
}

// Login is an account that people can sign in to.
type Login struct{ Name, Password, Is string }

// School is what was made: who can sign in, and every membership in the order
// of the classes.
type School struct {
	Logins      []Login
	Memberships []Membership
}

// batch is how many deeds are written in one transaction.
const batch = 4000

// Fill makes a school in a data folder that holds no database yet. Its newest
// message is about as old as now.
func Fill(ctx context.Context, folder string, size Size, now time.Time) (school School, err error) {
	if err := size.check(); err != nil {
		return school, err
	}
	db, err := store.Open(ctx, folder)
	if err != nil {
		return school, err
	}
	announcements := bus.NewMemory()
	defer func() {
		announcements.Close()
		err = errors.Join(err, db.Close())
	}()
	w := &writer{
		ctx: ctx, now: now, start: now.Add(-time.Duration(size.Weeks) * 7 * 24 * time.Hour),
		random: rand.New(rand.NewPCG(size.Seed, 0)),
	}
	w.clock = w.start
	limits := app.DefaultLimits()
	limits.ClassesPerUser = max(limits.ClassesPerUser, size.Classes)
	w.rules = app.New(db, announcements, limits, func() time.Time { return w.clock })
	return w.school, w.write(size)
}

// writer writes one school.
type writer struct {
	ctx        context.Context
	random     *rand.Rand
	rules      *app.App
	start, now time.Time
	clock      time.Time // of the rules
	scripts    map[language][]script
	school     School
}

func (w *writer) write(size Size) error {
	w.scripts = map[language][]script{}
	for l, text := range map[language]string{english: talkEnglish, chinese: talkChinese} {
		scripts, err := parse(text)
		if err != nil {
			return err
		}
		w.scripts[l] = scripts
	}
	classes, people := plan(size, w.random)
	if err := w.writePeople(people); err != nil {
		return err
	}
	w.clock = w.now
	if err := w.makeLogins(classes[0]); err != nil {
		return err
	}
	w.clock = w.start
	if err := w.writeTokens(people); err != nil { // which another password would end
		return err
	}
	for i, c := range classes {
		w.clock = w.start.Add(time.Duration(i) * time.Minute)
		if err := w.writeClass(c); err != nil {
			return fmt.Errorf("class %s: %w", c.title, err)
		}
	}
	return nil
}

func (w *writer) writePeople(people []*person) error {
	return w.ofEach(people, func(past *app.Past, p *person) (err error) {
		p.user, err = past.Account(p.name, p.role)
		return err
	})
}

func (w *writer) writeTokens(people []*person) error {
	return w.ofEach(people, func(past *app.Past, p *person) (err error) {
		scopes := []models.Scope{models.ScopeRead, models.ScopeWrite}
		if p.staff {
			scopes = append(scopes, models.ScopeManage)
		}
		p.token, err = past.Token(p.user, app.NewToken{Name: "demo", Scopes: scopes})
		return err
	})
}

// ofEach runs fn for each of the people, many in a transaction.
func (w *writer) ofEach(people []*person, fn func(*app.Past, *person) error) error {
	for some := range slices.Chunk(people, 1000) {
		err := w.rules.Recount(w.ctx, func(past *app.Past) error {
			for _, p := range some {
				if err := fn(past, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// makeLogins makes an admin, and lets two people of a class sign in: the others
// have passwords that nobody knows.
func (w *writer) makeLogins(c *class) error {
	admin, err := w.rules.CreateUser(w.ctx, app.CommandLine(), app.NewUser{Name: "Demo Admin", Role: models.Admin})
	if err != nil {
		return err
	}
	w.school.Logins = []Login{{admin.User.Name, admin.Password, "admin"}}
	student := slices.MaxFunc(c.members[2:], func(a, b *person) int { return a.classes - b.classes })
	for _, p := range []*person{c.members[0], student} {
		password := app.NewPhrase()
		if err := w.rules.SetPassword(w.ctx, app.CommandLine(), p.user.ID, password); err != nil {
			return err
		}
		w.school.Logins = append(w.school.Logins, Login{p.name, password, string(p.role)})
	}
	return nil
}
