package live_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

func goodbye(code int, reason string) []byte {
	return whole(opClose, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

// goodbyes are group 7: the closing handshake.
func goodbyes() (cases []rfcCase) {
	add := func(number, want string, frames ...[]byte) {
		cases = append(cases, rfcCase{number: number, send: frames, want: strings.Split(want, ", ")})
	}
	text, two := whole(opText, keepFrame("x", 0)), pieces(opText, keepFrame("x", 0)[:9], keepFrame("x", 0)[9:])
	end := goodbye(1000, "")
	add("7.1.1", "100 x, close 1000", text, end)
	add("7.1.2", "close 1000", end, end)
	add("7.1.3", "close 1000", end, whole(opPing, "too late"))
	add("7.1.4", "close 1000", end, text)
	add("7.1.5", "close 1000", two[0], end, two[1])
	add("7.1.6", "close 1009", whole(opText, keepFrame("x", 256<<10)), text, end, whole(opPing, "too late"))
	add("7.3.1", "close", whole(opClose, ""))
	// The library takes one byte for none; the peer leaves either way.
	add("7.3.2", "close 1002|close", whole(opClose, "a"))
	add("7.3.3", "close 1000", end)
	add("7.3.4", "close 1000", goodbye(1000, "Hello World!"))
	add("7.3.5", "close 1000", goodbye(1000, strings.Repeat("*", 123)))
	add("7.3.6", "close 1002", goodbye(1000, strings.Repeat("*", 124)))
	add("7.5.1", "close 1002|close 1007", goodbye(1000, kosme+"\xed\xa0\x80edited"))
	for i, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		add(numbered("7.7.%d", i+1), fmt.Sprint("close ", code), goodbye(code, ""))
	}
	for i, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		add(numbered("7.9.%d", i+1), "close 1002", goodbye(code, ""))
	}
	add("7.13.1", "close 1002", goodbye(5000, ""))
	add("7.13.2", "close 1002", goodbye(65535, ""))
	return cases
}

// sizes are group 9. What is above 64 KiB is refused, in however many pieces it
// comes; as much as that is taken in the same pieces.
func sizes() (cases []rfcCase) {
	const most, million = 64 << 10, 1 << 20
	good, ping := keepFrame("x", most), "\x00\xff"
	add := func(number string, chop int, want string, frames ...[]byte) {
		cases = append(cases, rfcCase{number, chop, frames, strings.Split(want, ", ")})
	}
	for i, size := range []int{most, 256 << 10, million, 4 * million, 8 * million, 16 * million} {
		want := "close 1009"
		if size <= most {
			want = "100 x"
		}
		add(numbered("9.1.%d", i+1), 0, want, whole(opText, keepFrame("x", size)))
		add(numbered("9.2.%d", i+1), 0, "close 1003", whole(opBinary, strings.Repeat(ping, size/2)))
	}
	for i := range 9 {
		piece := 64 << (2 * i)
		add(numbered("9.3.%d", i+1), 0, "100 x, close 1009",
			append(pieces(opText, cut(good, piece)...), pieces(opText, cut(keepFrame("y", 4*million), piece)...)...)...)
		add(numbered("9.4.%d", i+1), 0, "close 1003", pieces(opBinary, cut(strings.Repeat(ping, 2*million), piece)...)...)
	}
	for i := range 6 {
		chop := 64 << i
		add(numbered("9.5.%d", i+1), chop, "100 x, close 1009", whole(opText, good), whole(opText, keepFrame("y", million)))
		add(numbered("9.6.%d", i+1), chop, "close 1003", whole(opBinary, strings.Repeat(ping, million/2)))
	}
	for i, size := range []int{0, 16, 64, 256, 1024, 4096} {
		var many, more [][]byte
		want := make([]string, 1000)
		for n := range want {
			text := strings.Repeat("*", size)
			if want[n] = "104"; size >= 64 {
				ref := fmt.Sprint(n)
				text, want[n] = keepFrame(ref, size), "100 "+ref
			}
			many, more = append(many, whole(opText, text)), append(more, whole(opBinary, text))
		}
		add(numbered("9.7.%d", i+1), 0, strings.Join(want, ", "), many...)
		add(numbered("9.8.%d", i+1), 0, "close 1003", more...)
	}
	return cases
}

func TestConnectionsEndAsRFC6455Says(t *testing.T) { conform(t, 37, goodbyes()) }

func TestMessagesOfAllSizesAreReadAsRFC6455Says(t *testing.T) { conform(t, 54, sizes()) }
