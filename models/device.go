package models

// Device is a browser in which a user has given the right password before. It
// counts the wrong ones that come from it by itself, so that strangers who guess
// elsewhere do not lock its owner out.
type Device struct {
	ID          int64  `json:"-" gorm:"primaryKey"`
	UserID      int64  `json:"-"`
	SecretHash  []byte `json:"-"` // SHA-256 of the cookie's 256-bit value; users who share a browser share it
	Failures    int    `json:"-"`
	LockedUntil *Time  `json:"-"`
	UsedAt      Time   `json:"-"`
	ExpiresAt   Time   `json:"-"`
}
