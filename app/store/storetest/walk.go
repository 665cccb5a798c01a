// Package storetest walks a whole database and finds what could not be there
// if the rules held.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the engine

	"homeroom/app/store"
)

// promise is something that always holds, and a query for the rows that break
// it.
type promise struct{ says, broken string }

var promises = []promise{
	{"the numbers of a class's events go on without holes up to the class's own, from 1 or from what was not purged", `
		SELECT c.id, c.seq, count(e.seq), min(e.seq), max(e.seq) FROM classes c LEFT JOIN events e ON e.class_id = c.id
		GROUP BY c.id HAVING c.seq <> coalesce(max(e.seq), 0) OR count(e.seq) <> coalesce(max(e.seq) - min(e.seq) + 1, 0)`},
	{"events of a class do not go back in time", `
		SELECT class_id, seq, at FROM (SELECT *, lag(at) OVER (PARTITION BY class_id ORDER BY seq) AS before FROM events)
		WHERE at < before`},
	{"a message has the number of the event that announced it", `
		SELECT m.id, m.seq FROM messages m LEFT JOIN events e ON e.class_id = m.class_id AND e.seq = m.seq
			AND e.type = 'message.created' AND e.subject_id = m.id AND e.thread_id = m.thread_id
			AND e.actor_id = m.speaker_id AND e.at = m.created_at
		WHERE e.seq IS NULL`},
	{"what an event announced is there, and what it changed is there or was purged with all before it", `
		SELECT e.class_id, e.seq FROM events e LEFT JOIN messages m ON m.id = e.subject_id AND m.class_id = e.class_id
			LEFT JOIN (SELECT class_id, min(id) AS id FROM messages GROUP BY class_id) oldest ON oldest.class_id = e.class_id
		WHERE e.type LIKE 'message.%' AND m.id IS NULL AND (e.type = 'message.created' OR oldest.id < e.subject_id)`},
	{"messages of a thread have the order of their ids", `
		SELECT id, seq FROM (SELECT id, seq, lag(seq) OVER (PARTITION BY thread_id ORDER BY id) AS before FROM messages)
		WHERE seq <= before`},
	{"a message is in a thread of its class", `
		SELECT m.id FROM messages m JOIN threads t ON t.id = m.thread_id WHERE t.class_id <> m.class_id`},
	{"an answer follows a message of its thread", `
		SELECT m.id FROM messages m JOIN messages r ON r.id = m.reply_to WHERE r.thread_id <> m.thread_id OR r.id >= m.id`},
	{"who speaks is or was a member", `
		SELECT m.id FROM messages m LEFT JOIN members o ON o.class_id = m.class_id AND o.user_id = m.speaker_id
		WHERE o.user_id IS NULL`},
	{"a client id of a speaker is one message", `
		SELECT speaker_id, client_id FROM messages WHERE client_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1`},
	{"a thread knows its newest message", `
		SELECT t.id, t.last_seq, t.last_message_id FROM threads t LEFT JOIN messages m ON m.thread_id = t.id
		GROUP BY t.id HAVING t.last_seq <> coalesce(max(m.seq), t.last_seq) OR t.deleted_at IS NULL AND t.last_message_id IS NOT max(m.id)`},
	{"a pinned message is in its thread, and not deleted", `
		SELECT t.id FROM threads t LEFT JOIN messages m ON m.id = t.pinned_message_id AND m.thread_id = t.id AND m.deleted_at IS NULL
		WHERE t.pinned_message_id IS NOT NULL AND m.id IS NULL`},
	{"a deleted message says nothing", `SELECT id FROM messages WHERE deleted_at IS NOT NULL AND content <> ''`},
	{"a message that stands says something", `SELECT id FROM messages WHERE deleted_at IS NULL AND content = ''`},
	{"each edit and each deletion has its event, and keeps what was said", `
		SELECT message_id, sum(edits), sum(deletions) FROM messages m JOIN users u ON u.id = m.speaker_id AND u.erased_at IS NULL JOIN (
			SELECT subject_id AS message_id, type = 'message.edited' AS edits, type = 'message.deleted' AS deletions FROM events
				WHERE type IN ('message.edited', 'message.deleted')
			UNION ALL SELECT message_id, -(reason = 'edited'), -(reason = 'deleted') FROM message_versions) ON message_id = m.id
		GROUP BY 1 HAVING sum(edits) <> 0 OR sum(deletions) <> 0`},
	{"what was edited or deleted has a version, nothing else has", `
		SELECT m.id FROM messages m JOIN users u ON u.id = m.speaker_id AND u.erased_at IS NULL LEFT JOIN message_versions v ON v.message_id = m.id
		GROUP BY m.id HAVING (m.edited_at IS NOT NULL) <> coalesce(max(v.reason = 'edited'), 0)
			OR (m.deleted_at IS NOT NULL) <> coalesce(max(v.reason = 'deleted'), 0)`},
	{"the reactions are those that were added and not removed", `
		SELECT r.class_id, message_id, user_id, emoji, sum(n) FROM messages m JOIN (
			SELECT class_id, subject_id AS message_id, actor_id AS user_id, emoji,
				CASE type WHEN 'reaction.added' THEN 1 ELSE -1 END AS n FROM events WHERE type LIKE 'reaction.%'
			UNION ALL SELECT class_id, message_id, user_id, emoji, -1 FROM reactions) r ON message_id = m.id JOIN users u ON u.id = user_id AND u.erased_at IS NULL
		GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0`},
	{"each member was announced", `
		SELECT o.class_id, o.user_id FROM members o LEFT JOIN (
			SELECT class_id, subject_id, min(at) AS at FROM events WHERE type = 'member.joined' GROUP BY 1, 2) e
			ON e.class_id = o.class_id AND e.subject_id = o.user_id AND e.at <= o.joined_at
		WHERE e.at IS NULL AND o.joined_at >= (SELECT at FROM events k WHERE k.class_id = o.class_id ORDER BY seq LIMIT 1)`},
	{"each thread was announced", `
		SELECT t.id FROM threads t LEFT JOIN (SELECT DISTINCT class_id, subject_id FROM events WHERE type = 'thread.created') e
			ON e.class_id = t.class_id AND e.subject_id = t.id
		WHERE e.subject_id IS NULL AND t.created_at >= (SELECT at FROM events k WHERE k.class_id = t.class_id ORDER BY seq LIMIT 1)`},
	{"a class has an owner, or had one who was erased", `
		SELECT c.id FROM classes c WHERE c.deleted_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM members o JOIN users u ON u.id = o.user_id
			WHERE o.class_id = c.id AND o.role = 'owner' AND (o.left_at IS NULL OR u.erased_at IS NOT NULL))`},
	{"a read marker is in its class, and not ahead of it", `
		SELECT r.user_id, r.thread_id, r.seq FROM read_markers r
		JOIN threads t ON t.id = r.thread_id JOIN classes c ON c.id = t.class_id
		WHERE r.class_id <> c.id OR r.seq > c.seq OR r.seq < 0`},
	{"everybody has a password, if only one that nobody knows", `
		SELECT u.id FROM users u LEFT JOIN credentials c ON c.user_id = u.id
		WHERE c.user_id IS NULL OR c.password_hash NOT LIKE '$argon2id$%'`},
	{"every row that is pointed at is there", `SELECT "table", rowid, parent FROM pragma_foreign_key_check`},
	{"the file is whole", `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`},
}

// Problems returns what is wrong with the database in a data folder: for each
// promise that is broken, a line with the first rows that break it. A server
// may run on the folder meanwhile.
func Problems(ctx context.Context, folder string) (problems []string, err error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(folder, store.DatabaseFile)}).EscapedPath(),
		RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)"}}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // all promises are asked of one moment
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	for _, p := range promises {
		rows, err := first(ctx, tx, p.broken)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.says, err)
		}
		if len(rows) > 0 {
			problems = append(problems, fmt.Sprintf("not true: %s: %s", p.says, strings.Join(rows, "; ")))
		}
	}
	return problems, nil
}

// first returns the first rows of a query as text.
func first(ctx context.Context, tx *sql.Tx, query string) (found []string, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for len(found) < 5 && rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		cells := make([]string, len(columns))
		for i, name := range columns {
			cells[i] = fmt.Sprintf("%s=%v", name, values[i])
		}
		found = append(found, strings.Join(cells, " "))
	}
	return found, rows.Err()
}
