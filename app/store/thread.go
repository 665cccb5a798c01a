package store

import (
	"gorm.io/gorm"

	"homeroom/app/fault"
	"homeroom/models"
)

// Threads returns all threads of a class that are not deleted.
func (q Queries) Threads(classID int64) ([]models.Thread, error) {
	return many[models.Thread](q.db.Where("class_id = ? AND deleted_at IS NULL", classID))
}

// Thread returns a thread of a class, or fault.NoThread.
func (q Queries) Thread(classID, id int64) (models.Thread, error) {
	thread, err := one[models.Thread](q.db.Where("class_id = ? AND id = ? AND deleted_at IS NULL", classID, id))
	if err == fault.NotFound {
		err = fault.NoThread
	}
	return thread, err
}

// ClassOfThread returns the class of a thread, or fault.NoThread.
func (q Queries) ClassOfThread(id int64) (int64, error) {
	thread, err := one[models.Thread](q.db.Select("class_id").Where("id = ? AND deleted_at IS NULL", id))
	if err == fault.NotFound {
		err = fault.NoThread
	}
	return thread.ClassID, err
}

// ThreadsByID returns these threads of a class, deleted or not.
func (q Queries) ThreadsByID(classID int64, ids []int64) ([]models.Thread, error) {
	// The plus keeps SQLite from reading all threads of the class for some.
	return many[models.Thread](q.db.Where("+class_id = ? AND id"+ofThese, classID, these[int64](ids)))
}

// ThreadPosition is where a page of ThreadsFor ended.
type ThreadPosition struct{ LastSeq, ID int64 }

// ThreadsFor returns threads of a class as a user sees them, with read marker
// and unread count, those with the newest talk first, after the position.
func (q Queries) ThreadsFor(userID, classID int64, archived bool, after *ThreadPosition, limit int) ([]models.Thread, error) {
	query := q.threadsFor(userID).Where("t.class_id = ?", classID).Order("t.last_seq DESC, t.id DESC").Limit(limit)
	if archived {
		query = query.Where("t.archived_at IS NOT NULL")
	} else {
		query = query.Where("t.archived_at IS NULL")
	}
	if after != nil {
		query = query.Where("(t.last_seq, t.id) < (?, ?)", after.LastSeq, after.ID)
	}
	return many[models.Thread](query)
}

// ThreadFor is Thread with what ThreadsFor adds.
func (q Queries) ThreadFor(userID, classID, id int64) (models.Thread, error) {
	thread, err := one[models.Thread](q.threadsFor(userID).Where("t.class_id = ? AND t.id = ?", classID, id))
	if err == fault.NotFound {
		err = fault.NoThread
	}
	return thread, err
}

func (q Queries) threadsFor(userID int64) *gorm.DB {
	return q.db.Table("threads AS t").Select(`t.*,
		coalesce((SELECT r.seq FROM read_markers r WHERE r.user_id = @user AND r.thread_id = t.id), 0) AS read_seq,
		`+unreadInThread+` AS unread`, map[string]any{"user": userID, "most": MostUnread}).
		Where("t.deleted_at IS NULL")
}

// Unread counts what a user has not read in a thread, at most MostUnread.
func (q Queries) Unread(userID, threadID int64) (int, error) {
	var n int
	err := q.db.Raw("SELECT "+unreadInThread+" FROM threads t WHERE t.id = @thread",
		map[string]any{"user": userID, "most": MostUnread, "thread": threadID}).Scan(&n).Error
	return n, explain(err)
}

// CreateThread stores a thread; ErrDuplicate if the class has one of that name.
func (tx *Tx) CreateThread(t *models.Thread) error { return create(tx, t) }

// UpdateThread changes columns of a thread; ErrDuplicate if the name is taken.
func (tx *Tx) UpdateThread(id int64, change Change) error {
	_, err := update[models.Thread](tx, change, "id = ?", id)
	return err
}

// ReadMarker returns how far a user has read in a thread, 0 if never.
func (q Queries) ReadMarker(userID, threadID int64) (int64, error) {
	marker, err := one[models.ReadMarker](q.db.Where("user_id = ? AND thread_id = ?", userID, threadID))
	if err == fault.NotFound {
		return 0, nil
	}
	return marker.Seq, err
}

// PutReadMarker stores how far a user has read in a thread, never back.
func (tx *Tx) PutReadMarker(m models.ReadMarker) error {
	return explain(tx.w().Exec(`INSERT INTO read_markers (user_id, thread_id, class_id, seq) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id, thread_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > read_markers.seq`,
		m.UserID, m.ThreadID, m.ClassID, m.Seq).Error)
}

// StartReading marks all threads of a class as read up to seq for a user who
// has no marker there: who joins is not greeted by years of unread talk.
func (tx *Tx) StartReading(userID, classID, seq int64) error {
	return explain(tx.w().Exec(`INSERT INTO read_markers (user_id, thread_id, class_id, seq)
		SELECT ?, id, class_id, ? FROM threads WHERE class_id = ? AND deleted_at IS NULL
		ON CONFLICT (user_id, thread_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > read_markers.seq`,
		userID, seq, classID).Error)
}
