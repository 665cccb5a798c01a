package store

import (
	"strings"

	"homeroom/models"
)

// User returns the user with that id, or fault.NotFound.
func (q Queries) User(id int64) (models.User, error) {
	return row[models.User](q, "id = ?", id)
}

// UserByKey returns the user whose folded name is key, or fault.NotFound.
func (q Queries) UserByKey(key string) (models.User, error) {
	return one[models.User](q.db.Where("name_key = ?", key))
}

// Users returns users whose folded name begins with prefix, by id, after the
// id after: all of them, or those who can sign in.
func (q Queries) Users(prefix string, all bool, after int64, limit int) ([]models.User, error) {
	query := q.db.Where("id > ?", after).Order("id").Limit(limit)
	if !all {
		query = query.Where("disabled_at IS NULL")
	}
	if prefix != "" {
		query = query.Where(`name_key LIKE ? ESCAPE '\'`, escapeLike(prefix)+"%")
	}
	return many[models.User](query)
}

// HasAdmin tells whether any account is an admin that can sign in.
func (q Queries) HasAdmin() (bool, error) {
	admins, err := many[models.User](q.db.Where("role = ? AND disabled_at IS NULL", models.Admin).Limit(1))
	return len(admins) > 0, err
}

// CreateUser stores a user, or returns ErrDuplicate if the name is taken.
func (tx *Tx) CreateUser(u *models.User) error { return create(tx, u) }

// UpdateUser changes columns of a user; ErrDuplicate if the name is taken.
func (tx *Tx) UpdateUser(id int64, change Change) error {
	_, err := update[models.User](tx, change, "id = ?", id)
	return err
}

// Credential returns the secret of a user, or fault.NotFound.
func (q Queries) Credential(userID int64) (models.Credential, error) {
	return one[models.Credential](q.db.Where("user_id = ?", userID))
}

// PutCredential stores the secret of a user in place of the one before.
func (tx *Tx) PutCredential(c *models.Credential) error {
	return explain(tx.w().Save(c).Error)
}

// UpdateCredential changes columns of a user's secret.
func (tx *Tx) UpdateCredential(userID int64, change Change) error {
	_, err := update[models.Credential](tx, change, "user_id = ?", userID)
	return err
}

// escapeLike makes s match itself in LIKE … ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
