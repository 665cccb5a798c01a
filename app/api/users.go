package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/models"
)

// InUser is the part of an input that names a user.
type InUser struct {
	UserID int64 `path:"user_id" minimum:"1" example:"2"`
}

func registerUsers(d *rest) {
	const tag, all, one = "Users", "/users", "/users/{user_id}"
	onBody(d, op{method: http.MethodGet, path: all, id: "list-users", tag: tag, summary: "Search users; for admins and teachers"},
		func(ctx context.Context, actor app.Actor, in *struct {
			ByNumber
			Query string `query:"query" doc:"Beginning of the name" maxLength:"60" example:"bob"`
		}) (list[app.Person], error) {
			after, err := in.number()
			if err != nil {
				return list[app.Person]{}, err
			}
			people, err := d.app.Users(ctx, actor, in.Query, after, in.Limit+1)
			return pageOf(people, in.Limit, func(p app.Person) string { return cursorOf(p.ID) }), err
		})
	onBody(d, op{method: http.MethodPost, path: all, id: "create-user", tag: tag, summary: "Make an account; for admins", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.NewUser }) (app.CreatedUser, error) {
			return d.app.CreateUser(ctx, actor, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: one, id: "read-user", tag: tag, summary: "Read a user; for admins and teachers"},
		func(ctx context.Context, actor app.Actor, in *InUser) (app.Person, error) {
			return d.app.User(ctx, actor, in.UserID)
		})
	onBody(d, op{method: http.MethodPatch, path: one, id: "change-user", tag: tag, summary: "Change, disable or enable an account; for admins"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InUser
			Body app.UserChange
		}) (models.User, error) {
			return d.app.ChangeUser(ctx, actor, in.UserID, in.Body)
		})
	onBody(d, op{method: http.MethodPost, path: one + "/erase", id: "erase-user", tag: tag, summary: "Erase a person: account, name, and what they said; for admins"},
		func(ctx context.Context, actor app.Actor, in *struct {
			UserID int64 `path:"user_id" minimum:"1" example:"5"` // not the one of the other examples, who goes on
			Body   app.Erasure
		}) (models.User, error) {
			return d.app.EraseUser(ctx, actor, in.UserID, in.Body)
		})
	onBody(d, op{method: http.MethodPost, path: one + "/reset", id: "reset-password", tag: tag, summary: "Give a user a phrase that signs in once, to choose a password; for admins"},
		func(ctx context.Context, actor app.Actor, in *InUser) (app.Phrase, error) {
			return d.app.ResetPassword(ctx, actor, in.UserID)
		})
}
