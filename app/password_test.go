package app_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

func createWith(h *apptest.House, t testing.TB, name string, role models.ServerRole, password string) error {
	_, err := h.CreateUser(t.Context(), apptest.As(h.Ada), app.NewUser{Name: name, Role: role, Password: &password})
	return err
}

func TestWeakPasswordsAreRefusedWithAReason(t *testing.T) {
	h := apptest.New(t)
	for _, one := range []struct {
		role          models.ServerRole
		password, why string
	}{
		{models.StudentAccount, "7 chars", "fewer than 8"},
		{models.Teacher, "fourteen chars", "fewer than 15"},
		{models.Admin, "fourteen chars", "fewer than 15"},
		{models.StudentAccount, "密码密码密码密", "fewer than 8"},
		{models.StudentAccount, "password", "tried first"},
		{models.StudentAccount, "PassWord", "tried first"},
		{models.StudentAccount, "qwertyuiop", "tried first"},
		{models.StudentAccount, "princess123!", "tried first"},
		{models.Teacher, "passwordpassword", "tried first"},
		{models.Teacher, "aaaaaaaaaaaaaaa", "tried first"},
		{models.Teacher, "abcabcabcabcabcabc", "tried first"},
		{models.StudentAccount, "Dee Fox 2026", "the name"},
		{models.StudentAccount, "FoxDee12", "the name"},
		{models.Teacher, "homeroom homeroom", "the name"},
		{models.Teacher, "Homeroom Dee Fox 1", "the name"},
		{models.StudentAccount, strings.Repeat("é", 129), "more than 256 bytes"},
		{models.StudentAccount, "\xff\xfe is not text", "not valid text"},
	} {
		err := createWith(h, t, "Dee Fox", one.role, one.password)
		require.ErrorIs(t, err, fault.WeakPassword, one.password)
		require.ErrorContains(t, err, one.why, one.password)
	}
}

func TestPasswordsNeedNoDigitsNorSigns(t *testing.T) {
	h := apptest.New(t)
	for i, password := range []string{
		"boats in the fog", "我喜欢在雨里散步", "  spaces at both ends  ", "🦊🦊🐻🐼🐨🐯🦁🐮", strings.Repeat("word ", 50) + "last",
	} {
		name := "Student " + string(rune('A'+i))
		require.NoError(t, createWith(h, t, name, models.StudentAccount, password))
		_, _, err := h.App.SignIn(t.Context(), app.SignIn{Name: name, Password: password})
		require.NoError(t, err)
	}
}

func TestAPasswordIsTheSameOnEveryKeyboard(t *testing.T) {
	h := apptest.New(t)
	require.NoError(t, createWith(h, t, "Dee Fox", models.StudentAccount, "caf\u00e9 am Ufer"))
	_, _, err := h.App.SignIn(t.Context(), app.SignIn{Name: "Dee Fox", Password: "cafe\u0301 am Ufer"})
	require.NoError(t, err)
}

func TestAMadeUpPasswordHoldsFortyFourBits(t *testing.T) {
	seen := map[string]bool{}
	words := map[string]bool{}
	for range 5000 {
		phrase := app.NewPhrase()
		require.False(t, seen[phrase])
		seen[phrase] = true
		parts := strings.Split(phrase, "-")
		require.Len(t, parts, 4)
		for _, w := range parts {
			words[w] = true
		}
	}
	// 20,000 draws of 2,526 words leave out one or two at most.
	require.GreaterOrEqual(t, 4*math.Log2(float64(len(words))), 44.0)
}

func TestAMadeUpPasswordIsGoodEnoughForEverybody(t *testing.T) {
	h := apptest.New(t)
	for i, role := range []models.ServerRole{models.StudentAccount, models.Teacher, models.Admin} {
		created, err := h.CreateUser(t.Context(), apptest.As(h.Ada), app.NewUser{Name: "Dee " + string(rune('A'+i)), Role: role})
		require.NoError(t, err)
		_, _, err = h.App.SignIn(t.Context(), app.SignIn{Name: created.User.Name, Password: created.Password})
		require.NoError(t, err)
	}
}
