-- +goose Up
-- Since when signing in needs a second factor too.
ALTER TABLE users ADD COLUMN second_factor_at INTEGER;

-- The secrets are as they are: a code cannot be checked by a hash, and a key
-- would lie beside them (docs/decisions/0013).
CREATE TABLE second_factors (
    user_id   INTEGER PRIMARY KEY REFERENCES users (id),
    secret    TEXT    NOT NULL,
    pending   TEXT    NOT NULL,
    last_step INTEGER NOT NULL
);

CREATE TABLE recovery_codes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    secret_hash BLOB    NOT NULL,
    UNIQUE (user_id, secret_hash)
);

-- +goose Down
DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE users DROP COLUMN second_factor_at;
