package api

import (
	"context"
	"net/http"

	"homeroom/app"
)

func registerStats(d *rest) {
	onBody(d, op{method: http.MethodGet, path: "/stats", id: "read-stats", tag: "Stats", summary: "Read how the server fares; for admins"},
		func(ctx context.Context, actor app.Actor, _ *none) (app.Stats, error) {
			return d.app.Stats(ctx, actor)
		})
}
