package live

import (
	"strconv"
	"unicode/utf8"

	"homeroom/app/fault"
	"homeroom/models"
)

// What carries a message is most of what goes over the sockets. It is written
// and read here by hand, to the byte as encoding/json does it, which spends a
// twentieth of all that a message costs on finding out what to do.

// sentFrame is the answerFrame of a message that was stored.
func sentFrame(ref string, m *models.Message) frame {
	b := roomFor(m)
	b = append(b, `{"op":"send"`...)
	if ref != "" {
		b = appendText(append(b, `,"ref":`...), ref)
	}
	b = appendNumber(append(b, `,"status":true,"code":`...), fault.Sent)
	b = appendMessage(append(b, `,"message":`...), m)
	return encode(opText, append(b, '}'))
}

// messageEventFrame is the eventFrame of an event that carries a message.
func messageEventFrame(e *models.Event, m *models.Message) frame {
	b := roomFor(m)
	b = appendNumber(append(b, `{"op":"event","class_id":`...), e.ClassID)
	b = appendNumber(append(b, `,"seq":`...), e.Seq)
	b = appendText(append(b, `,"type":`...), string(e.Type))
	b = e.At.AppendJSON(append(b, `,"at":`...))
	b = appendMessage(append(b, `,"data":`...), m)
	return encode(opText, append(b, '}'))
}

// roomFor is a buffer for a frame with m in it, behind room for its header.
func roomFor(m *models.Message) []byte {
	return make([]byte, header, header+512+len(m.Content)+len(m.Content)/8)
}

func appendMessage(b []byte, m *models.Message) []byte {
	b = appendNumber(append(b, `{"id":`...), m.ID)
	b = appendNumber(append(b, `,"class_id":`...), m.ClassID)
	b = appendNumber(append(b, `,"thread_id":`...), m.ThreadID)
	b = appendNumber(append(b, `,"seq":`...), m.Seq)
	b = appendNumber(append(b, `,"speaker_id":`...), m.SpeakerID)
	b = appendText(append(b, `,"speaker_name":`...), m.SpeakerName)
	b = appendText(append(b, `,"speaker_role":`...), string(m.SpeakerRole))
	b = appendText(append(b, `,"content":`...), m.Content)
	if m.ClientID != nil {
		b = appendText(append(b, `,"client_id":`...), *m.ClientID)
	}
	if m.ReplyTo != nil {
		b = appendNumber(append(b, `,"reply_to":`...), *m.ReplyTo)
	}
	b = m.CreatedAt.AppendJSON(append(b, `,"created_at":`...))
	if m.EditedAt != nil {
		b = m.EditedAt.AppendJSON(append(b, `,"edited_at":`...))
	}
	if m.DeletedAt != nil {
		b = m.DeletedAt.AppendJSON(append(b, `,"deleted_at":`...))
	}
	if m.DeletedBy != nil {
		b = appendNumber(append(b, `,"deleted_by":`...), *m.DeletedBy)
	}
	b = appendAll(append(b, `,"reactions":`...), m.Reactions)
	b = appendAll(append(b, `,"files":`...), m.Files)
	return append(b, '}')
}

func appendNumber(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

func appendText(b []byte, s string) []byte {
	if !isPlain(s) {
		return append(b, marshal(s)...)
	}
	return append(append(append(b, '"'), s...), '"')
}

// isPlain tells whether s stands in JSON as it is. 0xE2 begins U+2028, which
// does not (and much that does).
func isPlain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&', c == 0xE2:
			return false
		}
	}
	return utf8.ValidString(s)
}

func appendAll[T any](b []byte, all []T) []byte {
	if all != nil && len(all) == 0 {
		return append(b, `[]`...)
	}
	return append(b, marshal(all)...)
}

// plainSend reads a send of which every field stands as it is: no escapes, no
// list, nothing unknown. What is not so it declines, right or wrong, and take
// decides.
func plainSend(text []byte) (in sendRequest, ok bool) {
	s := plain{text}
	for separator := byte('{'); s.skip(separator); separator = ',' {
		switch string(s.text()) {
		case "action":
			in.Action = s.value()
		case "ref":
			in.Ref = s.value()
		case "content":
			in.Content = s.value()
		case "client_id":
			in.ClientID = s.value()
		case "class_id":
			in.ClassID = s.number()
		case "thread_id":
			in.ThreadID = s.number()
		case "reply_to":
			id := s.number()
			in.ReplyTo = &id
		default:
			return in, false
		}
	}
	isObject := s.skip('}')
	s.space()
	return in, isObject && len(s.rest) == 0 && in.Action == "send"
}

// plain reads JSON that stands as it is. After the first thing that does not,
// it reads nothing more.
type plain struct{ rest []byte }

func (p *plain) decline() { p.rest = nil }

// space passes over the white space of JSON (RFC 8259, 2), which is less than
// Unicode's.
func (p *plain) space() {
	for len(p.rest) > 0 && (p.rest[0] == ' ' || p.rest[0] == '\n' || p.rest[0] == '\r' || p.rest[0] == '\t') {
		p.rest = p.rest[1:]
	}
}

// skip passes over space and c, where that comes next.
func (p *plain) skip(c byte) bool {
	p.space()
	if len(p.rest) == 0 || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *plain) text() []byte {
	if p.skip('"') {
		for i, c := range p.rest {
			switch {
			case c == '"':
				text := p.rest[:i]
				p.rest = p.rest[i+1:]
				return text
			case c < ' ', c == '\\':
				p.decline()
				return nil
			}
		}
	}
	p.decline()
	return nil
}

// value is the text behind a colon.
func (p *plain) value() string {
	if !p.skip(':') {
		p.decline()
	}
	return string(p.text())
}

// number is the id behind a colon, which neither begins with 0 nor has more
// digits than an int64 surely holds.
func (p *plain) number() (n int64) {
	if p.skip(':') && !p.skip('0') {
		digits := 0
		for digits < len(p.rest) && p.rest[digits] >= '0' && p.rest[digits] <= '9' {
			n = 10*n + int64(p.rest[digits]-'0')
			digits++
		}
		if p.rest = p.rest[digits:]; digits > 0 && digits <= 18 {
			return n
		}
	}
	p.decline()
	return 0
}
