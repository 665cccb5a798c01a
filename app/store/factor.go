package store

import (
	"homeroom/models"
)

// SecondFactor returns the second factor of a user, or fault.NotFound.
func (q Queries) SecondFactor(userID int64) (models.SecondFactor, error) {
	return one[models.SecondFactor](q.db.Where("user_id = ?", userID))
}

// PutSecondFactor stores the second factor of a user in place of the one before.
func (tx *Tx) PutSecondFactor(f *models.SecondFactor) error {
	return explain(tx.w().Save(f).Error)
}

// DeleteSecondFactor forgets the second factor of a user, with its recovery
// codes.
func (tx *Tx) DeleteSecondFactor(userID int64) error {
	if err := tx.DeleteRecoveryCodes(userID); err != nil {
		return err
	}
	return explain(tx.w().Where("user_id = ?", userID).Delete(&models.SecondFactor{}).Error)
}

// CountRecoveryCodes tells how many recovery codes a user has left.
func (q Queries) CountRecoveryCodes(userID int64) (int, error) {
	return count[models.RecoveryCode](q.db.Where("user_id = ?", userID))
}

// CreateRecoveryCode stores a recovery code.
func (tx *Tx) CreateRecoveryCode(c *models.RecoveryCode) error { return create(tx, c) }

// UseRecoveryCode forgets the recovery code of a user with that hash and tells
// whether there was one.
func (tx *Tx) UseRecoveryCode(userID int64, hash []byte) (bool, error) {
	r := tx.w().Where("user_id = ? AND secret_hash = ?", userID, hash).Delete(&models.RecoveryCode{})
	return r.RowsAffected > 0, explain(r.Error)
}

// DeleteRecoveryCodes forgets all recovery codes of a user.
func (tx *Tx) DeleteRecoveryCodes(userID int64) error {
	return explain(tx.w().Where("user_id = ?", userID).Delete(&models.RecoveryCode{}).Error)
}
