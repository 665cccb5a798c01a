package api

import (
	"context"
	"net/http"

	"homeroom/app"
)

func registerPushes(d *rest) {
	const tag = "Pushes"
	onBody(d, op{method: http.MethodPost, path: "/pushes", id: "push", tag: tag, summary: "Tell a user, a class or everybody something, now"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.NewPush }) (app.PushResult, error) {
			return d.app.Push(ctx, actor, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: "/online", id: "read-online", tag: tag, summary: "Read who is online"},
		func(ctx context.Context, actor app.Actor, _ *none) (app.OnlineCount, error) {
			return d.app.OnlineNow(ctx, actor)
		})
}
