package store

import (
	"gorm.io/gorm"

	"homeroom/app/fault"
	"homeroom/models"
)

// MostUnread is where the counting of unread messages ends.
const MostUnread = 1000

// unreadInThread counts what user @user has not read in the thread t: messages
// of others behind the marker.
const unreadInThread = `(SELECT count(*) FROM (
	SELECT 1 FROM messages m WHERE m.thread_id = t.id
	AND m.seq > coalesce((SELECT r.seq FROM read_markers r WHERE r.user_id = @user AND r.thread_id = t.id), 0)
	AND m.speaker_id <> @user AND m.deleted_at IS NULL LIMIT @most) counted)`

// Class returns the class with that id, deleted or not; fault.NoClass without
// one.
func (q Queries) Class(id int64) (models.Class, error) {
	class, err := one[models.Class](q.db.Where("id = ?", id))
	if err == fault.NotFound {
		err = fault.NoClass
	}
	return class, err
}

// ClassesOf returns the classes that a user is in, by id, after the id after,
// with the user's role, the members' count, what is unread and the open reports.
// only, where it is not empty, limits them to these ids.
func (q Queries) ClassesOf(userID int64, only []int64, archived bool, after int64, limit int) ([]models.Class, error) {
	// By the membership's id, which is in the order of an index: sorting would
	// count what is unread in every class for a page of some.
	query := q.withAsker(userID).
		Where("mine.class_id > ? AND classes.deleted_at IS NULL", after).
		Order("mine.class_id").Limit(limit)
	if len(only) > 0 {
		query = query.Where("mine.class_id"+ofThese, these[int64](only))
	}
	if archived {
		query = query.Where("classes.archived_at IS NOT NULL")
	} else {
		query = query.Where("classes.archived_at IS NULL")
	}
	classes, err := many[models.Class](query)
	for i := range classes {
		capUnread(&classes[i])
	}
	return classes, err
}

// ClassOf is Class with what ClassesOf adds, for one member.
func (q Queries) ClassOf(userID, id int64) (models.Class, error) {
	class, err := one[models.Class](q.withAsker(userID).Where("classes.id = ?", id))
	capUnread(&class)
	return class, err
}

// capUnread ends the counting for the class where it ends for each thread.
func capUnread(class *models.Class) {
	if most := MostUnread; class.Unread != nil && *class.Unread > most {
		class.Unread = &most
	}
}

func (q Queries) withAsker(userID int64) *gorm.DB {
	return q.db.Model(&models.Class{}).Select(`classes.*, mine.role AS role,
		(SELECT count(*) FROM members o WHERE o.class_id = classes.id AND o.left_at IS NULL) AS member_count,
		(SELECT coalesce(sum(`+unreadInThread+`), 0) FROM threads t
			WHERE t.class_id = classes.id AND t.deleted_at IS NULL AND t.archived_at IS NULL) AS unread,
		`+openReports+` AS open_reports`,
		map[string]any{"user": userID, "most": MostUnread, "reports": MostReports}).
		Joins("JOIN members mine ON mine.class_id = classes.id AND mine.user_id = ? AND mine.left_at IS NULL", userID)
}

// Heads returns the number of the newest event of every class that a user is
// in.
func (q Queries) Heads(userID int64) (map[int64]int64, error) {
	return numbered[int64](q, `SELECT classes.id, classes.seq FROM classes
		JOIN members mine ON mine.class_id = classes.id AND mine.user_id = ? AND mine.left_at IS NULL
		WHERE classes.deleted_at IS NULL`, userID)
}

// AllClasses returns every class that is not deleted, by id, after the id
// after.
func (q Queries) AllClasses(after int64, limit int) ([]models.Class, error) {
	return many[models.Class](q.db.Model(&models.Class{}).
		Select("classes.*, (SELECT count(*) FROM members o WHERE o.class_id = classes.id AND o.left_at IS NULL) AS member_count").
		Where("id > ? AND deleted_at IS NULL", after).Order("id").Limit(limit))
}

// CreateClass stores a class.
func (tx *Tx) CreateClass(c *models.Class) error { return create(tx, c) }

// UpdateClass changes columns of a class.
func (tx *Tx) UpdateClass(id int64, change Change) error {
	_, err := update[models.Class](tx, change, "id = ?", id)
	return err
}
