package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/models"
)

func withToken(t testing.TB, h *apptest.House, u models.User, in app.NewToken) (app.Actor, models.Token) {
	t.Helper()
	if in.Name == "" {
		in.Name = "script"
	}
	token, err := h.CreateToken(t.Context(), apptest.As(u), in)
	require.NoError(t, err)
	require.Regexp(t, `^hr_[A-Za-z0-9_-]{43}$`, token.Secret)
	actor, err := h.Authenticate(t.Context(), token.Secret, app.Bearer)
	require.NoError(t, err)
	return actor, token
}

func TestATokenReadsAndWritesUnlessToldOtherwise(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	actor, token := withToken(t, h, h.Ann, app.NewToken{})
	require.Equal(t, []models.Scope{models.ScopeRead, models.ScopeWrite}, token.Scopes)
	_, err := h.App.Class(t.Context(), actor, class.ID)
	require.NoError(t, err)
	_, err = h.CreateCode(t.Context(), actor, class.ID, app.NewCode{Role: models.Student})
	require.ErrorIs(t, err, fault.NotAllowed, "managing is another scope")
	_, err = h.ChangeMe(t.Context(), actor, app.Profile{Hue: ptr(3)})
	require.ErrorIs(t, err, fault.NotAllowed)
	_, err = h.Sessions(t.Context(), actor)
	require.ErrorIs(t, err, fault.NotAllowed)
	_, err = h.CreateToken(t.Context(), actor, app.NewToken{Name: "more", Scopes: []models.Scope{models.ScopeRead}})
	require.ErrorIs(t, err, fault.NotAllowed)
}

func TestATokenMakesNoneThatMayMore(t *testing.T) {
	h := apptest.New(t)
	first, second := h.Class("Physics 9b"), h.Class("Chess")
	actor, _ := withToken(t, h, h.Ann, app.NewToken{
		Scopes: []models.Scope{models.ScopeRead, models.ScopeManage}, ClassIDs: []int64{first.ID},
	})
	for name, in := range map[string]app.NewToken{
		"another scope":  {Scopes: []models.Scope{models.ScopeWrite}, ClassIDs: []int64{first.ID}},
		"the usual two":  {ClassIDs: []int64{first.ID}},
		"every class":    {Scopes: []models.Scope{models.ScopeRead}},
		"another class":  {Scopes: []models.Scope{models.ScopeRead}, ClassIDs: []int64{second.ID}},
		"one class more": {Scopes: []models.Scope{models.ScopeRead}, ClassIDs: []int64{first.ID, second.ID}},
	} {
		in.Name = "more"
		_, err := h.CreateToken(t.Context(), actor, in)
		require.ErrorIs(t, err, fault.NotAllowed, name)
	}
	_, err := h.CreateToken(t.Context(), actor, app.NewToken{Name: "less", Scopes: []models.Scope{models.ScopeRead}, ClassIDs: []int64{first.ID}})
	require.NoError(t, err)
}

func TestATokenMakesNoneThatLastsLonger(t *testing.T) {
	h := apptest.New(t)
	tomorrow, later := models.At(h.Now().Add(24*time.Hour)), models.At(h.Now().Add(25*time.Hour))
	actor, _ := withToken(t, h, h.Ann, app.NewToken{Scopes: []models.Scope{models.ScopeManage}, ExpiresAt: &tomorrow})
	more := app.NewToken{Name: "more", Scopes: []models.Scope{models.ScopeManage}}
	for _, until := range []*models.Time{nil, &later} {
		more.ExpiresAt = until
		_, err := h.CreateToken(t.Context(), actor, more)
		require.ErrorIs(t, err, fault.NotAllowed)
	}
	more.ExpiresAt = &tomorrow
	_, err := h.CreateToken(t.Context(), actor, more)
	require.NoError(t, err)
}

// Whoever finds a browser open must not take away what is good for years.
func TestAStudentGivesThePasswordForATokenToo(t *testing.T) {
	h := apptest.New(t)
	session, cookie := h.SignIn(h.Bob)
	h.Pass(time.Hour)
	_, err := h.CreateToken(t.Context(), again(t, h, cookie), app.NewToken{Name: "script"})
	require.ErrorIs(t, err, fault.ConfirmFirst)
	require.NoError(t, confirm(t, h, session, apptest.Password))
	_, err = h.CreateToken(t.Context(), again(t, h, cookie), app.NewToken{Name: "script"})
	require.NoError(t, err)
}

// A token may have been made by whoever had the account in hand, or with less
// proof than the account asks for now.
func TestTokensEndWithAResetAndWithAnotherRole(t *testing.T) {
	change := func(in app.UserChange) func(*apptest.House) error {
		return func(h *apptest.House) error {
			_, err := h.ChangeUser(t.Context(), apptest.As(h.Ada), h.Ann.ID, in)
			return err
		}
	}
	for name, act := range map[string]func(*apptest.House) error{
		"a reset": func(h *apptest.House) error {
			_, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Ann.ID)
			return err
		},
		"a password that the admin chose": func(h *apptest.House) error {
			return h.SetPassword(t.Context(), apptest.As(h.Ada), h.Ann.ID, "boats in the fog and rain")
		},
		"a higher role": change(app.UserChange{Role: ptr(models.Admin)}),
		"a lower role":  change(app.UserChange{Role: ptr(models.StudentAccount)}),
	} {
		t.Run(name, func(t *testing.T) {
			h := apptest.New(t)
			_, ends := withToken(t, h, h.Ann, app.NewToken{})
			_, stays := withToken(t, h, h.Bob, app.NewToken{})
			require.NoError(t, change(app.UserChange{Role: ptr(models.Teacher), Name: ptr("Ann L")})(h))
			_, err := h.Authenticate(t.Context(), ends.Secret, app.Bearer)
			require.NoError(t, err, "the same role, another name")
			require.NoError(t, act(h))
			_, err = h.Authenticate(t.Context(), ends.Secret, app.Bearer)
			require.ErrorIs(t, err, fault.SignInFirst)
			_, err = h.Authenticate(t.Context(), stays.Secret, app.Bearer)
			require.NoError(t, err, "somebody else's")
		})
	}
}

// Whoever asks for one while the reset is on its way gets none that outlives it.
func TestWhoseSignInEndedMeanwhileMakesNoToken(t *testing.T) {
	h := apptest.New(t)
	session, _ := h.SignIn(h.Bob)
	token, _ := withToken(t, h, h.Bob, app.NewToken{Scopes: []models.Scope{models.ScopeManage}})
	reset(t, h, h.Bob)
	for _, actor := range []app.Actor{session, token} {
		_, err := h.CreateToken(t.Context(), actor, app.NewToken{Name: "late", Scopes: []models.Scope{models.ScopeManage}})
		require.ErrorIs(t, err, fault.SignInFirst)
	}
}

func TestATokenForOneClassKnowsNoOther(t *testing.T) {
	h := apptest.New(t)
	first, second := h.Class("Physics 9b"), h.Class("Chess")
	actor, _ := withToken(t, h, h.Ann, app.NewToken{
		Scopes: []models.Scope{models.ScopeRead, models.ScopeWrite, models.ScopeManage}, ClassIDs: []int64{first.ID},
	})
	_, err := h.App.Class(t.Context(), actor, first.ID)
	require.NoError(t, err)
	_, err = h.App.Class(t.Context(), actor, second.ID)
	require.ErrorIs(t, err, fault.NotMember)
	_, err = h.Users(t.Context(), actor, "", 0, 10)
	require.ErrorIs(t, err, fault.NotAllowed)
	require.ErrorIs(t, h.ChangePassword(t.Context(), actor, app.NewPassword{Current: apptest.Password, New: "boats in the fog"}), fault.NotAllowed)
	_, err = h.Tokens(t.Context(), actor)
	require.ErrorIs(t, err, fault.NotAllowed)
}

func TestNobodyMakesATokenForAClassTheyAreNotIn(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	for _, id := range []int64{class.ID, 999} {
		_, err := h.CreateToken(t.Context(), apptest.As(h.Eve), app.NewToken{Name: "x", ClassIDs: []int64{id}})
		require.Equal(t, fault.NotMember, err)
	}
}

func TestATokenExpires(t *testing.T) {
	h := apptest.New(t)
	at := models.At(h.Now().Add(time.Hour))
	actor, token := withToken(t, h, h.Bob, app.NewToken{ExpiresAt: &at})
	h.Pass(time.Hour)
	_, err := h.Authenticate(t.Context(), token.Secret, app.Bearer)
	require.Equal(t, fault.SignInFirst, err)
	require.ErrorIs(t, h.Recheck(t.Context(), actor), fault.SignInFirst)
	_, err = h.CreateToken(t.Context(), apptest.As(h.Bob), app.NewToken{Name: "late", ExpiresAt: &at})
	require.ErrorIs(t, err, fault.Malformed)
}

func TestARevokedTokenIsOverAtOnce(t *testing.T) {
	h := apptest.New(t)
	ended := h.Ended()
	actor, token := withToken(t, h, h.Bob, app.NewToken{})
	require.NoError(t, h.Recheck(t.Context(), actor))
	require.Equal(t, fault.NotFound, h.RevokeToken(t.Context(), apptest.As(h.Eve), token.ID))
	require.Equal(t, fault.NotFound, h.RevokeToken(t.Context(), apptest.As(h.Ada), token.ID), "an admin has another way")
	require.NoError(t, h.RevokeToken(t.Context(), apptest.As(h.Bob), token.ID))
	_, err := h.Authenticate(t.Context(), token.Secret, app.Bearer)
	require.Equal(t, fault.SignInFirst, err)
	require.ErrorIs(t, h.Recheck(t.Context(), actor), fault.SignInFirst)
	_, second := withToken(t, h, h.Bob, app.NewToken{})
	require.NoError(t, h.RevokeAnyToken(t.Context(), apptest.As(h.Ada), second.ID))
	require.Equal(t, []bus.Ended{{UserID: h.Bob.ID, TokenID: token.ID}, {UserID: h.Bob.ID, TokenID: second.ID}}, ended())
}

func TestATokensSecretIsShownOnce(t *testing.T) {
	h := apptest.New(t)
	withToken(t, h, h.Bob, app.NewToken{})
	mine, err := h.Tokens(t.Context(), apptest.As(h.Bob))
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Empty(t, mine[0].Secret)
	all, err := h.AllTokens(t.Context(), apptest.As(h.Ada), 0, 10)
	require.NoError(t, err)
	require.Equal(t, mine, all)
}

// The hundred newest used to be counted.
func TestAnyNumberOfTokensIsABound(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.TokensPerUser = 101 })
	for range 101 {
		_, err := h.CreateToken(t.Context(), apptest.As(h.Bob), app.NewToken{Name: "script"})
		require.NoError(t, err)
	}
	_, err := h.CreateToken(t.Context(), apptest.As(h.Bob), app.NewToken{Name: "one more"})
	require.ErrorIs(t, err, fault.TooMany)
}

func TestTokensAreBounded(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.TokensPerUser = 2 })
	withToken(t, h, h.Bob, app.NewToken{})
	withToken(t, h, h.Bob, app.NewToken{})
	_, err := h.CreateToken(t.Context(), apptest.As(h.Bob), app.NewToken{Name: "third"})
	require.ErrorIs(t, err, fault.TooMany)
	for _, in := range []app.NewToken{{Name: ""}, {Name: "x", Scopes: []models.Scope{"root"}}} {
		_, err := h.CreateToken(t.Context(), apptest.As(h.Eve), in)
		require.ErrorIs(t, err, fault.Malformed)
	}
}
