package models

// Class is the container people belong to.
type Class struct {
	ID                  int64      `json:"id" gorm:"primaryKey"`
	Name                string     `json:"name" example:"Physics 9b"`
	Description         string     `json:"description"`
	Hue                 int        `json:"hue" minimum:"0" maximum:"11" doc:"Which of the 12 colours marks it"`
	StudentsOpenThreads bool       `json:"students_open_threads" doc:"Students may create threads"`
	StudentsSeePresence bool       `json:"students_see_presence" doc:"Students see who is online; staff always do"`
	Seq                 int64      `json:"seq" doc:"Number of the class's newest event"`
	CreatedBy           int64      `json:"created_by"`
	CreatedAt           Time       `json:"created_at" format:"date-time"`
	ArchivedAt          *Time      `json:"archived_at,omitempty" format:"date-time" doc:"Since when it can only be read"`
	DeletedAt           *Time      `json:"deleted_at,omitempty" format:"date-time"`
	Role                MemberRole `json:"role,omitempty" gorm:"->;-:migration" enum:"owner,teacher,assistant,student" doc:"The asker's role; not in events"`
	MemberCount         int        `json:"member_count,omitempty" gorm:"->;-:migration" doc:"Not in events"`
	Unread              *int       `json:"unread,omitempty" gorm:"->;-:migration" doc:"Messages that the asker has not read, at most 1000; not in events"`
	OpenReports         *int       `json:"open_reports,omitempty" gorm:"->;-:migration" doc:"Reports that wait for the asker, at most 100; for those who manage the class; not in events"`
}

// MemberRole is what a member may do in a class.
type MemberRole string

// The roles in a class. Owner, teacher and assistant together are its staff.
const (
	Owner        MemberRole = "owner"
	ClassTeacher MemberRole = "teacher"
	Assistant    MemberRole = "assistant"
	Student      MemberRole = "student"
)

// Staff tells whether the role teaches.
func (r MemberRole) Staff() bool { return r == Owner || r == ClassTeacher || r == Assistant }

// Manages tells whether the role may manage people and settings.
func (r MemberRole) Manages() bool { return r == Owner || r == ClassTeacher }

// rank orders the roles by what they may do.
func (r MemberRole) rank() int {
	switch r {
	case Owner:
		return 4
	case ClassTeacher:
		return 3
	case Assistant:
		return 2
	case Student:
		return 1
	}
	return 0
}

// Over tells whether r stands above other: only then may it manage other.
func (r MemberRole) Over(other MemberRole) bool { return r.rank() > other.rank() }

// Under returns the roles that r stands above.
func (r MemberRole) Under() []MemberRole {
	under := []MemberRole{}
	for _, other := range []MemberRole{Student, Assistant, ClassTeacher, Owner} {
		if r.Over(other) {
			under = append(under, other)
		}
	}
	return under
}

// Member is a user in a class. A member who left keeps the row, with LeftAt
// set, so that the events that name it can still be told.
type Member struct {
	ClassID    int64      `json:"class_id" gorm:"primaryKey"`
	UserID     int64      `json:"user_id" gorm:"primaryKey"`
	Name       string     `json:"name" gorm:"->;-:migration"`
	Hue        int        `json:"hue" gorm:"->;-:migration" minimum:"0" maximum:"11"`
	Role       MemberRole `json:"role" enum:"owner,teacher,assistant,student"`
	JoinedAt   Time       `json:"joined_at" format:"date-time"`
	MutedUntil *Time      `json:"muted_until,omitempty" format:"date-time" doc:"Cannot write until then; shown to staff and to the member"`
	LeftAt     *Time      `json:"left_at,omitempty" format:"date-time"`
	Removed    bool       `json:"-"` // left because somebody else wanted it
}

// JoinCode lets whoever holds it into a class.
type JoinCode struct {
	ID        int64      `json:"id" gorm:"primaryKey"`
	ClassID   int64      `json:"class_id"`
	Code      string     `json:"code" example:"7KQ2-M9XT"`
	Role      MemberRole `json:"role" enum:"teacher,assistant,student" doc:"What it makes of who joins"`
	CreatedBy int64      `json:"created_by"`
	CreatedAt Time       `json:"created_at" format:"date-time"`
	ExpiresAt Time       `json:"expires_at" format:"date-time"`
	MaxUses   int        `json:"max_uses" doc:"How many may join with it"`
	Uses      int        `json:"uses"`
	RevokedAt *Time      `json:"revoked_at,omitempty" format:"date-time"`
}
