package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/app/door"
)

func registerSetup(d *rest) {
	on(d, op{method: http.MethodPost, path: "/setup", id: "set-up", tag: "Set-up", summary: "Make the first admin, once", open: true},
		func(ctx context.Context, _ app.Actor, in *struct {
			Browser
			Body app.FirstAdmin
		}) (withCookies[app.SignedIn], error) {
			r := door.Of(ctx)
			in.Body.Agent, in.Body.Address, in.Body.Device = in.Agent, r.Address, r.Device
			signedIn, secrets, err := d.app.Setup(ctx, in.Body)
			return answerSignedIn(ctx, d, signedIn, secrets, err)
		})
}
