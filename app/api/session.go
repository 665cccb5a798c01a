package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/app/door"
	"homeroom/models"
)

func registerSession(d *rest) {
	const tag = "Session"
	on(d, op{method: http.MethodPost, path: "/session", id: "sign-in", tag: tag, summary: "Sign in", open: true},
		func(ctx context.Context, _ app.Actor, in *struct {
			Browser
			Body app.SignIn
		}) (withCookies[app.SignedIn], error) {
			r := door.Of(ctx)
			in.Body.Agent, in.Body.Address, in.Body.Device = in.Agent, r.Address, r.Device
			signedIn, secrets, err := d.app.SignIn(ctx, in.Body)
			return answerSignedIn(ctx, d, signedIn, secrets, err)
		})
	onNone(d, op{method: http.MethodPost, path: "/session/confirm", id: "confirm-session", tag: tag, summary: "Give one's password again; a refusal with code 141 asks for it"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.Confirmation }) error {
			return d.app.Confirm(ctx, actor, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: "/session", id: "read-session", tag: tag, summary: "Read who is signed in"},
		func(ctx context.Context, actor app.Actor, _ *none) (app.SignedIn, error) {
			return d.app.SignedIn(ctx, actor)
		})
	on(d, op{method: http.MethodDelete, path: "/session", id: "sign-out", tag: tag, summary: "Sign out", status: http.StatusNoContent},
		func(ctx context.Context, actor app.Actor, _ *none) (signedOut, error) {
			return clearing(ctx), d.app.SignOut(ctx, actor)
		})
	onBody(d, op{method: http.MethodGet, path: "/sessions", id: "list-sessions", tag: tag, summary: "List one's signed-in browsers"},
		func(ctx context.Context, actor app.Actor, _ *none) (list[models.Session], error) {
			sessions, err := d.app.Sessions(ctx, actor)
			return list[models.Session]{Items: sessions}, err
		})
	onNone(d, op{method: http.MethodDelete, path: "/sessions/{session_id}", id: "end-session", tag: tag, summary: "Sign one of one's browsers out"},
		func(ctx context.Context, actor app.Actor, in *struct {
			SessionID int64 `path:"session_id" minimum:"1" example:"1"`
		}) error {
			return d.app.EndSession(ctx, actor, in.SessionID)
		})
}
