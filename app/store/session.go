package store

import (
	"homeroom/models"
)

// SessionBySecret returns the session whose secret has that hash, and its user,
// or fault.NotFound.
func (q Queries) SessionBySecret(hash []byte) (models.Session, models.User, error) {
	return rowAnd[models.Session, models.User](q, "users.id = user_id", "secret_hash = ?", hash)
}

// standing is the condition that a session has not ended at a time.
const standing = "expires_at > ? AND last_seen_at + idle_ms > ?"

// Session returns the session with that id unless it has ended at now, or
// fault.NotFound.
func (q Queries) Session(id int64, now models.Time) (models.Session, error) {
	return one[models.Session](q.db.Where("id = ? AND "+standing, id, now, now))
}

// Sessions returns the sessions of a user that have not ended at now, the
// newest first: all of them, which the rules keep few.
func (q Queries) Sessions(userID int64, now models.Time) ([]models.Session, error) {
	return many[models.Session](q.db.Where("user_id = ? AND "+standing, userID, now, now).Order("id DESC"))
}

// CreateSession stores a session.
func (tx *Tx) CreateSession(s *models.Session) error { return create(tx, s) }

// TouchSession notes when a session was last used, unless it had ended by then:
// a connection may learn of that only after somebody used it.
func (tx *Tx) TouchSession(id int64, seen models.Time) error {
	return tx.exec("UPDATE sessions SET last_seen_at = ? WHERE id = ? AND "+standing, seen, id, seen, seen)
}

// ConfirmSession notes when the password was given last in a session, and tells
// whether the session stands.
func (tx *Tx) ConfirmSession(id int64, at models.Time) (bool, error) {
	n, err := update[models.Session](tx, Change{"confirmed_at": at}, "id = ?", id)
	return n > 0, err
}

// DeleteSession ends one session of a user and tells whether there was one.
func (tx *Tx) DeleteSession(userID, id int64) (bool, error) {
	r := tx.w().Where("user_id = ? AND id = ?", userID, id).Delete(&models.Session{})
	return r.RowsAffected > 0, explain(r.Error)
}

// DeleteSessions ends all sessions of a user but the one with the id except.
func (tx *Tx) DeleteSessions(userID, except int64) error {
	return explain(tx.w().Where("user_id = ? AND id <> ?", userID, except).Delete(&models.Session{}).Error)
}

// DeleteExpiredSessions forgets the sessions of all users that ended before now.
func (tx *Tx) DeleteExpiredSessions(now models.Time) error {
	return explain(tx.w().Where("expires_at <= ? OR last_seen_at + idle_ms <= ?", now, now).Delete(&models.Session{}).Error)
}

// TokenBySecret returns the token whose secret has that hash, and its user, or
// fault.NotFound.
func (q Queries) TokenBySecret(hash []byte) (models.Token, models.User, error) {
	return rowAnd[models.Token, models.User](q, "users.id = user_id", "secret_hash = ?", hash)
}

// Tokens returns the tokens of a user, the newest first: all of them, which the
// rules keep few.
func (q Queries) Tokens(userID int64) ([]models.Token, error) {
	return many[models.Token](q.db.Where("user_id = ?", userID).Order("id DESC"))
}

// AllTokens returns the tokens of everybody, the newest first, before the id
// before (0: from the newest).
func (q Queries) AllTokens(before int64, limit int) ([]models.Token, error) {
	query := q.db.Order("id DESC").Limit(limit)
	if before > 0 {
		query = query.Where("id < ?", before)
	}
	return many[models.Token](query)
}

// Token returns the token with that id, or fault.NotFound.
func (q Queries) Token(id int64) (models.Token, error) {
	return one[models.Token](q.db.Where("id = ?", id))
}

// CreateToken stores a token.
func (tx *Tx) CreateToken(t *models.Token) error { return create(tx, t) }

// TouchToken notes when a token was last used.
func (tx *Tx) TouchToken(id int64, used models.Time) error {
	return tx.exec("UPDATE tokens SET last_used_at = ? WHERE id = ?", used, id)
}

// DeleteToken revokes a token.
func (tx *Tx) DeleteToken(id int64) error {
	return explain(tx.w().Where("id = ?", id).Delete(&models.Token{}).Error)
}

// DeleteTokens revokes all tokens of a user.
func (tx *Tx) DeleteTokens(userID int64) error {
	return explain(tx.w().Where("user_id = ?", userID).Delete(&models.Token{}).Error)
}

// CreateSetup stores the secret of a set-up link and forgets those before.
func (tx *Tx) CreateSetup(s *models.Setup) error {
	if err := tx.w().Where("1 = 1").Delete(&models.Setup{}).Error; err != nil {
		return explain(err)
	}
	return create(tx, s)
}

// SetupBySecret returns the set-up link whose secret has that hash, or
// fault.NotFound.
func (q Queries) SetupBySecret(hash []byte) (models.Setup, error) {
	return one[models.Setup](q.db.Where("secret_hash = ?", hash))
}

// UseSetup marks a set-up link as used.
func (tx *Tx) UseSetup(id int64, now models.Time) error {
	_, err := update[models.Setup](tx, Change{"used_at": now}, "id = ?", id)
	return err
}
