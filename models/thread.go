package models

// Thread is a named conversation in a class.
type Thread struct {
	ID              int64    `json:"id" gorm:"primaryKey"`
	ClassID         int64    `json:"class_id"`
	Name            string   `json:"name" doc:"Unique in its class" example:"Homework"`
	NameKey         *string  `json:"-"`
	CreatedBy       int64    `json:"created_by"`
	CreatedAt       Time     `json:"created_at" format:"date-time"`
	LastSeq         int64    `json:"last_seq" doc:"Number of the event of its newest message, 0 without one"`
	LastMessageID   *int64   `json:"last_message_id,omitempty"`
	PinnedMessageID *int64   `json:"pinned_message_id,omitempty"`
	LockedAt        *Time    `json:"locked_at,omitempty" format:"date-time" doc:"Since when only staff write"`
	ArchivedAt      *Time    `json:"archived_at,omitempty" format:"date-time" doc:"Since when nobody writes"`
	DeletedAt       *Time    `json:"deleted_at,omitempty" format:"date-time"`
	ReadSeq         *int64   `json:"read_seq,omitempty" gorm:"->;-:migration" doc:"The asker's read marker; not in events"`
	Unread          *int     `json:"unread,omitempty" gorm:"->;-:migration" doc:"Messages of others behind the read marker, at most 1000; not in events"`
	LastMessage     *Message `json:"last_message,omitempty" gorm:"-" doc:"Not in events"`
}

// ReadMarker is how far a user has read in a thread. It only moves forward.
type ReadMarker struct {
	UserID   int64 `json:"user_id" gorm:"primaryKey;autoIncrement:false"`
	ThreadID int64 `json:"thread_id" gorm:"primaryKey;autoIncrement:false"`
	ClassID  int64 `json:"class_id"`
	Seq      int64 `json:"seq" doc:"Events up to this number are read"`
}
