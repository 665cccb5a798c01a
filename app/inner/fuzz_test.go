package inner_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"homeroom/app/inner"
	"homeroom/app/server/servertest"
)

// Whatever lines another program writes: each is answered in its turn, with one
// word, and the connection goes on until a line is too long, no text or a
// browser's.
func FuzzPushLine(f *testing.F) {
	for _, line := range []string{
		`{"uid":"1","percent":"88%"}`, `{"uid":1,"percent":1e400}`, `{"uid":"Bob Ray","content":"hi"}`, `{"uid":"build-7","percent":12.5,"task":"build-7"}`,
		`{"uid":-1}`, `{"uid":1e2}`, `{"uid":null}`, `{"uid":"\ud800"}`, `{"uid":{"a":1}}`, `{"uid":"x","uid":"y"}`, `{}`, `[]`, `null`, ``, "\xff", "{\"uid\":\"\x00\"}",
		`{"uid":"x","percent":NaN}`, strings.Repeat("[", 10_000), "{\"uid\":1}\n{\"uid\":1}\r\n\n{",
	} {
		f.Add(line)
	}
	s := servertest.New(f)
	const most = 4096
	port, err := inner.Listen(s.App, "127.0.0.1:0", inner.Limits{Line: most, Idle: time.Minute, Connections: 64})
	require.NoError(f, err)
	f.Cleanup(func() { _ = port.Close() })
	open := dial(f, port)
	isControl := func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' }
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		for _, line := range lines {
			if len(line) >= most || strings.Contains(line, "HTTP/1.1") || !utf8.ValidString(line) || strings.ContainsFunc(line, isControl) {
				return
			}
		}
		require.NoError(t, open.SetDeadline(time.Now().Add(20*time.Second)))
		_, err := open.Write([]byte(text + "\n"))
		require.NoError(t, err)
		for _, line := range lines {
			answer, err := open.lines.ReadString('\n')
			require.NoError(t, err, "%q", line)
			require.Equal(t, "fail\n", answer, "nobody is there to be told: %q", line)
		}
	})
}
