package models

// Message is what a member says in a thread. A deleted one keeps its place
// with an empty content; what it said is a MessageVersion.
type Message struct {
	ID          int64      `json:"id" gorm:"primaryKey"`
	ClassID     int64      `json:"class_id"`
	ThreadID    int64      `json:"thread_id"`
	Seq         int64      `json:"seq" doc:"Number of the event that announced it"`
	SpeakerID   int64      `json:"speaker_id"`
	SpeakerName string     `json:"speaker_name" doc:"As it was when the message was sent"`
	SpeakerRole MemberRole `json:"speaker_role" enum:"owner,teacher,assistant,student" doc:"As it was when the message was sent"`
	Content     string     `json:"content" doc:"Markdown; empty once deleted, and where the files say it all"`
	ClientID    *string    `json:"client_id,omitempty" doc:"The sender's own id of it; shown to its speaker alone"`
	ContentHash []byte     `json:"-"` // of what was first sent: tells a repeat from a reused client id
	ReplyTo     *int64     `json:"reply_to,omitempty" doc:"The message it answers, in the same thread; absent once that is purged"`
	CreatedAt   Time       `json:"created_at" format:"date-time"`
	EditedAt    *Time      `json:"edited_at,omitempty" format:"date-time"`
	DeletedAt   *Time      `json:"deleted_at,omitempty" format:"date-time"`
	DeletedBy   *int64     `json:"deleted_by,omitempty"`
	Reactions   []Reaction `json:"reactions" gorm:"-" nullable:"false" doc:"In the order in which each emoji was first used"`
	Files       []File     `json:"files" gorm:"-" nullable:"false" doc:"In the order in which they were sent; none once deleted"`
}

// Reaction is one emoji under a message and who chose it.
type Reaction struct {
	Emoji   string  `json:"emoji" example:"👍"`
	UserIDs []int64 `json:"user_ids" nullable:"false" doc:"In the order in which they reacted"`
}

// ReactionRow is one user's reaction as it is stored.
type ReactionRow struct {
	ID        int64 `gorm:"primaryKey"`
	ClassID   int64
	MessageID int64
	UserID    int64
	Emoji     string
	CreatedAt Time
}

// TableName is the table of ReactionRow.
func (ReactionRow) TableName() string { return "reactions" }

// ReactionChange is what an event says of a reaction that came or went.
type ReactionChange struct {
	MessageID int64  `json:"message_id"`
	ThreadID  int64  `json:"thread_id"`
	Emoji     string `json:"emoji"`
	UserID    int64  `json:"user_id"`
}

// MessageVersion is what a message said before it was edited or deleted, kept
// for staff as evidence.
type MessageVersion struct {
	ID         int64  `json:"id" gorm:"primaryKey"`
	MessageID  int64  `json:"message_id"`
	Content    string `json:"content"`
	WrittenAt  Time   `json:"written_at" format:"date-time"`
	ReplacedAt Time   `json:"replaced_at" format:"date-time"`
	ReplacedBy int64  `json:"replaced_by" doc:"Who edited or deleted it"`
	Reason     string `json:"reason" enum:"edited,deleted"`
	Files      []File `json:"files" gorm:"-" nullable:"false" doc:"What was sent with a message that was deleted: staff may read them still, and it is noted"`
}
