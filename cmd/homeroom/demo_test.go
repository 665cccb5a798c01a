package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/models"
)

func TestDemoSchoolIsServed(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=2", "--members=8", "--threads=3", "--messages=150")
	require.Len(t, members, 16)
	server := start(t, folder, address)
	server.ready()

	student := members[5]
	class := fmt.Sprintf("/classes/%d", student.ClassID)
	get := func(path string, v any) {
		_, err := ask(t.Context(), http.DefaultClient, address, student.Token, http.MethodGet, path, nil, v)
		require.NoError(t, err, path)
	}
	var own models.Class
	get(class, &own)
	require.Equal(t, student.Role, own.Role)
	require.Equal(t, 8, own.MemberCount)
	var threads struct{ Items []models.Thread }
	get(class+"/threads", &threads)
	require.Len(t, threads.Items, 3)
	unread := 0
	for _, thread := range threads.Items {
		require.Contains(t, student.ThreadIDs, thread.ID)
		unread += *thread.Unread
		var page struct {
			Items []models.Message
			Seq   int64
		}
		get(fmt.Sprintf("%s/threads/%d/messages", class, thread.ID), &page)
		require.NotEmpty(t, page.Items)
		require.Equal(t, own.Seq, page.Seq)
		require.Equal(t, *thread.LastMessageID, page.Items[len(page.Items)-1].ID)
		require.Equal(t, thread.LastMessage.ID, page.Items[len(page.Items)-1].ID)
	}
	require.Equal(t, unread, *own.Unread)

	conn, err := dial(address, student.Token)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	since := map[string]int64{fmt.Sprint(student.ClassID): own.Seq - 20}
	require.NoError(t, conn.WriteJSON(map[string]any{"action": "hello", "ref": "1", "since": since}))
	next := own.Seq - 19
	for next <= own.Seq {
		var f frame
		require.NoError(t, conn.ReadJSON(&f))
		switch f.Op {
		case "hello":
			require.Equal(t, own.Seq, f.Heads[fmt.Sprint(student.ClassID)])
		case "event":
			require.Equal(t, next, f.Seq)
			require.NotEmpty(t, f.Data)
			next++
		}
	}
	code, _ := server.stop()
	require.Zero(t, code)
}

func TestDemoFillsOnlyAnEmptyFolder(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "grades.txt"), []byte("A"), 0o600))
	_, err := run(t, "demo", "--data", folder)
	require.ErrorContains(t, err, "is not empty")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing was added")
}

func TestDemoTokensAreForTheirOwnerAlone(t *testing.T) {
	tokens := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(tokens, []byte("old"), 0o644))
	out, err := run(t, "demo", "--data", t.TempDir(), "--classes=1", "--members=3", "--threads=1", "--messages=3", "--tokens", tokens)
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(out, ", password "), "the logins are printed")
	info, err := os.Stat(tokens)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	written, err := os.ReadFile(tokens)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(written)), "\n")
	require.Len(t, lines, 3)
	for _, line := range lines {
		var keys map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &keys))
		require.Len(t, keys, 6)
		for _, key := range []string{"user_id", "name", "token", "role", "class_id", "thread_ids"} {
			require.Contains(t, keys, key)
		}
		require.NotContains(t, out, keys["token"])
	}
}
