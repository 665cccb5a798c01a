package api

import (
	"context"
	"net/http"

	"homeroom/app"
	"homeroom/models"
)

// ByState is a page of reports, open or resolved.
type ByState struct {
	ByNumber
	State string `query:"state" enum:"open,resolved" default:"open"`
}

// read reads the page, with f, which takes one row more than it has.
func (p ByState) read(f func(open bool, before int64, limit int) ([]models.Report, error)) (list[models.Report], error) {
	before, err := p.number()
	if err != nil {
		return list[models.Report]{}, err
	}
	reports, err := f(p.State == "open", before, p.Limit+1)
	return textPageOf(reports, p.Limit, func(r models.Report) int { return len(r.Content) + len(r.Note) }, func(r models.Report) string { return cursorOf(r.ID) }), err
}

// counted tells how many reports wait.
type counted struct {
	Open int `json:"open" doc:"At most 100" example:"2"`
}

func registerReports(d *rest) {
	const tag, all = "Reports", "/classes/{class_id}/reports"
	type reported struct {
		Status int
		Body   app.Reported
	}
	on(d, op{method: http.MethodPost, path: "/classes/{class_id}/threads/{thread_id}/messages/{message_id}/reports", id: "report-message", tag: tag, summary: "Report a message to those who manage the class", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct {
			InMessage
			Body app.NewReport
		}) (reported, error) {
			report, isNew, err := d.app.Report(ctx, actor, in.ClassID, in.ThreadID, in.MessageID, in.Body)
			if isNew {
				return reported{http.StatusCreated, report}, err
			}
			return reported{http.StatusOK, report}, err
		})
	onBody(d, op{method: http.MethodGet, path: all, id: "list-class-reports", tag: tag, summary: "Read the reports of a class; for its owner and teachers and for admins, and noted"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			ByState
		}) (list[models.Report], error) {
			return in.read(func(open bool, before int64, limit int) ([]models.Report, error) {
				return d.app.Reports(ctx, actor, in.ClassID, open, before, limit)
			})
		})
	onBody(d, op{method: http.MethodPatch, path: all + "/{report_id}", id: "resolve-report", tag: tag, summary: "Say what was done about a report"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			ReportID int64 `path:"report_id" minimum:"1" example:"1"`
			Body     app.Resolution
		}) (models.Report, error) {
			return d.app.ResolveReport(ctx, actor, in.ClassID, in.ReportID, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: "/reports", id: "list-reports", tag: tag, summary: "Read the reports of all classes; for admins, and noted"},
		func(ctx context.Context, actor app.Actor, in *ByState) (list[models.Report], error) {
			return in.read(func(open bool, before int64, limit int) ([]models.Report, error) {
				return d.app.AllReports(ctx, actor, open, before, limit)
			})
		})
	onBody(d, op{method: http.MethodGet, path: "/reports/open", id: "count-reports", tag: tag, summary: "Count the reports of all classes that wait for the asker; for admins"},
		func(ctx context.Context, actor app.Actor, _ *struct{}) (counted, error) {
			n, err := d.app.OpenReports(ctx, actor)
			return counted{n}, err
		})
}
