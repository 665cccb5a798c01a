package store

import (
	"homeroom/app/fault"
	"homeroom/models"
)

// Of these statements many run one after the other, so they are written out.
const (
	purgeReactions = `DELETE FROM reactions WHERE message_id` + ofThese
	purgeVersions  = `DELETE FROM message_versions WHERE message_id` + ofThese
	purgeReports   = `DELETE FROM reports WHERE message_id` + ofThese
	purgeReplies   = `UPDATE messages SET reply_to = NULL WHERE reply_to` + ofThese
	purgeMessages  = `DELETE FROM messages WHERE id` + ofThese
	purgeEvents    = `DELETE FROM events WHERE class_id = ? AND seq <= ? AND seq < ?`
	hideHead       = `UPDATE events SET type = 'hidden', thread_id = 0, subject_id = 0, actor_id = 0, emoji = ''
		WHERE class_id = ? AND seq = ? AND seq <= ?`
	purgeDetails = `UPDATE audit SET detail = '' WHERE id` + ofThese
)

// ClassIDs returns the ids of all classes, deleted or not, after the id after.
func (q Queries) ClassIDs(after int64, limit int) ([]int64, error) {
	return idsOf[models.Class](q.db.Where("id > ?", after).Limit(limit))
}

// NewestEvent is when something last changed in any class before a time, the
// zero Time where nothing has. Of each class it looks at what is newer, and at
// one event more.
func (q Queries) NewestEvent(before models.Time) (at models.Time, err error) {
	err = q.first([]any{&at}, `SELECT newest FROM (
		SELECT (SELECT at FROM events WHERE class_id = classes.id AND at < ? ORDER BY seq DESC LIMIT 1) AS newest FROM classes
		) WHERE newest IS NOT NULL ORDER BY newest DESC LIMIT 1`, before)
	if fault.NotFound.Is(err) {
		err = nil
	}
	return at, err
}

// PurgeMessages removes messages for good, with what they said before, the
// reactions to them and the reports of them. An answer to one of them becomes a
// message that answers nothing.
func (tx *Tx) PurgeMessages(ids []int64) error {
	for _, statement := range []string{purgeReactions, purgeVersions, purgeReports, purgeReplies, purgeMessages} {
		if err := tx.ofThese(statement, ids); err != nil {
			return err
		}
	}
	return nil
}

// PurgeEvents removes the events of a class up to a number. The newest one
// keeps its number, and tells nothing any more.
func (tx *Tx) PurgeEvents(classID, upTo int64) error {
	head, err := tx.head(classID)
	if err != nil {
		return err
	}
	if err := tx.exec(purgeEvents, classID, upTo, head); err != nil {
		return err
	}
	return tx.exec(hideHead, classID, head, upTo)
}

// OldDetails returns acts from before a time that have a detail still.
func (q Queries) OldDetails(before models.Time, limit int) ([]int64, error) {
	return idsOf[models.AuditEntry](q.db.Where("at < ? AND detail <> ''", before).Limit(limit))
}

// PurgeDetails empties the details of acts.
func (tx *Tx) PurgeDetails(ids []int64) error { return tx.ofThese(purgeDetails, ids) }

// ofThese runs a statement whose one value is a list of ids.
func (tx *Tx) ofThese(statement string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.exec(statement, these[int64](ids))
}
