package live_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

func (s *school) add(u models.User, role models.MemberRole) {
	s.t.Helper()
	s.ask(s.Ann, http.MethodPost, s.path("/members"), app.NewMember{UserID: u.ID, Role: role})
}

func TestAClassThatOneIsAddedToAppears(t *testing.T) {
	s := open(t)
	eve := s.v2(s.Eve)
	s.post(s.Bob, s.thread, "before Eve")
	s.add(s.Eve, models.Student)
	joined := eve.HearOp("event")
	require.Equal(t, "member.joined", joined["type"])
	require.EqualValues(t, s.Eve.ID, data(joined)["user_id"])
	require.EqualValues(t, s.head(), joined["seq"])
	s.post(s.Bob, s.thread, "hello Eve")
	next := eve.HearOp("event")
	require.Equal(t, "hello Eve", data(next)["content"])
	require.EqualValues(t, joined["seq"].(float64)+1, next["seq"])
}

func TestWhoIsRemovedHearsSoAndNothingMore(t *testing.T) {
	s := open(t, patient)
	stop := make(chan struct{})
	var talking sync.WaitGroup
	defer talking.Wait()
	defer close(stop)
	talking.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
			_, _, err := s.Send(t.Context(), apptest.As(s.Bob), s.class.ID, s.thread.ID, app.NewMessage{Content: "hi", ClientID: fmt.Sprint(i)})
			assert.NoError(t, err)
		}
	})
	for range 5 {
		cai, late := s.v2(s.Cai), s.Dial(s.Cai, servertest.V2)
		cai.HearOp("event")
		// One says hello just then: it hears of the removal, or of no such class.
		late.Say(frame{"action": "hello", "ref": "late", "since": frame{key(s.class.ID): s.head()}})
		removed := time.Now()
		s.remove(s.Cai)
		var last frame
		for last["type"] != "member.left" || data(last)["user_id"] != float64(s.Cai.ID) {
			last = cai.HearOp("event")
		}
		require.Less(t, time.Since(removed), soon)
		hello := firstOf(late, "hello")
		if hello["heads"].(map[string]any)[key(s.class.ID)] != nil {
			for last = late.HearOp("event"); last["type"] != "member.left"; {
				last = late.HearOp("event")
			}
		}
		time.Sleep(30 * time.Millisecond) // some messages
		for _, c := range []*servertest.Socket{cai, late} {
			answer, before := told(t, c, frame{"action": "keep"})
			require.Empty(t, before, "what is said in a class is for those in it")
			require.Equal(t, map[string]any{}, answer["heads"])
		}
		require.EqualValues(t, 107, cai.Ask(s.sending("hi", "x"))["code"])
		s.add(s.Cai, models.Student)
	}
}

// Somebody sits down in a class at the moment at which they are taken out of
// it. Whatever comes first, they hear nothing afterwards.
func TestNobodyKeepsASeatInAClassThatTheyAreTakenOutOf(t *testing.T) {
	s := open(t, patient)
	bob := s.classic(s.Bob)
	for range 30 {
		old, cai := s.classic(s.Cai), s.Dial(s.Cai, servertest.V2)
		var saying sync.WaitGroup
		saying.Go(func() {
			for range 5 {
				old.Say(s.says(s.Cai, "join"))
				cai.Say(frame{"action": "hello", "ref": "h"})
				cai.Say(frame{"action": "join", "class_id": s.class.ID, "thread_id": s.thread.ID})
			}
		})
		require.NoError(t, s.RemoveMember(t.Context(), apptest.As(s.Ann), s.class.ID, s.Cai.ID))
		saying.Wait()
		told(t, cai, frame{"action": "keep"}) // it has answered all
		for old.Say("{}"); ; {
			if f := old.Hear(); f["code"] == 104.0 {
				break
			}
		}
		m := s.post(s.Bob, s.thread, "without Cai")
		bob.Say(s.says(s.Bob, "send", "mes_id", m.ID))
		bob.Hear()
		quiet(t, old)
		_, before := told(t, cai, frame{"action": "keep"})
		for _, f := range before {
			if f["op"] == "event" {
				require.Less(t, f["seq"], float64(m.Seq), "%v", f)
			}
		}
		_ = old.Close()
		_ = cai.Close()
		_, err := s.AddMember(t.Context(), apptest.As(s.Ann), s.class.ID, app.NewMember{UserID: s.Cai.ID, Role: models.Student})
		require.NoError(t, err)
	}
}

// A seat given to a connection that had ended was a panic outside of every
// request: the end of the process.
func TestConnectionsThatEndWhileTheirUserIsAddedHarmNobody(t *testing.T) {
	s := open(t, patient)
	ann := s.v2(s.Ann)
	s.Token(s.Eve)
	done := make(chan struct{})
	var coming sync.WaitGroup
	end := sync.OnceFunc(func() { close(done); coming.Wait() })
	defer end()
	for range 3 {
		coming.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				c, _, err := s.TryDial(s.Eve, servertest.V2, nil)
				if !assert.NoError(t, err) {
					return
				}
				c.Say(frame{"action": "hello"})
				_, _ = c.TryHear(time.Second)
				_ = c.Close()
			}
		})
	}
	for range 60 {
		_, err := s.AddMember(t.Context(), apptest.As(s.Ann), s.class.ID, app.NewMember{UserID: s.Eve.ID, Role: models.Student})
		require.NoError(t, err)
		require.NoError(t, s.RemoveMember(t.Context(), apptest.As(s.Ann), s.class.ID, s.Eve.ID))
	}
	end()
	for last := s.head(); ; {
		if f := ann.HearOp("event"); f["seq"] == float64(last) {
			break
		}
	}
}

func TestANewRoleCountsAtOnce(t *testing.T) {
	s := open(t)
	bob := s.v2(s.Bob)
	role := func(role string) {
		s.ask(s.Ann, http.MethodPatch, s.path("/members/%d", s.Bob.ID), frame{"role": role})
		bob.HearOp("event")
	}
	kind := func() any {
		s.ask(s.Ann, http.MethodPost, s.path("/codes"), app.NewCode{Role: models.Student})
		return bob.HearOp("event")["type"]
	}
	require.Equal(t, "hidden", kind())
	role("assistant")
	require.Equal(t, "code.created", kind())
	role("student")
	require.Equal(t, "hidden", kind())
}

func TestADeletedClassIsSilent(t *testing.T) {
	s := open(t)
	cai, old := s.v2(s.Cai), s.joined(s.Cai)
	s.ask(s.Ann, http.MethodDelete, s.path(""), nil)
	require.Equal(t, "class.deleted", cai.HearOp("event")["type"])
	answer, before := told(t, cai, frame{"action": "keep"})
	require.Empty(t, before)
	require.Equal(t, map[string]any{}, answer["heads"])
	require.EqualValues(t, 103, cai.Ask(s.sending("hi", "1"))["code"])
	old.Say(s.says(s.Cai, "join"))
	equal(t, refusals[103], old.Hear())
}

func TestADeletedThreadIsSilent(t *testing.T) {
	s := open(t)
	cai, old := s.v2(s.Cai), s.joined(s.Cai)
	s.ask(s.Ann, http.MethodDelete, s.inThread(""), nil)
	require.Equal(t, "thread.deleted", cai.HearOp("event")["type"])
	require.EqualValues(t, 102, cai.Ask(s.sending("hi", "1"))["code"])
	old.Say(s.says(s.Cai, "send", "mes_id", 1))
	equal(t, refusals[102], old.Hear())
}
