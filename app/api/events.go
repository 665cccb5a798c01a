package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/models"
)

func registerEvents(d *rest) {
	onBody(d, op{method: http.MethodGet, path: "/classes/{class_id}/events", id: "list-events", tag: "Events", summary: "Read the numbered changes of a class"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			After int64 `query:"after" minimum:"0" doc:"Events with a number above this one" example:"2"`
			Limit int   `query:"limit" minimum:"1" maximum:"500" default:"100"`
		}) (app.EventPage, error) {
			return d.app.Events(ctx, actor, in.ClassID, in.After, in.Limit)
		})
	onBody(d, op{method: http.MethodGet, path: "/audit", id: "list-audit", tag: "Audit", summary: "Read what was noted; for admins"},
		func(ctx context.Context, actor app.Actor, in *ByNumber) (list[models.AuditEntry], error) {
			before, err := in.number()
			if err != nil {
				return list[models.AuditEntry]{}, err
			}
			entries, err := d.app.Audit(ctx, actor, before, in.Limit+1)
			return pageOf(entries, in.Limit, func(e models.AuditEntry) string { return cursorOf(e.ID) }), err
		})
}
