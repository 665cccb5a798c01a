package live_test

import (
	"strings"
	"testing"
)

// Texts of group 6: what is UTF-8 and what is not (RFC 3629), one after the
// other under the number of the table.
var (
	kosme   = "κ\u1f79σμε"
	isUTF8  = map[string][]string{}
	notUTF8 = map[string][]string{
		"6.8.%d":  {"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"},
		"6.10.%d": {"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"},
		"6.12.%d": {
			"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80", "\x80\xbf\x80\xbf\x80\xbf",
			span(0x80, 0xbf, ""),
		},
		"6.13.%d": {span(0xc0, 0xdf, " "), span(0xe0, 0xef, " "), span(0xf0, 0xf7, " "), span(0xf8, 0xfb, " "), span(0xfc, 0xfd, " ")},
		"6.14.%d": incomplete,
		"6.15.%d": {strings.Join(incomplete, "")},
		"6.16.%d": {"\xfe", "\xff", "\xfe\xfe\xff\xff"},
		"6.17.%d": {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"},
		"6.18.%d": {"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"},
		"6.19.%d": {"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"},
		"6.20.%d": {"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"},
		"6.21.%d": {
			"\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80", "\xed\xad\xbf\xed\xbf\xbf",
			"\xed\xae\x80\xed\xb0\x80", "\xed\xae\x80\xed\xbf\xbf", "\xed\xaf\xbf\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf",
		},
	}
	incomplete = []string{
		"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
		"\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf",
	}
)

func init() {
	isUTF8["6.5.%d"] = []string{"hello\x24world", "hello\xc2\xa2world", "hello\xe2\x82\xacworld", "hello\xf0\xa4\xad\xa2world", kosme}
	isUTF8["6.7.%d"] = []string{"\x00", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80"}
	isUTF8["6.9.%d"] = []string{"\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"}
	var nonCharacters, specials []string
	for plane := range rune(17) {
		nonCharacters = append(nonCharacters, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	for r := rune(0xfff9); r <= 0xffff; r++ {
		specials = append(specials, string(r))
	}
	isUTF8["6.22.%d"], isUTF8["6.23.%d"] = nonCharacters, specials
}

// span is the bytes from first to last, each with something after it.
func span(first, last int, after string) string {
	var b strings.Builder
	for c := first; c <= last; c++ {
		b.WriteByte(byte(c))
		b.WriteString(after)
	}
	return b.String()
}

// utf8Cases are group 6. A text that is UTF-8 but no JSON is answered 104.
func utf8Cases() (cases []rfcCase) {
	add := func(number, want string, frames ...[]byte) {
		cases = append(cases, rfcCase{number: number, send: frames, want: []string{want}})
	}
	const bad = "close 1007"
	add("6.1.1", "104", whole(opText, ""))
	add("6.1.2", "104", pieces(opText, "", "", "")...)
	add("6.1.3", "100 x", pieces(opText, "", keepFrame("x", 0), "")...)

	const ref = "Hello-µ@ßöäüàá-UTF-8!!"
	keep := keepFrame(ref, 0)
	border := strings.Index(keep, "ß")
	add("6.2.1", "100 "+ref, whole(opText, keep))
	add("6.2.2", "100 "+ref, pieces(opText, keep[:border], keep[border:])...)
	add("6.2.3", "100 "+ref, pieces(opText, cut(keep, 1)...)...)
	add("6.2.4", "100 "+kosme, pieces(opText, cut(keepFrame(kosme, 0), 1)...)...)

	broken := kosme + "\xed\xa0\x80edited"
	add("6.3.1", bad, whole(opText, broken))
	add("6.3.2", bad, pieces(opText, cut(broken, 1)...)...)
	// Autobahn would have these refused before their end: that it is not, it calls
	// "non-strict". What is refused is never handed on.
	beyond := kosme + "\xf4\x90\x80\x80edited"
	add("6.4.1", bad, pieces(opText, kosme, "\xf4\x90\x80\x80", "edited")...)
	add("6.4.2", bad, pieces(opText, kosme+"\xf4", "\x90", "\x80\x80edited")...)
	for i, chop := range []int{len(kosme) + 6, len(kosme) + 7} { // the head has six bytes
		cases = append(cases, rfcCase{numbered("6.4.%d", i+3), chop, [][]byte{whole(opText, beyond)}, []string{bad}})
	}

	for i := range len(kosme) {
		want := bad
		if strings.ToValidUTF8(kosme[:i+1], "") == kosme[:i+1] {
			want = "104"
		}
		add(numbered("6.6.%d", i+1), want, whole(opText, kosme[:i+1]))
	}
	for i, c := range []struct{ text, want string }{
		{"\xed\x9f\xbf", "104"}, {"\xee\x80\x80", "104"}, {"\xef\xbf\xbd", "104"}, {"\xf4\x8f\xbf\xbf", "104"}, {"\xf4\x90\x80\x80", bad},
	} {
		add(numbered("6.11.%d", i+1), c.want, whole(opText, c.text))
	}
	for want, table := range map[string]map[string][]string{"104": isUTF8, bad: notUTF8} {
		for number, texts := range table {
			for i, text := range texts {
				add(numbered(number, i+1), want, whole(opText, text))
			}
		}
	}
	return cases
}

func TestTextIsUTF8AsRFC6455Says(t *testing.T) { conform(t, 145, utf8Cases()) }
