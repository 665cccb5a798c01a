-- Times are integers: Unix milliseconds, UTC. Ids come from AUTOINCREMENT, so
-- that the id of a deleted row is never given again.

-- +goose Up
CREATE TABLE users (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL UNIQUE, -- the name, folded: unique without regard to case
    role        TEXT    NOT NULL CHECK (role IN ('admin', 'teacher', 'student')),
    hue         INTEGER NOT NULL,
    locale      TEXT    NOT NULL,
    email       TEXT,
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER
);

CREATE TABLE credentials (
    user_id       INTEGER PRIMARY KEY REFERENCES users (id),
    password_hash TEXT    NOT NULL,
    failures      INTEGER NOT NULL,
    locked_until  INTEGER,
    changed_at    INTEGER NOT NULL
);

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    secret_hash  BLOB    NOT NULL UNIQUE,
    my_device    BOOLEAN NOT NULL,
    agent        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    idle_ms      INTEGER NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE tokens (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    name         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL, -- a JSON array
    class_ids    TEXT    NOT NULL, -- a JSON array
    secret_hash  BLOB    NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER
);
CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE setups (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_hash BLOB    NOT NULL UNIQUE,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
);

CREATE TABLE classes (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    name                  TEXT    NOT NULL,
    description           TEXT    NOT NULL,
    hue                   INTEGER NOT NULL,
    students_open_threads BOOLEAN NOT NULL,
    students_see_presence BOOLEAN NOT NULL,
    seq                   INTEGER NOT NULL, -- number of the newest event
    created_by            INTEGER NOT NULL REFERENCES users (id),
    created_at            INTEGER NOT NULL,
    archived_at           INTEGER,
    deleted_at            INTEGER
);

CREATE TABLE members (
    class_id    INTEGER NOT NULL REFERENCES classes (id),
    user_id     INTEGER NOT NULL REFERENCES users (id),
    role        TEXT    NOT NULL CHECK (role IN ('owner', 'teacher', 'assistant', 'student')),
    joined_at   INTEGER NOT NULL,
    muted_until INTEGER,
    left_at     INTEGER,
    PRIMARY KEY (class_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, class_id);

CREATE TABLE join_codes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id   INTEGER NOT NULL REFERENCES classes (id),
    code       TEXT    NOT NULL UNIQUE,
    role       TEXT    NOT NULL CHECK (role IN ('teacher', 'assistant', 'student')),
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    max_uses   INTEGER NOT NULL,
    uses       INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE INDEX join_codes_by_class ON join_codes (class_id);

CREATE TABLE threads (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id          INTEGER NOT NULL REFERENCES classes (id),
    name              TEXT    NOT NULL,
    name_key          TEXT, -- folded; NULL once deleted, which frees the name
    created_by        INTEGER NOT NULL REFERENCES users (id),
    created_at        INTEGER NOT NULL,
    last_seq          INTEGER NOT NULL,
    last_message_id   INTEGER,
    pinned_message_id INTEGER,
    locked_at         INTEGER,
    archived_at       INTEGER,
    deleted_at        INTEGER,
    UNIQUE (class_id, name_key)
);
CREATE INDEX threads_by_talk ON threads (class_id, last_seq DESC, id DESC);

CREATE TABLE messages (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id     INTEGER NOT NULL REFERENCES classes (id),
    thread_id    INTEGER NOT NULL REFERENCES threads (id),
    seq          INTEGER NOT NULL,
    speaker_id   INTEGER NOT NULL REFERENCES users (id),
    speaker_name TEXT    NOT NULL,
    speaker_role TEXT    NOT NULL,
    content      TEXT    NOT NULL,
    client_id    TEXT,
    content_hash BLOB,
    reply_to     INTEGER REFERENCES messages (id),
    created_at   INTEGER NOT NULL,
    edited_at    INTEGER,
    deleted_at   INTEGER,
    deleted_by   INTEGER REFERENCES users (id),
    UNIQUE (speaker_id, client_id)
);
CREATE INDEX messages_by_thread ON messages (thread_id, id);
-- Covers the counting of unread messages: from a marker on, not one's own, not deleted.
CREATE INDEX messages_unread ON messages (thread_id, seq, speaker_id, deleted_at);

CREATE TABLE message_versions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id  INTEGER NOT NULL REFERENCES messages (id),
    content     TEXT    NOT NULL,
    written_at  INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    replaced_by INTEGER NOT NULL REFERENCES users (id),
    reason      TEXT    NOT NULL CHECK (reason IN ('edited', 'deleted'))
);
CREATE INDEX message_versions_by_message ON message_versions (message_id);

CREATE TABLE reactions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id   INTEGER NOT NULL REFERENCES classes (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    emoji      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (message_id, emoji, user_id)
);

CREATE TABLE read_markers (
    user_id   INTEGER NOT NULL REFERENCES users (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    class_id  INTEGER NOT NULL REFERENCES classes (id),
    seq       INTEGER NOT NULL,
    PRIMARY KEY (user_id, thread_id)
);

-- What changed, by number; not what it said (docs/decisions/0001).
CREATE TABLE events (
    class_id   INTEGER NOT NULL REFERENCES classes (id),
    seq        INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    thread_id  INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    actor_id   INTEGER NOT NULL,
    emoji      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (class_id, seq)
) WITHOUT ROWID;

CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    actor_id   INTEGER NOT NULL,
    action     TEXT    NOT NULL,
    class_id   INTEGER,
    subject_id INTEGER,
    detail     TEXT    NOT NULL
);

-- +goose Down
DROP TABLE audit;
DROP TABLE events;
DROP TABLE read_markers;
DROP TABLE reactions;
DROP TABLE message_versions;
DROP TABLE messages;
DROP TABLE threads;
DROP TABLE join_codes;
DROP TABLE members;
DROP TABLE classes;
DROP TABLE setups;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE credentials;
DROP TABLE users;
