package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

const (
	day = 24 * time.Hour

	// confirmed is after how long what was said vouches for the clock.
	confirmed = day + time.Second
)

// talk is a thread of a class of Ann's, and what is said in it.
type talk struct {
	*apptest.House
	t      *testing.T
	class  models.Class
	thread models.Thread
}

func newTalk(t *testing.T, h *apptest.House) talk {
	t.Helper()
	class := h.Class("Physics 9b")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	return talk{h, t, class, thread}
}

func (k talk) say(u models.User, content string, replyTo ...int64) models.Message {
	k.t.Helper()
	in := app.NewMessage{Content: content, ClientID: content}
	if len(replyTo) > 0 {
		in.ReplyTo = &replyTo[0]
	}
	m, _, err := k.Send(k.t.Context(), apptest.As(u), k.class.ID, k.thread.ID, in)
	require.NoError(k.t, err)
	return m
}

func (k talk) said() (contents []string) {
	k.t.Helper()
	page, err := k.Messages(k.t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID, app.PageAround{})
	require.NoError(k.t, err)
	require.False(k.t, page.HasOlder)
	for _, m := range page.Items {
		contents = append(contents, m.Content)
	}
	return contents
}

func (k talk) purged() app.Purged {
	k.t.Helper()
	done, err := k.Purge(k.t.Context())
	require.NoError(k.t, err)
	return done
}

func (k talk) now() models.Thread {
	k.t.Helper()
	thread, err := k.Thread(k.t.Context(), apptest.As(k.Bob), k.class.ID, k.thread.ID)
	require.NoError(k.t, err)
	return thread
}

// head is the number of the class's newest event.
func (k talk) head() int64 {
	k.t.Helper()
	seq, err := k.Head(k.t.Context(), apptest.As(k.Bob), k.class.ID)
	require.NoError(k.t, err)
	return seq
}

func TestWhatIsOlderThanMessagesAreKeptIsPurged(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	bob, ann := apptest.As(k.Bob), apptest.As(k.Ann)
	for i := range 100 {
		k.say(k.Bob, fmt.Sprintf("old %d", i))
		k.Pass(time.Second)
	}
	last := k.say(k.Bob, "the last old one")
	_, err := k.React(t.Context(), bob, k.class.ID, k.thread.ID, last.ID, "👍")
	require.NoError(t, err)
	_, err = k.Edit(t.Context(), bob, k.class.ID, k.thread.ID, last.ID, "the last old one, edited")
	require.NoError(t, err)
	k.Pass(390 * day)
	answer := k.say(k.Cai, "an answer", last.ID)
	_, err = k.Edit(t.Context(), bob, k.class.ID, k.thread.ID, last.ID, "edited long after")
	require.NoError(t, err)
	k.Pass(9 * day)
	require.Equal(t, app.Purged{}, k.purged(), "400 days are not over")
	k.Pass(2 * day)
	require.Equal(t, 101, k.purged().Messages)

	require.Equal(t, []string{"an answer"}, k.said())
	_, err = k.Message(t.Context(), bob, k.class.ID, k.thread.ID, last.ID)
	require.ErrorIs(t, err, fault.NotFound)
	answered, err := k.Message(t.Context(), bob, k.class.ID, k.thread.ID, answer.ID)
	require.NoError(t, err)
	require.Nil(t, answered.ReplyTo, "it answers nothing any more")
	_, err = k.Versions(t.Context(), ann, k.class.ID, k.thread.ID, last.ID, 0, 10)
	require.ErrorIs(t, err, fault.NotFound)
	require.Equal(t, 1, *k.now().Unread, "Cai's is left of what Bob has not read")
	require.Equal(t, app.Purged{}, k.purged(), "once is enough")

	again := k.say(k.Bob, "old 7")
	require.Greater(t, again.ID, answer.ID, "a number is never given twice")
	require.Equal(t, []string{"an answer", "old 7"}, k.said(), "the client id of a purged message is free")
}

func TestMessagesAreKeptForEverWhereThatIsSet(t *testing.T) {
	k := newTalk(t, apptest.New(t, func(l *app.Limits) { l.KeepMessages = 0 }))
	k.say(k.Bob, "old")
	k.Pass(4000 * day)
	k.say(k.Bob, "new")
	require.Equal(t, app.Purged{}, k.purged())
	require.Equal(t, []string{"old", "new"}, k.said())
}

// A thread says nothing any more, and its last message and its pin are not left
// pointing to what is gone.
func TestAPurgeEndsPinsAndLastMessagesAndTellsTheClass(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	m := k.say(k.Bob, "the rules of this class")
	_, err := k.Pin(t.Context(), apptest.As(k.Ann), k.class.ID, k.thread.ID, m.ID)
	require.NoError(t, err)
	k.Pass(401 * day)
	_, err = k.OpenThread(t.Context(), apptest.As(k.Ann), k.class.ID, app.NewThread{Name: "Something new"})
	require.NoError(t, err)
	k.Pass(confirmed)
	before := k.head()
	require.Equal(t, 1, k.purged().Messages)
	thread := k.now()
	require.Nil(t, thread.PinnedMessageID)
	require.Nil(t, thread.LastMessageID)
	require.Nil(t, thread.LastMessage)
	require.Zero(t, *thread.Unread)
	require.Equal(t, m.Seq, thread.LastSeq, "its place among the threads stays")
	page, err := k.Events(t.Context(), apptest.As(k.Bob), k.class.ID, before, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, models.ThreadChanged, page.Items[0].Type)
	k.say(k.Cai, "go on")
	require.Equal(t, []string{"go on"}, k.said())
}

// The events between are not there to be told; a client that thought it was
// told all of them would show what is gone.
func TestWhoMissedPurgedEventsReadsTheClassAnew(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "old")
	before := k.head()
	k.say(k.Bob, "older than 400 days too")
	k.Pass(401 * day)
	k.say(k.Bob, "new")
	missed, tooMany, err := k.Replay(t.Context(), apptest.As(k.Bob), k.class.ID, before)
	require.NoError(t, err)
	require.False(t, tooMany)
	require.Len(t, missed, 2)
	k.Pass(confirmed)
	k.purged()
	_, tooMany, err = k.Replay(t.Context(), apptest.As(k.Bob), k.class.ID, before)
	require.NoError(t, err)
	require.True(t, tooMany)
	missed, tooMany, err = k.Replay(t.Context(), apptest.As(k.Bob), k.class.ID, before+1)
	require.NoError(t, err)
	require.False(t, tooMany, "who missed what is still there is told it")
	require.Len(t, missed, 1)
	page, err := k.Events(t.Context(), apptest.As(k.Bob), k.class.ID, 0, 500)
	require.NoError(t, err)
	require.Equal(t, page.Head, page.Items[len(page.Items)-1].Seq)
}

func TestAClassInWhichAllIsOldKeepsItsNumber(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "old")
	head := k.head()
	other := k.Class("Chess")
	k.Pass(401 * day)
	_, err := k.OpenThread(t.Context(), apptest.As(k.Ann), other.ID, app.NewThread{Name: "Openings"})
	require.NoError(t, err)
	k.purged()
	k.purged()
	require.Equal(t, head+1, k.head(), "one event tells that the thread has no last message")
	k.Reopen()
	missed, tooMany, err := k.Replay(t.Context(), apptest.As(k.Bob), k.class.ID, k.head())
	require.NoError(t, err)
	require.False(t, tooMany)
	require.Empty(t, missed)
	require.Equal(t, head+2, k.say(k.Bob, "new").Seq)
}

// A machine that starts with its clock at 2040 would lose everything before
// anybody can set it.
func TestAClockThatLeaptPurgesNothingOnItsFirstDay(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "yesterday")
	k.Pass(14 * 365 * day)
	require.Equal(t, app.Purged{}, k.purged())
	require.Equal(t, []string{"yesterday"}, k.said())
	require.Equal(t, 1, k.purged().Messages, "a day later it still says so")
}

// One "hello" used to vouch for the clock that dated it: yesterday was gone, at
// the next purge or the next start.
func TestAMessageUnderAClockThatLeaptVouchesForNothingOnItsFirstDay(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "yesterday")
	k.Pass(14 * 365 * day)
	k.say(k.Bob, "hello")
	require.Equal(t, app.Purged{}, k.purged())
	k.Reopen()
	require.Equal(t, app.Purged{}, k.purged())
	require.Equal(t, []string{"yesterday", "hello"}, k.said())
	k.Pass(confirmed)
	k.Reopen()
	require.Equal(t, 1, k.purged().Messages, "nobody has set it for a day")
}

// A day's talk does not hide what was said the day before.
func TestAClassThatTalksAllDayVouchesForTheClock(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "old")
	k.Pass(401 * day)
	k.say(k.Bob, "yesterday")
	k.Pass(confirmed)
	k.say(k.Bob, "today")
	require.Equal(t, 1, k.purged().Messages)
}

// A clock that was at 1970 for a while: what was said then is no older than what
// was said before it.
func TestAMessageThatAWrongClockDatedTooEarlyStaysWithItsNeighbours(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "before")
	k.Pass(-20_000 * day)
	k.say(k.Bob, "in 1970")
	k.Pass(20_000 * day)
	k.say(k.Bob, "after")
	require.Equal(t, app.Purged{}, k.purged())
	k.Pass(14 * 365 * day)
	k.say(k.Bob, "in 2040")
	k.Pass(-14 * 365 * day)
	for i := range 15 {
		k.Pass(30 * day)
		k.say(k.Bob, fmt.Sprintf("in month %d", i))
	}
	require.Equal(t, 5, k.purged().Messages, "what is dated ahead goes with what followed it")
}

// A purge used to look at the first forty events, and to find nothing old behind
// them.
func TestHowEverMuchIsDatedAheadWhatIsOldBehindItIsPurged(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "before")
	k.Pass(14 * 365 * day)
	for i := range 600 {
		k.say(k.Bob, fmt.Sprintf("ahead %d", i))
		k.Pass(time.Second)
	}
	k.Pass(-14 * 365 * day)
	k.say(k.Cai, "old")
	k.Pass(401 * day)
	k.say(k.Cai, "new")
	k.Pass(confirmed)
	require.Equal(t, 602, k.purged().Messages)
	require.Equal(t, []string{"new"}, k.said())
	require.Equal(t, app.Purged{}, k.purged())
}

func TestNothingButATombstoneOfOldActsIsKept(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	_, err := k.ChangeMe(t.Context(), apptest.As(k.Bob), app.Profile{Name: ptr("Robert Ray")})
	require.NoError(t, err)
	k.Pass(401 * day)
	k.say(k.Cai, "new")
	k.Pass(confirmed)
	k.purged()
	noted, err := k.Audit(t.Context(), apptest.As(k.Ada), 0, 100)
	require.NoError(t, err)
	require.Contains(t, actions(noted), "user.renamed")
	for _, act := range noted {
		require.Empty(t, act.Detail)
	}
}

func actions(noted []models.AuditEntry) (actions []string) {
	for _, act := range noted {
		actions = append(actions, act.Action)
	}
	return actions
}

// What a reader found before the purge was once kept in memory after it.
func TestNoPageOutOfTheMemoryShowsWhatIsPurged(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "old")
	k.Pass(401 * day)
	k.say(k.Bob, "new")
	require.Equal(t, []string{"old", "new"}, k.said())
	k.Pass(confirmed)
	k.purged()
	require.Equal(t, []string{"new"}, k.said())
}

func TestTheLogIsEmptiedOnceNobodyReadsWhatIsInIt(t *testing.T) {
	k := newTalk(t, apptest.New(t))
	k.say(k.Bob, "old")
	k.Pass(401 * day)
	k.say(k.Bob, "new")
	k.Pass(confirmed)
	k.purged()
	require.Zero(t, k.Store.Stats().Sizes.Log)
	require.NoError(t, k.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.TouchSession(0, models.Time{}) }))
}
