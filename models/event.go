package models

// EventType names a kind of change in a class.
type EventType string

// Every kind of event. What each one's data is stands in EventData.
const (
	MessageCreated  EventType = "message.created"
	MessageEdited   EventType = "message.edited"
	MessageDeleted  EventType = "message.deleted"
	ReactionAdded   EventType = "reaction.added"
	ReactionRemoved EventType = "reaction.removed"
	ThreadCreated   EventType = "thread.created"
	ThreadChanged   EventType = "thread.changed"
	ThreadDeleted   EventType = "thread.deleted"
	MemberJoined    EventType = "member.joined"
	MemberChanged   EventType = "member.changed"
	MemberLeft      EventType = "member.left"
	ClassChanged    EventType = "class.changed"
	ClassDeleted    EventType = "class.deleted"
	CodeCreated     EventType = "code.created" // staff only
	CodeChanged     EventType = "code.changed" // staff only: used or revoked
	Hidden          EventType = "hidden"       // stands for an event that the reader may not know
)

// EventData gives, for every type of event, a value of the Go type of its
// data. The schema of the live frames is made from it.
var EventData = []struct {
	Type EventType
	Data any
}{
	{MessageCreated, Message{}},
	{MessageEdited, Message{}},
	{MessageDeleted, Message{}},
	{ReactionAdded, ReactionChange{}},
	{ReactionRemoved, ReactionChange{}},
	{ThreadCreated, Thread{}},
	{ThreadChanged, Thread{}},
	{ThreadDeleted, Thread{}},
	{MemberJoined, Member{}},
	{MemberChanged, Member{}},
	{MemberLeft, Member{}},
	{ClassChanged, Class{}},
	{ClassDeleted, Class{}},
	{CodeCreated, JoinCode{}},
	{CodeChanged, JoinCode{}},
	{Hidden, nil},
}

// StaffOnly tells whether the type reaches others as Hidden.
func (t EventType) StaffOnly() bool { return t == CodeCreated || t == CodeChanged }

// Event is one change in a class. Its row names what changed and holds none of
// it: data is read from the rows themselves, so that what was deleted cannot
// come back out of the stream. See docs/decisions/0001-events-name-rows.md.
type Event struct {
	ClassID   int64     `json:"class_id" gorm:"primaryKey;autoIncrement:false"`
	Seq       int64     `json:"seq" gorm:"primaryKey;autoIncrement:false" doc:"1 for the class's first event, and so on without holes"`
	Type      EventType `json:"type" enum:"message.created,message.edited,message.deleted,reaction.added,reaction.removed,thread.created,thread.changed,thread.deleted,member.joined,member.changed,member.left,class.changed,class.deleted,code.created,code.changed,hidden"`
	ThreadID  int64     `json:"-"` // 0 where the event is not of a thread
	SubjectID int64     `json:"-"` // the message, thread, user or code it is about
	ActorID   int64     `json:"-"`
	Emoji     string    `json:"-"` // of reaction.*
	At        Time      `json:"at" format:"date-time"`
	Data      any       `json:"data,omitempty" gorm:"-" doc:"By type: Message, ReactionChange, Thread, Member, Class or JoinCode; nothing for hidden"`
}

// AuditEntry notes an act that somebody may have to answer for.
type AuditEntry struct {
	ID        int64  `json:"id" gorm:"primaryKey"`
	At        Time   `json:"at" format:"date-time"`
	ActorID   int64  `json:"actor_id"`
	Action    string `json:"action" example:"message.versions.read"`
	ClassID   *int64 `json:"class_id,omitempty"`
	SubjectID *int64 `json:"subject_id,omitempty"`
	Detail    string `json:"detail" doc:"Never text of a message, never a secret"`
}

// TableName is the table of AuditEntry.
func (AuditEntry) TableName() string { return "audit" }
