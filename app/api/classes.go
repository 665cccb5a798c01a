package api

import (
	"context"
	"net/http"
	"strconv"

	"homeroom/app"
	"homeroom/app/door"
	"homeroom/app/fault"
	"homeroom/models"
)

// InClass is the part of an input that names a class. Such parts are exported
// because huma reads nothing of an embedded type that is not.
type InClass struct {
	ClassID int64 `path:"class_id" minimum:"1" example:"1"`
}

// ByNumber is a page of rows that are in the order of a number.
type ByNumber struct {
	Cursor string `query:"cursor" doc:"next of the page before" maxLength:"40"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" example:"20"`
}

// number returns the number after which the page begins.
func (p ByNumber) number() (int64, error) {
	if p.Cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(p.Cursor, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Malformed.With("cursor")
	}
	return n, nil
}

func cursorOf(n int64) string { return strconv.FormatInt(n, 10) }

// joinClass is a join code as people type it.
type joinClass struct {
	Code string `json:"code" maxLength:"20" example:"7KQ2-M9XT"`
}

func registerClasses(d *rest) {
	const tag = "Classes"
	onBody(d, op{method: http.MethodGet, path: "/classes", id: "list-classes", tag: tag, summary: "List one's classes"},
		func(ctx context.Context, actor app.Actor, in *struct {
			ByNumber
			Archived bool `query:"archived" doc:"The archived ones instead"`
			All      bool `query:"all" doc:"Everybody's, archived or not; for admins"`
		}) (list[models.Class], error) {
			after, err := in.number()
			if err != nil {
				return list[models.Class]{}, err
			}
			var classes []models.Class
			if in.All {
				classes, err = d.app.AllClasses(ctx, actor, after, in.Limit+1)
			} else {
				classes, err = d.app.Classes(ctx, actor, in.Archived, after, in.Limit+1)
			}
			return pageOf(classes, in.Limit, func(c models.Class) string { return cursorOf(c.ID) }), err
		})
	onBody(d, op{method: http.MethodPost, path: "/classes", id: "create-class", tag: tag, summary: "Create a class", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct{ Body app.NewClass }) (models.Class, error) {
			return d.app.CreateClass(ctx, actor, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: "/classes/{class_id}", id: "read-class", tag: tag, summary: "Read a class"},
		func(ctx context.Context, actor app.Actor, in *InClass) (models.Class, error) {
			return d.app.Class(ctx, actor, in.ClassID)
		})
	onBody(d, op{method: http.MethodPatch, path: "/classes/{class_id}", id: "change-class", tag: tag, summary: "Change or archive a class"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			Body app.ClassChange
		}) (models.Class, error) {
			return d.app.ChangeClass(ctx, actor, in.ClassID, in.Body)
		})
	onNone(d, op{method: http.MethodDelete, path: "/classes/{class_id}", id: "delete-class", tag: tag, summary: "Delete a class"},
		func(ctx context.Context, actor app.Actor, in *InClass) error {
			return d.app.DeleteClass(ctx, actor, in.ClassID)
		})
	onBody(d, op{method: http.MethodPost, path: "/join", id: "join-class", tag: tag, summary: "Join a class by its code"},
		func(ctx context.Context, actor app.Actor, in *struct {
			Body joinClass
		}) (models.Class, error) {
			return d.app.JoinByCode(ctx, actor, door.Of(ctx).Address, in.Body.Code)
		})
}
