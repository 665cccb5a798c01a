package details

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
)

// An export is written while it is read: it may be longer than any other answer.
func TestAnExportIsOneDocumentHoweverLong(t *testing.T) {
	r := newRoom(t)
	class, thread := 0, 0
	_, err := fmt.Sscanf(r.thread, "/classes/%d/threads/%d", &class, &thread)
	require.NoError(t, err)
	text := strings.Repeat("long ", 1000)
	require.NoError(t, r.Recount(t.Context(), func(p *app.Past) error {
		p.At(r.Now())
		for range 500 {
			if _, err := p.Send(r.Bob, int64(class), int64(thread), app.NewMessage{Content: text}); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, path := range []string{"/me/export", fmt.Sprintf("/users/%d/export", r.Bob.ID)} {
		who := r.Bob
		if !strings.HasPrefix(path, "/me") {
			who = r.Ada
		}
		answer := r.REST(who, "GET", path, nil)
		require.Equal(t, 200, answer.StatusCode, "%s", answer.Bytes)
		require.Equal(t, "application/json", answer.Header.Get("Content-Type"))
		require.Equal(t, fmt.Sprintf(`attachment; filename="homeroom-user-%d.json"`, r.Bob.ID), answer.Header.Get("Content-Disposition"))
		require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
		var export app.Export
		require.NoError(t, json.Unmarshal(answer.Bytes, &export))
		require.Len(t, export.Messages, 500)
	}
	require.Equal(t, 200, r.REST(r.Bob, "GET", "/me", nil).StatusCode, "the connection goes on")
	require.Equal(t, 126, r.REST(r.Ada, "GET", "/users/999/export", nil).Code())
}
