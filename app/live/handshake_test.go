package live_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app/door"
	"homeroom/app/live"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
)

// refused reads why a handshake was refused.
func refused(t *testing.T, response *http.Response) door.Problem {
	t.Helper()
	require.NotNil(t, response)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var p door.Problem
	require.NoError(t, json.Unmarshal(text, &p), string(text))
	require.Equal(t, response.StatusCode, p.Status)
	return p
}

func TestNobodyOpensASocketWithoutSigningIn(t *testing.T) {
	s := open(t)
	for why, headers := range map[string]http.Header{
		"nobody":             {},
		"a wrong token":      {"Authorization": {"Bearer hr_nonsense"}},
		"a wrong cookie":     {"Cookie": {"sid=nonsense"}},
		"a token as cookie":  {"Cookie": {"sid=" + s.Token(s.Bob)}},
		"another way of it":  {"Authorization": {"Basic " + s.Token(s.Bob)}},
		"a token in a query": {},
	} {
		for _, dialect := range []string{servertest.Classic, servertest.V2} {
			path := "/ws"
			if why == "a token in a query" {
				path += "?token=" + s.Token(s.Bob) + "&access_token=" + s.Token(s.Bob)
			}
			_, response, err := s.dial(path, dialect, headers)
			require.Error(t, err, why)
			require.Equal(t, http.StatusUnauthorized, response.StatusCode, why)
			require.Equal(t, 130, refused(t, response).Code, why)
		}
	}
}

func TestOnlyPagesOfOurOwnOpenASocket(t *testing.T) {
	s := open(t, servertest.Options{Server: func(c *server.Config) { c.Origins = []string{"https://ok.school.example"} }})
	host := s.Host()
	for origin, may := range map[string]bool{
		"":                                   true, // no browser
		"http://" + host:                     true,
		"https://ok.school.example":          true,
		"https://OK.school.example":          false,
		"https://ok.school.example:444":      false,
		"https://ok.school.example.evil.com": false,
		"https://evil.ok.school.example":     false,
		"http://ok.school.example":           false,
		"https://evil.example":               false,
		"http://" + host + ".evil.example":   false,
		"http://evil.example/" + host:        false,
		"https://" + host:                    false,
		"http://127.0.0.1":                   false,
		"http://127.0.0.1:1":                 false,
		"http://localhost:1":                 false,
		"null":                               false,
		"file://":                            false,
	} {
		for _, path := range []string{"/ws", "/wss"} {
			headers := s.bearer(s.Bob)
			if origin != "" {
				headers.Set("Origin", origin)
			}
			ws, response, err := s.dial(path, servertest.V2, headers)
			if may {
				require.NoError(t, err, origin)
				_ = ws.Close()
				continue
			}
			require.Error(t, err, origin)
			p := refused(t, response)
			require.Equal(t, []int{http.StatusForbidden, 132}, []int{p.Status, p.Code}, origin)
		}
	}
}

func TestAPathThatIsASocketIsNothingElse(t *testing.T) {
	s := open(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/ws", nil)
	require.NoError(t, err)
	r.Header = s.bearer(s.Bob)
	response, err := s.HTTP.Do(r)
	require.NoError(t, err)
	require.Equal(t, 126, refused(t, response).Code)
}

func TestFramesAreNeverCompressed(t *testing.T) {
	s := open(t)
	_, response, err := s.dial("/ws", servertest.V2, s.bearer(s.Bob), func(d *websocket.Dialer) { d.EnableCompression = true })
	require.NoError(t, err)
	require.Empty(t, response.Header.Get("Sec-Websocket-Extensions"))
	require.Equal(t, servertest.V2, response.Header.Get("Sec-Websocket-Protocol"))
}

func TestAFrameThatIsNoTextOfOursEndsTheConnection(t *testing.T) {
	s := open(t)
	for why, c := range map[string]struct {
		kind int
		text []byte
		code int
	}{
		"too long":      {websocket.TextMessage, []byte(strings.Repeat(" ", 64<<10+1)), 1009},
		"far too long":  {websocket.TextMessage, []byte(strings.Repeat("x", 4<<20)), 1009},
		"binary":        {websocket.BinaryMessage, []byte(`{}`), 1003},
		"long binary":   {websocket.BinaryMessage, make([]byte, 1<<20), 1003},
		"not UTF-8":     {websocket.TextMessage, []byte("{\"action\":\"\xff\"}"), 1007},
		"half a letter": {websocket.TextMessage, []byte("{\"action\":\"\xe5\xad"), 1007},
	} {
		for _, dialect := range []string{servertest.Classic, servertest.V2} {
			bob := s.Dial(s.Bob, dialect)
			_ = bob.WriteMessage(c.kind, c.text) // it may be cut in the middle
			require.Equal(t, c.code, bob.Closed(5*time.Second), why)
		}
	}
	bob := s.classic(s.Bob)
	longest := strings.Repeat(" ", 64<<10-2) + "{}"
	bob.Say(longest)
	equal(t, malformed, bob.Hear(), "64 KiB are not too long")
}

// Closing a socket over bytes that are under way resets it, and the close frame
// may be lost.
func TestWhoIsCutInTheMiddleOfAFrameMayFinishIt(t *testing.T) {
	s := open(t)
	bob := s.v2(s.Bob)
	wire := bob.NetConn()
	_, err := wire.Write([]byte{0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0}) // a text of 1 MiB begins
	require.NoError(t, err)
	for range 64 {
		_, err := wire.Write(make([]byte, 16<<10))
		require.NoError(t, err)
		time.Sleep(2 * time.Millisecond)
	}
	require.Equal(t, 1009, bob.Closed(5*time.Second))
}

func TestWhoSendsNonsenseIsCut(t *testing.T) {
	s := open(t)
	for _, dialect := range []string{servertest.Classic, servertest.V2} {
		bob := s.Dial(s.Bob, dialect)
		if dialect == servertest.Classic {
			bob.Hear()
		}
		for range 10 {
			bob.Say("nonsense")
			require.EqualValues(t, 104, bob.Hear()["code"], "each is answered")
		}
		require.Equal(t, 4502, bob.Closed(5*time.Second))
	}
}

func TestAUserHasEightConnections(t *testing.T) {
	require.Equal(t, 8, live.DefaultLimits().PerUser)
	s := open(t)
	var mine []*servertest.Socket
	for range 8 {
		mine = append(mine, s.v2(s.Bob))
	}
	ninth := s.Dial(s.Bob, servertest.V2)
	ninth.Say(frame{"action": "hello"}) // as a browser does at once
	require.Equal(t, 4503, ninth.Closed(5*time.Second))
	s.v2(s.Cai)
	_ = mine[0].Close()
	require.Eventually(t, func() bool {
		c, _, err := s.TryDial(s.Bob, servertest.V2, nil)
		require.NoError(t, err)
		c.Say(frame{"action": "hello"})
		_, err = c.TryHear(time.Second)
		return err == nil
	}, 5*time.Second, 20*time.Millisecond, "there is room again")
}

func TestAnAddressHasSoManyConnections(t *testing.T) {
	require.Equal(t, 600, live.DefaultLimits().PerAddress)
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.PerAddress = 2 }})
	first := s.v2(s.Ann)
	s.v2(s.Bob)
	_, response, err := s.TryDial(s.Cai, servertest.V2, nil)
	require.Error(t, err)
	require.Equal(t, []int{http.StatusTooManyRequests, 138}, []int{response.StatusCode, refused(t, response).Code})
	_ = first.Close()
	require.Eventually(t, func() bool {
		_, _, err := s.TryDial(s.Cai, servertest.V2, nil)
		return err == nil
	}, 5*time.Second, 20*time.Millisecond, "there is room again")
}

// A handshake that broke before its answer was written used to count as a
// connection of the address for ever.
func TestBrokenHandshakesTakeNobodysPlace(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.PerAddress = 3 }})
	for range 40 {
		s.hangUp()
	}
	require.Eventually(t, func() bool {
		_, _, err := s.TryDial(s.Cai, servertest.V2, nil)
		return err == nil
	}, 5*time.Second, 20*time.Millisecond)
}
