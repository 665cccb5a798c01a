package app_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// tryCode signs in with a code and returns the refusal.
func tryCode(t testing.TB, h *apptest.House, u models.User, code string) *fault.Fault {
	t.Helper()
	return tryBoth(t, h, app.SignIn{Name: u.Name, Password: apptest.Password, Code: code})
}

func tryBoth(t testing.TB, h *apptest.House, in app.SignIn) *fault.Fault {
	t.Helper()
	if in.Address == "" {
		in.Address = "192.0.2.1"
	}
	_, secrets, err := h.App.SignIn(t.Context(), in)
	if err != nil {
		require.Empty(t, secrets)
		return fault.Of(err)
	}
	return nil
}

// notThe returns a code of six digits that a phone does not show now.
func notThe(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

func withDemand(l *app.Limits) { l.AdminFactor = true }

func TestASecondFactorIsAskedForAtEverySignIn(t *testing.T) {
	h := apptest.New(t)
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	require.Equal(t, fault.SecondFactorNeeded, tryCode(t, h, h.Ann, ""))
	require.Equal(t, fault.SecondFactorNeeded, tryCode(t, h, h.Ann, " - "))
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, notThe(h.Shown(secret))))
	require.Equal(t, fault.WrongPassword, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: "not this one", Code: h.Shown(secret)}))
	signedIn, secrets, err := h.App.SignIn(t.Context(), app.SignIn{Name: h.Ann.Name, Password: apptest.Password, Code: h.Shown(secret), Address: "192.0.2.1"})
	require.NoError(t, err)
	require.NotNil(t, signedIn.User.SecondFactorAt)

	h.Pass(time.Minute)
	known := app.SignIn{Name: h.Ann.Name, Password: apptest.Password, Device: secrets.Device}
	require.Equal(t, fault.SecondFactorNeeded, tryBoth(t, h, known), "a known device is no second factor")
	require.Nil(t, tryCode(t, h, h.Bob, "123456"), "who has none is not asked")
}

// Written as people write it: in two halves, or with a Chinese keyboard.
func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	h := apptest.New(t)
	_, _, secret, recovery := h.SetUpFactor(h.Ann)
	wide := func(code string) string {
		return strings.Map(func(r rune) rune { return r - '0' + '０' }, code)
	}
	for _, typed := range []func(string) string{
		func(code string) string { return code[:3] + " " + code[3:] },
		func(code string) string { return " " + code + "\n" },
		wide,
	} {
		h.Pass(time.Minute)
		require.Nil(t, tryCode(t, h, h.Ann, typed(h.Shown(secret))))
	}
	require.Nil(t, tryCode(t, h, h.Ann, strings.ToLower(strings.ReplaceAll(recovery[0], "-", " "))))
}

func TestACodeCountsOnce(t *testing.T) {
	h := apptest.New(t)
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, h.Shown(secret)), "it was used to set up")
	h.Pass(30 * time.Second)
	code := h.Shown(secret)
	require.Nil(t, tryCode(t, h, h.Ann, code))
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, code))
	h.Pass(30 * time.Second)
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, code), "it would be good for this half minute too")
	require.Nil(t, tryCode(t, h, h.Ann, h.Shown(secret)))
}

func TestTheClocksMayDifferByHalfAMinute(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures, l.AddressFailures = 1000, 1000 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	for _, one := range []struct {
		phone time.Duration
		want  *fault.Fault
	}{{-60 * time.Second, fault.WrongCode}, {-30 * time.Second, nil}, {30 * time.Second, nil}, {60 * time.Second, fault.WrongCode}} {
		h.Pass(10 * time.Minute)
		h.Pass(one.phone)
		code := h.Shown(secret)
		h.Pass(-one.phone)
		require.Equal(t, one.want, tryCode(t, h, h.Ann, code), one.phone)
	}
	h.Pass(10 * time.Minute)
	h.Pass(30 * time.Second)
	ahead := h.Shown(secret)
	h.Pass(-30 * time.Second)
	now := h.Shown(secret)
	require.Nil(t, tryCode(t, h, h.Ann, ahead))
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, now), "older than the newest that was taken")
}

func TestOfManyWhoGiveOneCodeOneComesIn(t *testing.T) {
	for _, kind := range []string{"shown", "recovery"} {
		t.Run(kind, func(t *testing.T) {
			app.HashCheaply(t)
			h := apptest.New(t, func(l *app.Limits) { l.FreeFailures, l.AddressFailures, l.HashWait = 1000, 1000, time.Hour })
			_, _, secret, recovery := h.SetUpFactor(h.Ann)
			h.Pass(time.Minute)
			code := h.Shown(secret)
			if kind == "recovery" {
				code = recovery[0]
			}
			var in, wrong atomic.Int64
			var all sync.WaitGroup
			for range 6 {
				all.Go(func() {
					switch refused := tryCode(t, h, h.Ann, code); {
					case refused == nil:
						in.Add(1)
					case refused.Is(fault.WrongCode):
						wrong.Add(1)
					}
				})
			}
			all.Wait()
			require.EqualValues(t, 1, in.Load())
			require.EqualValues(t, 5, wrong.Load())
		})
	}
}

func TestARecoveryCodeSignsInOnceAndIsNoted(t *testing.T) {
	h := apptest.New(t)
	session, _, _, recovery := h.SetUpFactor(h.Ann)
	require.Len(t, recovery, 10)
	for _, code := range recovery[:2] {
		require.Nil(t, tryCode(t, h, h.Ann, code))
		require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, code))
	}
	state, err := h.SecondFactor(t.Context(), session)
	require.NoError(t, err)
	require.Equal(t, 8, state.RecoveryCodes)
	require.Equal(t, 2, noted(t, h, "user.recovery_code.used"))

	both := app.BothFactors{Password: apptest.Password, Code: recovery[2]}
	anew, err := h.NewRecoveryCodes(t.Context(), session, both)
	require.NoError(t, err)
	require.Len(t, anew.Codes, 10)
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, recovery[3]), "those before are gone")
	require.Nil(t, tryCode(t, h, h.Ann, anew.Codes[0]))
}

// noted counts what the audit has of an act.
func noted(t testing.TB, h *apptest.House, action string) (n int) {
	t.Helper()
	entries, err := h.Audit(t.Context(), apptest.As(h.Ada), 0, 100)
	require.NoError(t, err)
	for _, e := range entries {
		if e.Action == action {
			n++
		}
	}
	return n
}

func TestWrongCodesWaitAsWrongPasswordsDo(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures = 2 })
	_, _, secret, recovery := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	for range 2 {
		require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, notThe(h.Shown(secret))))
	}
	require.Equal(t, fault.TooManyTries.After(30*time.Second), tryCode(t, h, h.Ann, h.Shown(secret)), "the right code waits as well")
	require.Equal(t, fault.TooManyTries.After(30*time.Second), tryCode(t, h, h.Ann, recovery[0]))
	h.Pass(30 * time.Second)
	require.Nil(t, tryCode(t, h, h.Ann, h.Shown(secret)))
}

// Who has found out the password, and gives it without a code in between, would
// have five free guesses of the code each time.
func TestTheRightPasswordAloneForgivesNothing(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures = 2 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	for range 2 {
		require.Equal(t, fault.SecondFactorNeeded, tryCode(t, h, h.Ann, ""))
		require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, notThe(h.Shown(secret))))
	}
	require.Equal(t, fault.TooManyTries.After(30*time.Second), tryCode(t, h, h.Ann, ""))
}

// Whoever sits before the open browser and has found out the password would have
// four free guesses of the code after each time that they give it.
func TestThePasswordOnceMoreForgivesNoWrongCode(t *testing.T) {
	app.HashCheaply(t)
	passwords := []string{apptest.Password, "a ferry with a lantern"}
	for _, one := range []struct {
		name string
		give func(*apptest.House, app.Actor) error
	}{
		{"confirming", func(h *apptest.House, ann app.Actor) error {
			return h.Confirm(t.Context(), ann, app.Confirmation{Password: passwords[0]})
		}},
		{"another password", func(h *apptest.House, ann app.Actor) error {
			err := h.ChangePassword(t.Context(), ann, app.NewPassword{Current: passwords[0], New: passwords[1]})
			if err == nil {
				passwords[0], passwords[1] = passwords[1], passwords[0]
			}
			return err
		}},
	} {
		for _, known := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, known device: %t", one.name, known), func(t *testing.T) {
				passwords[0], passwords[1] = apptest.Password, "a ferry with a lantern"
				h := apptest.New(t)
				ann, _, secret, _ := h.SetUpFactor(h.Ann)
				if !known {
					require.NoError(t, h.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteDevices(h.Ann.ID) }))
				}
				h.Pass(time.Minute)
				wrong := notThe(h.Shown(secret))
				compared := 0
				for range 5 {
					for range 4 {
						_, err := h.BeginSecondFactor(t.Context(), ann, app.NewSecondFactor{Password: passwords[0], Code: wrong})
						if fault.WrongCode.Is(err) {
							compared++
						}
					}
					if err := one.give(h, ann); err != nil {
						require.ErrorIs(t, err, fault.TooManyTries)
					}
				}
				require.Equal(t, 5, compared)
			})
		}
	}
}

func TestTheRightPasswordWithoutACodeIsNoFailure(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures = 2 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", h.Ann.Name, "not this one"))
	h.Pass(time.Minute)
	for range 3 {
		require.Equal(t, fault.SecondFactorNeeded, tryCode(t, h, h.Ann, ""), "the second failure, which waits, was not one")
	}
	require.Nil(t, tryCode(t, h, h.Ann, h.Shown(secret)))
}

// A password that is taken back must take nothing back of the guesses that came
// at the same time.
func TestGuessesOfCodesThatComeInTogetherAreNotAllFree(t *testing.T) {
	app.HashCheaply(t)
	h := apptest.New(t, func(l *app.Limits) { l.AddressFailures, l.AddressLogins = 1000, 1000 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	wrong := notThe(h.Shown(secret))
	var compared atomic.Int64
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			code := wrong
			if i%2 == 0 {
				code = ""
			}
			if tryCode(t, h, h.Ann, code).Is(fault.WrongCode) {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, compared.Load(), int64(5))
}

func TestGuessingCodesIsStoppedAndAKnownDeviceCountsForItself(t *testing.T) {
	app.HashCheaply(t)
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures, l.MostFailures, l.AddressFailures = 100, 4, 1000 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	_, secrets, err := h.App.SignIn(t.Context(), app.SignIn{Name: h.Ann.Name, Password: apptest.Password, Code: h.Shown(secret), Address: "192.0.2.1"})
	require.NoError(t, err)
	h.Pass(time.Minute)
	for i := range 4 {
		require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, fmt.Sprintf("x%05d", i)))
	}
	h.Pass(24 * time.Hour)
	require.ErrorIs(t, tryCode(t, h, h.Ann, h.Shown(secret)), fault.TooManyTries)
	require.Nil(t, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: apptest.Password, Code: h.Shown(secret), Device: secrets.Device}))
}

func TestWrongCodesCountAtTheAddress(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.AddressFailures, l.FreeFailures = 3, 1000 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	for range 3 {
		require.Equal(t, fault.WrongCode, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: apptest.Password, Code: notThe(h.Shown(secret)), Address: "192.0.2.7"}))
	}
	require.ErrorIs(t, tryBoth(t, h, app.SignIn{Name: h.Bob.Name, Password: apptest.Password, Address: "192.0.2.7"}), fault.TooManyTries)
}

func TestSettingUpNeedsThePasswordAndACode(t *testing.T) {
	h := apptest.New(t)
	ctx := t.Context()
	ann, cookie := h.SignIn(h.Ann)
	other, _ := h.SignIn(h.Ann)
	begin := func(password, code string) (app.SecondFactorKey, error) {
		return h.BeginSecondFactor(ctx, again(t, h, cookie), app.NewSecondFactor{Password: password, Code: code})
	}
	confirm := func(code string) error {
		_, err := h.ConfirmSecondFactor(ctx, again(t, h, cookie), app.OneTimeCode{Code: code})
		return err
	}
	require.ErrorIs(t, confirm("123456"), fault.NotFound, "nothing was begun")
	_, err := begin("not this one", "")
	require.ErrorIs(t, err, fault.WrongPassword)
	key, err := begin(apptest.Password, "")
	require.NoError(t, err)
	require.Contains(t, key.URL, "otpauth://totp/Homeroom:Ann%20Lee?")
	require.Contains(t, key.URL, "secret="+key.Secret)
	require.Len(t, key.Secret, 32, "160 bits")
	require.Nil(t, tryCode(t, h, h.Ann, ""), "what is only begun is not asked for")

	h.Pass(15 * time.Minute)
	require.Equal(t, fault.ConfirmFirst, confirm(h.Shown(key.Secret)))
	require.NoError(t, h.Confirm(ctx, ann, app.Confirmation{Password: apptest.Password}))
	require.ErrorIs(t, confirm(notThe(h.Shown(key.Secret))), fault.WrongCode)
	require.NoError(t, confirm(h.Shown(key.Secret)))
	require.ErrorIs(t, confirm(h.Shown(key.Secret)), fault.NotFound, "once")
	require.Equal(t, 1, noted(t, h, "user.second_factor.on"))
	require.NotNil(t, again(t, h, cookie).User.SecondFactorAt)
	require.ErrorIs(t, h.Recheck(ctx, other), fault.SignInFirst, "the other browsers have shown no code")

	// Another phone takes over with a code of the one before, which counts until then.
	h.Pass(time.Minute)
	_, err = begin(apptest.Password, "")
	require.ErrorIs(t, err, fault.SecondFactorNeeded)
	next, err := begin(apptest.Password, h.Shown(key.Secret))
	require.NoError(t, err)
	h.Pass(time.Minute)
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, h.Shown(next.Secret)))
	require.Nil(t, tryCode(t, h, h.Ann, h.Shown(key.Secret)))
	require.NoError(t, confirm(h.Shown(next.Secret)))
	h.Pass(time.Minute)
	require.Equal(t, fault.WrongCode, tryCode(t, h, h.Ann, h.Shown(key.Secret)))
	require.Nil(t, tryCode(t, h, h.Ann, h.Shown(next.Secret)))
}

func TestTheFirstCodeCannotBeGuessed(t *testing.T) {
	h := apptest.New(t)
	ann, _ := h.SignIn(h.Ann)
	key, err := h.BeginSecondFactor(t.Context(), ann, app.NewSecondFactor{Password: apptest.Password})
	require.NoError(t, err)
	for range 10 {
		_, err = h.ConfirmSecondFactor(t.Context(), ann, app.OneTimeCode{Code: notThe(h.Shown(key.Secret))})
		require.ErrorIs(t, err, fault.WrongCode)
	}
	_, err = h.ConfirmSecondFactor(t.Context(), ann, app.OneTimeCode{Code: h.Shown(key.Secret)})
	require.ErrorIs(t, err, fault.TooManyTries)
	h.Pass(time.Minute)
	_, err = h.ConfirmSecondFactor(t.Context(), ann, app.OneTimeCode{Code: h.Shown(key.Secret)})
	require.NoError(t, err)
}

func TestASecondFactorIsForStaffAndTheirSessions(t *testing.T) {
	h := apptest.New(t)
	ctx := t.Context()
	bob, _ := h.SignIn(h.Bob)
	_, err := h.BeginSecondFactor(ctx, bob, app.NewSecondFactor{Password: apptest.Password})
	require.ErrorIs(t, err, fault.NotAllowed)
	token, err := h.CreateToken(ctx, apptest.As(h.Ann), app.NewToken{Name: "script", Scopes: []models.Scope{models.ScopeManage}})
	require.NoError(t, err)
	script, err := h.Authenticate(ctx, token.Secret, app.Bearer)
	require.NoError(t, err)
	_, err = h.BeginSecondFactor(ctx, script, app.NewSecondFactor{Password: apptest.Password})
	require.ErrorIs(t, err, fault.NotAllowed)
	_, err = h.ConfirmSecondFactor(ctx, script, app.OneTimeCode{Code: "123456"})
	require.ErrorIs(t, err, fault.NotAllowed)
	require.ErrorIs(t, h.RemoveSecondFactor(ctx, script, app.BothFactors{}), fault.NotAllowed)
	_, err = h.NewRecoveryCodes(ctx, script, app.BothFactors{})
	require.ErrorIs(t, err, fault.NotAllowed)
}

func TestWhoHasASecondFactorMayHaveAShorterPassword(t *testing.T) {
	const short = "tall lamp"
	h := apptest.New(t)
	ctx := t.Context()
	session, _ := h.SignIn(h.Ann)
	change := app.NewPassword{Current: apptest.Password, New: short}
	require.ErrorIs(t, h.ChangePassword(ctx, session, change), fault.WeakPassword)
	_, cookie, secret, _ := h.SetUpFactor(h.Ann)
	require.NoError(t, h.ChangePassword(ctx, again(t, h, cookie), change))
	h.Pass(time.Minute)
	require.Nil(t, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: short, Code: h.Shown(secret)}))

	// It must be one that may stand alone before the second factor goes.
	h.Pass(time.Minute)
	off := app.BothFactors{Password: short, Code: h.Shown(secret)}
	require.ErrorIs(t, h.RemoveSecondFactor(ctx, again(t, h, cookie), off), fault.WeakPassword)
	require.NoError(t, h.ChangePassword(ctx, again(t, h, cookie), app.NewPassword{Current: short, New: apptest.Password}))
	off.Password = apptest.Password
	require.NoError(t, h.RemoveSecondFactor(ctx, again(t, h, cookie), off), "the code was not used up by the refusal")
	require.Nil(t, tryCode(t, h, h.Ann, ""))
	require.ErrorIs(t, h.RemoveSecondFactor(ctx, again(t, h, cookie), off), fault.NotFound)
	require.Equal(t, 1, noted(t, h, "user.second_factor.off"))
}

func TestTakingOneAwayNeedsBoth(t *testing.T) {
	h := apptest.New(t)
	session, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	for _, one := range []struct {
		in   app.BothFactors
		want *fault.Fault
	}{
		{app.BothFactors{Password: "not the right password", Code: h.Shown(secret)}, fault.WrongPassword},
		{app.BothFactors{Password: apptest.Password}, fault.SecondFactorNeeded},
		{app.BothFactors{Password: apptest.Password, Code: notThe(h.Shown(secret))}, fault.WrongCode},
	} {
		require.Equal(t, one.want, h.RemoveSecondFactor(t.Context(), session, one.in))
		_, err := h.NewRecoveryCodes(t.Context(), session, one.in)
		require.Equal(t, one.want, err)
	}
	require.Equal(t, fault.WrongCode, h.RemoveSecondFactor(t.Context(), session, app.BothFactors{Password: apptest.Password, Code: "no"}))
	require.Equal(t, fault.TooManyTries.After(30*time.Second), h.RemoveSecondFactor(t.Context(), session, app.BothFactors{Password: apptest.Password, Code: h.Shown(secret)}), "the tries are those of signing in")
}

func TestAnAdminTakesALostSecondFactorOff(t *testing.T) {
	h := apptest.New(t)
	ctx := t.Context()
	session, cookie, _, _ := h.SetUpFactor(h.Ann)
	ended := h.Ended()
	require.ErrorIs(t, h.TakeOffSecondFactor(ctx, apptest.As(h.Ann), h.Ann.ID), fault.NotAllowed)
	require.ErrorIs(t, h.TakeOffSecondFactor(ctx, apptest.As(h.Ada), h.Ada.ID), fault.NotAllowed, "one's own needs a code of it")
	require.ErrorIs(t, h.TakeOffSecondFactor(ctx, apptest.As(h.Ada), h.Bob.ID), fault.NotFound)
	_, old := h.SignIn(h.Ada)
	h.Pass(time.Hour)
	require.Equal(t, fault.ConfirmFirst, h.TakeOffSecondFactor(ctx, again(t, h, old), h.Ann.ID))
	require.NoError(t, h.TakeOffSecondFactor(ctx, apptest.As(h.Ada), h.Ann.ID))
	_, err := h.Authenticate(ctx, cookie, app.Cookie)
	require.ErrorIs(t, err, fault.SignInFirst)
	require.ErrorIs(t, h.Recheck(ctx, session), fault.SignInFirst)
	require.Equal(t, 1, noted(t, h, "user.second_factor.taken_off"))
	require.Nil(t, tryCode(t, h, h.Ann, ""))
	require.Contains(t, ended(), bus.Ended{UserID: h.Ann.ID})
}

// Else the last of its short password would be all that guards the account.
func TestAShortPasswordDoesNotStandAloneAfterTheSecondFactorIsTakenOff(t *testing.T) {
	h := apptest.New(t)
	_, cookie, _, _ := h.SetUpFactor(h.Ann)
	require.NoError(t, h.ChangePassword(t.Context(), again(t, h, cookie), app.NewPassword{Current: apptest.Password, New: "tall lamp"}))
	require.NoError(t, h.TakeOffSecondFactor(t.Context(), apptest.As(h.Ada), h.Ann.ID))
	require.ErrorIs(t, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: "tall lamp"}), fault.WeakPassword)
}

func TestAnAdminDoesNothingBeforeTheSecondFactorIsSetUp(t *testing.T) {
	h := apptest.New(t, withDemand)
	ctx := t.Context()
	ada, cookie := h.SignIn(h.Ada)
	_, err := h.Audit(ctx, ada, 0, 10)
	require.Equal(t, fault.SecondFactorFirst, err)
	_, err = h.CreateToken(ctx, ada, app.NewToken{Name: "script"})
	require.Equal(t, fault.SecondFactorFirst, err)
	require.Equal(t, fault.SecondFactorFirst, ada.CanListen())
	require.Equal(t, fault.SignInFirst, h.Recheck(ctx, ada), "a socket of before ends too")
	in, err := h.SignedIn(ctx, ada)
	require.NoError(t, err)
	require.True(t, in.SecondFactorFirst)

	key, err := h.BeginSecondFactor(ctx, ada, app.NewSecondFactor{Password: apptest.Password})
	require.NoError(t, err)
	_, err = h.ConfirmSecondFactor(ctx, ada, app.OneTimeCode{Code: h.Shown(key.Secret)})
	require.NoError(t, err)
	ada = again(t, h, cookie)
	_, err = h.Audit(ctx, ada, 0, 10)
	require.NoError(t, err)
	require.NoError(t, ada.CanListen())
	require.NoError(t, h.Recheck(ctx, ada))
	token, err := h.CreateToken(ctx, ada, app.NewToken{Name: "script", Scopes: []models.Scope{models.ScopeManage}})
	require.NoError(t, err)

	h.Pass(time.Minute)
	require.ErrorIs(t, h.RemoveSecondFactor(ctx, ada, app.BothFactors{Password: apptest.Password, Code: h.Shown(key.Secret)}), fault.NotAllowed)

	// Without it again, whoever had come in by then changes no account; the token goes on.
	require.NoError(t, h.TakeOffSecondFactor(ctx, app.CommandLine(), h.Ada.ID))
	_, err = h.CreateUser(ctx, ada, app.NewUser{Name: "Dee Fox", Role: models.StudentAccount})
	require.Equal(t, fault.SecondFactorFirst, err)
	script, err := h.Authenticate(ctx, token.Secret, app.Bearer)
	require.NoError(t, err)
	_, err = h.Audit(ctx, script, 0, 10)
	require.NoError(t, err)
	ann, _ := h.SignIn(h.Ann)
	require.NoError(t, ann.CanListen(), "teachers may have one, and need not")
}

func TestTheFirstAdminSetsUpASecondFactorFirst(t *testing.T) {
	h := apptest.Empty(t, withDemand)
	link, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	in, secrets, err := h.Setup(t.Context(), app.FirstAdmin{Token: link, Name: "Ada Park", Password: apptest.Password})
	require.NoError(t, err)
	require.True(t, in.SecondFactorFirst)
	_, err = h.Users(t.Context(), again(t, h, secrets.Session), "", 0, 10)
	require.Equal(t, fault.SecondFactorFirst, err)
}

func TestThePhraseOfAResetDoesNotSpareTheSecondFactor(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures = 2 })
	_, _, secret, _ := h.SetUpFactor(h.Ann)
	h.Pass(time.Minute)
	phrase, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Ann.ID)
	require.NoError(t, err)
	in := app.SignIn{Name: h.Ann.Name, Password: phrase.Password, Code: notThe(h.Shown(secret)), New: "tall lamp"}
	require.Equal(t, fault.WrongCode, tryBoth(t, h, in))
	require.Equal(t, fault.NewPasswordNeeded, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: phrase.Password}))
	require.Equal(t, fault.WrongCode, tryBoth(t, h, in))
	require.Equal(t, fault.TooManyTries.After(30*time.Second), tryBoth(t, h, in), "the phrase alone forgave nothing")
	h.Pass(time.Minute)
	in.Code = ""
	require.Equal(t, fault.SecondFactorNeeded, tryBoth(t, h, in))
	in.Code = h.Shown(secret)
	require.Nil(t, tryBoth(t, h, in))
	h.Pass(time.Minute)
	in.Code = h.Shown(secret)
	require.Equal(t, fault.WrongPassword, tryBoth(t, h, in), "it was good once")
	require.Nil(t, tryBoth(t, h, app.SignIn{Name: h.Ann.Name, Password: "tall lamp", Code: h.Shown(secret)}))
}
