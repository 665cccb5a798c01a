package live_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/server/servertest"
)

func TestAMessageWithFilesReachesBothDialects(t *testing.T) {
	s := open(t, patient)
	classic := s.Dial(s.Cai, servertest.Classic)
	classic.Hear()
	classic.Say(s.says(s.Cai, "join"))
	classic.Hear()
	bob, cai := s.v2(s.Bob), s.v2(s.Cai)
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3))))
	picture := s.Upload(s.Bob, s.class.ID, "plan.png", b.Bytes())
	notes := s.Upload(s.Bob, s.class.ID, "notes.txt", []byte("hello"))

	sent := bob.Ask(s.sending("", "1", "files", []int64{picture.ID, notes.ID}))
	require.EqualValues(t, 105, sent["code"], sent)
	again := bob.Ask(s.sending("", "1", "files", []int64{picture.ID, notes.ID}))
	require.Equal(t, sent["message"], again["message"], "the same id is the same message")
	require.EqualValues(t, 127, bob.Ask(s.sending("", "1", "files", []int64{notes.ID}))["code"])
	require.EqualValues(t, 126, bob.Ask(s.sending("", "2", "files", []int64{notes.ID}))["code"], "it is sent")
	require.EqualValues(t, 104, bob.Ask(s.sending("", "3"))["code"])

	files := data(cai.Hear())["files"].([]any)
	require.Len(t, files, 2)
	require.Equal(t, []any{"plan.png", "notes.txt"}, []any{files[0].(map[string]any)["name"], files[1].(map[string]any)["name"]})
	got := classic.Hear()
	at := fmt.Sprintf("/api/v1/classes/%d/files/%d/", s.class.ID, picture.ID)
	require.Equal(t, []any{"file", at + "content", "plan.png", fmt.Sprint(picture.Size), at + "preview"},
		[]any{got["type"], got["file_url"], got["file_name"], got["file_size"], got["img_url"]})

	id := int64(sent["message"].(map[string]any)["id"].(float64))
	s.ask(s.Bob, http.MethodDelete, s.inThread("/messages/%d", id), nil)
	require.Empty(t, data(cai.Hear())["files"])
}
