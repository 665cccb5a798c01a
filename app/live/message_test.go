package live

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
	"homeroom/models"
)

// decoded is what encoding/json makes of a send, and whether it is one.
func decoded(text []byte) (in sendRequest, ok bool) {
	var o opening
	if !new(conn).isObject(text, &o) || o.Action != "send" {
		return in, false
	}
	err := take(text, func(read *sendRequest) error {
		in = *read
		return nil
	})
	return in, err == nil
}

func checkPlainSend(t *testing.T, text []byte) (isPlain bool) {
	t.Helper()
	in, isPlain := plainSend(text)
	if isPlain {
		want, ok := decoded(text)
		require.True(t, ok, "%q", text)
		require.Equal(t, want, in, "%q", text)
	}
	return isPlain
}

var (
	plainSends = []string{
		`{"action":"send","class_id":1,"thread_id":22,"content":"你好, what’s up?","client_id":"a","ref":"r"}`,
		`{"action":"send","class_id":999999999999999999,"thread_id":1,"content":"","client_id":"a","reply_to":3}`,
		" { \"content\" : \"a\" ,\n\t\"action\":\"send\", \"class_id\" : 7 }\r\n",
		`{"action":"send","content":"a","content":"b","client_id":"c"}`,
	}
	otherFrames = []string{
		`{"action":"send","content":"two\nlines"}`, `{"action":"send","content":"\u0041"}`, `{"action":"send","content":null}`,
		`{"action":"send","class_id":0}`, `{"action":"send","class_id":01}`, `{"action":"send","class_id":-1}`, `{"action":"send","class_id":1e3}`,
		`{"action":"send","class_id":1.5}`, `{"action":"send","class_id":"1"}`, `{"action":"send","class_id":9999999999999999999}`,
		`{"action":"send","files":[1]}`, `{"Action":"send"}`, `{"action":"send","colour":"red"}`, `{"action":"keep"}`, `{"action":"send","action":"keep"}`,
		`{"action":"send"`, `{"action":"send",}`, `{"action":"send"}}`, `{"action":"send"} {}`, `{"action" "send"}`, `{"action":"send" "ref":"1"}`,
		`{"action":"send","class_id":}`, `{"action":"send","ref":"a`, "{\"action\":\"send\",\"content\":\"a\nb\"}", `["action","send"]`, `{}`, `{`, ``,
		"{\"action\":\"send\"}\f", "{\"action\":\"send\"}\v", "{\"action\":\"send\"}\u00a0", "{\"action\":\"send\"}\u2003", "{\u00a0\"action\":\"send\"}",
	}
)

func TestAPlainSendIsReadAsEncodingJSONReadsIt(t *testing.T) {
	for _, text := range plainSends {
		require.True(t, checkPlainSend(t, []byte(text)), text)
	}
	for _, text := range otherFrames {
		require.False(t, checkPlainSend(t, []byte(text)), text)
	}
}

// checkMessageFrames holds what is written by hand against what encoding/json
// writes.
func checkMessageFrames(t *testing.T, ref string, m models.Message) {
	t.Helper()
	require.Equal(t, string(jsonFrame(answerFrame{Op: "send", Ref: ref, Status: true, Code: fault.Sent, Message: &m})), string(sentFrame(ref, &m)))
	for _, kind := range []models.EventType{models.MessageCreated, models.MessageEdited, models.MessageDeleted} {
		e := models.Event{ClassID: m.ClassID, Seq: m.Seq, Type: kind, ThreadID: m.ThreadID, SubjectID: m.ID, ActorID: m.SpeakerID, At: m.CreatedAt, Data: m}
		require.Equal(t, string(jsonFrame(eventFrame{Op: "event", Event: e})), string(eventFrameOf(e)))
	}
}

// A field that the struct gains must be written by hand too.
func TestAMessageIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	checkMessageFrames(t, "", models.Message{})
	now, id, text := models.At(time.Unix(1, 5e6)), int64(9), "c"
	full := models.Message{
		ID: 1, ClassID: 2, ThreadID: 3, Seq: 4, SpeakerID: 5, SpeakerName: "Ann Lee", SpeakerRole: models.Student, Content: "Hi", ClientID: &text,
		ContentHash: []byte{1}, ReplyTo: &id, CreatedAt: now, EditedAt: &now, DeletedAt: &now, DeletedBy: &id,
		Reactions: []models.Reaction{{Emoji: "👍", UserIDs: []int64{1}}}, Files: []models.File{{ID: 1, Name: "a<b.pdf"}},
	}
	event := models.Event{ClassID: 1, Seq: 2, Type: models.MessageEdited, ThreadID: 3, SubjectID: 4, ActorID: 5, Emoji: "👍", At: now, Data: full}
	for _, fields := range []reflect.Value{reflect.ValueOf(full), reflect.ValueOf(event)} {
		for i := range fields.NumField() {
			require.False(t, fields.Field(i).IsZero(), "the test leaves out %s", fields.Type().Field(i).Name)
		}
	}
	require.Equal(t, string(jsonFrame(eventFrame{Op: "event", Event: event})), string(eventFrameOf(event)))
	require.Equal(t, 13, reflect.TypeFor[answerFrame]().NumField(), "is a new one of a send's?")
	checkMessageFrames(t, "ref", full)
	for _, text := range awkward {
		full.Content, full.SpeakerName, full.ClientID = text, text, &text
		full.Reactions, full.Files = []models.Reaction{}, []models.File{}
		checkMessageFrames(t, text, full)
	}
}

var awkward = []string{"", "你好", "👍🏽", "it’s", "a\nb\t\r\x00\x1f\x7f", `"\/`, "<script>&", "\u2028\u2029", "\xff", "a\xe2\x80", "\u202e"}

// What is a send is read, and what is any text written, as encoding/json would.
func FuzzMessage(f *testing.F) {
	for _, text := range slices.Concat(plainSends, otherFrames, awkward) {
		f.Add([]byte(text), int64(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, number int64) {
		if isText(text) {
			checkPlainSend(t, text)
		}
		said := string(text)
		at := models.At(time.UnixMilli(number % 1e14))
		checkMessageFrames(t, said, models.Message{ID: number, Seq: -number, SpeakerName: said, Content: said, ClientID: &said, ReplyTo: &number, CreatedAt: at, EditedAt: &at})
	})
}
