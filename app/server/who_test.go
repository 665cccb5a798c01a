package server_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/app/server"
)

// In a storm those who had given up waited with the others, and took their
// memory and their turns.
func TestAHandshakeWaitsForItsTurnAsLongAsItIsSet(t *testing.T) {
	const turns = 64
	asking, release := make(chan struct{}, turns), make(chan struct{})
	h := open(t, func(c *server.Config) {
		c.Limits.Handshake = time.Millisecond
		authenticate := c.Authenticate
		c.Authenticate = func(ctx context.Context, secret string, proof app.Proof) (app.Actor, error) {
			asking <- struct{}{}
			<-release
			return authenticate(ctx, secret, proof)
		}
	})
	shake := func() answer { return h.get("/ws", "Cookie", "sid="+h.cookie) }
	statuses := make(chan int, turns)
	var all sync.WaitGroup
	letIn := sync.OnceFunc(func() { close(release); all.Wait(); close(statuses) })
	defer letIn()
	for range turns {
		all.Go(func() { statuses <- shake().StatusCode })
	}
	for range turns {
		<-asking
	}
	late := shake()
	require.Equal(t, 503, late.StatusCode)
	require.Equal(t, fault.Busy.Code, late.problem(t).Code)
	require.Equal(t, "1", late.Header.Get("Retry-After"))
	letIn()
	for range turns {
		require.Equal(t, 200, <-statuses)
	}
	require.Equal(t, 200, shake().StatusCode, "and then there is a turn")
}
