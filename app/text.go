package app

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"homeroom/app/fault"
)

// nameKey folds a name, so that names that read alike are the same name.
func nameKey(name string) string {
	return cases.Fold().String(norm.NFKC.String(name))
}

// cleanName trims a name, and refuses with fault.Malformed or
// fault.TextTooLong one that is empty, too long or holds what cannot be seen.
func (a *App) cleanName(field, name string) (string, error) {
	name = strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	if name == "" {
		return "", fault.Malformed.With(field + " is empty")
	}
	if utf8.RuneCountInString(name) > a.Limits.NameLength {
		return "", fault.TextTooLong.With(field)
	}
	for _, r := range name {
		if !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return "", fault.Malformed.With(field + " holds a character that cannot be shown")
		}
	}
	return name, nil
}

// checkText refuses with fault.Malformed a text that is empty or not valid,
// with fault.TextTooLong one of more than most characters (code points).
func checkText(field, text string, most int) error {
	if err := checkOptional(field, text, most); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return fault.Malformed.With(field + " is empty")
	}
	return nil
}

// checkOptional is checkText for a text that may be empty.
func checkOptional(field, text string, most int) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return fault.Malformed.With(field + " is not valid text")
	}
	if utf8.RuneCountInString(text) > most {
		return fault.TextTooLong.With(field)
	}
	return nil
}
