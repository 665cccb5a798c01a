package main

import (
	"bufio"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/store"
)

// call is a system call of a server, where it ended in the order of all. Of a
// write to a client it is where it began: the client may know from then on.
type call struct {
	name         string
	file         string // of the data folder; empty for a socket
	data         []byte
	at           int
	began, ended int      // lines of the record
	tells        []string // the messages that it tells a client of
}

var (
	wholeCall = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>(.*)$`)
	resumed   = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)$`)
)

// readTrace reads what strace -f -y -xx recorded.
func readTrace(t *testing.T, record, folder string) (calls []call) {
	t.Helper()
	text, err := os.Open(record)
	require.NoError(t, err)
	defer text.Close()
	begun := map[string]call{}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 16<<20)
	for n := 0; lines.Scan(); n++ {
		line := lines.Text()
		if m := resumed.FindStringSubmatch(line); m != nil {
			c, ok := begun[m[1]]
			delete(begun, m[1])
			if ok && c.file != "" && strings.Contains(m[3], "= ") && !strings.Contains(m[3], "= -") {
				c.ended = n
				calls = append(calls, c)
			}
			continue
		}
		m := wholeCall.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		c := call{name: m[2], began: n, ended: n}
		path := unhex(t, m[3])
		if filepath.Dir(path) == folder && strings.HasPrefix(filepath.Base(path), store.DatabaseFile) && !strings.HasSuffix(path, "-shm") {
			c.file = filepath.Base(path)
		} else if c.name != "write" {
			continue
		}
		unfinished := strings.HasSuffix(line, "<unfinished ...>")
		if !unfinished && strings.Contains(m[4], ") = -") {
			continue // it failed
		}
		c.arguments(t, m[4])
		switch {
		case c.name == "write":
			if c.tells = mentioned(string(c.data)); len(c.tells) > 0 {
				c.data = nil
				calls = append(calls, c)
			}
		case unfinished:
			begun[m[1]] = c
		default:
			calls = append(calls, c)
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, calls)
	return calls
}

// arguments reads what follows the file: `, "\x…", 4096, 8192) = 4096`.
func (c *call) arguments(t *testing.T, text string) {
	t.Helper()
	if c.name == "fdatasync" || c.name == "fsync" {
		return
	}
	text = strings.TrimPrefix(text, ", ")
	if c.name == "ftruncate" {
		c.at = numberAt(t, text)
		return
	}
	_, rest, _ := strings.Cut(text, `"`)
	data, rest, _ := strings.Cut(rest, `"`)
	require.False(t, strings.HasPrefix(rest, "..."), "strace has cut a write off")
	c.data = []byte(unhex(t, data))
	if c.name == "pwrite64" {
		fields := strings.SplitN(rest, ", ", 4)
		require.Len(t, fields, 3, rest)
		c.at = numberAt(t, fields[2])
	}
}

func numberAt(t *testing.T, text string) int {
	t.Helper()
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	require.Positive(t, end, text)
	n, err := strconv.Atoi(text[:end])
	require.NoError(t, err)
	return n
}

func unhex(t *testing.T, text string) string {
	t.Helper()
	decoded, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	require.NoError(t, err, text)
	return string(decoded)
}
