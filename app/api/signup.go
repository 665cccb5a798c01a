package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/app/door"
)

func registerSignUp(d *rest) {
	on(d, op{method: http.MethodPost, path: "/sign-up", id: "sign-up", tag: "Session", summary: "Make a student's account with a join code", open: true},
		func(ctx context.Context, _ app.Actor, in *struct {
			Browser
			Body app.SignUp
		}) (withCookies[app.SignedUp], error) {
			r := door.Of(ctx)
			in.Body.Agent, in.Body.Address, in.Body.Device = in.Agent, r.Address, r.Device
			signedUp, secrets, err := d.app.SignUp(ctx, in.Body)
			if err != nil {
				return withCookies[app.SignedUp]{}, err
			}
			return signedIn(ctx, d, signedUp, signedUp.Session, secrets)
		})
}
