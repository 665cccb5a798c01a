package history

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/chaostest"
	"homeroom/app/store"
	"homeroom/app/store/storetest"
	"homeroom/models"
)

const writers = 16

// crowd runs f in many goroutines at once, with the number of each.
func crowd(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

func TestNumbersHaveNoHolesWhoeverWritesAtTheSameTime(t *testing.T) {
	s := school(t)
	scene := newScene(t, s)
	for _, u := range []models.User{s.Ann, s.Bob, s.Cai} {
		s.Token(u) // the crowd finds them made
	}
	scene.do(s.Ann, "POST", scene.path+"/members", object{"user_id": s.Cai.ID, "role": "assistant"})
	watchers := []*client{newClient(t, s, s.Bob, scene.class), newClient(t, s, s.Ann, scene.class)}
	for _, c := range watchers {
		c.connect()
	}
	var refused, failed atomic.Int64
	kinds := []func(i, n int) (models.User, string, string, any){
		func(i, n int) (models.User, string, string, any) {
			return s.Bob, "POST", scene.at("/messages"), object{"content": fmt.Sprintf("%d of %d", n, i), "client_id": fmt.Sprintf("%d/%d", i, n)}
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Bob, "PATCH", scene.at("/messages/%d", scene.message), object{"content": fmt.Sprintf("edit %d of %d", n, i)}
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Cai, []string{"PUT", "DELETE"}[n%2], scene.at("/messages/%d/reactions/%%F0%%9F%%91%%8D", scene.message), nil
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Ann, "POST", scene.path + "/threads", object{"name": fmt.Sprintf("%d of %d", n/2, i)} // every other name is taken
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Cai, "PATCH", scene.at(""), object{"locked": n%2 == 0, "name": "Homework"}
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Ann, "PUT", scene.at("/pin"), object{"message_id": scene.message}
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Ann, "PATCH", scene.path, object{"description": fmt.Sprintf("%d of %d", n, i)}
		},
		func(i, n int) (models.User, string, string, any) {
			return s.Ann, "PATCH", fmt.Sprintf("%s/members/%d", scene.path, s.Bob.ID), object{"muted_until": s.Now().Add(-time.Minute)}
		},
	}
	crowd(writers, func(i int) {
		for n := range 12 {
			switch {
			case i == writers-1: // jobs that fail after they have written, among those that do not
				err := s.Store.Batch(t.Context(), func(tx *store.Tx) error {
					_, err := tx.NextSeq(scene.class)
					assert.NoError(t, err)
					return assert.AnError
				})
				assert.ErrorIs(t, err, assert.AnError)
				failed.Add(1)
			default:
				u, method, path, body := kinds[i%len(kinds)](i, n)
				a := s.REST(u, method, path, body)
				assert.Less(t, a.StatusCode, 500, "%s %s: %s", method, path, a.Bytes)
				if a.StatusCode >= 300 {
					refused.Add(1)
				}
			}
		}
	})
	for _, c := range watchers {
		c.settle()
		c.requireSame(scene.class, "in the end")
	}
	problems, err := storetest.Problems(t.Context(), s.Dir)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NotZero(t, refused.Load(), "some are refused, among those that are not")
	t.Logf("%d writers, %d events, %d refused, %d failed", writers, watchers[0].classes[scene.class].seq, refused.Load(), failed.Load())
}

// The deletion of a pinned message changes its thread, in the company of
// messages that change it too.
func TestAThreadThatLosesItsPinKeepsItsNewestMessage(t *testing.T) {
	s := school(t)
	scene := newScene(t, s)
	s.Token(s.Ann)
	c := newClient(t, s, s.Ann, scene.class)
	c.connect()
	for n := range 20 {
		pinned := must[models.Message](t, s, s.Bob, "POST", scene.at("/messages"), object{"content": strconv.Itoa(n)}).ID
		scene.do(s.Ann, "PUT", scene.at("/pin"), object{"message_id": pinned})
		holding, release := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			_ = s.Store.Write(t.Context(), func(*store.Tx) error { close(holding); <-release; return nil })
		})
		<-holding
		all.Go(func() {
			assert.Equal(t, 201, s.REST(s.Bob, http.MethodPost, scene.at("/messages"), object{"content": "newest"}).StatusCode)
		})
		time.Sleep(5 * time.Millisecond)
		all.Go(func() {
			assert.Equal(t, 200, s.REST(s.Ann, http.MethodDelete, scene.at("/messages/%d", pinned), nil).StatusCode)
		})
		time.Sleep(5 * time.Millisecond)
		close(release)
		all.Wait()
		c.settle()
		c.requireSame(scene.class, "after the deletion of a pinned message")
	}
}

func TestR11TheSameClientIDIsTheSameMessageHoweverOftenAtOnce(t *testing.T) {
	s := school(t)
	scene := newScene(t, s)
	s.Token(s.Bob)
	const parallel = 50
	rounds := chaostest.Of(40, 1000)
	bob := apptest.As(s.Bob)
	for round := range rounds {
		in := app.NewMessage{Content: "once", ClientID: fmt.Sprint("same ", round)}
		var created atomic.Int64
		ids := make([]int64, parallel)
		crowd(parallel, func(i int) {
			if i%10 == 0 { // some through the door, all through the same rule
				var m models.Message
				a := s.REST(s.Bob, http.MethodPost, scene.at("/messages"), object{"content": in.Content, "client_id": in.ClientID})
				assert.Contains(t, []int{http.StatusOK, http.StatusCreated}, a.StatusCode, string(a.Bytes))
				assert.NoError(t, jsonInto(a.Bytes, &m))
				ids[i] = m.ID
				if a.StatusCode == http.StatusCreated {
					created.Add(1)
				}
				return
			}
			m, isNew, err := s.Send(t.Context(), bob, scene.class, scene.thread, in)
			assert.NoError(t, err)
			ids[i] = m.ID
			if isNew {
				created.Add(1)
			}
		})
		require.Equal(t, int64(1), created.Load(), "one of them is the first")
		for _, id := range ids {
			require.Equal(t, ids[0], id)
		}
		in.Content = "something else"
		_, _, err := s.Send(t.Context(), bob, scene.class, scene.thread, in)
		require.ErrorContains(t, err, "client_id was used for another message")
	}
	head := must[models.Class](t, s, s.Ann, "GET", scene.path, nil).Seq
	c := newClient(t, s, s.Bob, scene.class)
	require.Len(t, c.fetch(scene.class).messages, 1+rounds)
	s.Restart()
	var m models.Message
	a := s.REST(s.Bob, http.MethodPost, scene.at("/messages"), object{"content": "once", "client_id": "same 0"})
	require.Equal(t, http.StatusOK, a.StatusCode, "for good: after a restart, too")
	require.NoError(t, jsonInto(a.Bytes, &m))
	require.Equal(t, head, must[models.Class](t, s, s.Ann, "GET", scene.path, nil).Seq)
	chaostest.Figures("R11", "ids=%d parallel=%d rows=%d", rounds, parallel, rounds)
}
