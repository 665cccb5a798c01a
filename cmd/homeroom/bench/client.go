package bench

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// client is one member's connection. It does as little as a client can, so that
// what is measured is the server: it looks for the time in a frame and does not
// decode it.
type client struct {
	net    net.Conn
	reader *bufio.Reader
	member Member
	mu     sync.Mutex // of writes
}

var errRefused = errors.New("the handshake was refused")

// dial opens a v2 connection with the member's token.
func dial(address string, m Member) (*client, error) {
	c, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return nil, err
	}
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	_, err = fmt.Fprintf(c, "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: homeroom.v2\r\n"+
		"Authorization: Bearer %s\r\n\r\n", address, m.Token)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	r := bufio.NewReaderSize(c, 1024)
	status, err := r.ReadString('\n')
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if !bytes.Contains([]byte(status), []byte(" 101 ")) {
		return nil, errors.Join(fmt.Errorf("%w: %q", errRefused, status), c.Close())
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		if line == "\r\n" {
			break
		}
	}
	_ = c.SetDeadline(time.Time{})
	return &client{net: c, reader: r, member: m}, nil
}

// write sends one frame. The mask is zero: it hides nothing and costs nothing.
func (c *client) write(op byte, payload []byte) error {
	frame := make([]byte, 0, len(payload)+14)
	frame = append(frame, 0x80|op)
	switch {
	case len(payload) < 126:
		frame = append(frame, 0x80|byte(len(payload)))
	default:
		frame = append(frame, 0x80|126)
		frame = binary.BigEndian.AppendUint16(frame, uint16(len(payload)))
	}
	frame = append(frame, 0, 0, 0, 0)
	frame = append(frame, payload...)
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.net.Write(frame)
	return err
}

// read returns the next frame; the payload is good until the next read.
func (c *client) read(buffer *[]byte) (op byte, payload []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(c.reader, head[:2]); err != nil {
		return 0, nil, err
	}
	op, size := head[0]&0xf, int(head[1]&0x7f)
	switch size {
	case 126:
		if _, err := io.ReadFull(c.reader, head[:2]); err != nil {
			return 0, nil, err
		}
		size = int(binary.BigEndian.Uint16(head[:2]))
	case 127:
		if _, err := io.ReadFull(c.reader, head[:8]); err != nil {
			return 0, nil, err
		}
		size = int(binary.BigEndian.Uint64(head[:8]))
	}
	if cap(*buffer) < size {
		*buffer = make([]byte, size)
	}
	payload = (*buffer)[:size]
	_, err = io.ReadFull(c.reader, payload)
	return op, payload, err
}

// hello says hello and waits for the answer.
func (c *client) hello() error {
	if err := c.write(1, []byte(`{"action":"hello","ref":"h","since":{}}`)); err != nil {
		return err
	}
	var buffer []byte
	_ = c.net.SetReadDeadline(time.Now().Add(30 * time.Second))
	defer func() { _ = c.net.SetReadDeadline(time.Time{}) }()
	for {
		_, payload, err := c.read(&buffer)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(payload, []byte(`{"op":"hello"`)) {
			return nil
		}
	}
}

// stamp marks where the time stands in a message.
const stamp = "@t"

// listenTo counts what arrives in the run of the moment, until the connection
// ends.
func (c *client) listenTo(current *atomic.Pointer[run]) {
	var buffer []byte
	for {
		op, payload, err := c.read(&buffer)
		if err != nil {
			return
		}
		run := current.Load()
		switch op {
		case 9:
			_ = c.write(10, payload)
			continue
		case 8:
			run.closed.Add(1)
			return
		}
		i := bytes.Index(payload, []byte(stamp))
		if i < 0 || len(payload) < i+len(stamp)+19 {
			if bytes.HasPrefix(payload, []byte(`{"op":"send"`)) && bytes.Contains(payload[:min(len(payload), 60)], []byte("false")) {
				run.refused.Add(1)
			}
			continue
		}
		at, err := strconv.ParseInt(string(payload[i+len(stamp):i+len(stamp)+19]), 10, 64)
		if err != nil {
			continue
		}
		took := time.Duration(time.Now().UnixNano() - at)
		if bytes.HasPrefix(payload, []byte(`{"op":"send"`)) {
			run.acknowledged.add(took)
		} else {
			run.delivered.add(took)
		}
	}
}
