package live

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/models"
)

// The tests in this file put in a row what otherwise happens so by chance.

// removed takes Bob out of the class and waits until the hub has told it, to a
// connection of Ann's.
func (e *ear) removed(t *testing.T) {
	t.Helper()
	c, _ := (&ear{hub: e.hub, bob: apptest.As(e.Ann)}).opens(t, v2{})
	c.answer([]byte(`{"action":"hello"}`))
	require.NoError(t, e.RemoveMember(t.Context(), apptest.As(e.Ann), e.class.ID, e.Bob.ID))
	head, err := e.Head(t.Context(), apptest.As(e.Ann), e.class.ID)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		r := e.hub.room(e.class.ID)
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.at[c].last == head
	}, 5*time.Second, time.Millisecond)
	e.ends(c)
}

func (e *ear) hasSeat(c *conn) bool {
	r := e.hub.room(e.class.ID)
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at[c] != nil
}

// It used to be looked at before only: the removal found no seat to take away,
// and whoever sat down after it heard everything.
func TestASeatTakenAfterTheMembershipEndedIsTakenAway(t *testing.T) {
	for _, d := range []dialect{classic{}, v2{}} {
		e := newEar(t)
		c, _ := e.opens(t, d)
		e.removed(t)
		e.hub.sit(c, e.class.ID, func(*room, *seat) {})
		require.True(t, e.hasSeat(c))
		require.ErrorIs(t, e.hub.settle(c, e.class.ID), fault.NotMember)
		require.False(t, e.hasSeat(c))
		e.ends(c)
	}
}

// It lost the seat, heard nothing from then on, and was told of nothing.
func TestWhoseSeatCannotBeSettledIsAskedToComeBack(t *testing.T) {
	e := newEar(t)
	c, _ := e.opens(t, classic{})
	beside := app.New(e.Store, e.Bus, app.DefaultLimits(), e.Now)
	class, err := beside.CreateClass(t.Context(), apptest.As(e.Ann), app.NewClass{Name: "Chess"}) // in no memory of the hub's
	require.NoError(t, err)
	e.hub.giveUp() // the database answers nothing any more
	e.hub.sit(c, class.ID, func(*room, *seat) {})
	require.Error(t, e.hub.settle(c, class.ID))
	require.True(t, c.out.isClosing())
}

func TestALostAnnouncementOfARemovalIsNoticed(t *testing.T) {
	e := newEar(t)
	e.bob, _ = e.SignIn(e.Bob)
	c, p := e.opens(t, v2{})
	c.answer([]byte(`{"action":"hello"}`))
	e.removed(t)
	e.hub.sit(c, e.class.ID, func(*room, *seat) {}) // as if it had not been told
	c.lookAgain()
	require.False(t, e.hasSeat(c))
	e.ends(c)
	require.NotContains(t, p.written.String(), "session ended")
}

// Past what the bus keeps, the ends were dropped with the rest: who was removed
// read on until the next look, and who had signed out too.
func TestEndsThatTheBusDroppedAreNoticedAtOnce(t *testing.T) {
	e := newEar(t)
	e.bob, _ = e.SignIn(e.Bob)
	removed, _ := e.opens(t, v2{})
	e.bob, _ = e.SignIn(e.Bob)
	signedOut, _ := e.opens(t, v2{})
	for _, c := range []*conn{removed, signedOut} {
		c.answer([]byte(`{"action":"hello"}`))
		require.True(t, e.hasSeat(c))
	}
	r := e.hub.room(e.class.ID)
	r.mu.Lock() // who delivers waits for it
	for range 20_000 {
		e.Bus.Publish(bus.Announcement{Typing: &bus.Typing{ClassID: e.class.ID}})
	}
	err := errors.Join(
		e.RemoveMember(t.Context(), apptest.As(e.Ann), e.class.ID, e.Bob.ID),
		e.EndSession(t.Context(), apptest.As(e.Bob), signedOut.actor.SessionID),
	)
	r.mu.Unlock()
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return !e.hasSeat(removed) && signedOut.out.isClosing()
	}, 20*time.Second, 10*time.Millisecond)
}

func TestASeatHasTheRoleOfNow(t *testing.T) {
	e := newEar(t)
	c, _ := e.opens(t, v2{})
	role := func() (role models.MemberRole) {
		e.hub.sit(c, e.class.ID, func(_ *room, s *seat) { role = s.role })
		return role
	}
	require.Equal(t, models.MemberRole(""), role(), "a new seat is told what everybody is told")
	require.NoError(t, e.hub.settle(c, e.class.ID))
	require.Equal(t, models.Student, role())
	assistant := models.Assistant
	_, err := e.ChangeMember(t.Context(), apptest.As(e.Ann), e.class.ID, e.Bob.ID, app.MemberChange{Role: &assistant})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return role() == models.Assistant }, 5*time.Second, time.Millisecond)
	e.ends(c)
}

// Its map of rooms was gone: the process ended.
func TestAConnectionThatEndedGetsNoSeat(t *testing.T) {
	e := newEar(t)
	c, _ := e.opens(t, v2{})
	c.greeted.Store(true)
	e.ends(c)
	v2{}.joined(c, models.Member{ClassID: e.class.ID, UserID: e.Bob.ID, Role: models.Student}, 5)
	require.False(t, e.hasSeat(c))
	require.Nil(t, e.hub.room(e.class.ID))
	c.lookAgain()
}

// The removal waited in a seat that was gone when its turn came, and the client
// was never told.
func TestARemovalDuringHelloIsTheLastThingThatIsTold(t *testing.T) {
	e := newEar(t)
	c, p := e.opens(t, v2{})
	arrivals, err := v2{}.arrive(c)
	require.NoError(t, err)
	require.Len(t, arrivals, 1)
	e.removed(t)
	v2{}.goLive(c, arrivals[0], v2{}.replay(c, arrivals[0], 0))
	e.ends(c)
	frames := unframe(t, p.written.Bytes())
	require.Len(t, frames, 1)
	require.Equal(t, "member.left", frames[0]["type"])
}

// What is announced while the missed events are read comes after them, once.
func TestWhatHappensDuringAReplayFollowsIt(t *testing.T) {
	e := newEar(t)
	c, p := e.opens(t, v2{})
	arrivals, err := v2{}.arrive(c)
	require.NoError(t, err)
	a := arrivals[0]
	for range 3 {
		_, _, err := e.Send(t.Context(), e.bob, e.class.ID, 1, app.NewMessage{Content: "meanwhile"})
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool {
		a.room.mu.Lock()
		defer a.room.mu.Unlock()
		return len(a.seat.pending) == 3
	}, 5*time.Second, time.Millisecond)
	v2{}.goLive(c, a, v2{}.replay(c, a, a.head)) // the replay has read some of them already
	e.ends(c)
	frames := unframe(t, p.written.Bytes())
	require.Len(t, frames, 3)
	for i, f := range frames {
		require.EqualValues(t, a.head+int64(i)+1, f["seq"])
	}
}

func TestMoreThanWaitsDuringAReplayIsReadAnew(t *testing.T) {
	e := newEar(t)
	c, p := e.opens(t, v2{})
	arrivals, err := v2{}.arrive(c)
	require.NoError(t, err)
	a := arrivals[0]
	for range mostPending + 1 {
		a.room.deliver(&models.Event{ClassID: e.class.ID, Seq: a.head + 1, Type: models.Hidden})
	}
	v2{}.goLive(c, a, a.head)
	e.ends(c)
	frames := unframe(t, p.written.Bytes())
	require.Equal(t, "resync", frames[len(frames)-1]["op"])
}

// A message that is committed when somebody joins, and announced just after, is
// not new to them; the sender's "send" shows it, once.
func TestAMessageFromBeforeAJoinIsShownByItsSendAlone(t *testing.T) {
	e := newEar(t)
	c, p := e.opens(t, classic{})
	c.answer([]byte(`{"action":"join","thread_id":1,"class_id":1,"speaker":3,"speaker_name":"Bob Ray"}`))
	message, err := e.Message(t.Context(), e.bob, e.class.ID, 1, 1)
	require.NoError(t, err)
	r := e.hub.room(e.class.ID)
	r.deliver(&models.Event{ClassID: e.class.ID, Seq: message.Seq, Type: models.MessageCreated, ThreadID: 1, SubjectID: 1, Data: message})
	require.Empty(t, r.at[c].threads[1].shown)
	r.repeat(message)
	r.deliver(&models.Event{ClassID: e.class.ID, Seq: message.Seq + 1, Type: models.MessageEdited, ThreadID: 1, SubjectID: 1, Data: message})
	r.repeat(message)
	e.ends(c)
	ops := []any{}
	for _, f := range unframe(t, p.written.Bytes()) {
		ops = append(ops, f["op"])
	}
	require.Equal(t, []any{"join", nil, "edit"}, ops, "the message at its send, once")
}

func TestWhatWasShownIsRememberedWithinABound(t *testing.T) {
	l := &look{}
	for id := range int64(10_000) {
		l.show(id)
		require.True(t, l.wasShown(id))
		require.True(t, l.wasShown(max(0, id-mostShown)), "and so are those shown just before")
		require.LessOrEqual(t, len(l.shown)+len(l.before), 2*mostShown)
	}
}
