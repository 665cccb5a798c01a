package api

import (
	"context"
	"net/http"
	"strings"

	"homeroom/app"
)

// ByItself tells the requests that a page makes though nobody touches it: an
// admin's asks for the figures again and again, and one that is in view marks
// what comes as read.
func ByItself(method, path string) bool {
	return path == Base+"/stats" || method == http.MethodPut && strings.HasPrefix(path, Base+"/classes/") && strings.HasSuffix(path, "/read")
}

func registerStats(d *rest) {
	onBody(d, op{method: http.MethodGet, path: "/stats", id: "read-stats", tag: "Stats", summary: "Read how the server fares; for admins"},
		func(ctx context.Context, actor app.Actor, _ *none) (app.Stats, error) {
			return d.app.Stats(ctx, actor)
		})
}
