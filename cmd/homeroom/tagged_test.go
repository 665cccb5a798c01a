package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/demo"
)

// A tag stands in every message and says for which class it is, and in a push
// for whom.
func ofClass(id int64) string { return "⟦class-" + strconv.FormatInt(id, 10) + "⟧" }

func ofUser(id int64) string { return "⟦user-" + strconv.FormatInt(id, 10) + "⟧" }

// tagsIn counts those of a text that are own, and those that are for others.
func tagsIn(text []byte, own ...string) (mine, others int) {
	for _, o := range own {
		mine += bytes.Count(text, []byte(o))
	}
	return mine, bytes.Count(text, []byte("⟦")) - mine
}

// TestThreat43OfThousandsNobodyHearsWhatIsForOthers has a class for every fifty,
// in which tagged messages are said and read, pushes for one alone, and 200
// connections a second that are cut wherever they are.
func TestThreat43OfThousandsNobodyHearsWhatIsForOthers(t *testing.T) {
	folder, address, inner := t.TempDir(), freeAddress(t), freeAddress(t)
	classes := chaostest.Of(4, 200)
	all := school(t, folder, fmt.Sprint("--classes=", classes), "--members=52", "--threads=2", "--messages=100")
	var guests, speakers []demo.Membership
	for i, m := range all {
		if i%52 < 50 {
			guests = append(guests, m)
		} else if i%52 == 50 {
			speakers = append(speakers, m)
		}
	}
	server := start(t, folder, address, append([]string{"--push-listen=" + inner}, crowded...)...)
	server.ready()
	ids := userIDs(t, folder)

	var foreign, frames, tags, heard atomic.Int64
	crowd, _ := gatherThat(t, address, guests, 20*time.Second, func(g *guest, text []byte) {
		mine, others := tagsIn(text, ofClass(g.as.ClassID), ofUser(ids[g.as.Name]))
		frames.Add(1)
		heard.Add(int64(len(text)))
		tags.Add(int64(mine))
		if others != 0 {
			foreign.Add(1)
			g.complain("%s of class %d heard %s", g.as.Name, g.as.ClassID, text)
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var running sync.WaitGroup
	perSecond := func(rate int, f func(n int)) {
		running.Go(func() {
			tick := time.NewTicker(time.Second / time.Duration(rate))
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					f(n)
				}
			}
		})
	}
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer client.CloseIdleConnections()
	var said, read, pushed, cut atomic.Int64
	for i := range 4 {
		perSecond(chaostest.Of(10, 20), func(n int) {
			m := speakers[(n*4+i)%len(speakers)]
			path := fmt.Sprintf("/classes/%d/threads/%d/messages", m.ClassID, m.ThreadIDs[1])
			var answer any
			if _, err := ask(ctx, client, address, m.Token, http.MethodPost, path, map[string]string{"content": strings.Repeat(ofClass(m.ClassID), 1+n%100)}, &answer); err == nil {
				said.Add(1)
			}
		})
		perSecond(chaostest.Of(10, 20), func(n int) {
			m := guests[rand.IntN(len(guests))]
			path := fmt.Sprintf("/classes/%d/threads/%d/messages?limit=100", m.ClassID, m.ThreadIDs[1])
			var text json.RawMessage
			if _, err := ask(ctx, client, address, m.Token, http.MethodGet, path, nil, &text); err != nil {
				return
			}
			read.Add(1)
			mine, others := tagsIn(text, ofClass(m.ClassID))
			tags.Add(int64(mine))
			heard.Add(int64(len(text)))
			if others != 0 {
				foreign.Add(1)
				t.Errorf("%s of class %d read what is for others", m.Name, m.ClassID)
			}
		})
	}
	door, err := net.Dial("tcp", inner)
	require.NoError(t, err)
	defer door.Close()
	answers := bufio.NewReader(door)
	perSecond(chaostest.Of(20, 100), func(n int) {
		id := ids[guests[rand.IntN(len(guests))].Name]
		_, _ = fmt.Fprintf(door, `{"uid":%d,"content":"%s"}`+"\n", id, strings.Repeat(ofUser(id), 1+n%100))
		if answer, err := answers.ReadString('\n'); err == nil && strings.HasPrefix(answer, "ok") {
			pushed.Add(1)
		}
	})
	perSecond(200, func(int) {
		if conn := crowd.guests[rand.IntN(len(crowd.guests))].conn.Swap(nil); conn != nil {
			_ = conn.Close()
			cut.Add(1)
		}
	})
	want := int64(200 * chaostest.Of(2, 60))
	require.Eventually(t, func() bool { return cut.Load() >= want && pushed.Load() > 0 }, 10*time.Minute, 10*time.Millisecond)
	stop()
	running.Wait()
	crowd.requireWhole(folder)
	crowd.leave()
	chaostest.Figures("T43", "users=%d classes=%d cut=%d said=%d read=%d pushed=%d frames=%d MiB=%d tags=%d foreign=%d",
		len(guests), classes, cut.Load(), said.Load(), read.Load(), pushed.Load(), frames.Load(), heard.Load()>>20, tags.Load(), foreign.Load())
	require.Zero(t, foreign.Load())
	for what, n := range map[string]int64{"said": said.Load(), "read": read.Load(), "pushed": pushed.Load(), "tags": tags.Load(), "cut": cut.Load()} {
		require.Positive(t, n, what)
	}
}

// userIDs are the numbers of everybody, by name.
func userIDs(t *testing.T, folder string) map[string]int64 {
	t.Helper()
	db := database(t, folder)
	defer db.Close()
	rows, err := db.Query("SELECT id, name FROM users")
	require.NoError(t, err)
	defer rows.Close()
	ids := map[string]int64{}
	for rows.Next() {
		var id int64
		var name string
		require.NoError(t, rows.Scan(&id, &name))
		ids[name] = id
	}
	require.NoError(t, rows.Err())
	return ids
}
