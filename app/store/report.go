package store

import (
	"gorm.io/gorm"

	"homeroom/models"
)

// MostReports is where the counting of open reports ends.
const MostReports = 100

// openReports counts what user @user, if they manage the class, has still to
// look at: nobody is told of reports about themselves.
const openReports = `CASE WHEN mine.role IN ('owner', 'teacher') THEN (SELECT count(*) FROM (
	SELECT 1 FROM reports p WHERE p.class_id = classes.id AND p.resolved_at IS NULL AND p.speaker_id <> @user LIMIT @reports) counted) END`

// CreateReport stores a report; ErrDuplicate where the reporter has an open one
// of that message.
func (tx *Tx) CreateReport(r *models.Report) error { return create(tx, r) }

// UpdateReport changes columns of a report.
func (tx *Tx) UpdateReport(id int64, change Change) error {
	_, err := update[models.Report](tx, change, "id = ?", id)
	return err
}

// OpenReportBy returns the open report of a message by a reporter, or
// fault.NotFound.
func (q Queries) OpenReportBy(reporterID, messageID int64) (models.Report, error) {
	return one[models.Report](q.db.Where("reporter_id = ? AND message_id = ? AND resolved_at IS NULL", reporterID, messageID))
}

// CountOpenReportsBy tells how many reports of a reporter are open.
func (q Queries) CountOpenReportsBy(reporterID int64) (int, error) {
	return count[models.Report](q.db.Where("reporter_id = ? AND resolved_at IS NULL", reporterID))
}

// CountOpenReports counts the open reports of all classes that a reader may know,
// as far as MostReports.
func (q Queries) CountOpenReports(readerID int64) (int, error) {
	waiting := q.db.Model(&models.Report{}).Select("1").Where("speaker_id <> ? AND resolved_at IS NULL", readerID).Limit(MostReports)
	return count[models.Report](q.db.Table("(?) waiting", waiting))
}

// ReportedFile returns a file that was sent with a message of which a reader may
// know a report, or fault.NotFound.
func (q Queries) ReportedFile(readerID, classID, id int64) (models.File, error) {
	return one[models.File](q.db.Where(`id = ? AND class_id = ? AND EXISTS (
		SELECT 1 FROM reports r WHERE r.message_id = files.message_id AND r.class_id = files.class_id AND r.speaker_id <> ?)`, id, classID, readerID))
}

// reports are those with what whoever reads them is shown besides.
func (q Queries) reports() *gorm.DB {
	return q.db.Model(&models.Report{}).Select("reports.*, (SELECT name FROM classes c WHERE c.id = reports.class_id) AS class_name")
}

// ReportFor returns a report of a class as a reader may know it, or
// fault.NotFound.
func (q Queries) ReportFor(readerID, classID, id int64) (models.Report, error) {
	report, err := one[models.Report](q.reports().Where("id = ? AND class_id = ? AND speaker_id <> ?", id, classID, readerID))
	if err != nil {
		return report, err
	}
	page := []models.Report{report}
	err = q.addReportedFiles(page)
	return page[0], err
}

// ReportsFor returns the reports of a class (0: of all) that a reader may know,
// open or resolved, the newest first, with an id below before (0: of all).
func (q Queries) ReportsFor(readerID, classID int64, open bool, before int64, limit int) ([]models.Report, error) {
	query := q.reports().Where("speaker_id <> ?", readerID).Order("id DESC").Limit(limit)
	if classID > 0 {
		query = query.Where("class_id = ?", classID)
	}
	if before > 0 {
		query = query.Where("id < ?", before)
	}
	if open {
		query = query.Where("resolved_at IS NULL")
	} else {
		query = query.Where("resolved_at IS NOT NULL")
	}
	page, err := many[models.Report](query)
	if err != nil {
		return page, err
	}
	return page, q.addReportedFiles(page)
}

// addReportedFiles fills in what was sent with the messages, deleted or not.
func (q Queries) addReportedFiles(page []models.Report) error {
	ids := make([]int64, len(page))
	for i := range page {
		ids[i] = page[i].MessageID
	}
	sent, err := q.FilesOfMessages(ids)
	for i := range page {
		page[i].Files = sent[page[i].MessageID]
		if page[i].Files == nil {
			page[i].Files = []models.File{}
		}
	}
	return err
}
