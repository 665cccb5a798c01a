-- +goose Up
-- Files: begun, uploaded in parts, ready, sent with a message. The bytes lie in
-- the data folder under the random name; a row is gone before its bytes are.
CREATE TABLE files (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id   INTEGER NOT NULL REFERENCES classes (id),
    thread_id  INTEGER REFERENCES threads (id),
    message_id INTEGER REFERENCES messages (id),
    place      INTEGER NOT NULL, -- in the message
    user_id    INTEGER NOT NULL REFERENCES users (id),
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    received   INTEGER NOT NULL,
    ready      BOOLEAN NOT NULL,
    width      INTEGER,
    height     INTEGER,
    created_at INTEGER NOT NULL,
    disk_name  TEXT    NOT NULL UNIQUE,
    part_at    INTEGER NOT NULL, -- where the last part began
    part_hash  BLOB              -- and what it was: tells a repeat from another
);
CREATE INDEX files_by_message ON files (message_id, place) WHERE message_id IS NOT NULL;
CREATE INDEX files_by_thread ON files (thread_id, id) WHERE thread_id IS NOT NULL;
CREATE INDEX files_unsent ON files (created_at) WHERE message_id IS NULL;
-- Cover the adding up of what a member and a class take.
CREATE INDEX files_by_class ON files (class_id, id, size);
CREATE INDEX files_by_user ON files (user_id, id, size);

-- +goose Down
DROP TABLE files;
