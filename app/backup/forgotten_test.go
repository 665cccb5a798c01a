package backup_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// holding returns the files under a folder that hold a text, in any case.
func holding(t *testing.T, folder, text string) (found []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text))) {
			found = append(found, filepath.Base(path))
		}
		return err
	}))
	return found
}

// chatter is a class in which much is said, of lengths that make pages split,
// and edited and deleted: texts move about in the file.
func chatter(t *testing.T, h *apptest.House, class models.Class, thread models.Thread, marker string, speakers ...models.User) {
	t.Helper()
	require.NoError(t, h.Recount(t.Context(), func(p *app.Past) error {
		p.At(h.Now())
		for i := range 300 {
			u := speakers[i%len(speakers)]
			text := fmt.Sprintf("%s %d %s", marker, i, strings.Repeat("and so on ", i*7919%400))
			m, err := p.Send(u, class.ID, thread.ID, app.NewMessage{Content: text, ClientID: fmt.Sprint(marker, i)})
			if err != nil {
				return err
			}
			if i%3 == 0 {
				err = p.Edit(u, m, text+" "+strings.Repeat(marker+" edited ", i*31%60))
			}
			if i%7 == 0 && err == nil {
				err = p.Delete(u, m)
			} else if i%5 == 0 && err == nil {
				err = p.React(h.Cai, m, "👍")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
	page, err := h.Messages(t.Context(), apptest.As(speakers[0]), class.ID, thread.ID, app.PageAround{Limit: 1})
	require.NoError(t, err)
	reporter := h.Cai
	if reporter.ID == page.Items[0].SpeakerID {
		reporter = h.Ann
	}
	_, _, err = h.Report(t.Context(), apptest.As(reporter), class.ID, thread.ID, page.Items[0].ID, app.NewReport{Reason: models.Spam, Note: "look at this"})
	require.NoError(t, err)
}

func TestWhatIsPurgedIsInNoFileAndInNoNewBackup(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	chatter(t, h, class, thread, "zebrafish", h.Ann, h.Bob, h.Cai)
	require.NotEmpty(t, holding(t, h.Dir, "zebrafish"))
	h.Pass(399 * 24 * time.Hour)
	chatter(t, h, class, thread, "nightingale", h.Ann, h.Bob)
	h.Pass(2 * 24 * time.Hour)
	done, err := h.Purge(t.Context())
	require.NoError(t, err)
	require.Equal(t, 300, done.Messages)

	to := filepath.Join(t.TempDir(), "b.tar")
	m := write(t, h.Dir, to)
	require.EqualValues(t, 300, m.Contents.Messages)
	require.NotEmpty(t, holding(t, h.Dir, "nightingale"))
	require.NotEmpty(t, holding(t, filepath.Dir(to), "nightingale"))
	require.Empty(t, holding(t, h.Dir, "zebrafish"))
	require.Empty(t, holding(t, filepath.Dir(to), "zebrafish"))
}

func TestWhoIsErasedIsInNoFileAndInNoNewBackup(t *testing.T) {
	h := apptest.New(t)
	mia := h.Person("Mia Quetzal", models.StudentAccount)
	class := h.Class("Physics 9b")
	_, err := h.AddMember(t.Context(), apptest.As(h.Ann), class.ID, app.NewMember{UserID: mia.ID, Role: models.Student})
	require.NoError(t, err)
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	actor, _ := h.SignIn(mia)
	_, err = h.CreateToken(t.Context(), actor, app.NewToken{Name: "quetzal script"})
	require.NoError(t, err)
	chatter(t, h, class, thread, "zebrafish", mia)
	chatter(t, h, class, thread, "nightingale", h.Ann, h.Bob)
	for _, name := range []string{"Quetzal Mia", "Mia Quetzal"} {
		_, err = h.ChangeMe(t.Context(), actor, app.Profile{Name: &name})
		require.NoError(t, err)
	}
	require.NotEmpty(t, holding(t, h.Dir, "quetzal"))
	_, err = h.EraseUser(t.Context(), apptest.As(h.Ada), mia.ID, app.Erasure{})
	require.NoError(t, err)
	require.NoError(t, h.FinishErasures(t.Context()))

	to := filepath.Join(t.TempDir(), "b.tar")
	write(t, h.Dir, to)
	require.NotEmpty(t, holding(t, filepath.Dir(to), "nightingale"))
	for _, text := range []string{"zebrafish", "quetzal"} {
		require.Empty(t, holding(t, h.Dir, text), text)
		require.Empty(t, holding(t, filepath.Dir(to), text), text)
	}
}
