package api

import (
	"context"
	"net/http"

	"homeroom/app"
)

func registerSecondFactor(d *rest) {
	const tag, mine = "Second factor", "/me/second-factor"
	onBody(d, op{method: http.MethodGet, path: mine, id: "read-second-factor", tag: tag, summary: "Read whether one has a second factor"},
		func(ctx context.Context, actor app.Actor, _ *none) (app.SecondFactorState, error) {
			return d.app.SecondFactor(ctx, actor)
		})
	onBody(d, op{method: http.MethodPost, path: mine, id: "begin-second-factor", tag: tag, summary: "Make the secret of a new second factor; it counts once a code of it was given. For teachers and admins"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.NewSecondFactor }) (app.SecondFactorKey, error) {
			return d.app.BeginSecondFactor(ctx, actor, in.Body)
		})
	onBody(d, op{method: http.MethodPost, path: mine + "/confirm", id: "confirm-second-factor", tag: tag, summary: "Give a code of the second factor that was begun: it counts from now on, and other browsers are signed out"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.OneTimeCode }) (app.RecoveryCodes, error) {
			return d.app.ConfirmSecondFactor(ctx, actor, in.Body)
		})
	onBody(d, op{method: http.MethodPost, path: mine + "/recovery-codes", id: "make-recovery-codes", tag: tag, summary: "Make recovery codes in place of those before"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.BothFactors }) (app.RecoveryCodes, error) {
			return d.app.NewRecoveryCodes(ctx, actor, in.Body)
		})
	onNone(d, op{method: http.MethodPost, path: mine + "/remove", id: "remove-second-factor", tag: tag, summary: "Take one's second factor away"},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.BothFactors }) error {
			return d.app.RemoveSecondFactor(ctx, actor, in.Body)
		})
	onNone(d, op{method: http.MethodDelete, path: "/users/{user_id}/second-factor", id: "take-off-second-factor", tag: tag, summary: "Take the second factor off a user who lost it; for admins"},
		func(ctx context.Context, actor app.Actor, in *InUser) error {
			return d.app.TakeOffSecondFactor(ctx, actor, in.UserID)
		})
}
