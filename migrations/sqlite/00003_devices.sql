-- +goose Up
-- Browsers in which a user has signed in before: each counts the wrong passwords
-- that come from it, so that those of strangers do not lock its owner out.
CREATE TABLE devices (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    secret_hash  BLOB    NOT NULL,
    failures     INTEGER NOT NULL,
    locked_until INTEGER,
    used_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    UNIQUE (secret_hash, user_id)
);
CREATE INDEX devices_by_user ON devices (user_id);

-- Sessions from before have confirmed nothing.
ALTER TABLE sessions ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN device_id INTEGER REFERENCES devices (id) ON DELETE SET NULL;
CREATE INDEX sessions_by_device ON sessions (device_id);

-- +goose Down
DROP INDEX sessions_by_device;
ALTER TABLE sessions DROP COLUMN device_id;
ALTER TABLE sessions DROP COLUMN confirmed_at;
DROP TABLE devices;
