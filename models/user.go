package models

// ServerRole is what a user may do on the server as a whole.
type ServerRole string

// The server's roles.
const (
	Admin          ServerRole = "admin"   // manages users and every class
	Teacher        ServerRole = "teacher" // may create classes
	StudentAccount ServerRole = "student" // everybody else
)

// User is an account. Members see of each other only what Member holds; this
// struct is shown to the user and to admins.
type User struct {
	ID         int64      `json:"id" gorm:"primaryKey" doc:"Number of the user" example:"7"`
	Name       string     `json:"name" doc:"Signs in with it and speaks under it; unique without regard to case" example:"Ann Lee"`
	NameKey    string     `json:"-"`
	Role       ServerRole `json:"role" enum:"admin,teacher,student" doc:"Role on the server"`
	Hue        int        `json:"hue" minimum:"0" maximum:"11" doc:"Which of the 12 avatar colours"`
	Locale     string     `json:"locale" enum:",en,zh-CN" doc:"Language of the pages; empty follows the browser"`
	Email      *string    `json:"email,omitempty" doc:"Optional"`
	CreatedAt  Time       `json:"created_at" format:"date-time"`
	DisabledAt *Time      `json:"disabled_at,omitempty" format:"date-time" doc:"Since when the account cannot sign in"`
	ErasedAt   *Time      `json:"erased_at,omitempty" format:"date-time" doc:"Since when there is nobody behind it: what is left is a number and a name that says so"`
	Erasing    Erasing    `json:"-"`

	SecondFactorAt *Time `json:"second_factor_at,omitempty" format:"date-time" doc:"Since when signing in needs a code of a second factor too"`
}

// Erasing is what of an erased person is still to be removed.
type Erasing string

// What there may be to do.
const (
	EraseNothing Erasing = ""
	EraseName    Erasing = "name"  // from their messages
	EraseTexts   Erasing = "texts" // the messages' texts and the reactions, too
)

// Credential is the secret of a user, apart from User so that no answer can
// hold it.
type Credential struct {
	UserID       int64  `json:"-" gorm:"primaryKey"`
	PasswordHash string `json:"-"` // argon2id, PHC string
	Failures     int    `json:"-"` // wrong passwords since the last right one
	LockedUntil  *Time  `json:"-"`
	ChangedAt    Time   `json:"-"`
	Reset        bool   `json:"-"` // it is the phrase of a reset: good once, and not for long
}
