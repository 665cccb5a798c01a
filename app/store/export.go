package store

import (
	"homeroom/models"
)

// MessagesOf returns these messages of a speaker, without reactions: whose they
// are is somebody else's.
func (q Queries) MessagesOf(speakerID int64, ids []int64) ([]models.Message, error) {
	return many[models.Message](q.db.Where("speaker_id = ? AND id"+ofThese, speakerID, these[int64](ids)).Order("id"))
}

// VersionsOf returns what these messages said before, the oldest first.
func (q Queries) VersionsOf(messageIDs []int64) ([]models.MessageVersion, error) {
	return many[models.MessageVersion](q.db.Where("message_id"+ofThese, these[int64](messageIDs)).Order("message_id, id"))
}

// MembershipsEver returns the rows of a user in every class, left or not.
func (q Queries) MembershipsEver(userID int64) ([]models.Member, error) {
	return many[models.Member](q.members().Where("members.user_id = ?", userID).Order("members.class_id"))
}

// ReadMarkersOf returns how far a user has read, by thread.
func (q Queries) ReadMarkersOf(userID int64) ([]models.ReadMarker, error) {
	return many[models.ReadMarker](q.db.Where("user_id = ?", userID).Order("thread_id"))
}

// KeptPushesOf returns what waits for a user.
func (q Queries) KeptPushesOf(userID int64) ([]models.KeptPush, error) {
	return many[models.KeptPush](q.db.Where("user_id = ?", userID).Order("id"))
}

// AuditOf returns what was noted of a user, done by them or to them, after the
// id after.
func (q Queries) AuditOf(userID, after int64, limit int) ([]models.AuditEntry, error) {
	return many[models.AuditEntry](q.db.Where("id > ?", after).
		Where("actor_id = @user OR subject_id = @user AND (action LIKE 'user.%' OR action LIKE 'member.%')", map[string]any{"user": userID}).
		Order("id").Limit(limit))
}

// ReportsBy returns the reports that a user made and a reader may know, after the
// id after.
func (q Queries) ReportsBy(userID, readerID, after int64, limit int) ([]models.Report, error) {
	return many[models.Report](q.db.Select("reports.*").Where("reporter_id = ? AND speaker_id <> ? AND id > ?", userID, readerID, after).Order("id").Limit(limit))
}
