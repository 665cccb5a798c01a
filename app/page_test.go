package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// What a slow reader has not taken stands in memory, and anybody may read.
func TestAnAnswerCarriesAMegabyteOfTextAtMostAndTheRestFollows(t *testing.T) {
	k := newTalk(t, apptest.New(t, func(l *app.Limits) { l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6 }))
	before, err := k.Head(t.Context(), apptest.As(k.Bob), k.class.ID)
	require.NoError(t, err)
	var said []int64
	for i := range 60 {
		m, _, err := k.Send(t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, app.NewMessage{Content: fmt.Sprint(i, strings.Repeat("🐑", 9_990))})
		require.NoError(t, err)
		said = append(said, m.ID)
	}
	ids := func(items []models.Message) (ids []int64) {
		text := 0
		for _, m := range items {
			text += len(m.Content)
			ids = append(ids, m.ID)
		}
		require.NotEmpty(t, items)
		require.LessOrEqual(t, text, 1<<20)
		return ids
	}
	page := func(around app.PageAround) app.MessagePage {
		p, err := k.Messages(t.Context(), apptest.As(k.Cai), k.class.ID, k.thread.ID, around)
		require.NoError(t, err)
		return p
	}

	older := page(app.PageAround{})
	require.False(t, older.HasNewer)
	all := ids(older.Items)
	for older.HasOlder {
		older = page(app.PageAround{Before: all[0]})
		require.True(t, older.HasNewer)
		all = append(ids(older.Items), all...)
	}
	require.Equal(t, said, all, "from the newest")

	newer := page(app.PageAround{After: said[0]})
	require.True(t, newer.HasOlder)
	all = append(said[:1:1], ids(newer.Items)...)
	for newer.HasNewer {
		newer = page(app.PageAround{After: all[len(all)-1]})
		all = append(all, ids(newer.Items)...)
	}
	require.Equal(t, said, all, "from the oldest")

	around := page(app.PageAround{Around: said[30]})
	require.Contains(t, ids(around.Items), said[30])
	require.True(t, around.HasOlder && around.HasNewer)

	var told []int64
	for after := before; ; {
		p, err := k.Events(t.Context(), apptest.As(k.Cai), k.class.ID, after, 500)
		require.NoError(t, err)
		var some []models.Message
		for _, e := range p.Items {
			require.Equal(t, after+1, e.Seq, "no hole between two answers")
			after = e.Seq
			some = append(some, e.Data.(models.Message))
		}
		told = append(told, ids(some)...)
		if after == p.Head {
			break
		}
	}
	require.Equal(t, said, told)
	_, tooMany, err := k.Replay(t.Context(), apptest.As(k.Cai), k.class.ID, before)
	require.NoError(t, err)
	require.True(t, tooMany, "a connection reads the class anew")
}
