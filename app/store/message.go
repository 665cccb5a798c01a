package store

import (
	"slices"

	"gorm.io/gorm"

	"homeroom/models"
)

// Message returns a message of a thread of a class with its reactions and files, or
// fault.NotFound.
func (q Queries) Message(classID, threadID, id int64) (models.Message, error) {
	return q.oneMessage(q.db.Where("id = ? AND class_id = ? AND thread_id = ?", id, classID, threadID))
}

// MessageByClientID returns the message that a speaker sent under that client
// id, or fault.NotFound.
func (q Queries) MessageByClientID(speakerID int64, clientID string) (models.Message, error) {
	return q.oneMessage(q.db.Where("speaker_id = ? AND client_id = ?", speakerID, clientID))
}

// MessagesByID returns these messages of a class with their reactions and files.
func (q Queries) MessagesByID(classID int64, ids []int64) ([]models.Message, error) {
	return q.messages(q.db.Where("class_id = ? AND id"+ofThese, classID, these[int64](ids)).Order("id"))
}

// MessagesBefore returns the newest messages of a thread with an id below
// before (0: of all), in the order of their ids.
func (q Queries) MessagesBefore(threadID, before int64, limit int) ([]models.Message, error) {
	query := q.db.Where("thread_id = ?", threadID).Order("id DESC").Limit(limit)
	if before > 0 {
		query = query.Where("id < ?", before)
	}
	page, err := q.messages(query)
	slices.Reverse(page)
	return page, err
}

// MessagesAfter returns the oldest messages of a thread with an id above
// after, in the order of their ids.
func (q Queries) MessagesAfter(threadID, after int64, limit int) ([]models.Message, error) {
	return q.messages(q.db.Where("thread_id = ? AND id > ?", threadID, after).Order("id").Limit(limit))
}

func (q Queries) oneMessage(query *gorm.DB) (models.Message, error) {
	message, err := one[models.Message](query)
	if err != nil {
		return message, err
	}
	page := []models.Message{message}
	err = q.complete(page)
	return page[0], err
}

func (q Queries) messages(query *gorm.DB) ([]models.Message, error) {
	page, err := many[models.Message](query)
	if err != nil {
		return page, err
	}
	return page, q.complete(page)
}

// complete fills in what of the messages stands in rows of its own.
func (q Queries) complete(page []models.Message) error {
	if err := q.addReactions(page); err != nil {
		return err
	}
	return q.addFiles(page)
}

// addReactions fills in the reactions of the messages, each emoji where it was
// first used.
func (q Queries) addReactions(page []models.Message) error {
	if len(page) == 0 {
		return nil
	}
	ids := make([]int64, len(page))
	at := make(map[int64]*models.Message, len(page))
	for i := range page {
		page[i].Reactions = []models.Reaction{}
		ids[i] = page[i].ID
		at[page[i].ID] = &page[i]
	}
	rows, err := many[models.ReactionRow](q.db.Where("message_id"+ofThese, these[int64](ids)).Order("id"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		m := at[row.MessageID]
		i := slices.IndexFunc(m.Reactions, func(r models.Reaction) bool { return r.Emoji == row.Emoji })
		if i < 0 {
			i = len(m.Reactions)
			m.Reactions = append(m.Reactions, models.Reaction{Emoji: row.Emoji})
		}
		m.Reactions[i].UserIDs = append(m.Reactions[i].UserIDs, row.UserID)
	}
	return nil
}

// UpdateMessage changes columns of a message.
func (tx *Tx) UpdateMessage(id int64, change Change) error {
	_, err := update[models.Message](tx, change, "id = ?", id)
	return err
}

// MessageVersions returns what a message said before, the oldest first, after
// the id after.
func (q Queries) MessageVersions(messageID, after int64, limit int) ([]models.MessageVersion, error) {
	return many[models.MessageVersion](q.db.Where("message_id = ? AND id > ?", messageID, after).Order("id").Limit(limit))
}

// LastMessageVersion returns what a message said before it was changed last, or
// fault.NotFound.
func (q Queries) LastMessageVersion(messageID int64) (models.MessageVersion, error) {
	return one[models.MessageVersion](q.db.Where("message_id = ?", messageID).Order("id DESC"))
}

// CreateMessageVersion keeps what a message said.
func (tx *Tx) CreateMessageVersion(v *models.MessageVersion) error { return create(tx, v) }

// CreateReaction stores a reaction; ErrDuplicate where the user has that one.
func (tx *Tx) CreateReaction(r *models.ReactionRow) error { return create(tx, r) }

// DeleteReaction takes a reaction away and tells whether it was there.
func (tx *Tx) DeleteReaction(messageID, userID int64, emoji string) (bool, error) {
	r := tx.w().Where("message_id = ? AND user_id = ? AND emoji = ?", messageID, userID, emoji).Delete(&models.ReactionRow{})
	return r.RowsAffected > 0, explain(r.Error)
}
