package live_test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
)

// Whatever bytes a client sends after the handshake: the server answers frames
// that a browser reads, ends the connection when the client does, and nothing
// breaks inside.
func FuzzSocket(f *testing.F) {
	for _, frames := range [][][]byte{
		{whole(opText, `{"action":"hello","since":{}}`), whole(opClose, "\x03\xe8")},
		pieces(opText, `{"action":`, `"keep"}`), {whole(opPing, "x"), whole(opPong, ""), whole(opBinary, "x")},
		{wire(0xc0|opText, "\xaa\x56\x4a\x04")}, {whole(opText, "\xff")}, {whole(opClose, "\x03")}, {whole(3, "")}, {wire(opPing, "half")},
		{{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}}, {{0x81, 0x05, 'p', 'l', 'a', 'i', 'n'}}, {{0x81}},
	} {
		var text []byte
		for _, frame := range frames {
			text = append(text, frame...)
		}
		f.Add(text, true)
		f.Add(text, false)
	}
	s := servertest.New(f)
	host, token := s.Host(), s.Token(s.Bob)
	f.Fuzz(func(t *testing.T, text []byte, old bool) {
		dialect := servertest.V2
		if old {
			dialect = servertest.Classic
		}
		r := shake(t, host, token, dialect)
		defer r.Close()
		r.say(0, text)
		require.NoError(t, r.Conn.(*net.TCPConn).CloseWrite())
		require.NoError(t, r.SetReadDeadline(time.Now().Add(20*time.Second)))
		heard, err := io.ReadAll(r.in)
		if err == nil { // else what it had not read was still under way
			onlyFrames(t, heard)
		}
	})
}

// onlyFrames wants bytes to be frames of a server (RFC 6455, 5.1): whole ones,
// unmasked, text in UTF-8, and nothing after a close frame; which says anything
// but that something broke.
func onlyFrames(t testing.TB, bytes []byte) {
	t.Helper()
	for ended := false; len(bytes) > 0; {
		require.False(t, ended, "after the close frame: %q", bytes)
		require.GreaterOrEqual(t, len(bytes), 2)
		opcode, size, head := bytes[0]&0x0f, uint64(bytes[1]), 2
		require.Contains(t, []byte{opText, opClose, opPing, opPong}, opcode)
		require.Equal(t, byte(0x80), bytes[0]&0xf0, "whole, and with no reserved bit")
		switch size {
		case 126:
			size, head = uint64(binary.BigEndian.Uint16(bytes[2:])), 4
		case 127:
			size, head = binary.BigEndian.Uint64(bytes[2:]), 10
		}
		require.LessOrEqual(t, uint64(head)+size, uint64(len(bytes)), "masked, or cut")
		payload := bytes[head : uint64(head)+size]
		bytes = bytes[uint64(head)+size:]
		if opcode == opText {
			require.True(t, utf8.Valid(payload))
		}
		if ended = opcode == opClose; ended && size > 0 {
			require.NotEqual(t, uint16(1011), binary.BigEndian.Uint16(payload), "something broke: %q", payload)
		}
	}
}
