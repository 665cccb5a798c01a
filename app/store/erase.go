package store

import (
	"homeroom/models"
)

// UsersBeingErased returns those of whose person something is still to be
// removed.
func (q Queries) UsersBeingErased() ([]models.User, error) {
	return many[models.User](q.db.Where("erasing <> ''").Order("id"))
}

// MessageIDsOf returns the ids of all messages of a speaker.
func (q Queries) MessageIDsOf(speakerID int64) ([]int64, error) {
	return idsOf[models.Message](q.db.Where("speaker_id = ?", speakerID))
}

// AnyMessage returns the message with that id, of whichever class, with its
// reactions and files; fault.NotFound without one.
func (q Queries) AnyMessage(id int64) (models.Message, error) {
	return q.oneMessage(q.db.Where("id = ?", id))
}

// HasMessageVersions tells whether it is kept what a message said before.
func (q Queries) HasMessageVersions(messageID int64) (bool, error) {
	rows, err := many[models.MessageVersion](q.db.Select("id").Where("message_id = ?", messageID).Limit(1))
	return len(rows) > 0, err
}

// DeleteMessageVersions forgets what a message said before.
func (tx *Tx) DeleteMessageVersions(messageID int64) error {
	return explain(tx.w().Where("message_id = ?", messageID).Delete(&models.MessageVersion{}).Error)
}

// ReactionsOf returns all reactions of a user, after the id after.
func (q Queries) ReactionsOf(userID, after int64, limit int) ([]models.ReactionRow, error) {
	return many[models.ReactionRow](q.db.Where("user_id = ? AND id > ?", userID, after).Order("id").Limit(limit))
}

// EmptyDetailsOf empties what the noted acts say in words of a user: names of
// before, and of tokens. Of a token that is gone nothing tells whose it was: the
// names of all of those go.
func (tx *Tx) EmptyDetailsOf(userID int64) error {
	return explain(tx.w().Exec(`UPDATE audit SET detail = '' WHERE detail <> ''
		AND (subject_id = @user AND action LIKE 'user.%' OR action LIKE 'token.%'
			AND (actor_id = @user OR subject_id IN (SELECT id FROM tokens WHERE user_id = @user) OR subject_id NOT IN (SELECT id FROM tokens)))`,
		map[string]any{"user": userID}).Error)
}

// DeleteAccessOf removes everything by which a user comes in but the password,
// and what waits for them.
func (tx *Tx) DeleteAccessOf(userID int64) error {
	for _, row := range []any{&models.Session{}, &models.Device{}, &models.Token{}, &models.SecondFactor{}, &models.RecoveryCode{}, &models.KeptPush{}} {
		if err := tx.w().Where("user_id = ?", userID).Delete(row).Error; err != nil {
			return explain(err)
		}
	}
	return nil
}

// DeleteReadMarkersOf forgets how far a user has read.
func (tx *Tx) DeleteReadMarkersOf(userID int64) error {
	return explain(tx.w().Where("user_id = ?", userID).Delete(&models.ReadMarker{}).Error)
}

// EraseFromReports puts a name in place of a user's in the reports of what they
// said and in those that they made. With texts it empties what they said there.
func (tx *Tx) EraseFromReports(userID int64, name string, texts bool) error {
	about, by := Change{"speaker_name": name}, Change{"reporter_name": name}
	if texts {
		about["content"], by["note"] = "", ""
	}
	if _, err := update[models.Report](tx, about, "speaker_id = ?", userID); err != nil {
		return err
	}
	_, err := update[models.Report](tx, by, "reporter_id = ?", userID)
	return err
}
