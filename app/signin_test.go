package app_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

// try signs in and returns the refusal.
func try(t testing.TB, h *apptest.House, address, name, password string) *fault.Fault {
	t.Helper()
	_, secrets, err := h.App.SignIn(t.Context(), app.SignIn{Name: name, Password: password, Address: address})
	if err == nil {
		require.NotEmpty(t, secrets.Session)
		return nil
	}
	require.Empty(t, secrets)
	return fault.Of(err)
}

func disable(t testing.TB, h *apptest.House, u models.User) {
	t.Helper()
	yes := true
	_, err := h.ChangeUser(t.Context(), apptest.As(h.Ada), u.ID, app.UserChange{Disabled: &yes})
	require.NoError(t, err)
}

func TestARightPasswordSignsIn(t *testing.T) {
	h := apptest.New(t)
	for _, name := range []string{"Bob Ray", "bob ray", "  Bob   Ray ", "ＢＯＢ ray"} {
		require.Nil(t, try(t, h, "192.0.2.1", name, apptest.Password), name)
	}
}

func TestAPasswordIsNeverTrimmedOrFolded(t *testing.T) {
	h := apptest.New(t)
	for _, wrong := range []string{apptest.Password + " ", " " + apptest.Password, strings.ToUpper(apptest.Password)} {
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", wrong))
	}
}

func TestAWrongPasswordSaysNothingAboutTheName(t *testing.T) {
	app.HashCheaply(t) // what is measured is the beat; a busy machine's hash takes one
	h := apptest.New(t, func(l *app.Limits) { l.AddressFailures, l.FreeFailures = 1000, 1000 })
	for _, name := range []string{"Dee Fox", "Dee Ray"} {
		require.NoError(t, createWith(h, t, name, models.StudentAccount, apptest.Password))
	}
	gone, err := h.UserNamed(t.Context(), apptest.As(h.Ada), "Dee Ray")
	require.NoError(t, err)
	disable(t, h, models.User{ID: gone.ID})
	took := map[string][]time.Duration{}
	for range 9 {
		for _, who := range []struct{ name, password string }{
			{"Dee Fox", "not this one"}, {"Dee Ray", apptest.Password}, {"Nobody Here", "not this one"}, {"", "not this one"},
		} {
			start := time.Now()
			require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", who.name, who.password), who.name)
			took[who.name] = append(took[who.name], time.Since(start))
		}
	}
	known := slices.Min(took["Dee Fox"])
	require.GreaterOrEqual(t, known, 95*time.Millisecond, "on the beat")
	for name, times := range took {
		require.InDelta(t, known.Seconds(), slices.Min(times).Seconds(), 0.02, name)
	}
}

func TestWaitingSaysNothingAboutTheName(t *testing.T) {
	h := apptest.New(t)
	for i := range 8 {
		known := try(t, h, "192.0.2.1", "Bob Ray", "not this one")
		unknown := try(t, h, "192.0.2.2", "Nobody Here", "not this one")
		require.Equal(t, known, unknown, i)
	}
}

func TestAnAccountWaitsAfterFiveWrongPasswords(t *testing.T) {
	h := apptest.New(t)
	for range 5 {
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", "not this one"))
	}
	waits := []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour}
	for _, wait := range waits {
		refused := try(t, h, "192.0.2.1", "Bob Ray", apptest.Password)
		require.Equal(t, fault.TooManyTries.After(wait), refused, "the right password has to wait as well")
		h.Pass(wait)
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", "not this one"))
	}
	h.Pass(time.Hour)
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password))
	require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", "not this one"), "counting begins anew")
}

func TestTheFirstWaitIsNoLongerThanTheLongest(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures, l.FirstWait, l.LongestWait = 1, time.Hour, time.Minute })
	for _, name := range []string{"Bob Ray", "Nobody Here"} {
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", name, "not this one"))
		require.Equal(t, fault.TooManyTries.After(time.Minute), try(t, h, "192.0.2.1", name, "not this one"))
		h.Pass(time.Minute)
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", name, "not this one"), "the wait is over")
	}
}

func TestAnAccountIsShutAfterTooManyWrongPasswordsUntilItIsReset(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.FreeFailures, l.MostFailures, l.AddressFailures = 100, 8, 1000 })
	for range 8 {
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", "Bob Ray", "not this one"))
	}
	h.Pass(30 * 24 * time.Hour)
	require.ErrorIs(t, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password), fault.TooManyTries)
	phrase, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), h.Bob.ID)
	require.NoError(t, err)
	require.Nil(t, redeem(t, h, "Bob Ray", phrase.Password, "boats in fog"))
}

func TestGuessesThatComeInTogetherAreNotAllFree(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.AddressFailures = 1000 })
	var compared sync.Map
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			if try(t, h, "192.0.2.1", "Bob Ray", "not this one").Is(fault.WrongPassword) {
				compared.Store(i, true)
			}
		})
	}
	all.Wait()
	n := 0
	compared.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 5, n)
}

func TestAnAddressMayBeWrongTwentyTimesAMinute(t *testing.T) {
	h := apptest.New(t)
	address := func(i int) string { return fmt.Sprintf("2001:db8:0:1::%d", i) } // one network, so one address
	for i := range 20 {
		require.Equal(t, fault.WrongPassword, try(t, h, address(i), fmt.Sprint("Nobody ", i), "not this one"))
	}
	require.ErrorIs(t, try(t, h, address(20), "Bob Ray", apptest.Password), fault.TooManyTries)
	require.Nil(t, try(t, h, "2001:db8:0:2::1", "Bob Ray", apptest.Password), "elsewhere it goes on")
	h.Pass(time.Minute)
	require.Nil(t, try(t, h, address(21), "Bob Ray", apptest.Password))
}

func TestAnAddressMaySignInSoManyTimesAMinute(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.AddressLogins = 3 })
	for range 3 {
		require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password))
	}
	refused := try(t, h, "192.0.2.1", "Bob Ray", apptest.Password)
	require.Equal(t, fault.TooManyTries.After(time.Minute), refused)
}

func TestAVeryLongPasswordIsNotHashed(t *testing.T) {
	h := apptest.New(t)
	refused := try(t, h, "192.0.2.1", "Bob Ray", strings.Repeat("x", 1<<20))
	require.ErrorIs(t, refused, fault.WeakPassword)
	require.Zero(t, h.App.Counts().Hashed)
	require.NotContains(t, refused.Error(), "xxx")
}

func TestAFloodOfSignInsIsTurnedAway(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) {
		l.HashSlots, l.HashQueue, l.HashWait = 1, 2, time.Second
		l.AddressFailures, l.FreeFailures = 1000, 1000
	})
	var mu sync.Mutex
	busy := 0
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if try(t, h, "192.0.2.1", "Bob Ray", "not this one").Is(fault.Busy) {
				mu.Lock()
				defer mu.Unlock()
				busy++
			}
		})
	}
	all.Wait()
	require.GreaterOrEqual(t, busy, 30)
	require.Nil(t, try(t, h, "192.0.2.1", "Bob Ray", apptest.Password), "every slot was given back")
}

// A pupil's short password must not open what a teacher or an admin may do.
func TestAnAccountThatBecomesAnAdminsDoesNotKeepAShortPassword(t *testing.T) {
	h := apptest.New(t)
	for _, role := range []models.ServerRole{models.Teacher, models.Admin} {
		name := "Dee " + string(role)
		require.NoError(t, createWith(h, t, name, models.StudentAccount, "boats in fog"))
		require.Nil(t, try(t, h, "192.0.2.1", name, "boats in fog"))
		who, err := h.UserNamed(t.Context(), apptest.As(h.Ada), name)
		require.NoError(t, err)
		_, err = h.ChangeUser(t.Context(), apptest.As(h.Ada), who.ID, app.UserChange{Role: &role})
		require.NoError(t, err)
		for range 8 {
			refused := try(t, h, "192.0.2.1", name, "boats in fog")
			require.ErrorIs(t, refused, fault.WeakPassword, "a right password is never too many tries")
			require.Contains(t, refused.Detail, "ask an admin")
		}
		require.Equal(t, fault.WrongPassword, try(t, h, "192.0.2.1", name, "fog in boats"), "a stranger learns nothing")
		phrase, err := h.ResetPassword(t.Context(), apptest.As(h.Ada), who.ID)
		require.NoError(t, err)
		require.Nil(t, redeem(t, h, name, phrase.Password, "a boat in the fog"))
	}
}
