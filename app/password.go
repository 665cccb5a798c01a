package app

import (
	"context"
	"crypto/rand"
	_ "embed" // the word lists
	"fmt"
	"math/big"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"homeroom/app/fault"
	"homeroom/models"
)

// product is a name that everybody can guess, whatever the server is called.
const product = "homeroom"

// Where the lists come from stands in words/README.md.
var (
	//go:embed words/common.txt
	commonList string
	//go:embed words/phrase.txt
	phraseList string

	commonPasswords = sync.OnceValue(func() map[string]struct{} {
		common := make(map[string]struct{}, 20_000)
		for line := range strings.Lines(commonList) {
			common[strings.TrimSpace(line)] = struct{}{}
		}
		return common
	})
	phraseWords = sync.OnceValue(func() []string { return strings.Fields(phraseList) })
)

// NewPhrase returns a password of four random words: 45 bits.
func NewPhrase() string {
	words := phraseWords()
	most := big.NewInt(int64(len(words)))
	chosen := make([]string, 4)
	for i := range chosen {
		n, err := rand.Int(rand.Reader, most)
		if err != nil {
			panic(err) // only where the system has no randomness
		}
		chosen[i] = words[n.Int64()]
	}
	return strings.Join(chosen, "-")
}

// checkPasswordOf is checkPassword for a user there is.
func (a *App) checkPasswordOf(ctx context.Context, user models.User, password string) error {
	classes, err := a.reading(ctx).ClassesOf(user.ID, nil, false, 0, a.Limits.ClassesPerUser)
	if err != nil {
		return err
	}
	names := make([]string, len(classes))
	for i, class := range classes {
		names[i] = class.Name
	}
	return a.checkPassword(password, user, names...)
}

// leastPassword is how many characters the password of such a user needs.
func (p Passwords) leastPassword(user models.User) int {
	switch {
	case user.Role == models.StudentAccount:
		return p.StudentPassword
	case user.SecondFactorAt != nil:
		return p.FactorPassword
	}
	return p.StaffPassword
}

// checkPassword refuses with fault.WeakPassword, saying why, what an account of
// that role and name, in classes of those names, may not use. There are no
// rules of composition: they make people choose Password1!.
func (a *App) checkPassword(password string, user models.User, classes ...string) error {
	if err := a.checkPasswordBytes(password); err != nil {
		return err
	}
	least := a.Limits.leastPassword(user)
	if utf8.RuneCountInString(password) < least {
		return fault.WeakPassword.With(fmt.Sprintf("it has fewer than %d characters", least))
	}
	folded := nameKey(password)
	if isCommon(folded) {
		return fault.WeakPassword.With("it is one of those that are tried first")
	}
	if isMadeOf(folded, append([]string{user.Name, product, a.Limits.ServerName}, classes...)) {
		return fault.WeakPassword.With("it is made of the name, or of that of this server or of a class")
	}
	return nil
}

// checkPasswordBytes refuses what is not hashed at all, even to find it wrong:
// hashing a megabyte is work that a stranger could order.
func (a *App) checkPasswordBytes(password string) error {
	if most := a.Limits.PasswordBytes; len(password) > most {
		return fault.WeakPassword.With(fmt.Sprintf("it has more than %d bytes", most))
	}
	if !utf8.ValidString(password) {
		return fault.WeakPassword.With("it is not valid text")
	}
	return nil
}

// isCommon tells whether a password, its beginning without digits and signs, or
// what it repeats is on the list.
func isCommon(folded string) bool {
	part := repeated(folded)
	if utf8.RuneCountInString(part) < utf8.RuneCountInString(folded) && utf8.RuneCountInString(part) < 5 {
		return true
	}
	common := commonPasswords()
	for _, s := range []string{folded, part, strings.TrimRightFunc(folded, notLetter)} {
		if _, ok := common[s]; ok {
			return true
		}
	}
	return false
}

// repeated returns the shortest text of which s is a repetition: s itself where
// it repeats nothing.
func repeated(s string) string {
	if s == "" {
		return s
	}
	// s is found in s+s, shifted, exactly at the lengths that it repeats.
	return s[:strings.Index((s + s)[1:], s)+1]
}

// isMadeOf tells whether hardly anything is left of a password without the
// names, and the words of the names, in it.
func isMadeOf(folded string, names []string) bool {
	rest := folded
	words := make([]string, 0, 4*len(names))
	for _, name := range names {
		words = append(words, nameKey(name))
	}
	for _, word := range append(words, strings.Fields(strings.Join(words, " "))...) {
		if utf8.RuneCountInString(word) >= 2 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	if rest == folded {
		return false
	}
	letters := strings.Map(func(r rune) rune {
		if notLetter(r) {
			return -1
		}
		return r
	}, rest)
	return utf8.RuneCountInString(letters) < 4
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// hash hashes a password that was checked. The fault is Busy.
func (g *gate) hash(ctx context.Context, password string) (string, error) {
	done, err := g.slot(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := g.hasher.Hash(norm.NFKC.String(password))
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return hash, nil
}

// matches compares a password with a hash, in a slot that the caller holds.
// Normalized, as in hash: the same letters typed on another system may be other
// bytes.
func (g *gate) matches(password, hash string) (bool, error) {
	ok, err := g.hasher.Matches(norm.NFKC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("password: %w", err)
	}
	return ok, nil
}
