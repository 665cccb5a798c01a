package demo_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/app/demo"
	"homeroom/app/store"
	"homeroom/app/store/storetest"
	"homeroom/models"
)

var now = time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC)

var size = demo.Size{Classes: 5, Members: 12, Threads: 5, Messages: 600, Weeks: 4, Seed: 7}

// school fills a folder.
func school(t *testing.T, size demo.Size) (demo.School, string) {
	t.Helper()
	folder := t.TempDir()
	made, err := demo.Fill(t.Context(), folder, size, now)
	require.NoError(t, err)
	return made, folder
}

// house opens the rules over a folder.
func house(t *testing.T, folder string) (*app.App, *store.Store) {
	t.Helper()
	db, err := store.Open(t.Context(), folder)
	require.NoError(t, err)
	announcements := bus.NewMemory()
	t.Cleanup(func() {
		announcements.Close()
		require.NoError(t, db.Close())
	})
	return app.New(db, announcements, app.DefaultLimits(), func() time.Time { return now }), db
}

func TestDemoSchoolKeepsEveryPromise(t *testing.T) {
	_, folder := school(t, size)
	problems, err := storetest.Problems(t.Context(), folder)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestDemoSchoolHasWhatWasAskedFor(t *testing.T) {
	made, folder := school(t, size)
	rules, _ := house(t, folder)
	require.Len(t, made.Memberships, size.Classes*size.Members)
	messages, roles := 0, map[models.MemberRole]int{}
	tokens := map[int64]string{}
	for i, m := range made.Memberships {
		roles[m.Role]++
		require.EqualValues(t, i/size.Members+1, m.ClassID, "memberships stand in the order of the classes")
		if token, ok := tokens[m.UserID]; ok {
			require.Equal(t, token, m.Token, "a user has one token")
		}
		tokens[m.UserID] = m.Token
		actor, err := rules.Authenticate(t.Context(), m.Token, app.Bearer)
		require.NoError(t, err)
		require.Equal(t, m.Name, actor.User.Name)
		if m.Role.Staff() {
			require.Contains(t, actor.Scopes, models.ScopeManage)
		}
		if m.Role != models.Owner {
			continue
		}
		threads, err := rules.Threads(t.Context(), actor, m.ClassID, false, nil, 100)
		require.NoError(t, err)
		require.Len(t, threads, size.Threads)
		for _, thread := range threads {
			require.Contains(t, m.ThreadIDs, thread.ID)
			require.Nil(t, thread.LockedAt, "every member may write in every thread")
			messages += len(all(t, rules, actor, thread))
		}
	}
	require.Equal(t, size.Messages, messages)
	require.Equal(t, map[models.MemberRole]int{
		models.Owner: size.Classes, models.Assistant: size.Classes, models.Student: size.Classes * (size.Members - 2),
	}, roles)
	require.Len(t, tokens, len(made.Memberships), "every membership is another person's")
}

func TestClassesOverlapWhereThatIsAskedFor(t *testing.T) {
	overlapping := size
	overlapping.Overlap = true
	made, folder := school(t, overlapping)
	people := map[int64]int{}
	for _, m := range made.Memberships {
		people[m.UserID]++
	}
	require.Less(t, len(people), len(made.Memberships))
	problems, err := storetest.Problems(t.Context(), folder)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestDemoSchoolReadsLikeOne(t *testing.T) {
	made, folder := school(t, demo.Size{Classes: 8, Members: 10, Threads: 7, Messages: 1600, Weeks: 4, Seed: 7})
	rules, _ := house(t, folder)
	seen := map[string]int{}
	oldest, newest, unread := now, time.Time{}, 0
	for _, m := range made.Memberships {
		actor, err := rules.Authenticate(t.Context(), m.Token, app.Bearer)
		require.NoError(t, err)
		threads, err := rules.Threads(t.Context(), actor, m.ClassID, false, nil, 100)
		require.NoError(t, err)
		for _, thread := range threads {
			unread += *thread.Unread
			if m.Role != models.Owner {
				continue
			}
			for _, message := range all(t, rules, actor, thread) {
				require.NotRegexp(t, regexp.MustCompile(`\{(class|day|n|page|value|grade|hour|room|name)[0-9]?\}`), message.Content, "a slot was left open")
				require.False(t, message.CreatedAt.After(now))
				if message.CreatedAt.Before(oldest) {
					oldest = message.CreatedAt.Time
				}
				if message.CreatedAt.After(newest) {
					newest = message.CreatedAt.Time
				}
				count(seen, message)
			}
		}
	}
	for _, what := range []string{"Chinese", "English", "reply", "reaction", "edited", "deleted", "code block", "list", "formula", "link", "table", "emoji", "long", "short"} {
		require.Positive(t, seen[what], "nothing of this: %s (%v)", what, seen)
	}
	require.Positive(t, unread)
	require.Greater(t, newest.Sub(oldest), 3*7*24*time.Hour)
	require.Less(t, now.Sub(newest), 2*24*time.Hour, "the talk goes on until today")
}

func count(seen map[string]int, m models.Message) {
	has := func(what string, is bool) {
		if is {
			seen[what]++
		}
	}
	chinese := strings.ContainsFunc(m.Content, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	has("Chinese", chinese)
	has("English", !chinese && len(m.Content) > 20)
	has("reply", m.ReplyTo != nil)
	has("reaction", len(m.Reactions) > 0)
	has("edited", m.EditedAt != nil)
	has("deleted", m.DeletedAt != nil)
	has("code block", strings.Contains(m.Content, "```"))
	has("list", strings.Contains(m.Content, "\n- "))
	has("formula", strings.Contains(m.Content, "$"))
	has("link", strings.Contains(m.Content, "https://"))
	has("table", strings.Contains(m.Content, "|---|"))
	has("emoji", strings.Contains(m.Content, "🎉"))
	has("long", len([]rune(m.Content)) > 350)
	has("short", len(m.Content) > 0 && len([]rune(m.Content)) < 6)
}

// all returns every message of a thread.
func all(t *testing.T, rules *app.App, actor app.Actor, thread models.Thread) (messages []models.Message) {
	t.Helper()
	page := app.PageAround{}
	for {
		got, err := rules.Messages(t.Context(), actor, thread.ClassID, thread.ID, page)
		require.NoError(t, err)
		messages = append(got.Items, messages...)
		if !got.HasOlder {
			return messages
		}
		page.Before = got.Items[0].ID
	}
}

func TestSameSeedMakesTheSameSchoolWithOtherSecrets(t *testing.T) {
	size := demo.Size{Classes: 2, Members: 6, Threads: 3, Messages: 40, Weeks: 2, Seed: 3}
	first, folder := school(t, size)
	second, again := school(t, size)
	require.Equal(t, told(t, first, folder), told(t, second, again))
	require.NotEqual(t, first.Memberships[0].Token, second.Memberships[0].Token)
	size.Seed = 4
	other, elsewhere := school(t, size)
	require.NotEqual(t, told(t, first, folder), told(t, other, elsewhere))
}

// told is everything that a school says, without its secrets.
func told(t *testing.T, made demo.School, folder string) string {
	t.Helper()
	rules, _ := house(t, folder)
	var b strings.Builder
	for _, m := range made.Memberships {
		actor, err := rules.Authenticate(t.Context(), m.Token, app.Bearer)
		require.NoError(t, err)
		class, err := rules.Class(t.Context(), actor, m.ClassID)
		require.NoError(t, err)
		threads, err := rules.Threads(t.Context(), actor, m.ClassID, false, nil, 100)
		require.NoError(t, err)
		m.Token = ""
		line, err := json.Marshal([]any{m, class, threads})
		require.NoError(t, err)
		fmt.Fprintln(&b, string(line))
		if m.Role == models.Owner {
			for _, thread := range threads {
				line, err := json.Marshal(all(t, rules, actor, thread))
				require.NoError(t, err)
				fmt.Fprintln(&b, string(line))
			}
		}
	}
	return b.String()
}

func TestWhoIsShownAPasswordCanSignIn(t *testing.T) {
	made, folder := school(t, demo.Size{Classes: 1, Members: 4, Threads: 1, Messages: 5, Weeks: 1, Seed: 1})
	rules, _ := house(t, folder)
	require.Len(t, made.Logins, 3)
	for _, login := range made.Logins {
		signedIn, _, err := rules.SignIn(t.Context(), app.SignIn{Name: login.Name, Password: login.Password, Address: "192.0.2.1"})
		require.NoError(t, err)
		require.Equal(t, login.Is, string(signedIn.User.Role))
	}
	needed, err := rules.NeedsSetup(t.Context())
	require.NoError(t, err)
	require.False(t, needed, "the demo's admin is the first")
}

func TestSizesThatMakeNoSchoolAreRefused(t *testing.T) {
	for _, wrong := range []demo.Size{
		{Classes: 0, Members: 50, Threads: 5, Weeks: 6}, {Classes: 1, Members: 2, Threads: 5, Weeks: 6},
		{Classes: 1, Members: 50, Threads: 0, Weeks: 6}, {Classes: 1, Members: 50, Threads: 5, Messages: -1, Weeks: 6},
		{Classes: 1, Members: 50, Threads: 5, Weeks: 0},
	} {
		_, err := demo.Fill(t.Context(), t.TempDir(), wrong, now)
		require.Error(t, err, "%+v", wrong)
	}
}
