package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store/storetest"
	"homeroom/models"
)

func (k talk) erase(u models.User, in app.Erasure) models.User {
	k.t.Helper()
	erased, err := k.EraseUser(k.t.Context(), apptest.As(k.Ada), u.ID, in)
	require.NoError(k.t, err)
	require.NoError(k.t, k.FinishErasures(k.t.Context()))
	problems, err := storetest.Problems(k.t.Context(), k.Dir)
	require.NoError(k.t, err)
	require.Empty(k.t, problems)
	return erased
}

// types are those of the events after a number.
func (k talk) types(after int64) (types []models.EventType) {
	k.t.Helper()
	page, err := k.Events(k.t.Context(), apptest.As(k.Cai), k.class.ID, after, 500)
	require.NoError(k.t, err)
	for _, e := range page.Items {
		types = append(types, e.Type)
	}
	return types
}

func TestWhoIsErasedIsATombstoneAndWhatTheySaidIsEmpty(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	_, secret := k.SignIn(k.Bob)
	bob, ann := apptest.As(k.Bob), apptest.As(k.Ann)
	token, err := k.CreateToken(t.Context(), bob, app.NewToken{Name: "bob's script"})
	require.NoError(t, err)
	_, err = k.Push(t.Context(), ann, app.NewPush{To: json.RawMessage(fmt.Sprint(k.Bob.ID)), Content: "for Bob", Keep: true})
	require.NoError(t, err)
	first := k.say(k.Bob, "one")
	k.say(k.Cai, "two")
	third := k.say(k.Bob, "three")
	_, err = k.Edit(t.Context(), bob, k.class.ID, k.thread.ID, third.ID, "three, edited")
	require.NoError(t, err)
	gone := k.say(k.Bob, "four")
	_, err = k.Delete(t.Context(), bob, k.class.ID, k.thread.ID, gone.ID)
	require.NoError(t, err)
	cais := k.say(k.Cai, "five")
	_, err = k.React(t.Context(), bob, k.class.ID, k.thread.ID, cais.ID, "👍")
	require.NoError(t, err)
	_, err = k.Pin(t.Context(), ann, k.class.ID, k.thread.ID, first.ID)
	require.NoError(t, err)
	_, err = k.ChangeMe(t.Context(), bob, app.Profile{Name: ptr("Robert Ray"), Email: ptr("bob@example.org")})
	require.NoError(t, err)
	before := k.head()
	ended := k.Ended()

	erased := k.erase(k.Bob, app.Erasure{})
	name := fmt.Sprintf("Former member %d", k.Bob.ID)
	require.Equal(t, name, erased.Name)
	require.Nil(t, erased.Email)
	require.NotNil(t, erased.ErasedAt)
	require.Equal(t, []bus.Ended{{UserID: k.Bob.ID, Disabled: true}}, ended())

	require.False(t, stands(t, k.House, secret))
	_, err = k.Authenticate(t.Context(), token.Secret, app.Bearer)
	require.ErrorIs(t, err, fault.SignInFirst)
	require.Equal(t, fault.WrongPassword, try(t, k.House, "192.0.2.1", "Robert Ray", apptest.Password))
	require.Equal(t, fault.WrongPassword, try(t, k.House, "192.0.2.1", name, apptest.Password))

	page, err := k.Messages(t.Context(), ann, k.class.ID, k.thread.ID, app.PageAround{})
	require.NoError(t, err)
	require.Len(t, page.Items, 5)
	for _, m := range page.Items {
		require.Empty(t, m.Reactions)
		if m.SpeakerID != k.Bob.ID {
			require.NotEmpty(t, m.Content)
			continue
		}
		require.Equal(t, name, m.SpeakerName)
		require.Empty(t, m.Content)
		require.NotNil(t, m.DeletedAt)
		versions, err := k.Versions(t.Context(), ann, k.class.ID, k.thread.ID, m.ID, 0, 10)
		require.NoError(t, err)
		require.Empty(t, versions, "nothing is kept for staff")
	}
	thread, err := k.Thread(t.Context(), ann, k.class.ID, k.thread.ID)
	require.NoError(t, err)
	require.Nil(t, thread.PinnedMessageID)
	members, err := k.Members(t.Context(), ann, k.class.ID, "", 0, 10)
	require.NoError(t, err)
	require.Len(t, members, 2, "Ann and Cai")
	require.Equal(t, []models.EventType{
		models.MemberLeft, models.MessageDeleted, models.ThreadChanged, models.MessageDeleted, models.MessageDeleted, models.ReactionRemoved,
	}, k.types(before), "the class is told of each")

	noted, err := k.Audit(t.Context(), apptest.As(k.Ada), 0, 100)
	require.NoError(t, err)
	require.Contains(t, actions(noted), "user.erased")
	require.Contains(t, actions(noted), "user.renamed", "what was done stays")
	for _, act := range noted {
		require.NotContains(t, act.Detail, "Ray")
		require.NotContains(t, act.Detail, "bob's script")
	}
}

func TestNoNameOfATokenOutlivesItsOwner(t *testing.T) {
	h := apptest.New(t)
	_, err := h.CreateToken(t.Context(), apptest.As(h.Cai), app.NewToken{Name: "cai's script"})
	require.NoError(t, err)
	revoked, err := h.CreateToken(t.Context(), apptest.As(h.Bob), app.NewToken{Name: "bob's first"})
	require.NoError(t, err)
	require.NoError(t, h.RevokeAnyToken(t.Context(), apptest.As(h.Ada), revoked.ID))
	_, err = h.CreateTokenFor(t.Context(), app.CommandLine(), h.Bob.ID, app.NewToken{Name: "bob's second"})
	require.NoError(t, err)
	reset(t, h, h.Bob) // which ends it
	_, err = h.CreateTokenFor(t.Context(), app.CommandLine(), h.Bob.ID, app.NewToken{Name: "bob's third"})
	require.NoError(t, err)
	_, err = h.EraseUser(t.Context(), apptest.As(h.Ada), h.Bob.ID, app.Erasure{})
	require.NoError(t, err)
	noted, err := h.Audit(t.Context(), apptest.As(h.Ada), 0, 100)
	require.NoError(t, err)
	var named []string
	for _, act := range noted {
		if strings.HasPrefix(act.Action, "token.") && act.Detail != "" {
			named = append(named, act.Detail)
		}
	}
	require.Equal(t, []string{"cai's script"}, named)
}

func TestTextsCanBeKeptUnderTheTombstonesName(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	m := k.say(k.Bob, "one")
	_, err := k.React(t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, m.ID, "👍")
	require.NoError(t, err)
	before := k.head()
	k.erase(k.Bob, app.Erasure{KeepTexts: true})
	got, err := k.Message(t.Context(), apptest.As(k.Cai), k.class.ID, k.thread.ID, m.ID)
	require.NoError(t, err)
	require.Equal(t, "one", got.Content)
	require.Len(t, got.Reactions, 1)
	require.Equal(t, fmt.Sprintf("Former member %d", k.Bob.ID), got.SpeakerName)
	require.Equal(t, []models.EventType{models.MemberLeft, models.MessageEdited}, k.types(before))

	k.erase(k.Bob, app.Erasure{KeepTexts: true})
	require.Len(t, k.types(before), 2, "once is enough")
	k.erase(k.Bob, app.Erasure{})
	got, err = k.Message(t.Context(), apptest.As(k.Cai), k.class.ID, k.thread.ID, m.ID)
	require.NoError(t, err)
	require.Empty(t, got.Content, "they can go later")
}

func TestAnErasureThatWasCutOffGoesOn(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	m := k.say(k.Bob, "one")
	_, err := k.EraseUser(t.Context(), app.CommandLine(), k.Bob.ID, app.Erasure{})
	require.NoError(t, err)
	_, _, err = k.Send(t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, app.NewMessage{Content: "on its way still"})
	require.NoError(t, err)
	k.Reopen()
	require.NoError(t, k.FinishErasures(t.Context()))
	for _, content := range k.saidFor(k.Cai) {
		require.Empty(t, content)
	}
	_, _, err = k.Send(t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, app.NewMessage{Content: "too late"})
	require.ErrorIs(t, err, fault.NotMember)
	_, err = k.Message(t.Context(), apptest.As(k.Cai), k.class.ID, k.thread.ID, m.ID)
	require.NoError(t, err, "its place stays")
}

func (k talk) saidFor(u models.User) (contents []string) {
	page, err := k.Messages(k.t.Context(), apptest.As(u), k.class.ID, k.thread.ID, app.PageAround{})
	require.NoError(k.t, err)
	for _, m := range page.Items {
		contents = append(contents, m.Content)
	}
	return contents
}

func TestOnlyAnAdminWhoGaveThePasswordErases(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	for _, u := range []models.User{k.Ann, k.Bob, k.Eve} {
		_, err := k.EraseUser(t.Context(), apptest.As(u), k.Cai.ID, app.Erasure{})
		require.ErrorIs(t, err, fault.NotAllowed)
	}
	ada, _ := k.SignIn(k.Ada)
	k.Pass(k.Limits.ConfirmAfter)
	_, err := k.EraseUser(t.Context(), ada, k.Cai.ID, app.Erasure{})
	require.ErrorIs(t, err, fault.ConfirmFirst)
	_, err = k.EraseUser(t.Context(), apptest.As(k.Ada), k.Ada.ID, app.Erasure{})
	require.ErrorIs(t, err, fault.NotAllowed, "not oneself")
	_, err = k.EraseUser(t.Context(), app.CommandLine(), k.Ada.ID, app.Erasure{})
	require.ErrorIs(t, err, fault.NotAllowed, "an admin remains")
	_, err = k.EraseUser(t.Context(), apptest.As(k.Ada), 999, app.Erasure{})
	require.ErrorIs(t, err, fault.NotFound)
}

func TestATombstoneIsNotBroughtBackAndNobodyIsCalledLikeOne(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.erase(k.Bob, app.Erasure{})
	for _, in := range []app.UserChange{{Disabled: ptr(false)}, {Name: ptr("Bob Ray")}, {Role: ptr(models.Teacher)}} {
		_, err := k.ChangeUser(t.Context(), apptest.As(k.Ada), k.Bob.ID, in)
		require.ErrorIs(t, err, fault.NotAllowed)
	}
	_, err := k.ResetPassword(t.Context(), apptest.As(k.Ada), k.Bob.ID)
	require.ErrorIs(t, err, fault.NotAllowed)
	_, err = k.AddMember(t.Context(), apptest.As(k.Ann), k.class.ID, app.NewMember{UserID: k.Bob.ID, Role: models.Student})
	require.ErrorIs(t, err, fault.NotFound)
	_, err = k.CreateTokenFor(t.Context(), app.CommandLine(), k.Bob.ID, app.NewToken{Name: "x"})
	require.ErrorIs(t, err, fault.NotFound)
	for _, name := range []string{"Former member 7", " FORMER  member 12"} {
		_, err = k.ChangeMe(t.Context(), apptest.As(k.Cai), app.Profile{Name: &name})
		require.ErrorIs(t, err, fault.Malformed)
	}
	_, err = k.ChangeMe(t.Context(), apptest.As(k.Cai), app.Profile{Name: ptr("Former member of parliament")})
	require.NoError(t, err)
}

// The texts of who wrote much go over minutes, and until then they can be
// reported.
func TestAReportThatIsMadeDuringAnErasureKeepsNothing(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	said := k.say(k.Bob, "his words")
	_, err := k.EraseUser(t.Context(), apptest.As(k.Ada), k.Bob.ID, app.Erasure{})
	require.NoError(t, err)
	_, _, err = k.Report(t.Context(), apptest.As(k.Cai), k.class.ID, k.thread.ID, said.ID, app.NewReport{Reason: models.Bullying})
	require.NoError(t, err)
	require.NoError(t, k.FinishErasures(t.Context()))
	reports, err := k.Reports(t.Context(), apptest.As(k.Ann), k.class.ID, true, 0, 10)
	require.NoError(t, err)
	require.Len(t, reports, 1)
	require.Empty(t, reports[0].Content)
	require.NotContains(t, reports[0].SpeakerName, "Bob")
}

// Its rows stay as evidence, and an erasure puts the tombstone's name there too.
func TestAnErasureTellsNobodyWhatADeletedThreadSaid(t *testing.T) {
	for _, one := range []struct {
		what   string
		delete func(talk) error
		told   []models.EventType
	}{
		{"thread", func(k talk) error { return k.DeleteThread(t.Context(), apptest.As(k.Ann), k.class.ID, k.thread.ID) }, []models.EventType{models.MemberLeft}},
		{"class", func(k talk) error { return k.DeleteClass(t.Context(), apptest.As(k.Ann), k.class.ID) }, nil},
	} {
		for _, in := range []app.Erasure{{KeepTexts: true}, {}} {
			t.Run(fmt.Sprintf("%s %+v", one.what, in), func(t *testing.T) {
				k := newTalk(t, apptest.New(t))
				k.say(k.Bob, "what was said")
				_, err := k.React(t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, k.say(k.Cai, "two").ID, "👍")
				require.NoError(t, err)
				require.NoError(t, one.delete(k))
				told := k.told()
				k.erase(k.Bob, in)
				require.Equal(t, one.told, told())
			})
		}
	}
}

// told collects the types of the events that are announced, until it is asked.
func (k talk) told() func() []models.EventType {
	var types []models.EventType
	k.Subscribe(func(gathered []bus.Announcement) {
		for _, a := range gathered {
			if a.Event != nil {
				types = append(types, a.Event.Type)
			}
		}
	})
	return func() []models.EventType {
		k.Bus.Close() // waits for the last calls
		return types
	}
}
