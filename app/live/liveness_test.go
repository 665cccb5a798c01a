package live_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
)

// hangUp asks for a socket and resets the connection without waiting for the
// answer.
func (s *school) hangUp() {
	c, err := net.Dial("tcp", s.Host())
	require.NoError(s.t, err)
	_, err = fmt.Fprintf(c, "GET /ws HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", s.Host(), s.Token(s.Bob))
	require.NoError(s.t, err)
	require.NoError(s.t, c.(*net.TCPConn).SetLinger(0))
	require.NoError(s.t, c.Close())
}

func TestAConnectionThatSaysNothingIsCut(t *testing.T) {
	require.Equal(t, 15*time.Second, live.DefaultLimits().First)
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.First, l.Ping = 300*time.Millisecond, 50*time.Millisecond }})
	for _, dialect := range []string{servertest.Classic, servertest.V2} {
		bob := s.Dial(s.Bob, dialect) // it answers pings, which is not enough
		require.Equal(t, 4001, bob.Closed(5*time.Second))
	}
}

func TestAConnectionThatAnswersNoPingIsCut(t *testing.T) {
	l := live.DefaultLimits()
	require.Equal(t, 35*time.Second, l.Ping+l.Pong)
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.Ping, l.Pong = 100*time.Millisecond, time.Second }})
	dead := s.v2(s.Bob)
	dead.SetPingHandler(func(string) error { return nil })
	start := time.Now()
	require.Equal(t, 4001, dead.Closed(5*time.Second))
	require.Greater(t, time.Since(start), time.Second)

	alive := s.v2(s.Cai) // only now: it answers while it reads
	var pinged int
	answer := alive.PingHandler()
	alive.SetPingHandler(func(text string) error { pinged++; return answer(text) })
	start = time.Now()
	for time.Since(start) < 1500*time.Millisecond {
		_, _ = told(t, alive, frame{"action": "keep"})
		time.Sleep(150 * time.Millisecond)
	}
	require.Greater(t, pinged, 3)
}

func TestAPingIsAnswered(t *testing.T) {
	s := open(t)
	bob := s.v2(s.Bob)
	var heard []string
	bob.SetPongHandler(func(text string) error { heard = append(heard, text); return nil })
	for _, text := range []string{"one", "", strings.Repeat("x", 125)} {
		require.NoError(t, bob.WriteControl(websocket.PingMessage, []byte(text), time.Now().Add(time.Second)))
	}
	told(t, bob, frame{"action": "keep"})
	require.Equal(t, []string{"one", "", strings.Repeat("x", 125)}, heard)
}

func TestAGoodbyeIsAnsweredAsItCame(t *testing.T) {
	s := open(t)
	for _, code := range []int{1000, 1001, 3000, 4999} {
		bob := s.v2(s.Bob)
		require.NoError(t, bob.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "bye"), time.Now().Add(time.Second)))
		require.Equal(t, code, bob.Closed(5*time.Second))
	}
}

func TestWhatIsNoWebSocketIsToldSo(t *testing.T) {
	s := open(t)
	bob := s.v2(s.Bob)
	_, err := bob.NetConn().Write([]byte{0xf1, 0x80, 1, 2, 3, 4}) // reserved bits
	require.NoError(t, err)
	_, err = bob.NetConn().Write(make([]byte, 100<<10))
	require.NoError(t, err)
	require.Equal(t, websocket.CloseProtocolError, bob.Closed(5*time.Second))
}

func TestASlowReaderIsCutAndNobodyWaitsForIt(t *testing.T) {
	l := live.DefaultLimits()
	require.Equal(t, []int{256, 1 << 20}, []int{l.QueueFrames, l.QueueBytes})
	s := open(t, patient)
	narrow := func(d *websocket.Dialer) {
		d.NetDial = func(network, address string) (net.Conn, error) {
			c, err := net.Dial(network, address)
			if err == nil {
				err = c.(*net.TCPConn).SetReadBuffer(32 << 10)
			}
			return c, err
		}
	}
	slow, _, err := s.dial("/ws", servertest.V2, s.bearer(s.Cai), narrow)
	require.NoError(t, err)
	require.NoError(t, slow.WriteJSON(frame{"action": "hello"}))
	quick, bob := s.v2(s.Ann), s.Dial(s.Bob, servertest.V2)
	const messages = 300
	start := s.head()
	var hearing sync.WaitGroup
	hearing.Go(func() { follow(t, quick, start, start+messages) })
	text := strings.Repeat("x", 10_000)
	for i := range messages {
		require.EqualValues(t, 105, bob.Ask(s.sending(text, fmt.Sprint(i)))["code"])
	}
	hearing.Wait()
	// It begins to read, and finds out.
	require.NoError(t, slow.SetReadDeadline(time.Now().Add(10*time.Second)))
	frames := 0
	for err == nil {
		_, _, err = slow.ReadMessage()
		frames++
	}
	// Who begins only after the server has given up writing is not told why.
	require.True(t, websocket.IsCloseError(err, 4000, websocket.CloseAbnormalClosure), "%v", err)
	require.EqualValues(t, 1, s.Hub.Stats().Slow)
	require.Less(t, frames, messages)
	// It comes back and misses nothing: it is told to read what is too much to be
	// told.
	_, told := s.missed(s.Dial(s.Cai, servertest.V2), start)
	require.Equal(t, []frame{{"op": "resync", "class_id": float64(s.class.ID), "seq": float64(start + messages)}}, told)
	for read := start; read < start+messages; {
		var page app.EventPage
		s.ask(s.Cai, http.MethodGet, s.path("/events?limit=500&after=%d", read), nil).JSON(t, &page)
		for _, e := range page.Items {
			read++
			require.Equal(t, read, e.Seq)
		}
	}
}

// A write that cannot be done used to leave the reader waiting: closing the
// server's wrapper of the socket does nothing.
func TestAReaderThatIsGoneFreesItsPlace(t *testing.T) {
	s := open(t, patient, servertest.Options{Live: func(l *live.Limits) { l.PerUser, l.Write = 1, 300*time.Millisecond }})
	slow, _, err := s.dial("/ws", servertest.V2, s.bearer(s.Cai))
	require.NoError(t, err)
	require.NoError(t, slow.WriteJSON(frame{"action": "hello"}))
	bob := s.Dial(s.Bob, servertest.V2)
	text := strings.Repeat("x", 10_000)
	sent := 0
	require.Eventually(t, func() bool {
		for range 50 {
			sent++
			require.EqualValues(t, 105, bob.Ask(s.sending(text, fmt.Sprint(sent)))["code"])
		}
		c, _, err := s.TryDial(s.Cai, servertest.V2, nil)
		require.NoError(t, err)
		defer c.Close()
		c.Say(frame{"action": "keep"})
		_, err = c.TryHear(time.Second)
		return err == nil
	}, 20*time.Second, 10*time.Millisecond)
}

func TestWhoSendsTooManyFramesIsToldSoThenCut(t *testing.T) {
	l := live.DefaultLimits()
	require.Equal(t, []float64{10, 40}, []float64{l.FrameRate, float64(l.FrameBurst)})
	s := open(t)
	for _, dialect := range []string{servertest.Classic, servertest.V2} {
		bob := s.Dial(s.Bob, dialect)
		var saying sync.WaitGroup
		saying.Go(func() {
			for range 1200 {
				if bob.WriteMessage(websocket.TextMessage, []byte(`{"action":"keep","ref":"r"}`)) != nil {
					return
				}
			}
		})
		var refused frame
		for {
			f, err := bob.TryHear(5 * time.Second)
			if err != nil {
				require.True(t, websocket.IsCloseError(err, 4002), "%v", err)
				break
			}
			if f["code"] == 120.0 {
				refused = f
			}
		}
		_ = bob.Close()
		saying.Wait()
		if dialect == servertest.Classic {
			equal(t, `{"op":"send","status":false,"code":120,"msg":"Too many messages"}`, refused)
			continue
		}
		require.Greater(t, refused["retry_after"], 0.0)
		delete(refused, "retry_after")
		equal(t, `{"op":"keep","ref":"r","status":false,"code":120,"msg":"Too many messages"}`, refused)
	}
}

func TestWhoSendsTooManyMessagesIsToldWhenToGoOn(t *testing.T) {
	s := open(t, servertest.Options{Live: func(l *live.Limits) { l.FrameRate, l.FrameBurst = 1000, 1000 }})
	bob := s.Dial(s.Bob, servertest.V2)
	var refused frame
	for i := 0; refused == nil; i++ {
		require.Less(t, i, 200)
		bob.Say(s.sending("hi", fmt.Sprint(i)))
		if f := bob.Hear(); f["code"] != 105.0 {
			require.GreaterOrEqual(t, i, 20)
			refused = f
		}
	}
	wait := refused["retry_after"].(float64)
	require.InDelta(t, 0.1, wait, 0.1)
	delete(refused, "retry_after")
	equal(t, `{"op":"send","status":false,"code":120,"msg":"Too many messages"}`, refused)
	time.Sleep(time.Duration(wait*float64(time.Second)) + 50*time.Millisecond)
	require.EqualValues(t, 105, bob.Ask(s.sending("hi", "after the wait"))["code"])
}

func TestAServerThatStopsSaysSo(t *testing.T) {
	s := open(t)
	bob, cai, eve := s.v2(s.Bob), s.joined(s.Cai), s.Dial(s.Eve, servertest.V2)
	stopped := make(chan struct{})
	go func() {
		s.Hub.Close(context.Background())
		close(stopped)
	}()
	for _, c := range []*servertest.Socket{bob, cai, eve} {
		require.Equal(t, 1012, c.Closed(5*time.Second))
	}
	<-stopped
	_, response, err := s.TryDial(s.Bob, servertest.V2, nil)
	require.Error(t, err)
	require.Equal(t, 140, refused(t, response).Code)
}

func TestAServerThatStopsDoesNotWaitForASilentClient(t *testing.T) {
	s := open(t)
	for range 3 {
		_, _, err := s.dial("/ws", servertest.V2, s.bearer(s.Bob)) // nobody reads
		require.NoError(t, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	s.Hub.Close(ctx)
	require.Less(t, time.Since(start), 5*time.Second)
}
