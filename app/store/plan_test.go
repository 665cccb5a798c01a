package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"homeroom/app/fault"
	"homeroom/models"
)

// ignore leaves out that a row is not there.
func ignore(err error) error {
	for _, f := range []*fault.Fault{fault.NotFound, fault.NoClass, fault.NoThread} {
		if errors.Is(err, f) {
			return nil
		}
	}
	return err
}

// explaining passes statements on, and asks SQLite first how it will go about
// each.
type explaining struct {
	gorm.ConnPool
	t     *testing.T
	plans map[string][]string // by statement
}

func (e *explaining) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	e.explain(ctx, query, args)
	return e.ConnPool.QueryContext(ctx, query, args...)
}

func (e *explaining) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	e.explain(ctx, query, args)
	return e.ConnPool.ExecContext(ctx, query, args...)
}

func (e *explaining) explain(ctx context.Context, query string, args []any) {
	rows, err := e.ConnPool.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...)
	require.NoError(e.t, err, query)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(e.t, rows.Scan(&id, &parent, &unused, &step))
		e.plans[query] = append(e.plans[query], step)
	}
	require.NoError(e.t, rows.Err())
}

// plansOfAllDay asks what is asked for all day and returns how SQLite went
// about each statement.
func plansOfAllDay(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	e := &explaining{ConnPool: s.pools[0], t: t, plans: map[string][]string{}}
	db := s.read.db.Session(&gorm.Session{NewDB: true, PrepareStmt: false, Context: t.Context()})
	db.Statement.ConnPool = e
	q := Queries{db: db}
	ids := []int64{1, 2, 3}
	now := models.Time{}
	for _, ask := range []func() error{
		func() error { _, err := q.Class(1); return ignore(err) },
		func() error { _, err := q.ClassesOf(1, nil, false, 0, 51); return err },
		func() error { _, err := q.ClassesOf(1, ids, true, 0, 51); return err },
		func() error { _, err := q.ClassOf(1, 1); return ignore(err) },
		func() error { _, err := q.Heads(1); return err },
		func() error { _, err := q.Events(1, 5, 501); return err },
		func() error { _, err := q.Audit(0, 51); return err },
		func() error { _, err := q.Audit(9, 51); return err },
		func() error { _, err := q.Resets(1, 3); return err },
		func() error { _, err := q.Member(1, 1); return ignore(err) },
		func() error { _, err := q.Members(1, "", 0, 51); return err },
		func() error { _, err := q.Members(1, "b", 0, 51); return err },
		func() error { _, err := q.MembersByID(1, ids); return err },
		func() error { _, err := q.Memberships(1); return err },
		func() error { _, err := q.Roles(1); return err },
		func() error { _, err := q.JoinCodes(1, models.Owner.Under(), 0, 51); return err },
		func() error { _, err := q.JoinCodesByID(1, ids); return err },
		func() error { _, err := q.JoinCodeByCode("x"); return ignore(err) },
		func() error { _, err := q.Message(1, 1, 1); return ignore(err) },
		func() error { _, err := q.MessageByClientID(1, "x"); return ignore(err) },
		func() error { _, err := q.MessagesByID(1, ids); return err },
		func() error { _, err := q.MessagesBefore(1, 0, 51); return err },
		func() error { _, err := q.MessagesBefore(1, 9, 51); return err },
		func() error { _, err := q.MessagesAfter(1, 9, 51); return err },
		func() error { return q.addReactions(make([]models.Message, 3)) },
		func() error { return q.addFiles(make([]models.Message, 3)) },
		func() error { _, err := q.File(1, 1); return ignore(err) },
		func() error { _, err := q.FilesByID(ids); return err },
		func() error { _, err := q.FilesOfMessages(ids); return err },
		func() error { _, err := q.ReportedFile(1, 1, 1); return ignore(err) },
		func() error { _, err := q.FilesOfUser(1, 9, 51); return err },
		func() error { _, err := q.SentFiles(1, 0, 0, 51); return err },
		func() error { _, err := q.SentFiles(1, 0, 9, 51); return err },
		func() error { _, err := q.SentFiles(1, 1, 9, 51); return err },
		func() error { _, _, err := q.FileBytes(1, 1); return err },
		func() error { _, err := q.IsDeleted(1); return err },
		func() error { _, err := q.OldUnsentFiles(now, 51); return err },
		func() error { _, err := q.MessageVersions(1, 0, 51); return err },
		func() error { _, err := q.Thread(1, 1); return ignore(err) },
		func() error { _, err := q.Threads(1); return err },
		func() error { _, err := q.ClassOfThread(1); return ignore(err) },
		func() error { _, err := q.ThreadsByID(1, ids); return err },
		func() error { _, err := q.ThreadsFor(1, 1, false, nil, 51); return err },
		func() error { _, err := q.ThreadsFor(1, 1, true, &ThreadPosition{5, 5}, 51); return err },
		func() error { _, err := q.ThreadFor(1, 1, 1); return ignore(err) },
		func() error { _, err := q.Unread(1, 1); return err },
		func() error { _, err := q.ReadMarker(1, 1); return err },
		func() error { _, _, err := q.SessionBySecret([]byte("x")); return ignore(err) },
		func() error { _, err := q.Session(1, now); return ignore(err) },
		func() error { _, err := q.Sessions(1, now); return err },
		func() error { _, _, err := q.TokenBySecret([]byte("x")); return ignore(err) },
		func() error { _, err := q.Token(1); return ignore(err) },
		func() error { _, err := q.Tokens(1); return err },
		func() error { _, err := q.AllTokens(0, 51); return err },
		func() error { _, err := q.User(1); return ignore(err) },
		func() error { _, err := q.UserByKey("x"); return ignore(err) },
		func() error { _, err := q.Users("", true, 0, 51); return err },
		func() error { _, err := q.Users("b", false, 0, 51); return err },
		func() error { _, err := q.Credential(1); return ignore(err) },
		func() error { _, err := q.Device(1); return ignore(err) },
		func() error { _, err := q.DeviceOf([]byte("x"), "x", now); return ignore(err) },
		func() error { _, err := q.DevicesBySecret([]byte("x"), now); return err },
		func() error { _, err := q.ReportFor(1, 1, 1); return ignore(err) },
		func() error { _, err := q.ReportsFor(1, 1, true, 0, 51); return err },
		func() error { _, err := q.ReportsFor(1, 1, true, 9, 51); return err },
		func() error { _, err := q.ReportsFor(1, 1, false, 0, 51); return err },
		func() error { _, err := q.ReportsFor(1, 0, true, 0, 51); return err },
		func() error { _, err := q.OpenReportBy(1, 1); return ignore(err) },
		func() error { _, err := q.CountOpenReportsBy(1); return err },
		func() error { _, err := q.LastMessageVersion(1); return ignore(err) },
		func() error { _, err := q.HasKeptPush(1); return err },
		func() error { _, err := q.CountKeptPushes(1, now); return err },
	} {
		require.NoError(t, ask())
	}
	for _, statement := range []string{insertMessage, insertEvent, newestTalk, storeHead, readHead} {
		e.explain(t.Context(), statement, make([]any, strings.Count(statement, "?")))
	}
	require.Greater(t, len(e.plans), 40)
	return e.plans
}

// slow returns the statements that read a table from end to end, or sort what
// grows.
func slow(plans map[string][]string) (queries []string) {
	for query, plan := range plans {
		for _, step := range plan {
			if strings.HasPrefix(step, "SCAN ") && !mayScan(query, step) || strings.Contains(step, "TEMP B-TREE") && !maySort(query) {
				queries = append(queries, query+"\n  "+strings.Join(plan, "\n  "))
				break
			}
		}
	}
	return queries
}

func mayScan(query, step string) bool {
	switch step {
	case "SCAN reports USING INDEX reports_open_by_id": // a page of what is open, from the end
		return true
	case "SCAN CONSTANT ROW": // of sums, which have indexes of their own
		return true
	case "SCAN json_each VIRTUAL TABLE INDEX 1:": // a list of ids that was asked for
		return true
	case "SCAN counted": // what is unread, up to where counting ends
		return true
	case "SCAN audit", "SCAN tokens": // a page from the end, in the order of the rows
		table := strings.TrimPrefix(step, "SCAN ")
		return query == "SELECT * FROM `"+table+"` ORDER BY id DESC LIMIT 51"
	}
	return false
}

func maySort(query string) bool { return strings.Contains(query, "FROM `reactions`") } // those of a page

// What is asked for all day must cost the same in a school of a year as in one
// of a day: it reads no table from end to end, and sorts nothing that grows.
func TestNoQueryOfAllDayScansOrSorts(t *testing.T) {
	require.Empty(t, strings.Join(slow(plansOfAllDay(t, open(t))), "\n"))
}

func TestAQueryWithoutItsIndexIsFound(t *testing.T) {
	for name, broken := range map[string]struct{ sql, found string }{
		"who signs in":         {"CREATE TABLE plain AS SELECT * FROM users; DROP TABLE users; ALTER TABLE plain RENAME TO users", "WHERE name_key = "},
		"a page of a thread":   {"DROP INDEX messages_by_thread; DROP INDEX messages_unread", "FROM `messages` WHERE thread_id = "},
		"a list of threads":    {"DROP INDEX threads_by_talk", "ORDER BY t.last_seq DESC"},
		"the classes of one":   {"DROP INDEX members_by_user", "JOIN members mine"},
		"the tokens of a user": {"DROP INDEX tokens_by_user", "FROM `tokens` WHERE user_id = "},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
				for statement := range strings.SplitSeq(broken.sql, "; ") {
					if err := tx.w().Exec(statement).Error; err != nil {
						return err
					}
				}
				return nil
			}))
			require.Contains(t, strings.Join(slow(plansOfAllDay(t, s)), "\n"), broken.found)
		})
	}
}
