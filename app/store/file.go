package store

import (
	"context"

	"homeroom/models"
)

// addFiles fills in what was sent with the messages. A deleted message has none.
func (q Queries) addFiles(page []models.Message) error {
	ids := make([]int64, 0, len(page))
	at := make(map[int64]*models.Message, len(page))
	for i := range page {
		page[i].Files = []models.File{}
		if page[i].DeletedAt == nil {
			ids = append(ids, page[i].ID)
			at[page[i].ID] = &page[i]
		}
	}
	sent, err := q.FilesOfMessages(ids)
	for id, files := range sent {
		at[id].Files = files
	}
	return err
}

// FilesOfMessages returns what was sent with each of the messages, deleted or
// not, by their ids.
func (q Queries) FilesOfMessages(ids []int64) (map[int64][]models.File, error) {
	sent := map[int64][]models.File{}
	if len(ids) == 0 {
		return sent, nil
	}
	files, err := many[models.File](q.db.Where("message_id"+ofThese, these[int64](ids)).Order("message_id, place"))
	for _, f := range files {
		sent[*f.MessageID] = append(sent[*f.MessageID], f)
	}
	return sent, err
}

// File returns a file of a class, or fault.NotFound.
func (q Queries) File(classID, id int64) (models.File, error) {
	return row[models.File](q, "id = ? AND class_id = ?", id, classID)
}

// FilesByID returns these files, of whichever class.
func (q Queries) FilesByID(ids []int64) ([]models.File, error) {
	return many[models.File](q.db.Where("id"+ofThese, these[int64](ids)))
}

// FilesOfUser returns what a user uploaded, after the id after.
func (q Queries) FilesOfUser(userID, after int64, limit int) ([]models.File, error) {
	return many[models.File](q.db.Where("user_id = ? AND id > ?", userID, after).Order("id").Limit(limit))
}

// SentFiles returns what was sent in a class, in one of its threads (0: in all),
// the newest first, with an id below before (0: of all). Of what is deleted,
// nothing.
func (q Queries) SentFiles(classID, threadID, before int64, limit int) ([]models.File, error) {
	query := q.db.Model(&models.File{}).Select("files.*").
		Joins("JOIN messages ON messages.id = files.message_id AND messages.deleted_at IS NULL").
		Joins("JOIN threads ON threads.id = files.thread_id AND threads.deleted_at IS NULL").
		Order("files.id DESC").Limit(limit)
	if threadID > 0 {
		query = query.Where("files.thread_id = ?", threadID)
	} else {
		query = query.Where("files.class_id = ?", classID)
	}
	if before > 0 {
		query = query.Where("files.id < ?", before)
	}
	return many[models.File](query)
}

// FileBytes adds up what the files of a user, and those of a class, take.
func (q Queries) FileBytes(userID, classID int64) (ofUser, ofClass int64, err error) {
	err = q.first([]any{&ofUser, &ofClass},
		"SELECT (SELECT coalesce(sum(size), 0) FROM files WHERE user_id = ?), (SELECT coalesce(sum(size), 0) FROM files WHERE class_id = ?)", userID, classID)
	return ofUser, ofClass, err
}

// IsDeleted tells whether a message is deleted, or not there.
func (q Queries) IsDeleted(messageID int64) (bool, error) {
	standing, err := count[models.Message](q.db.Where("id = ? AND deleted_at IS NULL", messageID))
	return standing == 0, err
}

// OldUnsentFiles returns files that were begun before a time and not sent.
func (q Queries) OldUnsentFiles(before models.Time, limit int) (ids []int64, err error) {
	err = q.db.Model(&models.File{}).Where("created_at < ? AND message_id IS NULL", before).Order("created_at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, explain(err)
}

// DiskNames returns those of the names that a file has.
func (q Queries) DiskNames(names []string) (known map[string]bool, err error) {
	rows, err := q.ask("SELECT disk_name FROM files WHERE disk_name"+ofThese, these[string](names))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known = map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, explain(err)
		}
		known[name] = true
	}
	return known, explain(rows.Err())
}

// CreateFile stores a file that is begun.
func (tx *Tx) CreateFile(f *models.File) error { return create(tx, f) }

// UpdateFile changes columns of a file that was not sent, and tells whether it
// was there.
func (tx *Tx) UpdateFile(id int64, change Change) (bool, error) {
	n, err := update[models.File](tx, change, "id = ? AND message_id IS NULL", id)
	return n > 0, err
}

// DeleteFilesOfMessages removes for good what was sent with messages, and returns
// the names of the bytes.
func (tx *Tx) DeleteFilesOfMessages(ids []int64) ([]string, error) {
	return tx.deleteFiles("message_id"+ofThese, ids)
}

// DeleteUnsentFiles removes files that were not sent, likewise.
func (tx *Tx) DeleteUnsentFiles(ids []int64) ([]string, error) {
	return tx.deleteFiles("message_id IS NULL AND id"+ofThese, ids)
}

// DeleteFilesOfThread removes what was sent in a thread, likewise.
func (tx *Tx) DeleteFilesOfThread(id int64) ([]string, error) {
	return tx.deleteFiles("thread_id"+ofThese, []int64{id})
}

// DeleteFilesOfClass removes all files of a class, likewise.
func (tx *Tx) DeleteFilesOfClass(id int64) ([]string, error) {
	return tx.deleteFiles("class_id"+ofThese, []int64{id})
}

func (tx *Tx) deleteFiles(where string, ids []int64) (names []string, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	tx.wrote = true
	rows, err := tx.conn.QueryContext(context.Background(), "DELETE FROM files WHERE "+where+" RETURNING disk_name", these[int64](ids))
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, explain(err)
		}
		names = append(names, name)
	}
	return names, explain(rows.Err())
}
