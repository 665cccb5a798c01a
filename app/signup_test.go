package app_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

func signUp(t testing.TB, h *apptest.House, code, name string) (app.SignedUp, error) {
	t.Helper()
	up, secrets, err := h.SignUp(t.Context(), app.SignUp{Code: code, Name: name, Password: apptest.Password, Address: "192.0.2.1"})
	require.Equal(t, err == nil, secrets.Session != "")
	return up, err
}

func codeFor(t testing.TB, h *apptest.House, class models.Class, role models.MemberRole, uses int) models.JoinCode {
	t.Helper()
	code, err := h.CreateCode(t.Context(), apptest.As(h.Ann), class.ID, app.NewCode{Role: role, MaxUses: uses})
	require.NoError(t, err)
	return code
}

func TestACodeOpensAnAccountInItsClass(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	up, err := signUp(t, h, codeFor(t, h, class, models.Student, 5).Code, "Dee Fox")
	require.NoError(t, err)
	require.Equal(t, models.StudentAccount, up.User.Role)
	members, err := h.Members(t.Context(), apptest.As(h.Ann), class.ID, "dee", 0, 10)
	require.NoError(t, err)
	require.Len(t, members, 1)
	require.Equal(t, up.User.ID, members[0].UserID)
	require.Equal(t, models.Student, members[0].Role)
}

func TestNoAccountComesOfACodeThatIsNotGood(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.CodeTries = 1000 })
	class := h.Class("Physics 9b")
	revoked := codeFor(t, h, class, models.Student, 5)
	require.NoError(t, h.RevokeCode(t.Context(), apptest.As(h.Ann), class.ID, revoked.ID))
	used := codeFor(t, h, class, models.Student, 1)
	_, err := signUp(t, h, used.Code, "Dee Fox")
	require.NoError(t, err)
	late := codeFor(t, h, class, models.Student, 5)
	h.Pass(8 * 24 * time.Hour)
	for name, code := range map[string]string{
		"unknown": "ABCD-2345", "empty": "", "revoked": revoked.Code, "used up": used.Code, "late": late.Code,
		"a teacher's":    codeFor(t, h, class, models.ClassTeacher, 5).Code,
		"an assistant's": codeFor(t, h, class, models.Assistant, 5).Code,
	} {
		_, err := signUp(t, h, code, "Eve Again")
		require.Equal(t, fault.CodeInvalid, err, name)
	}
	people, err := h.Users(t.Context(), app.CommandLine(), "eve again", 0, 10)
	require.NoError(t, err)
	require.Empty(t, people)
}

// Whoever has no good code must not learn which names are taken.
func TestAStrangerLearnsNoNames(t *testing.T) {
	h := apptest.New(t)
	_, err := signUp(t, h, "ABCD-2345", "Bob Ray")
	require.Equal(t, fault.CodeInvalid, err)
}

func TestANameIsTakenWithoutRegardToCase(t *testing.T) {
	h := apptest.New(t)
	code := codeFor(t, h, h.Class("Physics 9b"), models.Student, 5)
	_, err := signUp(t, h, code.Code, "BOB  RAY")
	require.ErrorIs(t, err, fault.Exists)
	_, err = signUp(t, h, code.Code, "Dee Fox")
	require.NoError(t, err, "the refused one did not use the code")
}

func TestACodeForOneLetsOneIn(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	code := codeFor(t, h, class, models.Student, 1)
	var in atomic.Int32
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			_, err := signUp(t, h, code.Code, fmt.Sprint("Dee ", i))
			if err == nil {
				in.Add(1)
			} else if !fault.CodeInvalid.Is(fault.Of(err)) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, in.Load())
	people, err := h.Users(t.Context(), app.CommandLine(), "dee", 0, 100)
	require.NoError(t, err)
	require.Len(t, people, 1, "who did not get in has no account either")
}

func TestAServerMayOfferNoSignUp(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.SignUp = false })
	_, err := signUp(t, h, codeFor(t, h, h.Class("Physics 9b"), models.Student, 5).Code, "Dee Fox")
	require.ErrorIs(t, err, fault.NotAllowed)
}

// On the first day a whole school signs up from one address.
func TestThreeHundredSignUpsFromOneAddressAreNotSlowedDown(t *testing.T) {
	app.HashCheaply(t)
	h := apptest.New(t)
	code := codeFor(t, h, h.Class("Physics 9b"), models.Student, 300)
	var all sync.WaitGroup
	names := make(chan string, 300)
	for i := range 300 {
		names <- fmt.Sprint("Dee ", i)
	}
	close(names)
	for range 30 {
		all.Go(func() {
			for name := range names {
				if _, err := signUp(t, h, code.Code, name); err != nil {
					t.Error(name, err)
				}
			}
		})
	}
	all.Wait()
}

func TestJoiningWithGoodCodesIsNotCounted(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.CodeTries = 5 })
	for i := range 12 {
		code := codeFor(t, h, h.Class(fmt.Sprint("Physics ", i)), models.Student, 5)
		_, err := h.JoinByCode(t.Context(), apptest.As(h.Eve), "192.0.2.1", code.Code)
		require.NoError(t, err)
	}
	for range 5 {
		_, err := h.JoinByCode(t.Context(), apptest.As(h.Eve), "192.0.2.1", "ABCD-2345")
		require.Equal(t, fault.CodeInvalid, err)
	}
	_, err := h.JoinByCode(t.Context(), apptest.As(h.Eve), "192.0.2.2", "ABCD-2345")
	require.ErrorIs(t, err, fault.TooManyTries, "a user's tries count wherever they are")
	_, err = h.JoinByCode(t.Context(), apptest.As(h.Bob), "192.0.2.1", "ABCD-2345")
	require.ErrorIs(t, err, fault.TooManyTries, "an address's tries count whoever it is")
}

func TestAPasswordIsNotMadeOfTheClass(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.ServerName = "Hilltop Grammar" })
	code := codeFor(t, h, h.Class("Physics 9b"), models.Student, 5)
	for _, password := range []string{"physics 9b", "Physics2026!", "hilltopgrammar", "Hilltop Physics Dee"} {
		_, _, err := h.SignUp(t.Context(), app.SignUp{Code: code.Code, Name: "Dee Fox", Password: password, Address: "192.0.2.1"})
		require.ErrorIs(t, err, fault.WeakPassword, password)
		require.ErrorContains(t, err, "made of the name")
	}
	err := h.ChangePassword(t.Context(), apptest.As(h.Bob), app.NewPassword{Current: apptest.Password, New: "Physics 9b 2026"})
	require.ErrorIs(t, err, fault.WeakPassword)
	err = h.ChangePassword(t.Context(), apptest.As(h.Eve), app.NewPassword{Current: apptest.Password, New: "Physics 9b 2026"})
	require.NoError(t, err, "Eve is not in the class")
}

func TestCodesCannotBeTriedForLong(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.CodeTries = 5 })
	for range 5 {
		_, err := signUp(t, h, "ABCD-2345", "Eve Again")
		require.Equal(t, fault.CodeInvalid, err)
	}
	_, err := signUp(t, h, "ABCD-2345", "Eve Again")
	require.Equal(t, fault.TooManyTries.After(time.Minute), err)
}
