package store

import (
	"gorm.io/gorm"

	"homeroom/models"
)

func (q Queries) members() *gorm.DB {
	return q.db.Model(&models.Member{}).Select("members.*, users.name AS name, users.hue AS hue").
		Joins("JOIN users ON users.id = members.user_id")
}

// Member returns the row of a user in a class, left or not; fault.NotFound
// without one.
func (q Queries) Member(classID, userID int64) (models.Member, error) {
	return one[models.Member](q.members().Where("members.class_id = ? AND members.user_id = ?", classID, userID))
}

// All is the limit of who wants no page but everybody.
const All = -1

// Members returns those in the class whose folded name begins with prefix, by
// user id, after the id after.
func (q Queries) Members(classID int64, prefix string, after int64, limit int) ([]models.Member, error) {
	query := q.members().
		Where("members.class_id = ? AND members.left_at IS NULL AND members.user_id > ?", classID, after).
		Order("members.user_id").Limit(limit)
	if prefix != "" {
		query = query.Where(`users.name_key LIKE ? ESCAPE '\'`, escapeLike(prefix)+"%")
	}
	return many[models.Member](query)
}

// MembersByID returns the rows of these users in the class, left or not.
func (q Queries) MembersByID(classID int64, userIDs []int64) ([]models.Member, error) {
	return many[models.Member](q.members().Where("members.class_id = ? AND members.user_id"+ofThese, classID, these[int64](userIDs)))
}

// Memberships returns the rows of a user in every class that is not deleted.
func (q Queries) Memberships(userID int64) ([]models.Member, error) {
	return many[models.Member](q.members().
		Joins("JOIN classes ON classes.id = members.class_id AND classes.deleted_at IS NULL").
		Where("members.user_id = ? AND members.left_at IS NULL", userID).Order("members.class_id"))
}

// Roles returns what a user is in every class that is not deleted.
func (q Queries) Roles(userID int64) (map[int64]models.MemberRole, error) {
	return numbered[models.MemberRole](q, `SELECT members.class_id, members.role FROM members
		JOIN classes ON classes.id = members.class_id AND classes.deleted_at IS NULL
		WHERE members.user_id = ? AND members.left_at IS NULL`, userID)
}

// CreateMember stores a member; ErrDuplicate where the user has a row.
func (tx *Tx) CreateMember(m *models.Member) error { return create(tx, m) }

// UpdateMember changes columns of a member.
func (tx *Tx) UpdateMember(classID, userID int64, change Change) error {
	_, err := update[models.Member](tx, change, "class_id = ? AND user_id = ?", classID, userID)
	return err
}

// JoinCodes returns the codes of a class that make one of the roles, the newest
// first, before the id before (0: from the newest).
func (q Queries) JoinCodes(classID int64, roles []models.MemberRole, before int64, limit int) ([]models.JoinCode, error) {
	query := q.db.Where("class_id = ? AND role"+ofThese, classID, these[models.MemberRole](roles)).Order("id DESC").Limit(limit)
	if before > 0 {
		query = query.Where("id < ?", before)
	}
	return many[models.JoinCode](query)
}

// JoinCode returns a code of a class, or fault.NotFound.
func (q Queries) JoinCode(classID, id int64) (models.JoinCode, error) {
	return one[models.JoinCode](q.db.Where("class_id = ? AND id = ?", classID, id))
}

// JoinCodesByID returns these codes of a class.
func (q Queries) JoinCodesByID(classID int64, ids []int64) ([]models.JoinCode, error) {
	return many[models.JoinCode](q.db.Where("class_id = ? AND id"+ofThese, classID, these[int64](ids)))
}

// JoinCodeByCode returns the code as people type it, or fault.NotFound.
func (q Queries) JoinCodeByCode(code string) (models.JoinCode, error) {
	return one[models.JoinCode](q.db.Where("code = ?", code))
}

// CreateJoinCode stores a code.
func (tx *Tx) CreateJoinCode(c *models.JoinCode) error { return create(tx, c) }

// UpdateJoinCode changes columns of a code.
func (tx *Tx) UpdateJoinCode(id int64, change Change) error {
	_, err := update[models.JoinCode](tx, change, "id = ?", id)
	return err
}
