package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/models"
)

// InMember is the part of an input that names a member of a class.
type InMember struct {
	InClass
	UserID int64 `path:"user_id" minimum:"1" example:"2"`
}

func registerMembers(d *rest) {
	const tag, all, one = "Members", "/classes/{class_id}/members", "/classes/{class_id}/members/{user_id}"
	onBody(d, op{method: http.MethodGet, path: all, id: "list-members", tag: tag, summary: "List the members of a class"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			ByNumber
			Query string `query:"query" doc:"Beginning of the name" maxLength:"60" example:"bob"`
		}) (list[models.Member], error) {
			after, err := in.number()
			if err != nil {
				return list[models.Member]{}, err
			}
			members, err := d.app.Members(ctx, actor, in.ClassID, in.Query, after, in.Limit+1)
			return pageOf(members, in.Limit, func(m models.Member) string { return cursorOf(m.UserID) }), err
		})
	onBody(d, op{method: http.MethodPost, path: all, id: "add-member", tag: tag, summary: "Add a user to a class", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			Body app.NewMember
		}) (models.Member, error) {
			return d.app.AddMember(ctx, actor, in.ClassID, in.Body)
		})
	onBody(d, op{method: http.MethodPatch, path: one, id: "change-member", tag: tag, summary: "Change a member's role, or mute"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InMember
			Body app.MemberChange
		}) (models.Member, error) {
			return d.app.ChangeMember(ctx, actor, in.ClassID, in.UserID, in.Body)
		})
	onNone(d, op{method: http.MethodDelete, path: one, id: "remove-member", tag: tag, summary: "Remove a member, or leave"},
		func(ctx context.Context, actor app.Actor, in *InMember) error {
			return d.app.RemoveMember(ctx, actor, in.ClassID, in.UserID)
		})
}

func registerCodes(d *rest) {
	const tag, all = "Join codes", "/classes/{class_id}/codes"
	onBody(d, op{method: http.MethodGet, path: all, id: "list-codes", tag: tag, summary: "List the join codes of a class"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			ByNumber
		}) (list[models.JoinCode], error) {
			before, err := in.number()
			if err != nil {
				return list[models.JoinCode]{}, err
			}
			codes, err := d.app.Codes(ctx, actor, in.ClassID, before, in.Limit+1)
			return pageOf(codes, in.Limit, func(c models.JoinCode) string { return cursorOf(c.ID) }), err
		})
	onBody(d, op{method: http.MethodPost, path: all, id: "create-code", tag: tag, summary: "Make a join code", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			Body app.NewCode
		}) (models.JoinCode, error) {
			return d.app.CreateCode(ctx, actor, in.ClassID, in.Body)
		})
	onNone(d, op{method: http.MethodDelete, path: all + "/{code_id}", id: "revoke-code", tag: tag, summary: "Revoke a join code"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			CodeID int64 `path:"code_id" minimum:"1" example:"1"`
		}) error {
			return d.app.RevokeCode(ctx, actor, in.ClassID, in.CodeID)
		})
}
