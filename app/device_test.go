package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

// in signs in, in the browser with that device secret, and returns the secret
// that the browser has afterwards, and the refusal.
func in(t testing.TB, h *apptest.House, u models.User, device, password string) (string, *fault.Fault) {
	t.Helper()
	_, secrets, err := h.App.SignIn(t.Context(), app.SignIn{Name: u.Name, Password: password, Device: device, Address: "192.0.2.1"})
	if err != nil {
		return device, fault.Of(err)
	}
	return secrets.Device, nil
}

// known signs in for the first time in a browser, and returns its secret.
func known(t testing.TB, h *apptest.House, u models.User) string {
	t.Helper()
	device, err := in(t, h, u, "", apptest.Password)
	require.Nil(t, err)
	require.Len(t, device, 43)
	return device
}

// guess tries wrong passwords from everywhere until the account has to wait.
func guess(t testing.TB, h *apptest.House, u models.User) {
	t.Helper()
	for i := range 6 {
		try(t, h, fmt.Sprint("198.51.100.", i), u.Name, "not this one")
	}
	require.ErrorIs(t, try(t, h, "198.51.100.9", u.Name, apptest.Password), fault.TooManyTries)
}

func TestAStrangersGuessesDoNotLockTheOwnerOutOfAKnownDevice(t *testing.T) {
	h := apptest.New(t)
	device := known(t, h, h.Bob)
	guess(t, h, h.Bob)
	_, err := in(t, h, h.Bob, device, apptest.Password)
	require.Nil(t, err)
	require.ErrorIs(t, try(t, h, "198.51.100.9", "Bob Ray", apptest.Password), fault.TooManyTries, "strangers are forgiven nothing")
}

func TestAStrangerAtTheSameAddressDoesNotLockTheOwnerOutOfAKnownDevice(t *testing.T) {
	h := apptest.New(t)
	device := known(t, h, h.Bob)
	for i := range 20 {
		try(t, h, "192.0.2.1", fmt.Sprint("Nobody ", i), "not this one")
	}
	require.ErrorIs(t, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password), fault.TooManyTries)
	_, err := in(t, h, h.Bob, device, apptest.Password)
	require.Nil(t, err)
}

func TestAKnownDeviceHasToWaitForItsOwnWrongPasswords(t *testing.T) {
	h := apptest.New(t)
	device := known(t, h, h.Bob)
	for range 5 {
		_, err := in(t, h, h.Bob, device, "not this one")
		require.Equal(t, fault.WrongPassword, err)
	}
	_, err := in(t, h, h.Bob, device, apptest.Password)
	require.Equal(t, fault.TooManyTries.After(30*time.Second), err)
	other, err := in(t, h, h.Bob, "", apptest.Password)
	require.Nil(t, err, "elsewhere nothing was wrong")
	require.NotEqual(t, device, other)
	h.Pass(30 * time.Second)
	_, err = in(t, h, h.Bob, device, apptest.Password)
	require.Nil(t, err)
	_, err = in(t, h, h.Bob, device, "not this one")
	require.Equal(t, fault.WrongPassword, err, "counting begins anew")
}

func TestADeviceThatWasWrongTooOftenIsAStrangers(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures, l.MostFailures = 100, 8 })
	device := known(t, h, h.Bob)
	compared := 0
	for range 40 {
		if _, err := in(t, h, h.Bob, device, "not this one"); err.Is(fault.WrongPassword) {
			compared++
		}
		h.Pass(time.Minute)
	}
	require.Equal(t, 16, compared, "its own, then those that strangers have")
}

func TestADeviceIsKnownForItsOwnUserOnly(t *testing.T) {
	h := apptest.New(t)
	device := known(t, h, h.Eve)
	guess(t, h, h.Bob)
	_, err := in(t, h, h.Bob, device, apptest.Password)
	require.ErrorIs(t, err, fault.TooManyTries)
}

func TestUsersWhoShareABrowserAreEachKnownInIt(t *testing.T) {
	h := apptest.New(t)
	shared := known(t, h, h.Bob)
	same, err := in(t, h, h.Cai, shared, apptest.Password)
	require.Nil(t, err)
	require.Equal(t, shared, same)
	for range 5 {
		_, err := in(t, h, h.Bob, shared, "not this one")
		require.Equal(t, fault.WrongPassword, err)
	}
	guess(t, h, h.Cai)
	_, err = in(t, h, h.Cai, shared, apptest.Password)
	require.Nil(t, err)
	_, err = in(t, h, h.Bob, shared, apptest.Password)
	require.ErrorIs(t, err, fault.TooManyTries)
}

func TestAValueThatIsNotOursIsNoDevice(t *testing.T) {
	h := apptest.New(t)
	for _, planted := range []string{"planted", string(make([]byte, 5000)), "0123456789012345678901234567890123456789012"} {
		device, err := in(t, h, h.Bob, planted, apptest.Password)
		require.Nil(t, err)
		require.NotEqual(t, planted, device)
	}
}

func TestADeviceIsForgottenAfter400Days(t *testing.T) {
	h := apptest.New(t)
	device := known(t, h, h.Bob)
	h.Pass(399 * 24 * time.Hour)
	device, err := in(t, h, h.Bob, device, apptest.Password)
	require.Nil(t, err)
	h.Pass(400 * 24 * time.Hour)
	guess(t, h, h.Bob)
	_, err = in(t, h, h.Bob, device, apptest.Password)
	require.ErrorIs(t, err, fault.TooManyTries)
	require.NoError(t, h.ForgetEndedSessions(t.Context()))
}

func TestTheOldestDeviceMakesRoom(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.DevicesPerUser = 2 })
	first := known(t, h, h.Bob)
	h.Pass(time.Minute)
	second := known(t, h, h.Bob)
	h.Pass(time.Minute)
	_, err := in(t, h, h.Bob, first, apptest.Password)
	require.Nil(t, err)
	h.Pass(time.Minute)
	third := known(t, h, h.Bob)
	guess(t, h, h.Bob)
	for device, stays := range map[string]bool{first: true, second: false, third: true} {
		_, err := in(t, h, h.Bob, device, "not this one")
		require.Equal(t, stays, err.Is(fault.WrongPassword))
	}
}

func TestAResetForgetsTheDevices(t *testing.T) {
	h := apptest.New(t)
	device := known(t, h, h.Bob)
	phrase, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Bob.ID)
	require.NoError(t, err)
	guess(t, h, h.Bob)
	_, refused := in(t, h, h.Bob, device, phrase.Password)
	require.ErrorIs(t, refused, fault.TooManyTries)
}

// Who is signed in must be able to change the password while somebody guesses it.
func TestGuessesElsewhereDoNotKeepWhoIsSignedInFromAnotherPassword(t *testing.T) {
	h := apptest.New(t)
	actor, _ := h.SignIn(h.Ann)
	guess(t, h, h.Ann)
	require.NoError(t, h.ChangePassword(t.Context(), actor, app.NewPassword{Current: apptest.Password, New: "another lantern for the ferry"}))
}
