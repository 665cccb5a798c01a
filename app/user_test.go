package app_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/models"
)

func ptr[T any](v T) *T { return &v }

func TestOnlyAdminsManageAccounts(t *testing.T) {
	h := apptest.New(t)
	token := apptest.As(h.Ada)
	token.TokenID, token.Scopes = 1, []models.Scope{models.ScopeRead, models.ScopeWrite}
	limited := apptest.As(h.Ada)
	limited.TokenID, limited.ClassIDs = 1, []int64{1}
	limited.Scopes = []models.Scope{models.ScopeRead, models.ScopeWrite, models.ScopePush, models.ScopeManage}
	for name, one := range map[string]struct {
		actor app.Actor
		want  error
	}{
		"nobody": {app.Actor{}, fault.SignInFirst}, "a student": {apptest.As(h.Bob), fault.NotAllowed},
		"a teacher": {apptest.As(h.Ann), fault.NotAllowed}, "a token without manage": {token, fault.NotAllowed},
		"a token for one class": {limited, fault.NotAllowed},
	} {
		ctx := t.Context()
		_, err := h.CreateUser(ctx, one.actor, app.NewUser{Name: "Dee Fox", Role: models.Admin})
		require.ErrorIs(t, err, one.want, name)
		_, err = h.ChangeUser(ctx, one.actor, h.Bob.ID, app.UserChange{Role: ptr(models.Admin)})
		require.ErrorIs(t, err, one.want, name)
		_, err = h.ChangeUser(ctx, one.actor, 999, app.UserChange{})
		require.ErrorIs(t, err, one.want, name)
		_, err = h.ResetPassword(ctx, one.actor, h.Ada.ID)
		require.ErrorIs(t, err, one.want, name)
		_, err = h.AllTokens(ctx, one.actor, 0, 10)
		require.ErrorIs(t, err, one.want, name)
		require.ErrorIs(t, h.RevokeAnyToken(ctx, one.actor, 1), one.want, name)
		_, err = h.CreateTokenFor(ctx, one.actor, h.Ada.ID, app.NewToken{Name: "x"})
		require.ErrorIs(t, err, one.want, name)
		_, err = h.Audit(ctx, one.actor, 0, 10)
		require.ErrorIs(t, err, one.want, name)
	}
	_, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Ada.ID)
	require.ErrorIs(t, err, fault.NotAllowed, "a stolen session must not be enough to take an admin's account")
}

func TestTheLastAdminStays(t *testing.T) {
	h := apptest.New(t)
	ada := apptest.As(h.Ada)
	for _, in := range []app.UserChange{{Role: ptr(models.Teacher)}, {Disabled: ptr(true)}} {
		_, err := h.ChangeUser(t.Context(), ada, h.Ada.ID, in)
		require.ErrorIs(t, err, fault.NotAllowed)
	}
	me, err := h.Me(t.Context(), ada)
	require.NoError(t, err)
	require.Equal(t, models.Admin, me.Role)
	require.Nil(t, me.DisabledAt)
}

func TestTwoAdminsWhoDemoteEachOtherDoNotBothGo(t *testing.T) {
	h := apptest.New(t)
	for range 10 {
		eve := h.Eve
		_, err := h.ChangeUser(t.Context(), app.CommandLine(), eve.ID, app.UserChange{Role: ptr(models.Admin)})
		require.NoError(t, err)
		_, err = h.ChangeUser(t.Context(), app.CommandLine(), h.Ada.ID, app.UserChange{Role: ptr(models.Admin)})
		require.NoError(t, err)
		eve.Role = models.Admin
		var all sync.WaitGroup
		all.Go(func() {
			h.ChangeUser(t.Context(), apptest.As(h.Ada), eve.ID, app.UserChange{Role: ptr(models.StudentAccount)})
		})
		all.Go(func() {
			h.ChangeUser(t.Context(), apptest.As(eve), h.Ada.ID, app.UserChange{Role: ptr(models.StudentAccount)})
		})
		all.Wait()
		needs, err := h.NeedsSetup(t.Context())
		require.NoError(t, err)
		require.False(t, needs)
	}
}

// A request may have been let in just before its admin lost the role.
func TestWhoIsNoAdminAnyMoreManagesNothing(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	for name, in := range map[string]app.UserChange{"Max Dow": {Role: ptr(models.Teacher)}, "Lin Poe": {Disabled: ptr(true)}} {
		before := h.Person(name, models.Admin)
		_, err := h.ChangeUser(t.Context(), apptest.As(h.Ada), before.ID, in)
		require.NoError(t, err)
		_, err = h.CreateUser(t.Context(), apptest.As(before), app.NewUser{Name: "Dee Fox", Role: models.Admin})
		require.ErrorIs(t, err, fault.NotAllowed)
		_, err = h.ResetPassword(t.Context(), apptest.As(before), h.Bob.ID)
		require.ErrorIs(t, err, fault.NotAllowed)
		_, err = h.AddMember(t.Context(), apptest.As(before), class.ID, app.NewMember{UserID: h.Eve.ID, Role: models.Student})
		require.ErrorIs(t, err, fault.NotAllowed)
	}
}

func TestAnotherRoleOrADisabledAccountEndsEverySession(t *testing.T) {
	for name, in := range map[string]app.UserChange{"role": {Role: ptr(models.Teacher)}, "disabled": {Disabled: ptr(true)}} {
		t.Run(name, func(t *testing.T) {
			h := apptest.New(t)
			ended := h.Ended()
			actor, secret := h.SignIn(h.Bob)
			token, err := h.CreateToken(t.Context(), actor, app.NewToken{Name: "script"})
			require.NoError(t, err)
			_, err = h.ChangeUser(t.Context(), apptest.As(h.Ada), h.Bob.ID, in)
			require.NoError(t, err)
			require.False(t, stands(t, h, secret))
			require.ErrorIs(t, h.Recheck(t.Context(), actor), fault.SignInFirst)
			_, err = h.Authenticate(t.Context(), token.Secret, app.Bearer)
			require.ErrorIs(t, err, fault.SignInFirst)
			require.Equal(t, []bus.Ended{{UserID: h.Bob.ID, Disabled: in.Disabled != nil}}, ended())
		})
	}
}

func TestARenameReachesEveryClassOnce(t *testing.T) {
	h := apptest.New(t)
	first, second := h.Class("Physics 9b"), h.Class("Chess")
	var mu sync.Mutex
	var told []models.Event
	cancel := h.Subscribe(func(gathered []bus.Announcement) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range gathered {
			if a.Event != nil {
				told = append(told, *a.Event)
			}
		}
	})
	user, err := h.ChangeMe(t.Context(), apptest.As(h.Bob), app.Profile{Name: ptr(" Robert   Ray ")})
	require.NoError(t, err)
	require.Equal(t, "Robert Ray", user.Name)
	_, err = h.ChangeMe(t.Context(), apptest.As(h.Bob), app.Profile{Name: ptr("Robert Ray"), Locale: ptr("zh-CN"), Email: ptr("r@example.org")})
	require.NoError(t, err)
	cancel()
	h.Bus.Close()
	require.Len(t, told, 2)
	for i, class := range []models.Class{first, second} {
		require.Equal(t, class.ID, told[i].ClassID)
		require.Equal(t, models.MemberChanged, told[i].Type)
		require.Equal(t, "Robert Ray", told[i].Data.(models.Member).Name)
	}
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), first.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	message, _, err := h.Send(t.Context(), apptest.As(h.Bob), first.ID, thread.ID, app.NewMessage{Content: "hello"})
	require.NoError(t, err)
	require.Equal(t, "Robert Ray", message.SpeakerName)
}

func TestANameCannotBeTakenFromAnother(t *testing.T) {
	h := apptest.New(t)
	_, err := h.ChangeMe(t.Context(), apptest.As(h.Eve), app.Profile{Name: ptr("ANN lee"), Hue: ptr(3)})
	require.ErrorIs(t, err, fault.Exists)
	me, err := h.Me(t.Context(), apptest.As(h.Eve))
	require.NoError(t, err)
	require.Equal(t, h.Eve.Hue, me.Hue, "nothing of it was done")
	user, err := h.ChangeMe(t.Context(), apptest.As(h.Eve), app.Profile{Name: ptr("EVE Moss")})
	require.NoError(t, err, "one's own name in other letters is free")
	require.Equal(t, "EVE Moss", user.Name)
}

func TestWhatIsNotAProfileIsRefused(t *testing.T) {
	h := apptest.New(t)
	for _, in := range []app.Profile{
		{Name: ptr("  ")}, {Name: ptr("Bob\u202eyaR")}, {Hue: ptr(12)}, {Hue: ptr(-1)}, {Locale: ptr("de")},
		{Email: ptr("not an address")}, {Email: ptr("Bob <bob@example.org>")}, {Email: ptr("a@b\r\nBcc: c@d")},
	} {
		_, err := h.ChangeMe(t.Context(), apptest.As(h.Bob), in)
		require.ErrorIs(t, err, fault.Malformed)
	}
	user, err := h.ChangeMe(t.Context(), apptest.As(h.Bob), app.Profile{Email: ptr("bob@example.org")})
	require.NoError(t, err)
	require.Equal(t, "bob@example.org", *user.Email)
	user, err = h.ChangeMe(t.Context(), apptest.As(h.Bob), app.Profile{Email: ptr("")})
	require.NoError(t, err)
	require.Nil(t, user.Email)
}

func TestRenamesCannotFloodTheClasses(t *testing.T) {
	h := apptest.New(t)
	var last error
	for i := range 11 {
		_, last = h.ChangeMe(t.Context(), apptest.As(h.Bob), app.Profile{Hue: ptr(i)})
	}
	require.ErrorIs(t, last, fault.TooManyTries)
}

func TestANewPasswordNeedsTheOldAndEndsOtherBrowsers(t *testing.T) {
	h := apptest.New(t)
	ended := h.Ended()
	here, secret := h.SignIn(h.Bob)
	_, elsewhere := h.SignIn(h.Bob)
	next := "boats in the fog"
	require.ErrorIs(t, h.ChangePassword(t.Context(), here, app.NewPassword{Current: "not this one", New: next}), fault.WrongPassword)
	require.ErrorIs(t, h.ChangePassword(t.Context(), here, app.NewPassword{Current: apptest.Password, New: "short"}), fault.WeakPassword)
	require.True(t, stands(t, h, elsewhere))
	require.NoError(t, h.ChangePassword(t.Context(), here, app.NewPassword{Current: apptest.Password, New: next}))
	require.True(t, stands(t, h, secret))
	require.False(t, stands(t, h, elsewhere))
	require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password))
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", next))
	require.Equal(t, []bus.Ended{{UserID: h.Bob.ID, Except: here.SessionID}}, ended())
}

func TestAStolenSessionCannotGuessThePassword(t *testing.T) {
	h := apptest.New(t)
	actor, _ := h.SignIn(h.Bob)
	in := app.NewPassword{Current: "not this one", New: "boats in the fog"}
	for range 5 {
		require.ErrorIs(t, h.ChangePassword(t.Context(), actor, in), fault.WrongPassword)
	}
	in.Current = apptest.Password
	require.ErrorIs(t, h.ChangePassword(t.Context(), actor, in), fault.TooManyTries)
}

func TestAResetEndsEverySessionAndShowsThePasswordOnce(t *testing.T) {
	h := apptest.New(t)
	_, secret := h.SignIn(h.Bob)
	phrase, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Bob.ID)
	require.NoError(t, err)
	require.False(t, stands(t, h, secret))
	require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password))
	require.Nil(t, redeem(t, h, "Bob Ray", phrase.Password, "boats in fog"))
	_, err = h.ResetPassword(t.Context(), apptest.As(h.Ada), 999)
	require.ErrorIs(t, err, fault.NotFound)
	noted, err := h.Audit(t.Context(), apptest.As(h.Ada), 0, 10)
	require.NoError(t, err)
	require.Equal(t, "user.password.changed", noted[0].Action)
	require.Equal(t, "user.password.reset", noted[1].Action)
	require.Equal(t, h.Bob.ID, *noted[1].SubjectID)
	require.NotContains(t, noted[1].Detail, phrase.Password)
}

func TestAccountsOfTheSameNameMadeAtOnceAreOne(t *testing.T) {
	h := apptest.New(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := h.CreateUser(t.Context(), apptest.As(h.Ada), app.NewUser{Name: "Dee Fox", Role: models.StudentAccount})
			if err != nil && !fault.Exists.Is(fault.Of(err)) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	people, err := h.Users(t.Context(), apptest.As(h.Ada), "dee", 0, 10)
	require.NoError(t, err)
	require.Len(t, people, 1)
}

func TestATeacherDoesNotSeeWhoIsDisabled(t *testing.T) {
	h := apptest.New(t)
	disable(t, h, h.Cai)
	person, err := h.User(t.Context(), apptest.As(h.Ann), h.Bob.ID)
	require.NoError(t, err)
	require.Equal(t, app.Person{ID: h.Bob.ID, Name: "Bob Ray", Role: models.StudentAccount, Hue: h.Bob.Hue}, person)
	_, err = h.User(t.Context(), apptest.As(h.Bob), h.Bob.ID)
	require.ErrorIs(t, err, fault.NotAllowed)
	for actor, sees := range map[models.User]bool{h.Ann: false, h.Ada: true} {
		people, err := h.Users(t.Context(), apptest.As(actor), "cai", 0, 10)
		require.NoError(t, err)
		require.Equal(t, sees, len(people) == 1, actor.Name)
		_, byID := h.User(t.Context(), apptest.As(actor), h.Cai.ID)
		_, byName := h.UserNamed(t.Context(), apptest.As(actor), "Cai Wen")
		for _, err := range []error{byID, byName} {
			require.Equal(t, sees, err == nil, actor.Name)
			require.True(t, sees || errors.Is(err, fault.NotFound), actor.Name)
		}
	}
}
