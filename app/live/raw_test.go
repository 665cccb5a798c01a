package live_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

// The opcodes of RFC 6455, 5.2.
const (
	opMore   = 0x0
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPing   = 0x9
	opPong   = 0xA
)

// raw is a client's end of a connection, without a library that would refuse to
// send what no client may.
type raw struct {
	net.Conn
	t  testing.TB
	in *bufio.Reader
}

// raw opens a connection by hand. Extra lines are added to the handshake.
func (s *school) raw(u models.User, dialect string, extra ...string) *raw {
	s.t.Helper()
	return shake(s.t, s.Host(), s.Token(u), dialect, extra...)
}

// shake is the handshake of whoever has that token.
func shake(t testing.TB, host, token, dialect string, extra ...string) *raw {
	t.Helper()
	c, err := net.Dial("tcp", host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	r := &raw{Conn: c, t: t, in: bufio.NewReader(c)}
	head := "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + token + "\r\n"
	if dialect != servertest.Classic {
		head += "Sec-WebSocket-Protocol: " + dialect + "\r\n"
	}
	for _, line := range extra {
		head += line + "\r\n"
	}
	_, err = io.WriteString(c, head+"\r\n")
	require.NoError(t, err)
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	response, err := http.ReadResponse(r.in, nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
	require.Equal(t, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", response.Header.Get("Sec-WebSocket-Accept"), "RFC 6455, 1.3")
	require.Equal(t, dialect, response.Header.Get("Sec-WebSocket-Protocol"))
	require.Empty(t, response.Header.Get("Sec-WebSocket-Extensions"))
	return r
}

// wire is a masked frame. The bits are FIN and RSV1 to RSV3, above the opcode.
func wire(bits byte, payload string) []byte {
	frame := []byte{bits}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, 0x80|byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 0x80|127), uint64(n))
	}
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	frame = append(frame, key[:]...)
	for i := range len(payload) {
		frame = append(frame, payload[i]^key[i%4])
	}
	return frame
}

// whole is a frame that is a message of its own.
func whole(opcode byte, payload string) []byte { return wire(0x80|opcode, payload) }

// pieces is a message in fragments.
func pieces(opcode byte, parts ...string) (frames [][]byte) {
	for i, part := range parts {
		bits := byte(opMore)
		if i == 0 {
			bits = opcode
		}
		if i == len(parts)-1 {
			bits |= 0x80
		}
		frames = append(frames, wire(bits, part))
	}
	return frames
}

// cut cuts text into parts of size bytes.
func cut(text string, size int) (parts []string) {
	for len(text) > size {
		parts, text = append(parts, text[:size]), text[size:]
	}
	return append(parts, text)
}

// say writes frames: each at once, or chop bytes at a time. The server may have
// hung up before the end.
func (r *raw) say(chop int, frames ...[]byte) {
	_ = r.SetWriteDeadline(time.Now().Add(20 * time.Second))
	for _, frame := range frames {
		for chop > 0 && len(frame) > chop {
			if _, err := r.Write(frame[:chop]); err != nil {
				return
			}
			frame = frame[chop:]
		}
		if _, err := r.Write(frame); err != nil {
			return
		}
	}
}

// hear tells the next frame in a few words: "100 ref" and "104" are answers,
// "pong payload", "close code", and "gone" the end of the connection.
func (r *raw) hear() string {
	_ = r.SetReadDeadline(time.Now().Add(20 * time.Second))
	head := make([]byte, 2)
	if _, err := io.ReadFull(r.in, head); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return "nothing"
		}
		return "gone"
	}
	size := uint64(head[1])
	switch size {
	case 126:
		long := make([]byte, 2)
		_, _ = io.ReadFull(r.in, long)
		size = uint64(binary.BigEndian.Uint16(long))
	case 127:
		long := make([]byte, 8)
		_, _ = io.ReadFull(r.in, long)
		size = binary.BigEndian.Uint64(long)
	}
	if size > 1<<20 {
		return fmt.Sprintf("a frame of %d bytes, masked or too long", size)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(r.in, payload); err != nil {
		return "half a frame"
	}
	switch head[0] {
	case 0x80 | opText:
		var answer struct {
			Ref  string
			Code int
		}
		if err := json.Unmarshal(payload, &answer); err != nil {
			return err.Error()
		}
		if answer.Ref == "" {
			return fmt.Sprint(answer.Code)
		}
		return fmt.Sprint(answer.Code, " ", answer.Ref)
	case 0x80 | opPong:
		return "pong " + string(payload)
	case 0x80 | opClose:
		if len(payload) == 0 {
			return "close"
		}
		return fmt.Sprint("close ", binary.BigEndian.Uint16(payload))
	}
	return fmt.Sprintf("a frame %x with %q", head[0], payload)
}

// hangUp ends our half of the connection and wants the server to end its own.
func (r *raw) hangUp() string {
	if tcp, ok := r.Conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	return r.hear()
}
