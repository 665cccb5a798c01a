package live_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/chaostest"
	"homeroom/app/door"
	"homeroom/app/live"
)

func TestR21APanicEndsItsOwnConnectionOnly(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	actor, _ := h.SignIn(h.Bob)
	var broken atomic.Bool
	rules := app.New(h.Store, h.Bus, app.DefaultLimits(), func() time.Time {
		if broken.Swap(false) {
			panic("the clock fell down")
		}
		return h.Now()
	})
	hub := live.NewHub(rules, live.DefaultLimits())
	server := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	server.Use(func(c *fiber.Ctx) error {
		c.SetUserContext(door.With(c.UserContext(), &door.Request{ID: "1", Address: "192.0.2.1", Actor: actor}))
		return c.Next()
	})
	hub.Register(server)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Listener(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		hub.Close(ctx)
		require.NoError(t, server.ShutdownWithContext(ctx))
		require.NoError(t, <-served)
	})
	dial := func() *websocket.Conn {
		c, _, err := (&websocket.Dialer{Subprotocols: []string{"homeroom.v2"}}).Dial("ws://"+ln.Addr().String()+"/ws", nil)
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		require.NoError(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
		return c
	}
	ask := func(c *websocket.Conn, f frame) (answer frame, err error) {
		require.NoError(t, c.WriteJSON(f))
		err = c.ReadJSON(&answer)
		return answer, err
	}
	keep, send := frame{"action": "keep"}, frame{"action": "send", "class_id": class.ID, "thread_id": thread.ID, "content": "hi", "client_id": "1"}
	one, other := dial(), dial()
	for _, c := range []*websocket.Conn{one, other} {
		_, err := ask(c, keep)
		require.NoError(t, err)
	}
	broken.Store(true)
	_, err = ask(one, send)
	require.True(t, websocket.IsCloseError(err, 1011), "%v", err)
	require.NotContains(t, err.Error(), "clock", "what it was is for the log")
	answer, err := ask(other, send)
	require.NoError(t, err)
	require.EqualValues(t, 105, answer["code"])
	chaostest.Figures("R21", "panicked=1011 others=105")
}
