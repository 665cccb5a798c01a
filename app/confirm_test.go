package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

// again returns the actor of a session as the next request finds it.
func again(t testing.TB, h *apptest.House, secret string) app.Actor {
	t.Helper()
	actor, err := h.Authenticate(t.Context(), secret, app.Cookie)
	require.NoError(t, err)
	return actor
}

func confirm(t testing.TB, h *apptest.House, actor app.Actor, password string) error {
	t.Helper()
	return h.Confirm(t.Context(), actor, app.Confirmation{Password: password})
}

func TestStaffConfirmThePasswordBeforeWhatCannotBeUndone(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	ctx, teacher, no := t.Context(), models.Teacher, true
	email, assistant := "bob@example.org", models.Assistant
	thread, err := h.OpenThread(ctx, apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	acts := []struct {
		name string
		by   models.User
		do   func(app.Actor) error
	}{
		{"a role on the server", h.Ada, func(a app.Actor) error {
			_, err := h.ChangeUser(ctx, a, h.Bob.ID, app.UserChange{Role: &teacher})
			return err
		}},
		{"disabling", h.Ada, func(a app.Actor) error {
			_, err := h.ChangeUser(ctx, a, h.Eve.ID, app.UserChange{Disabled: &no})
			return err
		}},
		{"somebody's address", h.Ada, func(a app.Actor) error {
			_, err := h.ChangeUser(ctx, a, h.Bob.ID, app.UserChange{Email: &email})
			return err
		}},
		{"an account of a teacher", h.Ada, func(a app.Actor) error {
			_, err := h.CreateUser(ctx, a, app.NewUser{Name: h.Now().String(), Role: models.Teacher})
			return err
		}},
		{"a reset", h.Ada, func(a app.Actor) error {
			_, err := h.ResetPassword(ctx, a, h.Bob.ID)
			return err
		}},
		{"reading the audit", h.Ada, func(a app.Actor) error {
			_, err := h.Audit(ctx, a, 0, 10)
			return err
		}},
		{"one's own address", h.Ann, func(a app.Actor) error {
			_, err := h.ChangeMe(ctx, a, app.Profile{Email: &email})
			return err
		}},
		{"a token", h.Ann, func(a app.Actor) error {
			_, err := h.CreateToken(ctx, a, app.NewToken{Name: "script"})
			return err
		}},
		{"a role in a class", h.Ann, func(a app.Actor) error {
			_, err := h.ChangeMember(ctx, a, class.ID, h.Cai.ID, app.MemberChange{Role: &assistant})
			return err
		}},
		{"one more of the staff", h.Ann, func(a app.Actor) error {
			_, err := h.AddMember(ctx, a, class.ID, app.NewMember{UserID: h.Ada.ID, Role: models.ClassTeacher})
			return err
		}},
		{"a code that makes staff", h.Ann, func(a app.Actor) error {
			_, err := h.CreateCode(ctx, a, class.ID, app.NewCode{Role: models.ClassTeacher})
			return err
		}},
		{"deleting a thread", h.Ann, func(a app.Actor) error { return h.DeleteThread(ctx, a, class.ID, thread.ID) }},
		{"deleting a class", h.Ann, func(a app.Actor) error { return h.DeleteClass(ctx, a, class.ID) }},
	}
	for _, act := range acts {
		t.Run(act.name, func(t *testing.T) {
			_, secret := h.SignIn(act.by)
			h.Pass(15 * time.Minute)
			require.Equal(t, fault.ConfirmFirst, act.do(again(t, h, secret)))
			require.ErrorIs(t, confirm(t, h, again(t, h, secret), "not this one"), fault.WrongPassword)
			require.Equal(t, fault.ConfirmFirst, act.do(again(t, h, secret)))
			require.NoError(t, confirm(t, h, again(t, h, secret), apptest.Password))
			h.Pass(15*time.Minute - time.Second)
			require.NoError(t, act.do(again(t, h, secret)))
		})
	}
}

func TestWhatCanBeUndoneNeedsNoPassword(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	_, secret := h.SignIn(h.Ann)
	h.Pass(time.Hour)
	ann := again(t, h, secret)
	_, err := h.OpenThread(t.Context(), ann, class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	_, err = h.CreateCode(t.Context(), ann, class.ID, app.NewCode{Role: models.Student})
	require.NoError(t, err)
	_, err = h.AddMember(t.Context(), ann, class.ID, app.NewMember{UserID: h.Eve.ID, Role: models.Student})
	require.NoError(t, err)
	hue := 3
	_, err = h.ChangeMe(t.Context(), ann, app.Profile{Hue: &hue})
	require.NoError(t, err)
}

func TestATokenHasNothingToConfirm(t *testing.T) {
	h := apptest.New(t)
	token, err := h.CreateToken(t.Context(), apptest.As(h.Ada), app.NewToken{Name: "script", Scopes: []models.Scope{models.ScopeRead, models.ScopeManage}})
	require.NoError(t, err)
	h.Pass(time.Hour)
	actor, err := h.Authenticate(t.Context(), token.Secret, app.Bearer)
	require.NoError(t, err)
	_, err = h.Audit(t.Context(), actor, 0, 10)
	require.NoError(t, err)
	require.ErrorIs(t, confirm(t, h, actor, apptest.Password), fault.NotAllowed)
}

func TestAClockThatGoesBackConfirmsNothing(t *testing.T) {
	h := apptest.New(t)
	_, secret := h.SignIn(h.Ada)
	h.Pass(-time.Hour)
	_, err := h.Audit(t.Context(), again(t, h, secret), 0, 10)
	require.Equal(t, fault.ConfirmFirst, err)
}

func TestWrongConfirmationsCountAsWrongSignIns(t *testing.T) {
	h := apptest.New(t)
	actor, _ := h.SignIn(h.Ann)
	for range 5 {
		require.ErrorIs(t, confirm(t, h, actor, "not this one"), fault.WrongPassword)
	}
	require.Equal(t, fault.TooManyTries.After(30*time.Second), confirm(t, h, actor, apptest.Password))
	h.Pass(30 * time.Second)
	require.NoError(t, confirm(t, h, actor, apptest.Password))
}

func TestASessionThatEndedConfirmsNothing(t *testing.T) {
	h := apptest.New(t)
	actor, _ := h.SignIn(h.Ann)
	require.NoError(t, h.SignOut(t.Context(), actor))
	require.Equal(t, fault.SignInFirst, confirm(t, h, actor, apptest.Password))
	require.Equal(t, fault.SignInFirst, confirm(t, h, app.Actor{}, apptest.Password))
}
