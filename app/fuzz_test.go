package app_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

// Whatever is typed for a join code: it lets in who typed the letters of one, in
// whichever case and with whatever between them, and nobody else.
func FuzzJoinCode(f *testing.F) {
	h := apptest.New(f, func(l *app.Limits) { l.CodeTries = 1e9 })
	class := h.Class("Physics 9b")
	code, err := h.CreateCode(f.Context(), apptest.As(h.Ann), class.ID, app.NewCode{Role: models.Student})
	require.NoError(f, err)
	for _, typed := range []string{
		"%", " % ", "2345-6789", "2345 6789", "23456789", "ÄÖÜÄÖÜÄÖ", "ßßßß", "ſſſſ-ſſſſ", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x00", "'; --", "", strings.Repeat("2", 4000),
	} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		typed = strings.ReplaceAll(typed, "%", strings.ToLower(code.Code))
		letters := strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' {
				return -1
			}
			return r
		}, typed)
		right := strings.EqualFold(letters, strings.Replace(code.Code, "-", "", 1))
		_, err := h.JoinByCode(t.Context(), apptest.As(h.Bob), "192.0.2.1", typed)
		if right {
			require.NoError(t, err, "%q", typed)
			return
		}
		require.ErrorIs(t, err, fault.CodeInvalid, "%q", typed)
	})
}
