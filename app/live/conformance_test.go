package live_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
)

// rfcCase is what a server must do with what RFC 6455 allows or forbids. The
// numbers are those of Autobahn's test suite, whose server echoes; ours answers
// a text that is a frame of its protocol with 100, and any other with 104.
type rfcCase struct {
	number string
	chop   int      // bytes in one write, 0: a frame in one write
	send   [][]byte // frames
	want   []string // what is heard, in order; after the last the connection is open unless it is a close
}

func closes(want string) bool { return strings.HasPrefix(want, "close") }

// run returns what went otherwise, empty: nothing.
func (c rfcCase) run(s *school) string {
	r := s.raw(s.Bob, servertest.V2)
	defer r.Close()
	said := make(chan struct{})
	go func() {
		defer close(said)
		r.say(c.chop, c.send...)
	}()
	isClosed := false
	for i, want := range c.want {
		if heard := r.hear(); !matches(want, heard) {
			return fmt.Sprintf("answer %d: wanted %q, heard %q", i, want, heard)
		}
		isClosed = closes(want)
	}
	<-said
	if !isClosed {
		// Open still, and with nothing more to hear than what is asked for now.
		r.say(0, whole(opPing, "still here?"), whole(opClose, "\x03\xe8"))
		for _, want := range []string{"pong still here?", "close 1000"} {
			if heard := r.hear(); heard != want {
				return fmt.Sprintf("afterwards: wanted %q, heard %q", want, heard)
			}
		}
	}
	if heard := r.hangUp(); heard != "gone" {
		return fmt.Sprintf("after the end: heard %q", heard)
	}
	return ""
}

// matches knows "a|b", which is either.
func matches(want, heard string) bool {
	for one := range strings.SplitSeq(want, "|") {
		if one == heard {
			return true
		}
	}
	return false
}

func conform(t *testing.T, least int, cases ...[]rfcCase) {
	s := open(t, patient)
	ran, failed := 0, 0
	numbers := map[string]bool{}
	for _, group := range cases {
		for _, c := range group {
			require.False(t, numbers[c.number], c.number)
			numbers[c.number] = true
			ran++
			if wrong := c.run(s); wrong != "" {
				failed++
				t.Errorf("case %s: %s", c.number, wrong)
			}
		}
	}
	t.Logf("RFC 6455: %d cases, %d failed", ran, failed)
	require.Equal(t, least, ran, "every case has its number")
}

// keepFrame is a frame of the protocol, filled up with spaces to size bytes.
func keepFrame(ref string, size int) string {
	text := `{"action":"keep","ref":"` + ref + `"}`
	return text + strings.Repeat(" ", max(size-len(text), 0))
}

func numbered(format string, i int) string { return fmt.Sprintf(format, i) }

// framing are the groups 1 and 10: lengths of a frame.
func framing() (cases []rfcCase) {
	for i, size := range []int{0, 125, 126, 127, 128, 65535, 65536, 65536} {
		text, want, chop := keepFrame("x", size), "100 x", 0
		if size == 0 {
			text, want = "", "104"
		}
		if i == 7 {
			chop = 997
		}
		cases = append(cases,
			rfcCase{numbered("1.1.%d", i+1), chop, [][]byte{whole(opText, text)}, []string{want}},
			rfcCase{numbered("1.2.%d", i+1), chop, [][]byte{whole(opBinary, strings.Repeat("\xfe", size))}, []string{"close 1003"}})
	}
	return append(cases, rfcCase{"10.1.1", 0, pieces(opText, cut(keepFrame("x", 65536), 1300)...), []string{"100 x"}})
}

// pings are group 2.
func pings() []rfcCase {
	var ten [][]byte
	var pongs []string
	for i := range 10 {
		ten, pongs = append(ten, whole(opPing, numbered("payload-%d", i))), append(pongs, numbered("pong payload-%d", i))
	}
	odd, long := "\x00\xff\xfe\xfd\xfc\xfb\x00\xff", strings.Repeat("\xfe", 125)
	return []rfcCase{
		{"2.1", 0, [][]byte{whole(opPing, "")}, []string{"pong "}},
		{"2.2", 0, [][]byte{whole(opPing, "Hello, world!")}, []string{"pong Hello, world!"}},
		{"2.3", 0, [][]byte{whole(opPing, odd)}, []string{"pong " + odd}},
		{"2.4", 0, [][]byte{whole(opPing, long)}, []string{"pong " + long}},
		{"2.5", 0, [][]byte{whole(opPing, long+"\xfe")}, []string{"close 1002"}},
		{"2.6", 1, [][]byte{whole(opPing, long)}, []string{"pong " + long}},
		{"2.7", 0, [][]byte{whole(opPong, "")}, nil},
		{"2.8", 0, [][]byte{whole(opPong, "unasked")}, nil},
		{"2.9", 0, [][]byte{whole(opPong, "unasked"), whole(opPing, "asked")}, []string{"pong asked"}},
		{"2.10", 0, ten, pongs},
		{"2.11", 1, ten, pongs},
	}
}

// reserved are the groups 3 and 4: bits and opcodes that mean nothing yet.
func reserved() []rfcCase {
	keep, ping := keepFrame("x", 0), whole(opPing, "")
	good := whole(opText, keep)
	rsv := func(bits, opcode byte, payload string) []byte { return wire(0x80|bits<<4|opcode, payload) }
	cases := []rfcCase{
		{"3.1", 0, [][]byte{rsv(1, opText, keep)}, []string{"close 1002"}},
		{"3.2", 0, [][]byte{good, rsv(2, opText, keep), ping}, []string{"100 x", "close 1002"}},
		{"3.3", 13, [][]byte{good, rsv(3, opText, keep), ping}, []string{"100 x", "close 1002"}},
		{"3.4", 1, [][]byte{good, rsv(4, opText, keep), ping}, []string{"100 x", "close 1002"}},
		{"3.5", 0, [][]byte{rsv(5, opBinary, "\x00\xff")}, []string{"close 1002"}},
		{"3.6", 0, [][]byte{rsv(6, opPing, "Hello")}, []string{"close 1002"}},
		{"3.7", 0, [][]byte{rsv(7, opClose, "\x03\xe8")}, []string{"close 1002"}},
	}
	for group, first := range map[string]byte{"4.1.%d": 3, "4.2.%d": 11} {
		for i := range byte(5) {
			odd, c := whole(first+i, ""), rfcCase{number: numbered(group, int(i)+1)}
			if i == 1 || i > 2 {
				odd = whole(first+i, "reserved opcode payload")
			}
			c.send, c.want = [][]byte{odd}, []string{"close 1002"}
			if i >= 2 {
				c.send, c.want = [][]byte{good, odd, ping}, []string{"100 x", "close 1002"}
			}
			if i == 4 {
				c.chop = 1
			}
			cases = append(cases, c)
		}
	}
	return cases
}

// fragments are group 5.
func fragments() (cases []rfcCase) {
	keep := keepFrame("x", 0)
	half, rest := keep[:10], keep[10:]
	text := whole(opText, keep)
	two := pieces(opText, half, rest)
	around := [][]byte{two[0], whole(opPing, "ping"), two[1]}
	add := func(number string, chop int, want []string, frames ...[]byte) {
		cases = append(cases, rfcCase{number, chop, frames, want})
	}
	fails, answered := []string{"close 1002"}, []string{"100 x"}
	add("5.1", 0, fails, pieces(opPing, "frag", "ment")...)
	add("5.2", 0, fails, pieces(opPong, "frag", "ment")...)
	for i, chop := range []int{0, 7, 1} {
		add(numbered("5.%d", 3+i), chop, answered, two...)
		add(numbered("5.%d", 6+i), chop, []string{"pong ping", "100 x"}, around...)
		add(numbered("5.%d", 9+i), chop, fails, wire(0x80|opMore, "nothing to continue"), text)
		add(numbered("5.%d", 12+i), chop, fails, wire(opMore, "nothing to continue"), text)
	}
	add("5.15", 0, []string{"100 x", "close 1002"}, two[0], two[1], wire(opMore, "nothing to continue"), text)
	more, end := wire(opMore, "nothing to continue"), wire(0x80|opMore, "nothing to continue")
	add("5.16", 0, fails, more, text, more, text)
	add("5.17", 0, fails, end, text, end, text)
	add("5.18", 0, fails, wire(opText, half), whole(opText, rest))
	five := pieces(opText, cut(keep, len(keep)/5+1)...)
	between := [][]byte{five[0], five[1], whole(opPing, "one"), five[2], five[3], whole(opPing, "two"), five[4]}
	add("5.19", 0, []string{"pong one", "pong two", "100 x"}, between...)
	add("5.20", 11, []string{"pong one", "pong two", "100 x"}, between...)
	return cases
}

func TestFramesPingsAndFragmentsAreReadAsRFC6455Says(t *testing.T) {
	conform(t, 16+1+11+7+10+20, framing(), pings(), reserved(), fragments())
}
