package app

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/models"
)

// Twenty thousand messages of any length used to be kept: 800 MB of the longest.
func TestThePagesInMemoryAreBoundedByTheirBytes(t *testing.T) {
	ts := newTails()
	page := make([]models.Message, MostPerPage)
	for i := range page {
		page[i] = models.Message{
			Content: strings.Repeat("字", 10_000), Files: make([]models.File, 3),
			Reactions: []models.Reaction{{Emoji: "👍", UserIDs: make([]int64, 20)}},
		}
	}
	kept := func() (threads []int64, bytes int) {
		for id, tail := range ts.m {
			threads, bytes = append(threads, id), bytes+bytesOf(tail.items)
		}
		return threads, bytes
	}
	for id := range int64(50) {
		_, turn, _ := ts.get(id)
		ts.put(id, tail{items: page}, turn)
		_, bytes := kept()
		require.Equal(t, bytes, ts.bytes)
		require.LessOrEqual(t, bytes, mostTailBytes)
	}
	threads, bytes := kept()
	require.Greater(t, bytes, mostTailBytes/2, "what fits is kept")
	ts.forget(threads)
	require.Zero(t, ts.bytes)
}
