-- +goose Up
CREATE TABLE kept_pushes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    push       TEXT    NOT NULL, -- JSON
    expires_at INTEGER NOT NULL
);
CREATE INDEX kept_pushes_by_user ON kept_pushes (user_id);
CREATE INDEX kept_pushes_by_expiry ON kept_pushes (expires_at);

-- +goose Down
DROP TABLE kept_pushes;
