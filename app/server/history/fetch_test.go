package history

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/stretchr/testify/require"

	"homeroom/models"
)

// refetch reads a class anew. Its number is read first, so that what is read
// after it may be newer, never older.
func (c *client) refetch(id int64) {
	if k := c.fetch(id); k != nil {
		c.classes[id] = k
	} else {
		delete(c.classes, id)
	}
}

// fetch reads a class by REST; nil where the user is not in it.
func (c *client) fetch(id int64) *known {
	c.t.Helper()
	path := fmt.Sprintf("/classes/%d", id)
	answer := c.server.REST(c.user, http.MethodGet, path, nil)
	if answer.StatusCode != http.StatusOK {
		require.Contains(c.t, []int{103, 107}, answer.Code(), string(answer.Bytes))
		return nil
	}
	k := &known{
		threads: map[int64]models.Thread{}, messages: map[int64]models.Message{},
		members: map[int64]models.Member{}, codes: map[int64]models.JoinCode{},
	}
	require.NoError(c.t, jsonInto(answer.Bytes, &k.class))
	k.seq = k.class.Seq
	staff := k.class.Role.Staff()
	k.class.Role, k.class.MemberCount, k.class.Unread, k.class.OpenReports = "", 0, nil, nil

	gone := false
	for _, m := range walk[models.Member](c, path+"/members?", &gone) {
		k.members[m.UserID] = m
	}
	for _, archived := range []bool{false, true} {
		for _, t := range walk[models.Thread](c, fmt.Sprintf("%s/threads?archived=%t&", path, archived), &gone) {
			k.threads[t.ID] = asInEvents(t)
			for _, m := range c.talk(id, t.ID, &gone) {
				k.messages[m.ID] = m
			}
		}
	}
	if staff {
		for _, code := range walk[models.JoinCode](c, path+"/codes?", &gone) {
			k.codes[code.ID] = code
		}
	}
	if gone {
		return c.fetch(id) // something changed who may read while this was read
	}
	return k
}

// asInEvents is a thread without what is not in events.
func asInEvents(t models.Thread) models.Thread {
	t.ReadSeq, t.Unread, t.LastMessage = nil, nil, nil
	return t
}

// walk reads a list to its end, by its cursors.
func walk[T any](c *client, path string, gone *bool) (all []T) {
	c.t.Helper()
	for cursor, pages := "", 0; ; pages++ {
		var page struct {
			Items []T
			Next  string
		}
		answer := c.server.REST(c.user, http.MethodGet, path+"limit=7&cursor="+url.QueryEscape(cursor), nil)
		if answer.StatusCode != http.StatusOK {
			*gone = true
			return nil
		}
		require.NoError(c.t, jsonInto(answer.Bytes, &page))
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all
		}
		require.Less(c.t, pages, 1000, "the list has no end")
	}
}

// talk reads a thread from its newest message to its oldest.
func (c *client) talk(class, thread int64, gone *bool) (all []models.Message) {
	c.t.Helper()
	for before := int64(0); ; {
		path := fmt.Sprintf("/classes/%d/threads/%d/messages?limit=9", class, thread)
		if before > 0 {
			path += fmt.Sprintf("&before=%d", before)
		}
		answer := c.server.REST(c.user, http.MethodGet, path, nil)
		if answer.StatusCode != http.StatusOK {
			*gone = answer.Code() != 102 // a thread that was deleted meanwhile is simply not there
			return nil
		}
		var page struct {
			Items    []models.Message
			HasOlder bool `json:"has_older"`
		}
		require.NoError(c.t, jsonInto(answer.Bytes, &page))
		all = append(page.Items, all...)
		if !page.HasOlder {
			return all
		}
		before = page.Items[0].ID
	}
}

// requireSame holds what the client knows against a fresh reading.
func (c *client) requireSame(id int64, after string) {
	c.t.Helper()
	fresh, k := c.fetch(id), c.classes[id]
	if fresh == nil {
		require.Nil(c.t, k, "%s still knows a class that they are not in %s", c.user.Name, after)
		return
	}
	require.NotNil(c.t, k, "%s does not know their class %s", c.user.Name, after)
	require.Equal(c.t, fresh.seq, k.seq, "%s %s", c.user.Name, after)
	require.Equal(c.t, fresh.class, k.class, "%s %s", c.user.Name, after)
	require.Equal(c.t, inOrder(fresh.threads), inOrder(k.threads), "%s %s", c.user.Name, after)
	require.Equal(c.t, inOrder(fresh.members), inOrder(k.members), "%s %s", c.user.Name, after)
	require.Equal(c.t, inOrder(fresh.codes), inOrder(k.codes), "%s %s", c.user.Name, after)
	// Among the emoji of a message the order may differ until it is read again:
	// an event does not say where among the others an emoji stands.
	sorted := func(messages map[int64]models.Message) []models.Message {
		rows := inOrder(messages)
		for i := range rows {
			rows[i].Reactions = slices.SortedFunc(slices.Values(rows[i].Reactions), func(a, b models.Reaction) int { return cmp.Compare(a.Emoji, b.Emoji) })
		}
		return rows
	}
	require.Equal(c.t, sorted(fresh.messages), sorted(k.messages), "%s %s", c.user.Name, after)
}

// inOrder returns the values by their keys.
func inOrder[T any](m map[int64]T) []T {
	rows := make([]T, 0, len(m))
	for _, id := range slices.Sorted(maps.Keys(m)) {
		rows = append(rows, m[id])
	}
	return rows
}
