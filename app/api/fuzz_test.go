package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/door"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
)

// fuzzed is a server with a class in it, whose members ask with ids and cursors
// that make no sense.
type fuzzed struct {
	*servertest.Server
	token string
}

func newFuzzed(t testing.TB) fuzzed {
	t.Helper()
	s := servertest.New(t, servertest.Options{
		App:    func(l *app.Limits) { l.CodeTries, l.AddressFailures, l.SendRate, l.ThreadRate = 1e9, 1e9, 1e9, 1e9 },
		Server: func(c *server.Config) { c.Limits.AddressRate, c.Limits.AddressBurst, c.Limits.PartRate = 1e9, 1e9, 1e9 },
	})
	class := s.Class("Physics")
	_, err := s.OpenThread(t.Context(), apptest.As(s.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	return fuzzed{s, s.Token(s.Ann)}
}

// asks asks for something that an id or a cursor names: either it is a proper
// one, or it is refused as what it is.
func (f fuzzed) asks(t testing.TB, path string, proper bool) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.URL+api.Base+path, nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+f.token)
	response, err := f.HTTP.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Less(t, response.StatusCode, http.StatusInternalServerError, "%s: %s", path, text)
	if response.StatusCode < 300 {
		require.True(t, proper, "%s: %s", path, text)
		return
	}
	var problem door.Problem
	require.NoError(t, json.Unmarshal(text, &problem), "%s: %s", path, text)
	require.Equal(t, response.StatusCode, problem.Status, path)
	require.NotZero(t, problem.Code, path)
}

func isNumber(s string, least int64) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n >= least
}

func FuzzPathID(f *testing.F) {
	for _, seed := range []string{"1", "0", "-1", "+1", "01", "1e0", "1.0", "0x1", "१", "1 ", " 1", "1\x00", "9223372036854775807", "9223372036854775808", "..", "%2e", "1;drop", "1/../1", ""} {
		f.Add(seed)
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" || id == "." || id == ".." || strings.Contains(id, "/") || len(id) > 200 {
			return // another path
		}
		escaped := url.PathEscape(id)
		proper := isNumber(id, 1)
		for _, path := range []string{
			"/classes/%s", "/classes/%s/threads/1", "/classes/1/threads/%s", "/classes/1/threads/%s/messages",
			"/classes/1/threads/1/messages/%s", "/classes/%s/members", "/users/%s",
		} {
			s.asks(t, fmt.Sprintf(path, escaped), proper)
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "1", "0", "-1", "1-1", "1-", "-1-1", "5-5 and more", "1-1-1", "9223372036854775808", "1 OR 1=1", "\x00", "१-१", "+1-+1"} {
		f.Add(seed)
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, cursor string) {
		if len(cursor) > 200 {
			return
		}
		query := url.QueryEscape(cursor)
		for _, path := range []string{"/classes?cursor=", "/classes/1/members?cursor=", "/classes/1/codes?cursor="} {
			s.asks(t, path+query, cursor == "" || isNumber(cursor, 0))
		}
		var seq, id int64
		_, err := fmt.Sscanf(cursor, "%d-%d", &seq, &id)
		s.asks(t, "/classes/1/threads?cursor="+query, cursor == "" || err == nil && cursor == fmt.Sprintf("%d-%d", seq, id))
		for _, path := range []string{"/classes/1/events?after=", "/classes/1/events?limit=", "/classes/1/threads/1/messages?before=", "/classes/1/threads/1/messages?around="} {
			s.asks(t, path+query, cursor == "" || isNumber(cursor, 0))
		}
	})
}

// Whatever stands for the emoji in the path of a reaction: what is taken is told
// to everybody as it came, and holds no letter and nothing of markup.
func FuzzEmoji(f *testing.F) {
	for _, seed := range []string{"👍", "❤️", "#️⃣", "1", "1️⃣", "👩‍🎓", "🏳️‍🌈", "🇨🇭", "👍👍", "👍a", "a👍", "ℹ️", "\xf0\x9f\x91", "\u200d", "👍\u200d", "👍\u202e", "👍\x00", "<b>", "%F0%9F%91%8D", "👍́́́", "🏴\U000e0067\U000e007f"} {
		f.Add(seed)
	}
	s := newFuzzed(f)
	message, _, err := s.Send(f.Context(), apptest.As(s.Ann), 1, 1, app.NewMessage{Content: "hi"})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, emoji string) {
		if emoji == "" || emoji == "." || emoji == ".." || strings.Contains(emoji, "/") || len(emoji) > 300 {
			return // another path
		}
		path := fmt.Sprintf("%s/classes/1/threads/1/messages/%d/reactions/%s", api.Base, message.ID, url.PathEscape(emoji))
		if s.proper(t, http.MethodPut, path, "", "") >= 300 {
			return
		}
		message, err := s.Message(t.Context(), apptest.As(s.Ann), 1, 1, message.ID)
		require.NoError(t, err)
		require.Len(t, message.Reactions, 1)
		require.Equal(t, emoji, message.Reactions[0].Emoji)
		_, first := utf8.DecodeRuneInString(emoji)
		require.False(t, strings.ContainsFunc(emoji[first:], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsSpace(r) || unicode.IsControl(r) }), "%q", emoji)
		require.False(t, strings.ContainsAny(emoji, "<>&\"'"), "%q", emoji)
		require.Less(t, s.proper(t, http.MethodDelete, path, "", ""), 300)
	})
}
