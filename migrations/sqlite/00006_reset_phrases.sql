-- +goose Up
-- Whether the password is the phrase of a reset: good once, and not for long.
ALTER TABLE credentials ADD COLUMN reset BOOLEAN NOT NULL DEFAULT FALSE;
-- How often an account was reset of late.
CREATE INDEX audit_resets ON audit (subject_id, id) WHERE action = 'user.password.reset';

-- +goose Down
DROP INDEX audit_resets;
ALTER TABLE credentials DROP COLUMN reset;
