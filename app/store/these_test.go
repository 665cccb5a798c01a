package store

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"homeroom/models"
)

// Each length was a statement of its own, kept for a day on each connection:
// 500 lengths took 200 MB.
func TestListsOfAllLengthsShareAStatement(t *testing.T) {
	s := open(t)
	q := s.Reading(t.Context())
	ask := func(length int) (prepared int) {
		ids, messages := make([]int64, length), make([]models.Message, length)
		for _, err := range []error{
			q.addReactions(messages), q.addFiles(messages),
			second(q.MessagesByID(1, ids)), second(q.ThreadsByID(1, ids)), second(q.MembersByID(1, ids)),
			second(q.JoinCodesByID(1, ids)), second(q.FilesByID(ids)), second(q.FilesOfMessages(ids)),
			second(q.ClassesOf(1, ids, false, 0, 51)), second(q.MessagesOf(1, ids)), second(q.VersionsOf(ids)),
			second(q.DiskNames(make([]string, length))),
		} {
			require.NoError(t, err)
		}
		return len(s.read.db.ConnPool.(*gorm.PreparedStmtDB).Stmts.Keys())
	}
	first := ask(1)
	require.NotZero(t, first)
	require.Equal(t, first, ask(2))
	require.Equal(t, first, ask(500))
}

func second[T any](_ T, err error) error { return err }
