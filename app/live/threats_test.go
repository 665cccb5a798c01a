package live_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/chaostest"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// The numbers are those of the threats in docs/security.md. What is tested more
// closely elsewhere is shown here in short.

func TestThreat01NobodySpeaksAsSomebodyElse(t *testing.T) {
	s := open(t)
	hers := s.post(s.Cai, s.thread, "mine")
	before := s.head()
	bob := s.classic(s.Bob)
	for _, action := range []string{"join", "send"} {
		for _, name := range []string{s.Cai.Name, s.Bob.Name} {
			bob.Say(s.says(s.Cai, action, "speaker_name", name, "mes_id", hers.ID))
			require.EqualValues(t, 107, bob.Hear()["code"], "%s as %s", action, name)
		}
		bob.Say(s.says(s.Bob, action, "speaker_name", s.Cai.Name, "mes_id", hers.ID))
		require.EqualValues(t, 107, bob.Hear()["code"], "%s under another name", action)
	}
	talks := s.Dial(s.Bob, servertest.V2)
	for _, field := range []string{"speaker", "speaker_id", "speaker_name", "user_id"} {
		require.EqualValues(t, 104, talks.Ask(s.sending("hi", "1", field, s.Cai.ID))["code"], field)
	}
	require.Equal(t, before, s.head(), "nothing was stored")
}

func TestThreat03NobodyOpensASocketWithoutASession(t *testing.T) {
	s := open(t)
	_, ended := s.SignIn(s.Bob)
	actor, err := s.Authenticate(t.Context(), ended, app.Cookie)
	require.NoError(t, err)
	require.NoError(t, s.SignOut(t.Context(), actor))
	for why, headers := range map[string]http.Header{
		"none":      {},
		"ended":     {"Cookie": {"sid=" + ended}},
		"made up":   {"Cookie": {"sid=" + strings.Repeat("A", 43)}},
		"a token's": {"Cookie": {"sid=" + s.Token(s.Bob)}},
		"no token":  {"Authorization": {"Bearer " + strings.Repeat("A", 43)}},
	} {
		_, response, err := s.dial("/ws", servertest.V2, headers)
		require.Error(t, err, why)
		require.Equal(t, http.StatusUnauthorized, response.StatusCode, why)
	}
	_, response, err := s.dial("/ws?token="+s.Token(s.Bob)+"&sid="+s.Token(s.Bob), servertest.V2, nil)
	require.Error(t, err)
	require.Equal(t, http.StatusUnauthorized, response.StatusCode, "secrets in the address are not looked for")
}

func TestThreat04APageOfAnotherOriginOpensNoSocket(t *testing.T) {
	s := open(t)
	for _, origin := range []string{"https://evil.example", "http://" + s.Host() + ".evil.example", "http://127.0.0.1:1", "HTTPS://" + s.Host(), "null"} {
		headers := s.bearer(s.Bob)
		headers.Set("Origin", origin)
		_, response, err := s.dial("/ws", servertest.V2, headers)
		require.Error(t, err, origin)
		require.Equal(t, http.StatusForbidden, response.StatusCode, origin)
	}
}

func TestThreat05NoSocketOutlivesTheEndOfItsSignIn(t *testing.T) {
	var worst time.Duration
	ways := map[string]func(*school, app.Actor){
		"signing out": func(s *school, bob app.Actor) { require.NoError(s.t, s.SignOut(s.t.Context(), bob)) },
		"ended elsewhere": func(s *school, bob app.Actor) {
			other, _ := s.SignIn(s.Bob)
			require.NoError(s.t, s.EndSession(s.t.Context(), other, bob.SessionID))
		},
		"another password": func(s *school, _ app.Actor) {
			other, _ := s.SignIn(s.Bob)
			require.NoError(s.t, s.ChangePassword(s.t.Context(), other, app.NewPassword{Current: apptest.Password, New: "a ferry for the lantern"}))
		},
		"too many sign-ins": func(s *school, _ app.Actor) {
			for range s.Limits.SessionsPerUser {
				s.SignIn(s.Bob)
			}
		},
		"a reset": func(s *school, bob app.Actor) {
			_, err := s.ResetPassword(s.t.Context(), apptest.As(s.Ada), bob.User.ID)
			require.NoError(s.t, err)
		},
		"a disabled account": func(s *school, bob app.Actor) {
			s.ask(s.Ada, http.MethodPatch, fmt.Sprintf("/users/%d", bob.User.ID), frame{"disabled": true})
		},
		"another role": func(s *school, bob app.Actor) {
			s.ask(s.Ada, http.MethodPatch, fmt.Sprintf("/users/%d", bob.User.ID), frame{"role": "teacher"})
		},
	}
	for why, end := range ways {
		s := open(t, servertest.Options{App: func(l *app.Limits) { l.SessionsPerUser = 2 }})
		actor, secret := s.SignIn(s.Bob)
		s.Token(s.Ada)
		var sockets []*servertest.Socket
		for range 3 {
			c, _, err := s.TryDial(models.User{}, servertest.V2, http.Header{"Cookie": {"sid=" + secret}})
			require.NoError(t, err)
			c.Hello()
			sockets = append(sockets, c)
		}
		end(s, actor)
		began := time.Now() // it is on disk
		for _, c := range sockets {
			require.Contains(t, []int{4500, 4501}, c.Closed(10*time.Second), why)
		}
		worst = max(worst, time.Since(began))
	}
	chaostest.Figures("T5", "ways=%d sockets=3 closed=%d slowest_after=%v", len(ways), 3*len(ways), worst.Round(time.Millisecond))
	require.Less(t, worst, chaostest.Of(10*time.Second, time.Second))
}

// TestThreat06WhoIsRemovedHearsNothingMore removes somebody while a hundred
// messages a second are sent.
func TestThreat06WhoIsRemovedHearsNothingMore(t *testing.T) {
	s := open(t, patient)
	bob := s.Dial(s.Bob, servertest.V2)
	bob.Hello()
	messages, heard := chaostest.Of(50, 500), 0
	var saying sync.WaitGroup
	saying.Go(func() {
		for i, began := 0, time.Now(); i < messages; i++ {
			time.Sleep(time.Until(began.Add(time.Duration(i) * 10 * time.Millisecond)))
			_, _, err := s.Send(t.Context(), apptest.As(s.Cai), s.class.ID, s.thread.ID, app.NewMessage{Content: fmt.Sprint("private ", i)})
			assert.NoError(t, err)
		}
	})
	defer saying.Wait()
	for ; heard < messages/2; heard++ {
		bob.HearOp("event")
	}
	s.remove(s.Bob)
	removed := time.Now() // it is on disk
	for bob.HearOp("event")["type"] != "member.left" {
		heard++
	}
	after := time.Since(removed)
	saying.Wait()
	s.post(s.Cai, s.thread, "after he went")
	require.EqualValues(t, 107, s.REST(s.Bob, http.MethodGet, s.inThread("/messages"), nil).Code())
	bob.Say(frame{"action": "typing", "ref": "end", "thread_id": s.thread.ID})
	for f := (frame{}); f["ref"] != "end"; {
		f = bob.Hear()
		require.NotEqual(t, "event", f["op"], "that he left is the last that he hears: %v", f)
		if f["ref"] == "end" {
			require.EqualValues(t, 102, f["code"])
		}
	}
	chaostest.Figures("T6", "messages=%d of 100/s heard=%d last_after=%v later=0", messages, heard, after.Round(time.Millisecond))
	if chaostest.Full() {
		require.Less(t, heard, messages, "they went on without him")
		require.LessOrEqual(t, after, time.Second)
	}
}

func TestThreat07TheSocketRefusesWhatRESTRefuses(t *testing.T) {
	s := open(t)
	body := frame{"content": "hi", "client_id": "1"}
	muteBob(s)
	require.Equal(t, 121, s.REST(s.Bob, http.MethodPost, messagesPath(s), body).Code())
	require.EqualValues(t, 121, s.Dial(s.Bob, servertest.V2).Ask(s.sending("hi", "1"))["code"])
	require.Equal(t, 107, s.REST(s.Eve, http.MethodPost, messagesPath(s), body).Code())
	require.EqualValues(t, 107, s.Dial(s.Eve, servertest.V2).Ask(s.sending("hi", "1"))["code"])
	lock(s)
	require.Equal(t, 122, s.REST(s.Cai, http.MethodPost, messagesPath(s), body).Code())
	require.EqualValues(t, 122, s.Dial(s.Cai, servertest.V2).Ask(s.sending("hi", "1"))["code"])
	require.EqualValues(t, 125, s.reader(servertest.V2).Ask(s.sending("hi", "1"))["code"], "a token that may only read")
}

func TestThreat25AFrameAboveTheLimitEndsTheConnection(t *testing.T) {
	s := open(t)
	for size, want := range map[int]string{64 << 10: "100 x", 64<<10 + 1: "close 1009"} {
		r := s.raw(s.Bob, servertest.V2)
		r.say(0, whole(opText, keepFrame("x", size)))
		require.Equal(t, want, r.hear(), size)
	}
}

func TestThreat26NothingIsUnpacked(t *testing.T) {
	s := open(t)
	// raw wants the answer to name no extension.
	r := s.raw(s.Bob, servertest.V2, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame")
	r.say(0, wire(0xc0|opText, "\xaa\x56\x4a\x04")) // RSV1: compressed
	require.Equal(t, "close 1002", r.hear())
	// The frame that closes is heard before the end is counted.
	require.Eventually(t, func() bool { return s.Hub.Stats().Closed[1002] == 1 }, 10*time.Second, 5*time.Millisecond)
}

func TestThreat27ALengthThatIsClaimedTakesNoMemory(t *testing.T) {
	s := open(t, patient)
	claim := func(length uint64) {
		r := s.raw(s.Bob, servertest.V2)
		r.say(0, append(binary.BigEndian.AppendUint64([]byte{0x80 | opText, 0x80 | 127}, length), 1, 2, 3, 4, 'x'))
		if length>>63 == 1 { // RFC 6455, 5.2: the first bit is 0
			require.Contains(t, []string{"close 1002", "close 1009"}, r.hear())
		}
		_ = r.Close()
	}
	claim(1 << 63)
	memory := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.TotalAlloc)
	}
	before := memory()
	const many = 1000
	for i := range many {
		claim([]uint64{1 << 63, 1<<63 - 1, 1<<64 - 1, 1 << 40}[i%4])
	}
	each := (memory() - before) / many
	t.Logf("%d claims: %d KiB allocated and given back for each connection, both ends", many, each>>10)
	require.Less(t, each, int64(256<<10))
}

func TestThreat28NonsenseIsRefusedAndThenCut(t *testing.T) {
	s := open(t)
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	for _, text := range []string{
		`NaN`, `{"action":NaN}`, `{"action":"keep","ref":Infinity}`, `{"action":"keep"`, `[]`, `null`, `"keep"`, ``,
		`{"action":"keep","since":` + deep + `}`, deep, `{"action":"hello","since":{"1":1e400}}`,
	} {
		c := s.Dial(s.Bob, servertest.V2)
		c.Say(text)
		require.EqualValues(t, 104, c.Hear()["code"], "%.60q", text)
		_ = c.Close()
	}
	c := s.Dial(s.Bob, servertest.V2)
	c.Say(`{"action":"join","action":"keep","ref":"first","ref":"last"}`)
	require.Equal(t, "last", c.Hear()["ref"], "of two keys the last counts, for the action as for the ref")
	for range 10 {
		c.Say("nonsense")
	}
	require.Equal(t, 4502, c.Closed(5*time.Second))
	for payload, want := range map[string]string{"\xff": "close 1007", "{\"action\":\"\xed\xa0\x80\"}": "close 1007"} {
		r := s.raw(s.Bob, servertest.V2)
		r.say(0, whole(opText, payload))
		require.Equal(t, want, r.hear())
	}
	r := s.raw(s.Bob, servertest.V2)
	r.say(0, whole(opBinary, `{"action":"keep"}`))
	require.Equal(t, "close 1003", r.hear())
}

func TestThreat33ConnectionsOfOneUserAreBounded(t *testing.T) {
	s := open(t)
	for range 8 {
		s.Dial(s.Bob, servertest.V2).Hello()
	}
	require.Equal(t, 4503, s.Dial(s.Bob, servertest.V2).Closed(5*time.Second))
	s.Dial(s.Cai, servertest.V2).Hello() // at the same address
}

// TestThreat33AWholeSchoolSitsBehindOneAddress has as many users as an address
// may have connections, a socket each.
func TestThreat33AWholeSchoolSitsBehindOneAddress(t *testing.T) {
	many := chaostest.Of(60, live.DefaultLimits().PerAddress)
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.PerAddress = many }})
	var sockets []*servertest.Socket
	for i := range many {
		c := s.Dial(s.Person(fmt.Sprint("Student ", i), models.StudentAccount), servertest.V2)
		require.EqualValues(t, 100, c.Hello()["code"])
		sockets = append(sockets, c)
	}
	_, response, err := s.TryDial(s.Bob, servertest.V2, nil)
	require.Error(t, err)
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode, "one more")
	for _, c := range sockets {
		require.EqualValues(t, 100, c.Ask(frame{"action": "keep"})["code"], "nobody of those who are in suffers for it")
	}
	_ = sockets[0].Close()
	require.Eventually(t, func() bool {
		c, _, err := s.TryDial(s.Bob, servertest.V2, nil)
		return err == nil && c.Hello()["code"] == 100.0
	}, 10*time.Second, 10*time.Millisecond, "and where one has gone there is room")
	chaostest.Figures("T33", "users=%d of one address: in=%d, one more=%d; the 9th socket of a user closed_4503=1", many, len(sockets), response.StatusCode)
}

// TestThreat34WhoGoesOnSendingTooManyFramesIsCut sends a little more than is
// allowed, for as long as that is borne.
func TestThreat34WhoGoesOnSendingTooManyFramesIsCut(t *testing.T) {
	limits := live.DefaultLimits()
	limits.Excess = chaostest.Of(2*time.Second, limits.Excess)
	rate := chaostest.Of(100, 14) // a second: the refused ones stay below those that end it by their number
	s := open(t, servertest.Options{Live: func(l *live.Limits) { *l = limits; l.Upgrades = 10_000 }})
	bob := s.Dial(s.Bob, servertest.V2)
	bob.Hello()
	var saying sync.WaitGroup
	saying.Go(func() {
		for began, said := time.Now(), 0; ; said++ {
			time.Sleep(time.Until(began.Add(time.Duration(said) * time.Second / time.Duration(rate))))
			if bob.WriteMessage(websocket.TextMessage, []byte(`{"action":"keep","ref":"more"}`)) != nil {
				return
			}
		}
	})
	defer saying.Wait()
	defer bob.Close()
	var first time.Time
	taken, refused := 0, 0
	for {
		f, err := bob.TryHear(30 * time.Second)
		if err != nil {
			require.True(t, websocket.IsCloseError(err, 4002), "%v", err)
			break
		}
		switch {
		case f["code"] == 120.0:
			require.Positive(t, f["retry_after"])
			if refused++; first.IsZero() {
				first = time.Now()
			}
		case f["ref"] == "more":
			taken++
		}
	}
	after := time.Since(first)
	require.Positive(t, refused)
	require.Greater(t, after, limits.Excess-time.Second, "not before")
	require.EqualValues(t, 100, s.Dial(s.Bob, servertest.V2).Hello()["code"], "it was that connection alone")
	chaostest.Figures("T34", "frames=%d/s taken=%d told_120=%d closed_4002_after=%v", rate, taken, refused, after.Round(100*time.Millisecond))
}

// TestThreat34WhoSendsFarTooManyFramesIsCutSooner sends them as fast as it can.
func TestThreat34WhoSendsFarTooManyFramesIsCutSooner(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.FrameRate, l.FrameBurst, l.Refused = 0.001, 5, 30 }})
	bob := s.Dial(s.Bob, servertest.V2)
	for range 34 {
		bob.Say(`{"action":"keep"}`)
	}
	taken, refused := 0, 0
	for taken+refused < 34 {
		if bob.Hear()["code"] == 120.0 {
			refused++
		} else {
			taken++
		}
	}
	require.Equal(t, []int{5, 29}, []int{taken, refused})
	bob.Say(`{"action":"keep"}`)
	require.Equal(t, 4002, bob.Closed(10*time.Second), "the thirtieth")
}

func TestThreat34AFloodOfMessagesIsSlowedDown(t *testing.T) {
	s := open(t)
	c := s.Dial(s.Bob, servertest.V2)
	began, stored, refused := time.Now(), 0, 0
	for refused < 5 {
		f := c.Ask(s.sending("flood", fmt.Sprint(stored+refused)))
		if f["code"] == 120.0 {
			require.Positive(t, f["retry_after"])
			refused++
			continue
		}
		stored++
		require.LessOrEqual(t, stored, 21+int(5*time.Since(began).Seconds()), "a burst is 20, and 5 a second after it")
		require.Less(t, stored, 1000)
	}
	m := s.post(s.Cai, s.thread, "react!")
	kinds := 0
	for i := range 25 {
		s.Pass(time.Second)
		if s.REST(s.Cai, http.MethodPut, s.inThread("/messages/%d/reactions/%c", m.ID, '😀'+rune(i)), nil).StatusCode == http.StatusOK {
			kinds++
		}
	}
	require.Equal(t, 20, kinds)
}

func TestThreat35NobodyWaitsForASlowReader(t *testing.T) {
	s := open(t, patient, servertest.Options{Live: func(l *live.Limits) { l.QueueFrames, l.QueueBytes = 64, 256<<10 }})
	slow := s.raw(s.Bob, servertest.V2)
	slow.say(0, whole(opText, `{"action":"hello","since":{}}`))
	quick := s.Dial(s.Cai, servertest.V2)
	quick.Hello()
	text := strings.Repeat("x", 9_000)
	var worst time.Duration
	for range 900 { // more than the buffers of both systems hold
		began := time.Now()
		s.post(s.Ann, s.thread, text)
		quick.HearOp("event")
		worst = max(worst, time.Since(began))
		if s.Hub.Stats().Slow > 0 {
			break
		}
	}
	t.Logf("the others waited for %v at the most", worst)
	require.Less(t, worst, 5*time.Second)
	require.EqualValues(t, 1, s.Hub.Stats().Slow, "and the slow one alone was given up")
	require.EqualValues(t, 1, s.Hub.Stats().Closed[4000])
	heard := slow.hear()
	for !strings.HasPrefix(heard, "close") && !slices.Contains([]string{"gone", "half a frame", "nothing"}, heard) {
		heard = slow.hear()
	}
	// Who begins only after the server has given up writing is not told why.
	require.Contains(t, []string{"close 4000", "gone", "half a frame"}, heard)
}

func TestThreat43NothingOfOneUserReachesAnother(t *testing.T) {
	s := open(t, patient)
	type person struct {
		user   models.User
		class  models.Class
		thread models.Thread
		tag    string
	}
	var people []person
	for i := range 12 {
		p := person{user: s.Person(fmt.Sprintf("Tagged %c", 'A'+i), models.Teacher), tag: fmt.Sprintf("<tag-%c>", 'A'+i)}
		var err error
		p.class, err = s.CreateClass(t.Context(), apptest.As(p.user), app.NewClass{Name: p.tag})
		require.NoError(t, err)
		p.thread, err = s.OpenThread(t.Context(), apptest.As(p.user), p.class.ID, app.NewThread{Name: p.tag})
		require.NoError(t, err)
		s.Token(p.user)
		people = append(people, p)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	dialled, heard := 0, 0
	end := time.Now().Add(3 * time.Second)
	for i, p := range people {
		all.Go(func() {
			for n := 0; time.Now().Before(end); n++ {
				c, _, err := s.TryDial(p.user, servertest.V2, nil)
				if err != nil {
					t.Error(err)
					return
				}
				c.Say(frame{"action": "hello", "ref": p.tag, "since": frame{}})
				c.Say(frame{"action": "send", "ref": p.tag, "class_id": p.class.ID, "thread_id": p.thread.ID, "content": strings.Repeat(p.tag, 1+n%40), "client_id": fmt.Sprint(n)})
				for range 1 + (n+i)%3 { // some leave in the middle of what they are told
					_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
					_, text, err := c.ReadMessage()
					if err != nil {
						break
					}
					without := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(p.tag), nil), []byte(strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(p.tag)), nil)
					if bytes.Contains(without, []byte("tag-")) {
						t.Errorf("%s heard %s", p.tag, text)
					}
					mu.Lock()
					heard++
					mu.Unlock()
				}
				_ = c.Close()
				mu.Lock()
				dialled++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	t.Logf("%d connections, %d frames, none of anybody else", dialled, heard)
	require.Greater(t, heard, 100)
}
