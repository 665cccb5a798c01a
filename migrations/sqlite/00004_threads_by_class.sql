-- +goose Up
-- Each message moved its thread in this index. A class has few threads, and
-- sorting them when they are listed costs less.
DROP INDEX threads_by_talk;

-- +goose Down
CREATE INDEX threads_by_talk ON threads (class_id, last_seq DESC, id DESC);
