package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/models"
)

func registerMe(d *rest) {
	const tag = "Me"
	onBody(d, op{method: http.MethodGet, path: "/me", id: "read-me", tag: tag, summary: "Read one's account"},
		func(ctx context.Context, actor app.Actor, _ *none) (models.User, error) {
			return d.app.Me(ctx, actor)
		})
	onBody(d, op{method: http.MethodPatch, path: "/me", id: "change-me", tag: tag, summary: "Change one's account"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.Profile }) (models.User, error) {
			return d.app.ChangeMe(ctx, actor, in.Body)
		})
	onNone(d, op{method: http.MethodPut, path: "/me/password", id: "change-password", tag: tag, summary: "Change one's password; other browsers are signed out"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.NewPassword }) error {
			return d.app.ChangePassword(ctx, actor, in.Body)
		})
}
