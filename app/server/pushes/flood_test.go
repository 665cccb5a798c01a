package pushes

import (
	"bufio"
	"encoding/json"
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
	"homeroom/app/inner"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// stuck opens a page that reads nothing.
func (s *school) stuck(u models.User) *websocket.Conn {
	s.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{servertest.V2}, NetDial: func(network, address string) (net.Conn, error) {
		c, err := net.Dial(network, address)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(32 << 10)
		}
		return c, err
	}}
	c, _, err := dialer.Dial("ws://"+s.Host()+"/ws", http.Header{"Authorization": {"Bearer " + s.Token(u)}})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = c.Close() })
	require.NoError(s.t, c.WriteJSON(servertest.Frame{"action": "hello", "since": servertest.Frame{}}))
	_, _, err = c.ReadMessage()
	require.NoError(s.t, err)
	return c
}

// pushed pushes by REST and tells whether somebody was there. It may be called
// from any goroutine.
func (s *school) pushed(secret, body string) (told bool, err error) {
	r, err := http.NewRequest(http.MethodPost, s.URL+"/api/v1/pushes", strings.NewReader(body))
	if err != nil {
		return false, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+secret)
	response, err := s.HTTP.Do(r)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	var result app.PushResult
	err = json.NewDecoder(response.Body).Decode(&result)
	return result.Result == app.PushOK, err
}

func TestAFloodAtOneUserClosesNobodyElse(t *testing.T) {
	s := open(t)
	port, err := inner.Listen(s.App, "127.0.0.1:0", inner.Limits{Line: 64 << 10, Idle: time.Minute, Connections: 64})
	require.NoError(t, err)
	defer port.Close()
	secret := s.Token(s.Ada)
	slow := s.stuck(s.Cai)
	others := map[*servertest.Socket]models.User{}
	for _, u := range []models.User{s.Ann, s.Bob, s.Eve} {
		for range 3 {
			others[s.page(u)] = u
		}
	}

	flooded := make(chan int)
	go func() { // until nobody is there
		defer close(flooded)
		c, err := net.Dial("tcp", port.Addr().String())
		if err != nil {
			return
		}
		defer c.Close()
		answers := bufio.NewReader(c)
		line := fmt.Sprintf(`{"uid":%d,"x":"%s"}`+"\n", s.Cai.ID, strings.Repeat("x", 60_000))
		for n := 0; ; n++ {
			if _, err := c.Write([]byte(line)); err != nil {
				return
			}
			if answer, err := answers.ReadString('\n'); err != nil || answer != "ok\n" {
				flooded <- n
				return
			}
		}
	}()
	var byREST sync.WaitGroup
	body := encoded(t, object{"to": s.Cai.ID, "content": strings.Repeat("y", 10_000)})
	var byRESTFailed error
	byREST.Go(func() {
		for told := true; told && byRESTFailed == nil; {
			told, byRESTFailed = s.pushed(secret, body)
		}
	})
	rounds, worst := 0, time.Duration(0)
	for over := false; !over; rounds++ {
		select {
		case n, ok := <-flooded:
			require.True(t, ok, "the flood was cut off")
			t.Logf("%d lines until the slow page was closed", n)
			over = true
		default:
		}
		text := fmt.Sprint("round ", rounds)
		began := time.Now()
		require.GreaterOrEqual(t, s.tells(s.Ada, object{"content": text}).Reached, len(others))
		for c := range others {
			require.Equal(t, text, c.HearOp("push")["content"])
		}
		worst = max(worst, time.Since(began))
	}
	byREST.Wait()
	require.NoError(t, byRESTFailed)
	t.Logf("%d rounds meanwhile, the slowest took %v", rounds, worst)
	require.Less(t, worst, 2*time.Second)

	require.NoError(t, slow.SetReadDeadline(time.Now().Add(10*time.Second)))
	for err == nil {
		_, _, err = slow.ReadMessage()
	}
	require.True(t, websocket.IsCloseError(err, 4000), "%v", err)
	for c, u := range others {
		require.Equal(t, true, c.Ask(servertest.Frame{"action": "keep"})["status"], u.Name)
	}
	require.Empty(t, pushes(s.page(s.Cai)), "nothing of the flood was kept")
	require.Equal(t, 1, s.tells(s.Ada, object{"to": s.Cai.ID, "content": "x"}).Reached)
}
