package models

// SecondFactor is what makes the codes with which a user signs in besides the
// password, apart from User so that no answer can hold it. It counts while
// User.SecondFactorAt is set.
type SecondFactor struct {
	UserID   int64  `json:"-" gorm:"primaryKey"`
	Secret   string `json:"-"` // 160 random bits in base32; empty before the first one is set up
	Pending  string `json:"-"` // the one that is being set up; empty for none
	LastStep int64  `json:"-"` // which half minute the newest code that was taken is of
}

// RecoveryCode signs a user in once in place of a code of the second factor. Its
// row goes when it is used.
type RecoveryCode struct {
	ID         int64  `json:"-" gorm:"primaryKey"`
	UserID     int64  `json:"-"`
	SecretHash []byte `json:"-"` // SHA-256
}
