package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

func (k talk) exported(actor app.Actor, id int64) (export app.Export, text string) {
	k.t.Helper()
	write, err := k.ExportUser(k.t.Context(), actor, id)
	require.NoError(k.t, err)
	var out bytes.Buffer
	require.NoError(k.t, write(k.t.Context(), &out))
	decoder := json.NewDecoder(bytes.NewReader(out.Bytes()))
	decoder.DisallowUnknownFields()
	require.NoError(k.t, decoder.Decode(&export), out.String())
	return export, out.String()
}

func TestAnExportHoldsAllOfOnePersonAndNothingOfOthers(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	bob, secret := k.SignIn(k.Bob)
	token, err := k.CreateToken(t.Context(), bob, app.NewToken{Name: "my script"})
	require.NoError(t, err)
	first := k.say(k.Bob, "first")
	_, err = k.Edit(t.Context(), bob, k.class.ID, k.thread.ID, first.ID, "first, edited")
	require.NoError(t, err)
	_, err = k.Delete(t.Context(), bob, k.class.ID, k.thread.ID, first.ID)
	require.NoError(t, err)
	cais := k.say(k.Cai, "what Cai says is not Bob's")
	_, err = k.React(t.Context(), bob, k.class.ID, k.thread.ID, cais.ID, "👍")
	require.NoError(t, err)
	for i := range 120 {
		k.Pass(1e9)
		k.say(k.Bob, fmt.Sprint("message ", i))
	}
	_, err = k.MarkRead(t.Context(), bob, k.class.ID, k.thread.ID, 5)
	require.NoError(t, err)
	_, err = k.ChangeMe(t.Context(), bob, app.Profile{Email: ptr("bob@example.org")})
	require.NoError(t, err)

	export, text := k.exported(bob, k.Bob.ID)
	require.Equal(t, "bob@example.org", *export.Account.Email)
	require.Len(t, export.Memberships, 1)
	require.Equal(t, "Physics 9b", export.Memberships[0].Class)
	require.Len(t, export.Sessions, 1)
	require.Len(t, export.Tokens, 1)
	require.Len(t, export.ReadMarkers, 1)
	require.Len(t, export.Messages, 121)
	require.Equal(t, "message 119", export.Messages[120].Content)
	require.Len(t, export.Messages[0].Versions, 2, "their own words, kept for staff, are theirs")
	require.Equal(t, "first", export.Messages[0].Versions[0].Content)
	require.Len(t, export.Reactions, 1)
	require.NotEmpty(t, export.Audit)
	for _, others := range []string{"what Cai says", "Cai", "Ann", secret, token.Secret, "argon2"} {
		require.NotContains(t, text, others)
	}

	byAda, _ := k.exported(apptest.As(k.Ada), k.Bob.ID)
	require.Len(t, byAda.Messages, 121)
	noted, err := k.Audit(t.Context(), apptest.As(k.Ada), 0, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"user.exported", "user.exported"}, actions(noted))
	nothing, _ := k.exported(apptest.As(k.Eve), k.Eve.ID)
	require.Empty(t, nothing.Messages)
}

// meanwhile runs once, before the field of that name is written.
type meanwhile struct {
	bytes.Buffer
	field string
	run   func()
}

func (m *meanwhile) Write(p []byte) (int, error) {
	if run := m.run; run != nil && bytes.Contains(p, []byte(m.field)) {
		m.run = nil
		run()
	}
	return m.Buffer.Write(p)
}

// Where all of a page was gone the export ended, and looked as if it were whole.
func TestAnExportHoldsWhatIsLeftWhereAPurgeRunsBesideIt(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	for i := range app.MostPerPage + 1 {
		k.say(k.Bob, fmt.Sprint("old ", i))
		k.Pass(time.Second)
	}
	k.Pass(401 * day)
	k.say(k.Bob, "new")
	k.Pass(confirmed)
	write, err := k.ExportUser(t.Context(), apptest.As(k.Ada), k.Bob.ID)
	require.NoError(t, err)
	out := meanwhile{field: `"messages"`, run: func() { require.Equal(t, app.MostPerPage+1, k.purged().Messages) }}
	require.NoError(t, write(t.Context(), &out))
	var export app.Export
	require.NoError(t, json.Unmarshal(out.Bytes(), &export))
	require.Len(t, export.Messages, 1)
	require.Equal(t, "new", export.Messages[0].Content)
}

func TestNobodyTakesOutAnothersDataButAnAdminWhoGaveThePassword(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	_, err := k.ExportUser(t.Context(), apptest.As(k.Ann), k.Bob.ID)
	require.ErrorIs(t, err, fault.NotAllowed)
	_, err = k.ExportUser(t.Context(), apptest.As(k.Bob), k.Cai.ID)
	require.ErrorIs(t, err, fault.NotAllowed)
	ada, _ := k.SignIn(k.Ada)
	ann, _ := k.SignIn(k.Ann)
	bob, _ := k.SignIn(k.Bob)
	k.Pass(k.Limits.ConfirmAfter)
	_, err = k.ExportUser(t.Context(), ada, k.Bob.ID)
	require.ErrorIs(t, err, fault.ConfirmFirst)
	_, err = k.ExportUser(t.Context(), ann, k.Ann.ID)
	require.ErrorIs(t, err, fault.ConfirmFirst, "staff, of themselves too")
	_, err = k.ExportUser(t.Context(), bob, k.Bob.ID)
	require.NoError(t, err)
	_, err = k.ExportUser(t.Context(), apptest.As(k.Ada), 999)
	require.ErrorIs(t, err, fault.NotFound)
	for range 10 {
		_, err = k.ExportUser(t.Context(), bob, k.Bob.ID)
	}
	require.ErrorIs(t, err, fault.TooManyTries)
}

// Decision 12: whom a report is about is shown nothing of it, whatever their role.
func TestAnExportShowsNobodyAReportOfThemselves(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	_, err := k.AddMember(t.Context(), app.CommandLine(), k.class.ID, app.NewMember{UserID: k.Ada.ID, Role: models.Student})
	require.NoError(t, err)
	for _, m := range []models.Message{k.say(k.Ada, "you are late"), k.say(k.Cai, "go away")} {
		_, _, err = k.Report(t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, m.ID, app.NewReport{Reason: models.Bullying, Note: "of " + m.SpeakerName})
		require.NoError(t, err)
	}
	byAda, text := k.exported(apptest.As(k.Ada), k.Bob.ID)
	require.Len(t, byAda.Reports, 1)
	require.NotContains(t, text, "of Ada")
	for _, actor := range []app.Actor{apptest.As(k.Bob), app.CommandLine()} {
		whole, _ := k.exported(actor, k.Bob.ID)
		require.Len(t, whole.Reports, 2)
	}
}
