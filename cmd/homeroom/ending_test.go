package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
)

// asBrowser is how a browser asks to sign in.
func asBrowser(ctx context.Context, address string, in map[string]string) (*http.Request, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "X-Requested-With": {"homeroom"}, "Sec-Fetch-Site": {"same-origin"}}
	return r, nil
}

// signIn signs in as a browser does, with the phrase of a reset, and returns its
// cookie.
func signIn(t *testing.T, address, name, phrase string) string {
	t.Helper()
	r, err := asBrowser(t.Context(), address, map[string]string{"name": name, "password": phrase, "new_password": "a lantern for the ferry"})
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r) // hashing gives way to all else: no time is set
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	for _, cookie := range response.Cookies() {
		if cookie.Name == "sid" {
			return "sid=" + cookie.Value
		}
	}
	require.FailNow(t, "no cookie")
	return ""
}

// TestThreat05WhatACommandEndsHasEndedInARunningServerToo used to take until the
// server's next look, up to a minute.
func TestThreat05WhatACommandEndsHasEndedInARunningServerToo(t *testing.T) {
	folder, address := t.TempDir(), freeAddress(t)
	members := school(t, folder, "--classes=1", "--members=5", "--threads=2", "--messages=20")
	bob, cai := members[2], members[3]
	phrase := func(name string) string {
		said, err := run(t, "user", "password", name, "--data", folder)
		require.NoError(t, err)
		return strings.TrimSpace(said)
	}
	first, his := phrase(bob.Name), phrase(cai.Name)
	start(t, folder, address).ready()
	open := func(cookie string) *websocket.Conn {
		conn, response, err := (&websocket.Dialer{Subprotocols: []string{"homeroom.v2"}}).Dial("ws://"+address+"/ws", http.Header{"Cookie": {cookie}})
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		t.Cleanup(func() { _ = conn.Close() })
		require.NoError(t, conn.WriteJSON(map[string]any{"action": "hello", "since": map[string]int64{}}))
		return conn
	}
	hers := signIn(t, address, bob.Name, first)
	var sockets []*websocket.Conn
	for range 3 {
		sockets = append(sockets, open(hers))
	}
	other := open(signIn(t, address, cai.Name, his))
	time.Sleep(2 * time.Second) // what was written before it began is looked at

	phrase(bob.Name)
	ended, worst := time.Now(), time.Duration(0)
	for _, conn := range sockets {
		_ = conn.SetReadDeadline(ended.Add(20 * time.Second))
		var err error
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
		require.True(t, websocket.IsCloseError(err, 4500), "%v", err)
		worst = max(worst, time.Since(ended))
	}
	require.NoError(t, other.WriteJSON(map[string]any{"action": "keep", "ref": "still"}))
	_ = other.SetReadDeadline(time.Now().Add(10 * time.Second))
	for answer := (frame{}); answer.Ref != "still"; {
		require.NoError(t, other.ReadJSON(&answer), "who was not ended stays")
	}
	chaostest.Figures("T5", "sockets=3 ended_by=command closed_4500=3 after=%v", worst.Round(time.Millisecond))
	require.Less(t, worst, chaostest.Of(15*time.Second, time.Second))
}
