package store

import (
	"homeroom/models"
)

// DeviceOf returns the device with the hash of that secret which the user with
// the folded name key has and which has not expired at now, or fault.NotFound.
func (q Queries) DeviceOf(hash []byte, key string, now models.Time) (models.Device, error) {
	return one[models.Device](q.db.Where("secret_hash = ? AND expires_at > ?", hash, now).
		Where("user_id = (SELECT id FROM users WHERE name_key = ?)", key))
}

// Device returns the device with that id, or fault.NotFound.
func (q Queries) Device(id int64) (models.Device, error) {
	return one[models.Device](q.db.Where("id = ?", id))
}

// DevicesBySecret returns what the users of one browser have of it.
func (q Queries) DevicesBySecret(hash []byte, now models.Time) ([]models.Device, error) {
	return many[models.Device](q.db.Where("secret_hash = ? AND expires_at > ?", hash, now))
}

// PutDevice stores a device, a new one (without an id) or in place of the one
// before.
func (tx *Tx) PutDevice(d *models.Device) error { return explain(tx.w().Save(d).Error) }

// UpdateDevice changes columns of a device.
func (tx *Tx) UpdateDevice(id int64, change Change) error {
	_, err := update[models.Device](tx, change, "id = ?", id)
	return err
}

// DeleteOldestDevices forgets all devices of a user but the keep used last.
func (tx *Tx) DeleteOldestDevices(userID int64, keep int) error {
	newest := tx.db.Model(&models.Device{}).Select("id").Where("user_id = ?", userID).Order("used_at DESC, id DESC").Limit(keep)
	return explain(tx.w().Where("user_id = ? AND id NOT IN (?)", userID, newest).Delete(&models.Device{}).Error)
}

// DeleteDevices forgets all devices of a user.
func (tx *Tx) DeleteDevices(userID int64) error {
	return explain(tx.w().Where("user_id = ?", userID).Delete(&models.Device{}).Error)
}

// DeleteExpiredDevices forgets the devices of all users that expired before now.
func (tx *Tx) DeleteExpiredDevices(now models.Time) error {
	return explain(tx.w().Where("expires_at <= ?", now).Delete(&models.Device{}).Error)
}
