package app_test

import (
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

func setUp(t testing.TB, h *apptest.House, token, name string) error {
	t.Helper()
	_, _, err := h.Setup(t.Context(), app.FirstAdmin{Token: token, Name: name, Password: apptest.Password})
	return err
}

func TestTheFirstAdminIsMadeOnce(t *testing.T) {
	h := apptest.Empty(t)
	token, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	require.Equal(t, fault.CodeInvalid, setUp(t, h, token+"x", "Eve"))
	require.NoError(t, setUp(t, h, token, "Ada"))
	require.Equal(t, fault.CodeInvalid, setUp(t, h, token, "Eve"))
	_, err = h.NewSetupLink(t.Context())
	require.ErrorIs(t, err, fault.Exists)
}

func TestTheSetupLinkIsGoodForADay(t *testing.T) {
	h := apptest.Empty(t)
	token, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	h.Pass(24 * time.Hour)
	require.Equal(t, fault.CodeInvalid, setUp(t, h, token, "Ada"))
}

func TestANewSetupLinkEndsTheOneBefore(t *testing.T) {
	h := apptest.Empty(t)
	first, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	second, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	require.Equal(t, fault.CodeInvalid, setUp(t, h, first, "Eve"))
	require.NoError(t, setUp(t, h, second, "Ada"))
}

func TestASetupLinkIsWorthNothingOnceThereIsAnAdmin(t *testing.T) {
	h := apptest.Empty(t)
	token, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	_, err = h.CreateUser(t.Context(), app.CommandLine(), app.NewUser{Name: "Ada", Role: models.Admin})
	require.NoError(t, err)
	require.Equal(t, fault.CodeInvalid, setUp(t, h, token, "Eve"))
}

func TestARefusedPasswordDoesNotUseTheSetupLinkUp(t *testing.T) {
	h := apptest.Empty(t)
	token, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	_, _, err = h.Setup(t.Context(), app.FirstAdmin{Token: token, Name: "Ada", Password: "too short"})
	require.ErrorIs(t, err, fault.WeakPassword)
	require.NoError(t, setUp(t, h, token, "Ada"))
}

func TestOfManyWhoUseTheSetupLinkAtOnceOneWins(t *testing.T) {
	h := apptest.Empty(t)
	token, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			err := setUp(t, h, token, "Admin "+string(rune('A'+i)))
			if err == nil {
				won.Add(1)
			} else if !fault.CodeInvalid.Is(fault.Of(err)) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, won.Load())
	people, err := h.Users(t.Context(), app.CommandLine(), "", 0, 100)
	require.NoError(t, err)
	require.Len(t, people, 1)
}

func TestSetupLinksCannotBeTriedForLong(t *testing.T) {
	h := apptest.Empty(t, func(l *app.Limits) { l.CodeTries = 5 })
	for range 5 {
		require.Equal(t, fault.CodeInvalid, setUp(t, h, "guess", "Eve"))
	}
	require.ErrorIs(t, setUp(t, h, "guess", "Eve"), fault.TooManyTries)
}
