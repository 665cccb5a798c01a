package live

import (
	"encoding/binary"
	"encoding/json"
)

// frame is one WebSocket frame as it goes over the wire. A server's frames are
// not masked (RFC 6455, 5.1), so the same bytes serve every connection.
type frame []byte

// The opcodes of RFC 6455, 5.2, with the bit that says "the last of its
// message".
const (
	opText  = 0x80 | 0x1
	opClose = 0x80 | 0x8
	opPing  = 0x80 | 0x9
	opPong  = 0x80 | 0xA
)

// header is room for the longest header of a frame that is not masked.
const header = 10

// encode puts payload, which begins after header unused bytes, into a frame.
func encode(op byte, buffer []byte) frame {
	size := len(buffer) - header
	var start int
	switch {
	case size < 126:
		start = header - 2
		buffer[start+1] = byte(size)
	case size < 1<<16:
		start = header - 4
		buffer[start+1] = 126
		binary.BigEndian.PutUint16(buffer[start+2:], uint16(size))
	default:
		start = header - 10
		buffer[start+1] = 127
		binary.BigEndian.PutUint64(buffer[start+2:], uint64(size))
	}
	buffer[start] = op
	return frame(buffer[start:])
}

// jsonFrame is v as a text frame.
func jsonFrame(v any) frame {
	payload := marshal(v)
	buffer := make([]byte, header, header+len(payload))
	return encode(opText, append(buffer, payload...))
}

// marshal encodes v. Everything that it is given can be encoded: a failure is a
// mistake in this package.
func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// controlFrame is a frame of the protocol itself (RFC 6455, 5.5).
func controlFrame(op byte, payload []byte) frame {
	buffer := make([]byte, header, header+len(payload))
	return encode(op, append(buffer, payload...))
}

// closeFrame says why the connection ends (RFC 6455, 5.5.1).
func closeFrame(code int, reason string) frame {
	return controlFrame(opClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}

var pingFrame = controlFrame(opPing, nil)
