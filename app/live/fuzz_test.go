package live

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// classicSeeds are the frames of the transcript, and what a frame might be.
func classicSeeds(t testing.TB) [][]byte {
	t.Helper()
	file, err := os.Open("testdata/pokers/transcript.jsonl")
	require.NoError(t, err)
	defer file.Close()
	seeds := [][]byte{
		[]byte(`{}`), []byte(`[]`), []byte(`null`), []byte(``), []byte(`{"action":`),
		[]byte(`{"action":"join","thread_id":"1","class_id":"1","speaker":"3","speaker_name":"Bob Ray"}`),
		[]byte(`{"action":"send","thread_id":1,"class_id":1,"speaker":3,"speaker_name":"Bob Ray","mes_id":"1"}`),
	}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e struct{ Send string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		seeds = append(seeds, []byte(e.Send))
	}
	return seeds
}

var v2Seeds = [][]byte{
	[]byte(`{"action":"hello","ref":"1","since":{"1":0}}`),
	[]byte(`{"action":"hello","since":{"1":9007199254740993,"x":-1}}`),
	[]byte(`{"action":"join","class_id":1,"thread_id":1}`),
	[]byte(`{"action":"leave","class_id":1,"thread_id":1}`),
	[]byte(`{"action":"send","class_id":1,"thread_id":1,"content":"hi","client_id":"1","reply_to":1}`),
	[]byte(`{"action":"read","thread_id":1,"seq":1}`),
	[]byte(`{"action":"typing","thread_id":1}`),
	[]byte(`{"action":"watch","task":"build"}`),
	[]byte(`{"action":"unwatch","task":"build"}`),
	[]byte(`{"action":"keep","ref":"` + "\u202e\\u0000" + `"}`),
	[]byte(`{"action":"send","action":"keep","ref":1}`),
	[]byte(`{"action":null,"ref":null}`),
	[]byte(`[`), []byte(`{}`), []byte(`1e999`),
}

func checkClassic(t testing.TB, e *ear, text []byte) {
	t.Helper()
	frames := e.hears(t, classic{}, text)
	require.NotEmpty(t, frames, "%q is not answered", text)
	first := frames[0]
	require.Contains(t, []any{"join", "send", "sent"}, first["op"], "%q", text)
	require.NotEqual(t, 129.0, first["code"], "%q", text)
	if first["status"] == true {
		require.Contains(t, []any{100.0, 105.0}, first["code"], "%q", text)
		return
	}
	require.Len(t, frames, 1, "%q", text)
	require.NotEmpty(t, first["msg"], "%q", text)
}

func checkV2(t testing.TB, e *ear, text []byte) {
	t.Helper()
	answers := 0
	for _, f := range e.hears(t, v2{}, text) {
		if _, isAnswer := f["status"]; !isAnswer {
			continue
		}
		answers++
		require.Contains(t, []any{"hello", "join", "leave", "send", "read", "typing", "watch", "unwatch", "keep", "unknown"}, f["op"], "%q", text)
		require.NotEqual(t, 129.0, f["code"], "%q", text)
		require.Equal(t, f["status"] == true, f["code"] == 100.0 || f["code"] == 105.0, "%q", text)
	}
	require.Equal(t, 1, answers, "%q", text)
}

// isText keeps what a connection would have given to its dialect.
func isText(text []byte) bool { return utf8.Valid(text) && len(text) <= DefaultLimits().Frame }

func FuzzClassicFrame(f *testing.F) {
	for _, seed := range classicSeeds(f) {
		f.Add(seed)
	}
	e := newEar(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		if isText(text) {
			checkClassic(t, e, text)
		}
	})
}

func FuzzV2Frame(f *testing.F) {
	for _, seed := range v2Seeds {
		f.Add(seed)
	}
	e := newEar(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		if isText(text) {
			checkV2(t, e, text)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, seed := range []string{`1`, `"1"`, `0`, `-1`, `9007199254740991`, `9007199254740992`, `"9007199254740992"`, `1e3`, `1.0`, `"x"`, `"`, ``, `null`, `"\u0031"`, `99999999999999999999`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		raw = strings.TrimSpace(raw) // as the decoder gives it
		n := number(json.RawMessage(raw))
		require.True(t, n >= 0 && n < 1<<53, "%q is %d", raw, n)
		var want int64
		if json.Unmarshal([]byte(raw), &want) == nil && want > 0 && want < 1<<53 {
			require.Equal(t, want, n, "%q", raw)
		}
		if n > 0 {
			require.Equal(t, n, number(json.RawMessage(strconv.FormatInt(n, 10))))
			require.Equal(t, n, number(json.RawMessage(`"`+strconv.FormatInt(n, 10)+`"`)))
		}
	})
}

// A short run of what the fuzz targets do for longer: the seeds with bytes
// changed, taken out and put in.
func TestNoFrameBreaksADialect(t *testing.T) {
	e := newEar(t)
	random := rand.New(rand.NewPCG(1, 2))
	garble := func(seed []byte) []byte {
		text := bytes.Clone(seed)
		for range 1 + random.IntN(3) {
			if len(text) == 0 {
				return text
			}
			i := random.IntN(len(text))
			switch random.IntN(3) {
			case 0:
				text[i] = `{}[]":,0123456789-eE.nulltrue\ `[random.IntN(30)]
			case 1:
				text = append(text[:i], text[i+1:]...)
			default:
				text = append(text[:i], append([]byte(strconv.Itoa(random.IntN(1e6))), text[i:]...)...)
			}
		}
		return text
	}
	old := classicSeeds(t)
	for range 400 {
		if text := garble(old[random.IntN(len(old))]); isText(text) {
			checkClassic(t, e, text)
		}
		if text := garble(v2Seeds[random.IntN(len(v2Seeds))]); isText(text) {
			checkV2(t, e, text)
		}
	}
}
