package history

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"homeroom/app/server/servertest"
	"homeroom/models"
)

// story is a class in which things happen at random, with two clients that
// watch it through links which lose frames: Ann, who teaches, and Bob, a
// student who may be thrown out and come back.
type story struct {
	*rapid.T
	s        *servertest.Server
	class    int64
	path     string
	threads  []int64
	messages []struct{ thread, id int64 }
	codes    []models.JoinCode
	said     int
	clients  []*client
	restarts int
}

// do makes a request that may be refused, but not fail.
func (h *story) do(u models.User, method, path string, body any, into any) {
	h.Helper()
	a := h.s.REST(u, method, path, body)
	require.Less(h, a.StatusCode, 500, "%s %s: %s", method, path, a.Bytes)
	if into != nil && a.StatusCode < 300 {
		require.NoError(h, jsonInto(a.Bytes, into))
	}
}

func (h *story) who() models.User {
	return rapid.SampledFrom([]models.User{h.s.Bob, h.s.Ann, h.s.Cai}).Draw(h.T, "who")
}

func pick[T any](h *story, rows []T) T {
	return rows[rapid.IntRange(0, len(rows)-1).Draw(h.T, "which")]
}

func (h *story) inThread(thread int64, rest string) string {
	return inThread(h.class, thread, "%s", rest)
}

func (h *story) remember(m models.Message) {
	if m.ID != 0 {
		h.messages = append(h.messages, struct{ thread, id int64 }{m.ThreadID, m.ID})
	}
}

func (h *story) send() {
	var m models.Message
	h.said++
	h.do(h.who(), http.MethodPost, h.inThread(pick(h, h.threads), "/messages"), object{"content": "text " + strconv.Itoa(h.said)}, &m)
	h.remember(m)
}

// sendLive says something on the socket, and where the answer is lost says it
// again, as the protocol tells: it is stored once.
func (h *story) sendLive() {
	c := pick(h, h.clients)
	h.said++
	thread, clientID, content := pick(h, h.threads), fmt.Sprintf("%d-%d", h.class, h.said), "live "+strconv.Itoa(h.said)
	if c.link == nil || c.link.dead {
		return
	}
	lost := rapid.Bool().Draw(h.T, "the answer is lost")
	var first int64
	if a := c.ask(servertest.Frame{"action": "send", "class_id": h.class, "thread_id": thread, "content": content, "client_id": clientID}); a != nil && a.Message != nil {
		first = a.Message.ID
		h.remember(*a.Message)
	}
	if !lost {
		return
	}
	var again models.Message
	a := h.s.REST(c.user, http.MethodPost, h.inThread(thread, "/messages"), object{"content": content, "client_id": clientID})
	if first != 0 && a.StatusCode < 300 {
		require.Equal(h, http.StatusOK, a.StatusCode)
		require.NoError(h, jsonInto(a.Bytes, &again))
		require.Equal(h, first, again.ID)
	}
}

func (h *story) onMessage(method, rest string, body any) {
	if len(h.messages) == 0 {
		return
	}
	m := pick(h, h.messages)
	h.do(h.who(), method, h.inThread(m.thread, fmt.Sprintf("/messages/%d%s", m.id, rest)), body, nil)
}

func (h *story) edit() {
	h.said++
	h.onMessage(http.MethodPatch, "", object{"content": "edited " + strconv.Itoa(h.said)})
}

func (h *story) delete() { h.onMessage(http.MethodDelete, "", nil) }

func (h *story) react() {
	emoji := pick(h, []string{"👍", "❤️", "😂"})
	h.onMessage(pick(h, []string{http.MethodPut, http.MethodPut, http.MethodDelete}), "/reactions/"+url.PathEscape(emoji), nil)
}

func (h *story) openThread() {
	var t models.Thread
	h.said++
	h.do(h.who(), http.MethodPost, h.path+"/threads", object{"name": "Thread " + strconv.Itoa(h.said)}, &t)
	if t.ID != 0 {
		h.threads = append(h.threads, t.ID)
	}
}

func (h *story) changeThread() {
	h.said++
	body := pick(h, []object{{"name": "Renamed " + strconv.Itoa(h.said)}, {"locked": true}, {"locked": false}, {"archived": true}, {"archived": false}})
	h.do(h.s.Ann, http.MethodPatch, h.inThread(pick(h, h.threads), ""), body, nil)
}

func (h *story) pin() {
	if len(h.messages) > 0 {
		m := pick(h, h.messages)
		h.do(h.s.Ann, http.MethodPut, h.inThread(m.thread, "/pin"), object{"message_id": m.id}, nil)
	}
}

func (h *story) deleteThread() {
	if len(h.threads) > 2 {
		h.do(h.s.Ann, http.MethodDelete, h.inThread(pick(h, h.threads), ""), nil, nil)
	}
}

func (h *story) member(u models.User) string { return fmt.Sprintf("%s/members/%d", h.path, u.ID) }

func (h *story) addMember() {
	body := object{"user_id": pick(h, []models.User{h.s.Bob, h.s.Cai}).ID, "role": pick(h, []string{"student", "assistant"})}
	h.do(h.s.Ann, http.MethodPost, h.path+"/members", body, nil)
}

func (h *story) removeMember() {
	h.do(h.s.Ann, http.MethodDelete, h.member(pick(h, []models.User{h.s.Bob, h.s.Cai})), nil, nil)
}

func (h *story) changeMember() {
	body := pick(h, []object{{"muted_until": "2030-01-01T00:00:00.000Z"}, {"unmute": true}, {"role": "assistant"}, {"role": "student"}})
	h.do(h.s.Ann, http.MethodPatch, h.member(pick(h, []models.User{h.s.Bob, h.s.Cai})), body, nil)
}

func (h *story) makeCode() {
	var code models.JoinCode
	h.do(h.s.Ann, http.MethodPost, h.path+"/codes", object{"role": "student"}, &code)
	if code.ID != 0 {
		h.codes = append(h.codes, code)
	}
}

func (h *story) join() {
	if len(h.codes) > 0 {
		h.do(pick(h, []models.User{h.s.Bob, h.s.Cai, h.s.Eve}), http.MethodPost, "/join", object{"code": pick(h, h.codes).Code}, nil)
	}
}

func (h *story) changeClass() {
	h.said++
	body := pick(h, []object{{"name": "Class " + strconv.Itoa(h.said)}, {"students_open_threads": true}, {"archived": true}, {"archived": false}, {"archived": false}})
	h.do(h.s.Ann, http.MethodPatch, h.path, body, nil)
}

func (h *story) reconnect() { pick(h, h.clients).connect() }

// offline hangs a client up; it comes back when it next listens.
func (h *story) offline() {
	c := pick(h, h.clients)
	if c.link != nil {
		c.hangUp()
	}
}

func (h *story) restart() {
	h.restarts++
	h.s.Restart()
	for _, c := range h.clients {
		c.connect()
	}
}
