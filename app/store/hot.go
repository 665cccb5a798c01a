package store

import (
	"context"

	"homeroom/models"
)

// The four statements of a send are written out and go to the writer's
// connection directly: through GORM, building them costs as much as running
// them. The test that holds the structs against the columns, and every test
// that reads a message back, hold them too.
const (
	insertMessage = `INSERT INTO messages (class_id, thread_id, seq, speaker_id, speaker_name, speaker_role, content, client_id, content_hash, reply_to, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (speaker_id, client_id) DO NOTHING`
	insertEvent = `INSERT INTO events (class_id, seq, type, thread_id, subject_id, actor_id, emoji, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	newestTalk  = `UPDATE threads SET last_seq = ?, last_message_id = ? WHERE id = ?`
	storeHead   = `UPDATE classes SET seq = ? WHERE id = ?`
	readHead    = `SELECT seq FROM classes WHERE id = ?`
)

// CreateMessage stores a message under its class's next number, sets that and
// the id, and notes it in its thread as the newest. ErrDuplicate, with nothing
// written, where the speaker has used the client id.
func (tx *Tx) CreateMessage(m *models.Message) error {
	head, err := tx.head(m.ClassID)
	if err != nil {
		return err
	}
	m.Seq = head + 1
	ctx := context.Background()
	// Not RETURNING id: SQLite keeps such rows in a table of their own first.
	stored, err := tx.conn.ExecContext(ctx, insertMessage, m.ClassID, m.ThreadID, m.Seq, m.SpeakerID, m.SpeakerName, string(m.SpeakerRole),
		m.Content, m.ClientID, m.ContentHash, m.ReplyTo, m.CreatedAt)
	rows := int64(1)
	if err == nil {
		rows, err = stored.RowsAffected()
	}
	if rows == 0 && err == nil {
		return ErrDuplicate
	}
	tx.wrote = true
	if err == nil {
		m.ID, err = stored.LastInsertId()
	}
	if err != nil {
		return explain(err)
	}
	tx.heads.touched[m.ClassID] = m.Seq
	return tx.exec(newestTalk, m.Seq, m.ID, m.ThreadID)
}

// CreateEvent stores an event under the number it carries, which NextSeq or
// CreateMessage gave.
func (tx *Tx) CreateEvent(e *models.Event) error {
	return tx.exec(insertEvent, e.ClassID, e.Seq, string(e.Type), e.ThreadID, e.SubjectID, e.ActorID, e.Emoji, e.At)
}
