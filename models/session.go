package models

// Session is one signed-in browser.
type Session struct {
	ID          int64  `json:"id" gorm:"primaryKey"`
	UserID      int64  `json:"user_id"`
	SecretHash  []byte `json:"-"` // SHA-256 of the cookie's 256-bit value
	MyDevice    bool   `json:"my_device" doc:"Kept for long: the user said that the device is theirs"`
	Agent       string `json:"agent" doc:"The browser's own name, as it gave it"`
	CreatedAt   Time   `json:"created_at" format:"date-time"`
	LastSeenAt  Time   `json:"last_seen_at" format:"date-time"`
	ExpiresAt   Time   `json:"expires_at" format:"date-time" doc:"Ends then at the latest"`
	IdleMS      int64  `json:"-"` // ends after that long without a request
	ConfirmedAt Time   `json:"-"` // when the password was given last
	DeviceID    *int64 `json:"-"` // where it was opened, while the device is known
	Current     bool   `json:"current" gorm:"-" doc:"The session that asks"`
}

// Scope is what a token may be used for.
type Scope string

// The scopes of tokens. A browser session has all of them.
const (
	ScopeRead   Scope = "read"
	ScopeWrite  Scope = "write"
	ScopePush   Scope = "push"
	ScopeManage Scope = "manage"
)

// Token is a bearer token of a user, for scripts. Its secret is shown once,
// when it is made.
type Token struct {
	ID         int64   `json:"id" gorm:"primaryKey"`
	UserID     int64   `json:"user_id"`
	Name       string  `json:"name" doc:"What it is for" example:"timetable script"`
	Scopes     []Scope `json:"scopes" gorm:"serializer:json" enum:"read,write,push,manage"`
	ClassIDs   []int64 `json:"class_ids" gorm:"serializer:json" doc:"Limits the token to these classes; empty is all of the user's"`
	SecretHash []byte  `json:"-"` // SHA-256
	CreatedAt  Time    `json:"created_at" format:"date-time"`
	ExpiresAt  *Time   `json:"expires_at,omitempty" format:"date-time"`
	LastUsedAt *Time   `json:"last_used_at,omitempty" format:"date-time" doc:"To the minute"`
	Secret     string  `json:"secret,omitempty" gorm:"-" doc:"The token itself; only in the answer that makes it"`
}

// Setup is the one-time secret that makes the first admin.
type Setup struct {
	ID         int64  `json:"-" gorm:"primaryKey"`
	SecretHash []byte `json:"-"`
	ExpiresAt  Time   `json:"-"`
	UsedAt     *Time  `json:"-"`
}
