package inner_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/inner"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func TestMain(m *testing.M) { servertest.VerifyNoLeaks(m) }

type frame = servertest.Frame

// open is a server with its inner port open.
func open(t *testing.T, address string, limits ...func(*inner.Limits)) (*servertest.Server, *inner.Port) {
	t.Helper()
	s := servertest.New(t)
	l := inner.Limits{Line: 64 << 10, Idle: time.Minute, Connections: 64}
	for _, change := range limits {
		change(&l)
	}
	port, err := inner.Listen(s.App, address, l)
	require.NoError(t, err)
	t.Cleanup(func() { _ = port.Close() })
	return s, port
}

// sender is a program that pushes: what PHP's stream_socket_client, fwrite and
// fgets do.
type sender struct {
	net.Conn
	t     testing.TB
	lines *bufio.Reader
}

func dial(t testing.TB, port *inner.Port) *sender {
	t.Helper()
	c, err := net.Dial(port.Addr().Network(), port.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	return &sender{Conn: c, t: t, lines: bufio.NewReader(c)}
}

func (s *sender) say(text string) {
	s.t.Helper()
	_, err := s.Write([]byte(text))
	require.NoError(s.t, err)
}

func (s *sender) hear() string {
	s.t.Helper()
	line, err := s.lines.ReadString('\n')
	require.NoError(s.t, err)
	return strings.TrimSuffix(line, "\n")
}

func (s *sender) ask(line string) string {
	s.t.Helper()
	s.say(line + "\n")
	return s.hear()
}

// over wants nothing more to come.
func (s *sender) over() {
	s.t.Helper()
	_, err := s.lines.ReadByte()
	require.EqualError(s.t, err, "EOF")
}

func page(s *servertest.Server, u models.User) *servertest.Socket {
	c := s.Dial(u, servertest.V2)
	c.Hello()
	return c
}

func TestAnObjectGoesToThePagesOfItsUserAsItIs(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	eve := page(s, s.Eve)
	php := dial(t, port)
	for _, uid := range []string{fmt.Sprint(s.Bob.ID), fmt.Sprintf(`"%d"`, s.Bob.ID), `"bob ray"`} {
		require.Equal(t, "ok", php.ask(`{"uid":`+uid+`, "percent": "88%", "step": {"of": [3, null]}, "content": "<b>built</b>"}`))
		f := bob.HearOp("push")
		require.Equal(t, 88.0, f["percent"])
		require.Equal(t, "<b>built</b>", f["content"])
		require.Equal(t, strings.Trim(uid, `"`), f["task"], "the next line moves the same bar")
		data := f["data"].(map[string]any)
		require.Equal(t, "88%", data["percent"])
		require.Equal(t, map[string]any{"of": []any{3.0, nil}}, data["step"])
	}
	eve.Say(frame{"action": "keep", "ref": "until now"})
	for f := eve.Hear(); f["ref"] != "until now"; f = eve.Hear() {
		require.NotEqual(t, "push", f["op"], "it is nothing to anybody else")
	}
}

// An object whose fields had other types than a push's was refused.
func TestFieldsOfTheSendersOwnArePassedOn(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	php := dial(t, port)
	require.Equal(t, "ok", php.ask(fmt.Sprintf(`{"uid":%d,"content":{"a":1},"task":7,"percent":"soon"}`, s.Bob.ID)))
	f := bob.HearOp("push")
	require.NotContains(t, f, "content")
	require.NotContains(t, f, "task")
	require.NotContains(t, f, "percent")
	require.Equal(t, map[string]any{"uid": float64(s.Bob.ID), "content": map[string]any{"a": 1.0}, "task": 7.0, "percent": "soon"}, f["data"])
}

func TestPagesListenForATaskThatIsNoUsers(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	const task = "建造任务建造任务建造任务建造任务建造任务建造任务建造任务建造任务" // 32 characters, 96 bytes
	bob, classic := page(s, s.Bob), s.Dial(s.Bob, servertest.Classic)
	php := dial(t, port)
	require.Equal(t, "fail", php.ask(`{"uid":"`+task+`","percent":"1%"}`), "nobody watches yet")
	require.Equal(t, true, bob.Ask(frame{"action": "watch", "task": task})["status"])
	require.Equal(t, "ok", php.ask(`{"uid":"`+task+`","percent":"2%"}`))
	f := bob.HearOp("push")
	require.Equal(t, 2.0, f["percent"])
	require.Equal(t, task, f["task"])
	require.Equal(t, "ok", php.ask(`{"uid":"`+s.Bob.Name+`"}`))
	bob.HearOp("push")
	for _, bad := range []string{"", strings.Repeat("x", 65)} {
		require.Equal(t, 104.0, bob.Ask(frame{"action": "watch", "task": bad})["code"])
	}
	require.Equal(t, true, bob.Ask(frame{"action": "unwatch", "task": task})["status"])
	require.Equal(t, "fail", php.ask(`{"uid":"`+task+`","percent":"3%"}`))
	bob.Ask(frame{"action": "watch", "task": task})
	require.NoError(t, bob.Close())
	require.Eventually(t, func() bool { return php.ask(`{"uid":"`+task+`"}`) == "fail" }, 5*time.Second, 10*time.Millisecond)
	classic.Say("{}")
	for f := classic.Hear(); f["op"] != "send"; f = classic.Hear() {
		require.NotEqual(t, "push", f["op"], "a classic connection gets nothing")
	}
}

func TestEveryBadLineIsAnsweredWithFailAndTheNextOneWorks(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	php := dial(t, port)
	for name, line := range map[string]string{
		"empty":               "",
		"blank":               "  \r",
		"no JSON":             "uid=1",
		"half an object":      `{"uid":1`,
		"two on a line":       `{"uid":1}{"uid":1}`,
		"an array":            `[1]`,
		"null":                `null`,
		"no uid":              `{"percent":"8%"}`,
		"uid null":            `{"uid":null}`,
		"uid empty":           `{"uid":""}`,
		"uid an object":       `{"uid":{}}`,
		"uid too long":        `{"uid":"` + strings.Repeat("x", 65) + `"}`,
		"percent 101":         fmt.Sprintf(`{"uid":%d,"percent":101}`, s.Bob.ID),
		"percent 101%":        fmt.Sprintf(`{"uid":%d,"percent":"101%%"}`, s.Bob.ID),
		"percent below":       fmt.Sprintf(`{"uid":%d,"percent":"-1%%"}`, s.Bob.ID),
		"percent NaN":         fmt.Sprintf(`{"uid":%d,"percent":"NaN"}`, s.Bob.ID),
		"percent without end": fmt.Sprintf(`{"uid":%d,"percent":1e999}`, s.Bob.ID),
		"nobody's id":         `{"uid":999999}`,
		"below every id":      `{"uid":-1}`,
		"above every id":      `{"uid":99999999999999999999}`,
		"somebody away":       fmt.Sprintf(`{"uid":%d}`, s.Cai.ID),
	} {
		require.Equal(t, "fail", php.ask(line), name)
	}
	require.Equal(t, "ok", php.ask(fmt.Sprintf(`{"uid":%d,"n":1}`+"\r", s.Bob.ID)))
	require.Equal(t, 1.0, bob.HearOp("push")["data"].(map[string]any)["n"], "the first thing that Bob hears")
}

func TestLinesAreAnsweredInTheirOrderHoweverTheyCome(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	php := dial(t, port)
	var text strings.Builder
	for i := range 200 {
		if i%3 == 0 {
			text.WriteString("nonsense\n")
			continue
		}
		fmt.Fprintf(&text, `{"uid":%d,"n":%d}`+"\n", s.Bob.ID, i)
	}
	go func() {
		for rest := text.String(); rest != ""; { // two at once, half of one: as the network cuts them
			n := min(len(rest), 37)
			_, _ = php.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
	}()
	for i := range 200 {
		if i%3 == 0 {
			require.Equal(t, "fail", php.hear(), i)
			continue
		}
		require.Equal(t, "ok", php.hear(), i)
		require.Equal(t, float64(i), bob.HearOp("push")["data"].(map[string]any)["n"])
	}
}

func TestALineOf64KiBIsTakenAndALongerOneEndsTheConnection(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	head := fmt.Sprintf(`{"uid":%d,"x":"`, s.Bob.ID)
	line := head + strings.Repeat("x", 64<<10-len(head)-2) + `"}`
	php := dial(t, port)
	require.Equal(t, "ok", php.ask(line))
	require.Len(t, bob.HearOp("push")["data"].(map[string]any)["x"], 64<<10-len(head)-2)
	for name, text := range map[string]string{
		"a byte more":        line + " \n",
		"a line without end": strings.Repeat("x", 3<<20),
	} {
		php := dial(t, port)
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			_, _ = php.Write([]byte(text))
		}()
		require.Equal(t, "fail", php.hear(), name)
		php.over()
		_ = php.Close()
		<-sent
	}
}

func TestHalfALineIsToldFail(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	page(s, s.Bob)
	php := dial(t, port)
	php.say(fmt.Sprintf(`{"uid":%d}`, s.Bob.ID))
	require.NoError(t, php.Conn.(*net.TCPConn).CloseWrite())
	require.Equal(t, "fail", php.hear())
	php.over()
	nothing := dial(t, port)
	require.NoError(t, nothing.Conn.(*net.TCPConn).CloseWrite())
	nothing.over()
}

// A page of any site can make a browser on the machine post to the port: its
// lines would follow the head.
func TestABrowserCannotPush(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	line := fmt.Sprintf(`{"uid":%d,"from":"a page"}`+"\n", s.Bob.ID)
	request, err := http.NewRequest(http.MethodPost, "http://"+port.Addr().String(), strings.NewReader(line))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "text/plain")
	response, err := s.HTTP.Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	require.Error(t, err)
	php := dial(t, port)
	php.say("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + line)
	require.Equal(t, "fail", php.hear())
	php.over()
	require.Equal(t, "ok", dial(t, port).ask(fmt.Sprintf(`{"uid":%d,"from":"a program"}`, s.Bob.ID)))
	require.Equal(t, "a program", bob.HearOp("push")["data"].(map[string]any)["from"], "the first thing that Bob hears")
}

// A browser that is sent to https://127.0.0.1:5678/ begins with the name that its
// page chose, and that may have a line in it.
func TestWhatIsNoTextEndsTheConnection(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	line := fmt.Sprintf(`{"uid":%d,"from":"a page"}`+"\n", s.Bob.ID)
	for name, text := range map[string]string{
		"TLS":               "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 random \n",
		"a control":         "{\x00}\n",
		"an escape":         "\x1b[A\n",
		"not UTF-8":         fmt.Sprintf(`{"uid":%d,"content":"`+"\xff"+`"}`+"\n", s.Bob.ID),
		"half a character":  "\xe5\x9b\n",
		"controls of ASCII": "\x7f\v\n",
	} {
		php := dial(t, port)
		php.say(text + line)
		require.Equal(t, "fail", php.hear(), name)
		php.over()
	}
	require.Equal(t, "ok", dial(t, port).ask(fmt.Sprintf("{\t\"uid\":%d,\"from\":\"a program\"}\r", s.Bob.ID)))
	require.Equal(t, "a program", bob.HearOp("push")["data"].(map[string]any)["from"], "the first thing that Bob hears")
}

func TestAnIDIsOneAsItIsWritten(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	php := dial(t, port)
	for _, uid := range []string{fmt.Sprintf("00%d", s.Bob.ID), fmt.Sprintf("+%d", s.Bob.ID)} {
		line := `{"uid":"` + uid + `"}`
		require.Equal(t, "fail", php.ask(line), "no user's id")
		require.Equal(t, true, bob.Ask(frame{"action": "watch", "task": uid})["status"])
		require.Equal(t, "ok", php.ask(line), "but a task")
	}
}

func TestASilentConnectionIsClosedWithFail(t *testing.T) {
	const idle = 3 * time.Second // far more than a busy machine stalls
	s, port := open(t, "127.0.0.1:0", func(l *inner.Limits) { l.Idle = idle })
	page(s, s.Bob)
	for name, begun := range map[string]string{"silent": "", "half a line": `{"uid":`} {
		php := dial(t, port)
		for began := time.Now(); time.Since(began) < idle+idle/4; time.Sleep(idle / 20) {
			require.Equal(t, "ok", php.ask(fmt.Sprintf(`{"uid":%d}`, s.Bob.ID)), "each line begins it anew")
		}
		began := time.Now()
		php.say(begun)
		require.Equal(t, "fail", php.hear(), name)
		require.GreaterOrEqual(t, time.Since(began), idle/2)
		php.over()
	}
}

func TestThe65thConnectionIsClosedWithFailAndTheOthersGoOn(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	page(s, s.Bob)
	line := fmt.Sprintf(`{"uid":%d}`, s.Bob.ID)
	var all []*sender
	for range 64 {
		c := dial(t, port)
		require.Equal(t, "ok", c.ask(line))
		all = append(all, c)
	}
	for range 70 {
		one := dial(t, port)
		_, _ = one.Write([]byte(line + "\n")) // as a program does that writes before it reads
		require.Equal(t, "fail", one.hear())
		one.over()
		_ = one.Close()
	}
	for _, c := range all {
		require.Equal(t, "ok", c.ask(line))
	}
	require.NoError(t, all[0].Close())
	require.Eventually(t, func() bool {
		c := dial(t, port)
		defer c.Close()
		return c.ask(line) == "ok"
	}, 5*time.Second, 20*time.Millisecond, "the place is free again")
}

func TestManyProgramsPushAtOnce(t *testing.T) {
	s, port := open(t, "127.0.0.1:0")
	bob := page(s, s.Bob)
	const programs, each = 8, 50
	heard := make(chan int)
	go func() {
		seen := map[string]int{}
		for n := 0; n < programs*each; {
			f, err := bob.TryHear(10 * time.Second)
			if err != nil {
				break
			}
			if f["op"] == "push" {
				n++
				data := f["data"].(map[string]any)
				if of := data["of"].(string); data["n"].(float64) == float64(seen[of]) {
					seen[of]++
				}
			}
		}
		inOrder := 0
		for _, n := range seen {
			inOrder += n
		}
		heard <- inOrder
	}()
	var wg sync.WaitGroup
	for i := range programs {
		php := dial(t, port)
		wg.Go(func() {
			for n := range each {
				if _, err := fmt.Fprintf(php, `{"uid":%d,"of":"%d","n":%d}`+"\n", s.Bob.ID, i, n); err != nil {
					return
				}
				if answer, err := php.lines.ReadString('\n'); err != nil || answer != "ok\n" {
					return
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, programs*each, <-heard, "each program's in its order")
}

func TestThePortIsTheMachinesOwn(t *testing.T) {
	s := servertest.New(t)
	for _, address := range []string{
		":5678", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "school.example:0", "127.0.0.1", "5678", "", "127.0.0.1.evil:0",
	} {
		port, err := inner.Listen(s.App, address, inner.Limits{})
		require.Error(t, err, address)
		require.Nil(t, port)
	}
	port, err := inner.Listen(s.App, "localhost:0", inner.Limits{})
	require.NoError(t, err)
	require.NoError(t, port.Close())
}

func TestAUnixSocketIsItsOwnersAlone(t *testing.T) {
	folder, err := os.MkdirTemp("", "push") // a path of a socket has 100 bytes at the most
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "push.sock")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	left.SetUnlinkOnClose(false)
	require.NoError(t, left.Close()) // as a server leaves it that is killed
	s, port := open(t, path)
	bob := page(s, s.Bob)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	php := dial(t, port)
	require.Equal(t, "ok", php.ask(`{"uid":"Bob Ray","percent":"88%"}`))
	require.Equal(t, 88.0, bob.HearOp("push")["percent"])
	php.say(strings.Repeat("x", 1<<20))
	require.Equal(t, "fail", php.hear())

	_, err = inner.Listen(s.App, path, inner.Limits{})
	require.ErrorContains(t, err, "another program", "nobody takes a socket over that is in use")
	require.NoError(t, port.Close())
	require.NoFileExists(t, path)
	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
	_, err = inner.Listen(s.App, file, inner.Limits{})
	require.Error(t, err)
	require.FileExists(t, file, "what is no socket stays")
}

func TestClosingThePortEndsItsConnections(t *testing.T) {
	_, port := open(t, "127.0.0.1:0")
	php := dial(t, port)
	require.Equal(t, "fail", php.ask("x"))
	require.NoError(t, port.Close())
	_, err := php.lines.ReadByte()
	require.Error(t, err)
	_, err = net.Dial("tcp", port.Addr().String())
	require.Error(t, err)
}
