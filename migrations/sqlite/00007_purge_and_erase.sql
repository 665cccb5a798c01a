-- +goose Up
-- Find the answers to a message that goes for good, and the reports of it: without
-- them each one that goes would read all messages and all reports.
CREATE INDEX messages_by_reply ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX reports_by_message ON reports (message_id);

-- Since when the account is a tombstone, and what of its person is still to be
-- removed: 'texts', 'name' or nothing.
ALTER TABLE users ADD COLUMN erased_at INTEGER;
ALTER TABLE users ADD COLUMN erasing TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE users DROP COLUMN erasing;
ALTER TABLE users DROP COLUMN erased_at;
DROP INDEX reports_by_message;
DROP INDEX messages_by_reply;
