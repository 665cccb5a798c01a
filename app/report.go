package app

import (
	"context"
	"errors"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// mostNote is how many characters the note of a report may have.
const mostNote = 500

// NewReport is what a member tells the staff about a message.
type NewReport struct {
	Reason models.ReportReason `json:"reason" enum:"bullying,hate,sexual,self-harm,spam,other" example:"bullying"`
	Note   string              `json:"note,omitempty" doc:"At most 500 characters" example:"It goes on since Monday."`
}

// Reported is what who reports is told: that it was taken down, and nothing of
// what becomes of it.
type Reported struct {
	ID        int64               `json:"id"`
	MessageID int64               `json:"message_id"`
	Reason    models.ReportReason `json:"reason" enum:"bullying,hate,sexual,self-harm,spam,other"`
	Note      string              `json:"note"`
	CreatedAt models.Time         `json:"created_at" format:"date-time"`
}

// Resolution says what was done about a report.
type Resolution struct {
	Outcome models.ReportOutcome `json:"outcome" enum:"deleted,talked,nothing" doc:"deleted: the message is deleted, now if it is not yet" example:"talked"`
}

// Report tells those who manage a class about a message of another member that
// the actor can see, muted or not. isNew is false where the same is open
// already. Nothing of it is an event: even a hidden one would tell the class
// that there was a report. Faults: Malformed, TextTooLong, those of enter,
// TooMany, NoThread, NotFound, NotAllowed (one's own), Exists (open with another
// reason or note).
func (a *App) Report(ctx context.Context, actor Actor, classID, threadID, messageID int64, in NewReport) (reported Reported, isNew bool, err error) {
	if err := in.check(); err != nil {
		return reported, false, err
	}
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return reported, false, err
	}
	if wait := a.sends.take(actor.User.ID, a.clock()); wait > 0 {
		return reported, false, fault.TooMany.After(wait)
	}
	var report models.Report
	err = a.change(ctx, func(c *change) error {
		report, isNew, err = c.report(actor, classID, threadID, messageID, in)
		return err
	})
	if err != nil {
		return reported, false, err
	}
	return Reported{ID: report.ID, MessageID: report.MessageID, Reason: report.Reason, Note: report.Note, CreatedAt: report.CreatedAt}, isNew, nil
}

func (in NewReport) check() error {
	switch in.Reason {
	case models.Bullying, models.Hate, models.Sexual, models.SelfHarm, models.Spam, models.OtherReason:
	default:
		return fault.Malformed.With("reason")
	}
	if in.Note == "" {
		return nil
	}
	return checkText("note", in.Note, mostNote)
}

// report is Report in its transaction.
func (c *change) report(actor Actor, classID, threadID, messageID int64, in NewReport) (report models.Report, isNew bool, err error) {
	at, err := c.enter(actor, classID)
	if err != nil {
		return report, false, err
	}
	if _, err := at.thread(threadID); err != nil {
		return report, false, err
	}
	message, err := c.Message(classID, threadID, messageID)
	if err != nil {
		return report, false, err
	}
	if message.SpeakerID == actor.User.ID {
		return report, false, fault.NotAllowed.With("the message is your own")
	}
	report, err = c.OpenReportBy(actor.User.ID, messageID)
	switch {
	case err == nil && report.Reason == in.Reason && report.Note == in.Note:
		return report, false, nil
	case err == nil:
		return report, false, fault.Exists.With("you have reported the message")
	case !errors.Is(err, fault.NotFound):
		return report, false, err
	}
	if open, err := c.CountOpenReportsBy(actor.User.ID); err != nil {
		return report, false, err
	} else if open >= c.app.Limits.OpenReports {
		return report, false, fault.TooMany.With("reports that nobody has resolved")
	}
	content, err := c.evidence(message)
	if err != nil {
		return report, false, err
	}
	report = models.Report{
		ClassID: classID, ThreadID: threadID, MessageID: messageID,
		SpeakerID: message.SpeakerID, SpeakerName: message.SpeakerName, Content: content,
		ReporterID: actor.User.ID, ReporterName: at.member.Name,
		Reason: in.Reason, Note: in.Note, CreatedAt: c.now,
	}
	if err := c.CreateReport(&report); err != nil {
		return report, false, err
	}
	c.tellReaders(report)
	return report, true, nil
}

// evidence returns what a message says, or said until it was deleted: whoever
// takes back at once what should not have been said can still be reported.
func (c *change) evidence(m models.Message) (string, error) {
	if m.DeletedAt == nil {
		return m.Content, nil
	}
	last, err := c.LastMessageVersion(m.ID)
	return last.Content, err
}

func (c *change) tellReaders(r models.Report) {
	c.AfterCommit(func() {
		c.app.bus.Publish(bus.Announcement{Report: &bus.Report{ClassID: r.ClassID, AboutID: r.SpeakerID}})
	})
}

// CanReadReports refuses with SignInFirst or NotAllowed who reads the reports of
// no class, whatever their role there. everywhere tells who reads those of all.
func (a *Actor) CanReadReports() (everywhere bool, err error) {
	return a.mayAsAdmin(models.ScopeManage) == nil, a.may(models.ScopeManage)
}

// Reports returns the reports of a class, open or resolved, the newest first,
// before the id before. Its owner and teachers may ask, and admins in every
// class; nobody is shown what is reported of themselves. That they were read is
// noted, once an hour. Faults: those of enter, NotAllowed, TooManyTries.
func (a *App) Reports(ctx context.Context, actor Actor, classID int64, open bool, before int64, limit int) ([]models.Report, error) {
	if err := a.mayReadReports(ctx, actor, classID); err != nil {
		return nil, err
	}
	return a.readReports(ctx, actor, classID, open, before, limit)
}

// AllReports is Reports of all classes, deleted ones as well; admins may ask.
// Faults: SignInFirst, NotAllowed, TooManyTries.
func (a *App) AllReports(ctx context.Context, actor Actor, open bool, before int64, limit int) ([]models.Report, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return nil, err
	}
	return a.readReports(ctx, actor, 0, open, before, limit)
}

// OpenReports counts what AllReports returns of the open ones, up to
// store.MostReports; admins may ask. It is not noted: nothing is read. Faults:
// SignInFirst, NotAllowed.
func (a *App) OpenReports(ctx context.Context, actor Actor) (int, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return 0, err
	}
	return a.reading(ctx).CountOpenReports(actor.User.ID)
}

func (a *App) readReports(ctx context.Context, actor Actor, classID int64, open bool, before int64, limit int) ([]models.Report, error) {
	reports, err := a.reading(ctx).ReportsFor(actor.User.ID, classID, open, before, limit)
	if err != nil || len(reports) == 0 {
		return reports, err
	}
	return reports, a.noteLook(ctx, actor, reportRead, classID, 0)
}

// reportRead is the note of whoever reads the reports of a class, or of all.
const reportRead = "report.read"

// mayReadReports lets in who manages the class, and admins: those of them who
// are not in it, too, and after it was deleted.
func (a *App) mayReadReports(ctx context.Context, actor Actor, classID int64) error {
	if everywhere, _ := actor.CanReadReports(); everywhere {
		_, err := a.roster(ctx, classID)
		return err
	}
	return asManager(a.enter(ctx, actor, models.ScopeManage, classID))
}

// ResolveReport says what was done about a report. Who may read it may; the
// message is deleted by who may do that. The same again has no effect. Faults:
// Malformed, those of enter, NotAllowed, NotFound, Exists (resolved otherwise),
// those of Delete.
func (a *App) ResolveReport(ctx context.Context, actor Actor, classID, id int64, in Resolution) (report models.Report, err error) {
	switch in.Outcome {
	case models.MessageGone, models.Talked, models.NothingNeeded:
	default:
		return report, fault.Malformed.With("outcome")
	}
	if err := a.mayReadReports(ctx, actor, classID); err != nil {
		return report, err
	}
	err = a.change(ctx, func(c *change) error {
		report, err = c.resolve(actor, classID, id, in.Outcome)
		return err
	})
	return report, err
}

// resolve is ResolveReport in its transaction.
func (c *change) resolve(actor Actor, classID, id int64, outcome models.ReportOutcome) (models.Report, error) {
	if everywhere, _ := actor.CanReadReports(); !everywhere {
		if err := asManager(c.enter(actor, classID)); err != nil {
			return models.Report{}, err
		}
	}
	report, err := c.ReportFor(actor.User.ID, classID, id)
	if err != nil {
		return report, err
	}
	if report.Outcome != nil {
		if *report.Outcome != outcome {
			err = fault.Exists.With("the report is resolved")
		}
		return report, err
	}
	if outcome == models.MessageGone {
		if err := c.deleteReported(actor, report); err != nil {
			return report, err
		}
	}
	report.Outcome, report.ResolvedAt, report.ResolvedBy = &outcome, &c.now, &actor.User.ID
	if err := c.UpdateReport(id, store.Change{"outcome": outcome, "resolved_at": c.now, "resolved_by": actor.User.ID}); err != nil {
		return report, err
	}
	if err := c.note(actor, "report.resolved", classID, id, string(outcome)); err != nil {
		return report, err
	}
	c.tellReaders(report)
	return report, nil
}

// deleteReported deletes the message of a report, unless it is gone, by itself or
// with its thread or class.
func (c *change) deleteReported(actor Actor, r models.Report) error {
	message, err := c.Message(r.ClassID, r.ThreadID, r.MessageID)
	if err != nil || message.DeletedAt != nil {
		return err
	}
	if _, shown, err := c.shown(message); err != nil || !shown {
		return err
	}
	_, err = c.delete(actor, r.ClassID, r.ThreadID, r.MessageID)
	return err
}
