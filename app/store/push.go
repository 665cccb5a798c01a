package store

import "homeroom/models"

// CreateKeptPush stores a push for a user who is offline.
func (tx *Tx) CreateKeptPush(k *models.KeptPush) error { return create(tx, k) }

// CountKeptPushes tells how many pushes wait for a user at now.
func (q Queries) CountKeptPushes(userID int64, now models.Time) (int, error) {
	return count[models.KeptPush](q.db.Where("user_id = ? AND expires_at > ?", userID, now))
}

// HasKeptPush tells whether a push waits for a user.
func (q Queries) HasKeptPush(userID int64) (bool, error) {
	rows, err := q.ask("SELECT 1 FROM kept_pushes WHERE user_id = ? LIMIT 1", userID) // whoever connects asks
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), explain(rows.Err())
}

// TakeKeptPushes returns what waits for a user at now, the oldest first, and
// forgets it.
func (tx *Tx) TakeKeptPushes(userID int64, now models.Time) ([]models.KeptPush, error) {
	rows, err := many[models.KeptPush](tx.db.Where("user_id = ? AND expires_at > ?", userID, now).Order("expires_at, id"))
	if err != nil {
		return nil, err
	}
	return rows, explain(tx.w().Where("user_id = ?", userID).Delete(&models.KeptPush{}).Error)
}

// DeleteExpiredPushesOf forgets the pushes that a user did not come for by now.
func (tx *Tx) DeleteExpiredPushesOf(userID int64, now models.Time) error {
	return explain(tx.w().Where("user_id = ? AND expires_at <= ?", userID, now).Delete(&models.KeptPush{}).Error)
}

// DeleteExpiredPushes forgets the pushes that nobody came for by now.
func (tx *Tx) DeleteExpiredPushes(now models.Time) error {
	return explain(tx.w().Where("expires_at <= ?", now).Delete(&models.KeptPush{}).Error)
}
