-- +goose Up
-- Whether somebody else took the member out: the join codes of before let in no
-- more who was removed.
ALTER TABLE members ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE members DROP COLUMN removed;
