package models

// ReportReason says what is wrong with a message.
type ReportReason string

// The reasons.
const (
	Bullying    ReportReason = "bullying"
	Hate        ReportReason = "hate"
	Sexual      ReportReason = "sexual"
	SelfHarm    ReportReason = "self-harm" // somebody's own, or worry about somebody
	Spam        ReportReason = "spam"
	OtherReason ReportReason = "other"
)

// ReportOutcome says what became of a report.
type ReportOutcome string

// The outcomes.
const (
	MessageGone   ReportOutcome = "deleted"
	Talked        ReportOutcome = "talked"
	NothingNeeded ReportOutcome = "nothing"
)

// Report is what a member told the staff about a message, and what that said at
// that moment: its author can edit and delete. It is shown to those who manage
// the class and to admins, and never to whom it is about.
type Report struct {
	ID           int64          `json:"id" gorm:"primaryKey"`
	ClassID      int64          `json:"class_id"`
	ClassName    string         `json:"class_name" gorm:"->;-:migration"`
	ThreadID     int64          `json:"thread_id"`
	MessageID    int64          `json:"message_id"`
	SpeakerID    int64          `json:"speaker_id"`
	SpeakerName  string         `json:"speaker_name" doc:"As the message has it"`
	Content      string         `json:"content" doc:"What the message said when it was reported; of a deleted one, what it had said"`
	ReporterID   int64          `json:"reporter_id"`
	ReporterName string         `json:"reporter_name" doc:"As it was then"`
	Files        []File         `json:"files" gorm:"-" nullable:"false" doc:"What was sent with it, as long as that is kept: whoever is shown the report may read them"`
	Reason       ReportReason   `json:"reason" enum:"bullying,hate,sexual,self-harm,spam,other"`
	Note         string         `json:"note"`
	CreatedAt    Time           `json:"created_at" format:"date-time"`
	ResolvedAt   *Time          `json:"resolved_at,omitempty" format:"date-time"`
	ResolvedBy   *int64         `json:"resolved_by,omitempty"`
	Outcome      *ReportOutcome `json:"outcome,omitempty" enum:"deleted,talked,nothing" doc:"What was done"`
}
