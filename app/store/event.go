package store

import (
	"homeroom/models"
)

// Events returns events of a class with a number above after, in order and
// without their data.
func (q Queries) Events(classID, after int64, limit int) ([]models.Event, error) {
	return many[models.Event](q.db.Where("class_id = ? AND seq > ?", classID, after).Order("seq").Limit(limit))
}

// CreateAudit notes an act.
func (tx *Tx) CreateAudit(a *models.AuditEntry) error { return create(tx, a) }

// Resets returns the newest notes of a user's password being reset, at the most
// limit.
func (q Queries) Resets(userID int64, limit int) ([]models.AuditEntry, error) {
	return many[models.AuditEntry](q.db.Where("subject_id = ? AND action = 'user.password.reset'", userID).Order("id DESC").Limit(limit))
}

// Audit returns what was noted, the newest first, before the id before (0:
// from the newest).
func (q Queries) Audit(before int64, limit int) ([]models.AuditEntry, error) {
	query := q.db.Order("id DESC").Limit(limit)
	if before > 0 {
		query = query.Where("id < ?", before)
	}
	return many[models.AuditEntry](query)
}
