package app_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// That nothing but crypto/rand is imported where secrets are made is a test of
// the whole house; this one looks at what comes out. The number is that of the
// threat in docs/security.md.
func TestThreat48NoSecretTellsAnythingOfAnother(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	var secrets []string
	empty := apptest.Empty(t)
	for range 400 {
		link, err := empty.NewSetupLink(t.Context())
		require.NoError(t, err)
		secrets = append(secrets, link)
	}
	for range 50 {
		token, err := h.CreateToken(t.Context(), apptest.As(h.Bob), app.NewToken{Name: "x"})
		require.NoError(t, err)
		secrets = append(secrets, strings.TrimPrefix(token.Secret, "hr_"))
	}
	_, in, err := h.App.SignIn(t.Context(), app.SignIn{Name: "Bob Ray", Password: apptest.Password})
	require.NoError(t, err)
	secrets = append(secrets, in.Session, in.Device)

	seen, ones := map[string]bool{}, [256]int{}
	for _, secret := range secrets {
		raw, err := base64.RawURLEncoding.DecodeString(secret)
		require.NoError(t, err)
		require.Len(t, raw, 32, "256 bits")
		require.False(t, seen[secret])
		seen[secret] = true
		for i := range ones {
			ones[i] += int(raw[i/8]>>(i%8)) & 1
		}
	}
	for bit, n := range ones { // 6 standard deviations of a fair coin
		require.InDelta(t, 0.5, float64(n)/float64(len(secrets)), 3/21.0, "bit %d of the secrets is not fair", bit)
	}

	letters := map[rune]int{}
	for range 200 {
		code, err := h.CreateCode(t.Context(), apptest.As(h.Ann), class.ID, app.NewCode{Role: models.Student})
		require.NoError(t, err)
		require.False(t, seen[code.Code])
		seen[code.Code] = true
		for _, r := range strings.Replace(code.Code, "-", "", 1) {
			letters[r]++
		}
	}
	require.Len(t, letters, 29)
	for r, n := range letters {
		require.InDelta(t, 1600.0/29, n, 45, "%c", r)
	}
}
