package app_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/app/hashing"
	"homeroom/models"
)

// redeem signs in with the phrase of a reset and a password chosen for it, and
// returns the refusal.
func redeem(t testing.TB, h *apptest.House, name, phrase, chosen string) *fault.Fault {
	t.Helper()
	_, secrets, err := h.App.SignIn(t.Context(), app.SignIn{Name: name, Password: phrase, New: chosen, Address: "192.0.2.1"})
	if err == nil {
		require.NotEmpty(t, secrets.Session)
		return nil
	}
	require.Empty(t, secrets)
	return fault.Of(err)
}

func reset(t testing.TB, h *apptest.House, u models.User) string {
	t.Helper()
	phrase, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), u.ID)
	require.NoError(t, err)
	return phrase.Password
}

func TestThePhraseOfAResetSignsInOnceAndOnlyToChooseAPassword(t *testing.T) {
	h := apptest.New(t)
	phrase := reset(t, h, h.Bob)
	for range 8 {
		require.Equal(t, fault.NewPasswordNeeded, try(t, h, "192.0.2.1", "Bob Ray", phrase), "the right phrase is never too many tries")
	}
	require.ErrorIs(t, redeem(t, h, "Bob Ray", phrase, "short"), fault.WeakPassword)
	require.ErrorIs(t, redeem(t, h, "Bob Ray", phrase, "bob ray bob"), fault.WeakPassword)
	require.ErrorIs(t, redeem(t, h, "Bob Ray", phrase, phrase), fault.WeakPassword, "an admin has seen the phrase")
	require.Nil(t, redeem(t, h, "Bob Ray", phrase, "boats in fog"))
	require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", phrase))
	require.Equal(t, fault.WrongPassword, redeem(t, h, "Bob Ray", phrase, "fog in boats"))
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", "boats in fog"))
	require.ErrorIs(t, redeem(t, h, "Bob Ray", "boats in fog", "fog in boats"), fault.Malformed, "signing in is no way around the settings")
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", "boats in fog"))
}

func TestThePhraseOfAResetIsGoodForADay(t *testing.T) {
	h := apptest.New(t)
	made, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Bob.ID)
	require.NoError(t, err)
	require.Equal(t, models.At(h.Now().Add(24*time.Hour)), made.ExpiresAt)
	h.Pass(24*time.Hour - time.Millisecond)
	require.Equal(t, fault.NewPasswordNeeded, try(t, h, "192.0.2.1", "Bob Ray", made.Password))
	h.Pass(time.Millisecond)
	require.Equal(t, fault.WrongPassword, redeem(t, h, "Bob Ray", made.Password, "boats in fog"), "whoever finds it later learns nothing")
	require.Nil(t, redeem(t, h, "Bob Ray", reset(t, h, h.Bob), "boats in fog"))
	h.Pass(48 * time.Hour)
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", "boats in fog"), "the password that was chosen stays")
}

func TestAPasswordThatAnAdminChoseAndTheFirstOneStay(t *testing.T) {
	h := apptest.New(t)
	require.NoError(t, h.SetPassword(t.Context(), apptest.As(h.Ada), h.Bob.ID, "boats in fog"))
	made, err := h.CreateUser(t.Context(), apptest.As(h.Ada), app.NewUser{Name: "Dee Fox", Role: models.StudentAccount})
	require.NoError(t, err)
	h.Pass(30 * 24 * time.Hour)
	for range 2 {
		require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", "boats in fog"))
		require.Nil(t, try(t, h, "192.0.2.1", "Dee Fox", made.Password))
	}
}

func TestOfManyWhoComeWithOnePhraseOneEnters(t *testing.T) {
	app.HashCheaply(t)
	h := apptest.New(t, func(l *app.Limits) {
		l.FreeFailures, l.AddressFailures, l.HashQueue, l.HashWait = 1000, 1000, 1000, time.Minute
	})
	phrase := reset(t, h, h.Bob)
	var coming sync.WaitGroup
	entered := make(chan string, 20)
	for i := range cap(entered) {
		coming.Go(func() {
			chosen := fmt.Sprint("boats in fog ", i)
			if refused := redeem(t, h, "Bob Ray", phrase, chosen); refused == nil {
				entered <- chosen
			} else if !refused.Is(fault.WrongPassword) {
				t.Errorf("%v", refused)
			}
		})
	}
	coming.Wait()
	require.Len(t, entered, 1)
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", <-entered))
}

func TestWrongTriesAtAPhraseCountAsWrongPasswords(t *testing.T) {
	h := apptest.New(t)
	phrase := reset(t, h, h.Bob)
	for range 5 {
		require.Equal(t, fault.WrongPassword, redeem(t, h, "Bob Ray", "not-this-one-here", "boats in fog"))
	}
	require.ErrorIs(t, redeem(t, h, "Bob Ray", phrase, "boats in fog"), fault.TooManyTries)
	h.Pass(time.Minute)
	require.Nil(t, redeem(t, h, "Bob Ray", phrase, "boats in fog"))
}

func TestAnAccountIsResetThreeTimesAnHour(t *testing.T) {
	h := apptest.New(t)
	again := func() error {
		_, err := h.ResetPassword(t.Context(), app.CommandLine(), h.Bob.ID)
		return err
	}
	reset(t, h, h.Bob)
	h.Pass(10 * time.Minute)
	require.NoError(t, again())
	third := reset(t, h, h.Bob)
	h.Reopen() // a command beside the server, and a restart, know of the others
	var refused *fault.Fault
	require.ErrorAs(t, again(), &refused)
	require.Equal(t, fault.TooManyTries.Code, refused.Code)
	require.Equal(t, 50*time.Minute, refused.Retry)
	require.Equal(t, fault.NewPasswordNeeded, try(t, h, "192.0.2.1", "Bob Ray", third), "what was refused changes nothing")
	reset(t, h, h.Cai)
	h.Pass(50 * time.Minute)
	require.NoError(t, again())
	require.Error(t, again())
}

// A token outlives a reset. With it the phrase would be a password for as long
// as it is not used.
func TestThePhraseOfAResetIsNoPasswordElsewhere(t *testing.T) {
	h := apptest.New(t)
	phrase := reset(t, h, h.Bob)
	bob := apptest.As(h.Bob)
	err := h.ChangePassword(t.Context(), bob, app.NewPassword{Current: phrase, New: "boats in fog"})
	require.ErrorIs(t, err, fault.WrongPassword)
	require.Nil(t, redeem(t, h, "Bob Ray", phrase, "boats in fog"))
}

// whileHashing runs run once, while a password is turned into a hash.
type whileHashing struct {
	hashing.Here
	run func()
}

func (w *whileHashing) Hash(password string) (string, error) {
	if run := w.run; run != nil {
		w.run = nil
		run()
	}
	return w.Here.Hash(password)
}

// Who stole a password and changes it over and over has almost always one change
// under way.
func TestAPasswordThatIsBeingChangedDoesNotUndoAReset(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.HashSlots = 2 })
	bob, _ := h.SignIn(h.Bob)
	var phrase string
	h.HashBy(&whileHashing{run: func() { phrase = reset(t, h, h.Bob) }})
	err := h.ChangePassword(t.Context(), bob, app.NewPassword{Current: apptest.Password, New: "boats in the fog"})
	require.ErrorIs(t, err, fault.WrongPassword)
	require.Equal(t, fault.WrongPassword.Code, try(t, h, "192.0.2.1", "Bob Ray", "boats in the fog").Code)
	require.Nil(t, redeem(t, h, "Bob Ray", phrase, "a ferry with a lantern"))
}

func TestWhoWasErasedMeanwhileIsNotRenamed(t *testing.T) {
	h := apptest.New(t)
	_, err := h.EraseUser(t.Context(), apptest.As(h.Ada), h.Bob.ID, app.Erasure{})
	require.NoError(t, err)
	_, err = h.ChangeMe(t.Context(), apptest.As(h.Bob), app.Profile{Name: ptr("Bob Ray")})
	require.ErrorIs(t, err, fault.SignInFirst)
}
