package hashing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/hashing"
)

// Whatever comes to the process that hashes: it answers or ends, and nothing
// that is no hash of ours is one of a password.
func FuzzHashing(f *testing.F) {
	made, err := hashing.Here{}.Hash("a ferry with a lantern")
	require.NoError(f, err)
	for _, in := range []string{
		`{"password":"eA=="}`, `{"password":"eA==","hash":"%"}`, `{"password":"eA==","hash":"%"}{"password":null}`, "{}\n{}", "null", "[]", "{", "\x00", `{"password":"no base64"}`, `{"password":1}`,
		`{"hash":"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$"}`, `{"hash":"$argon2id$v=19$m=19456,t=0,p=0$$eA"}`, `{"hash":"$argon2id$v=19$m=4294967295,t=4294967295,p=255$eA$eA"}`,
		`{"hash":"$argon2i$v=19$m=8,t=1,p=1$eA$eA"}`, `{"hash":"$2y$10$x"}`, `{"hash":"$$$$$"}`,
	} {
		f.Add(strings.ReplaceAll(in, "%", made))
	}
	f.Fuzz(func(t *testing.T, in string) {
		if strings.Count(in, "{")+strings.Count(in, "null") > 4 {
			return // each may take a hash's time
		}
		late := time.AfterFunc(time.Minute, func() { panic("it hangs") })
		defer late.Stop()
		var out bytes.Buffer
		_ = hashing.Serve(strings.NewReader(in), &out)
		for answers := json.NewDecoder(&out); ; {
			var answer struct {
				Hash, Failed string
				Matches      bool
			}
			err := answers.Decode(&answer)
			if errors.Is(err, io.EOF) {
				return
			}
			require.NoError(t, err)
			require.False(t, answer.Matches)
			require.True(t, answer.Hash == "" || answer.Failed == "")
		}
	})
}
