package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/models"
)

// InToken is the part of an input that names a token.
type InToken struct {
	TokenID int64 `path:"token_id" minimum:"1" example:"1"`
}

func registerTokens(d *rest) {
	const tag, mine, all = "Tokens", "/me/tokens", "/tokens"
	onBody(d, op{method: http.MethodGet, path: mine, id: "list-my-tokens", tag: tag, summary: "List one's tokens"},
		func(ctx context.Context, actor app.Actor, _ *none) (list[models.Token], error) {
			tokens, err := d.app.Tokens(ctx, actor)
			return list[models.Token]{Items: tokens}, err
		})
	onBody(d, op{method: http.MethodPost, path: mine, id: "create-token", tag: tag, summary: "Make a token; its secret is in this answer only", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.NewToken }) (models.Token, error) {
			return d.app.CreateToken(ctx, actor, in.Body)
		})
	onNone(d, op{method: http.MethodDelete, path: mine + "/{token_id}", id: "revoke-my-token", tag: tag, summary: "Revoke one of one's tokens"},
		func(ctx context.Context, actor app.Actor, in *InToken) error {
			return d.app.RevokeToken(ctx, actor, in.TokenID)
		})
	onBody(d, op{method: http.MethodGet, path: all, id: "list-tokens", tag: tag, summary: "List everybody's tokens, the newest first; for admins"},
		func(ctx context.Context, actor app.Actor, in *ByNumber) (list[models.Token], error) {
			before, err := in.number()
			if err != nil {
				return list[models.Token]{}, err
			}
			tokens, err := d.app.AllTokens(ctx, actor, before, in.Limit+1)
			return pageOf(tokens, in.Limit, func(t models.Token) string { return cursorOf(t.ID) }), err
		})
	onNone(d, op{method: http.MethodDelete, path: all + "/{token_id}", id: "revoke-token", tag: tag, summary: "Revoke anybody's token; for admins"},
		func(ctx context.Context, actor app.Actor, in *InToken) error {
			return d.app.RevokeAnyToken(ctx, actor, in.TokenID)
		})
}
