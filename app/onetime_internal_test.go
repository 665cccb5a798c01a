package app

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/pquerna/otp/hotp"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"homeroom/app/fault"
)

// Whatever is typed for a code: what a phone shows, or a recovery code, is read
// from it whatever stands between the letters, and nothing else is good. This
// stands inside, since at a door each try costs the hash of a password.
func FuzzOneTime(f *testing.F) {
	const secret, step = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 59_000_000
	shown, err := hotp.GenerateCodeCustom(secret, step, oneTime)
	require.NoError(f, err)
	recovery := randomLetters(10)
	for _, typed := range []string{
		"%", " % ", "%1", "#", "#\n", "123 456", "123-456", "１２３４５６", "-", "", "\xff\xff\xff\xff\xff\xff", "\x00", "١٢٣٤٥٦", "①②③④⑤⑥", "ßßßßß", "abcde-fghij", "ﬃﬃ", "ſſſſſ-ſſſſſ", strings.Repeat("0", 4000),
	} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		typed = strings.NewReplacer("%", shown, "#", strings.ToLower(recovery)).Replace(typed)
		letters := strings.Map(func(r rune) rune {
			if r == '-' || unicode.IsSpace(r) {
				return -1
			}
			return r
		}, typed)
		if strings.EqualFold(letters, recovery) {
			require.Equal(t, recovery, tidyOneTime(typed), "%q", typed)
		}
		of, err := stepOf(secret, tidyOneTime(typed), time.Unix(step*30, 0), 0)
		if letters == shown {
			require.NoError(t, err, "%q", typed)
		}
		if err != nil {
			require.ErrorIs(t, err, fault.WrongCode, "%q", typed)
			return
		}
		good, err := hotp.GenerateCodeCustom(secret, uint64(of), oneTime)
		require.NoError(t, err)
		require.Equal(t, good, strings.Map(digit, norm.NFKC.String(letters)), "%q", typed)
	})
}

func digit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
