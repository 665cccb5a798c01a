-- +goose Up
-- What members told the staff about messages, with what these said at that
-- moment: an author can edit and delete.
CREATE TABLE reports (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id      INTEGER NOT NULL REFERENCES classes (id),
    thread_id     INTEGER NOT NULL REFERENCES threads (id),
    message_id    INTEGER NOT NULL REFERENCES messages (id),
    speaker_id    INTEGER NOT NULL REFERENCES users (id),
    speaker_name  TEXT    NOT NULL,
    content       TEXT    NOT NULL,
    reporter_id   INTEGER NOT NULL REFERENCES users (id),
    reporter_name TEXT    NOT NULL,
    reason        TEXT    NOT NULL CHECK (reason IN ('bullying', 'hate', 'sexual', 'self-harm', 'spam', 'other')),
    note          TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    resolved_at   INTEGER,
    resolved_by   INTEGER REFERENCES users (id),
    outcome       TEXT CHECK (outcome IN ('deleted', 'talked', 'nothing'))
);
CREATE INDEX reports_by_class ON reports (class_id, id);
-- Covers the counting of what staff have still to look at; who is reported does not count it.
CREATE INDEX reports_open ON reports (class_id, id, speaker_id) WHERE resolved_at IS NULL;
CREATE INDEX reports_open_by_id ON reports (id) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX reports_once ON reports (reporter_id, message_id) WHERE resolved_at IS NULL;

-- +goose Down
DROP TABLE reports;
