package app_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

func signInOn(t testing.TB, h *apptest.House, u models.User, myDevice bool) (models.Session, string) {
	t.Helper()
	in, secrets, err := h.App.SignIn(t.Context(), app.SignIn{Name: u.Name, Password: apptest.Password, MyDevice: myDevice})
	require.NoError(t, err)
	return in.Session, secrets.Session
}

func stands(t testing.TB, h *apptest.House, secret string) bool {
	t.Helper()
	actor, err := h.Authenticate(t.Context(), secret, app.Cookie)
	if err != nil {
		require.Equal(t, fault.SignInFirst, err)
		require.Zero(t, actor)
	}
	require.NoError(t, h.NoteUses(t.Context()), "as a server does every second")
	return err == nil
}

func TestASessionEndsWhenItIsNotUsed(t *testing.T) {
	for _, one := range []struct {
		name     string
		who      func(*apptest.House) models.User
		myDevice bool
		idle     time.Duration
	}{
		{"a student at a shared computer", func(h *apptest.House) models.User { return h.Bob }, false, 2 * time.Hour},
		{"a student at home", func(h *apptest.House) models.User { return h.Bob }, true, 7 * 24 * time.Hour},
		{"a teacher at home", func(h *apptest.House) models.User { return h.Ann }, true, 12 * time.Hour},
		{"a teacher at a shared computer", func(h *apptest.House) models.User { return h.Ann }, false, 2 * time.Hour},
	} {
		t.Run(one.name, func(t *testing.T) {
			h := apptest.New(t)
			_, secret := signInOn(t, h, one.who(h), one.myDevice)
			h.Pass(one.idle - time.Second)
			require.True(t, stands(t, h, secret))
			h.Pass(one.idle - time.Second)
			require.True(t, stands(t, h, secret), "using it keeps it")
			h.Pass(one.idle)
			require.False(t, stands(t, h, secret))
		})
	}
}

func TestASessionEndsAtTheLatestHoweverMuchItIsUsed(t *testing.T) {
	h := apptest.New(t)
	_, secret := signInOn(t, h, h.Bob, false)
	for range 11 {
		h.Pass(time.Hour)
		require.True(t, stands(t, h, secret))
	}
	h.Pass(time.Hour)
	require.False(t, stands(t, h, secret))
	_, secret = signInOn(t, h, h.Ann, true)
	for range 13 {
		h.Pass(12*time.Hour - time.Second)
		require.True(t, stands(t, h, secret))
	}
	h.Pass(12 * time.Hour)
	require.False(t, stands(t, h, secret))
}

// A connection learns of the end of its session up to a minute later, and may be
// used until then.
func TestAConnectionInUseDoesNotReviveASessionThatEnded(t *testing.T) {
	h := apptest.New(t)
	_, secret := signInOn(t, h, h.Bob, false)
	actor, err := h.Authenticate(t.Context(), secret, app.Cookie)
	require.NoError(t, err)
	h.Pass(2*time.Hour + time.Second)
	h.Used(actor, models.Time{})
	require.NoError(t, h.NoteUses(t.Context()))
	require.ErrorIs(t, h.Recheck(t.Context(), actor), fault.SignInFirst)
	require.False(t, stands(t, h, secret))
}

func TestSettingTheClockBackLengthensNothing(t *testing.T) {
	h := apptest.New(t)
	session, secret := signInOn(t, h, h.Bob, false)
	h.Pass(-time.Hour)
	require.True(t, stands(t, h, secret))
	h.Pass(session.ExpiresAt.Sub(h.Now()))
	require.False(t, stands(t, h, secret))
}

func TestTheOldestSessionMakesRoomAndIsTold(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.SessionsPerUser = 3 })
	ended := h.Ended()
	first, firstSecret := signInOn(t, h, h.Bob, false)
	var newest string
	for range 3 {
		_, newest = signInOn(t, h, h.Bob, false)
	}
	require.False(t, stands(t, h, firstSecret))
	require.True(t, stands(t, h, newest))
	require.Equal(t, []bus.Ended{{UserID: h.Bob.ID, SessionID: first.ID}}, ended())
}

// Rows of sessions that are over lie there until they are forgotten, and used to
// be counted.
func TestASessionThatIsOverTakesNobodysPlace(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.SessionsPerUser = 3 })
	ended := h.Ended()
	first, firstSecret := signInOn(t, h, h.Bob, true)
	_, second := signInOn(t, h, h.Bob, true)
	_, over := signInOn(t, h, h.Bob, false)
	h.Pass(3 * time.Hour)
	require.False(t, stands(t, h, over))
	for range 2 {
		signInOn(t, h, h.Bob, true)
	}
	require.False(t, stands(t, h, firstSecret))
	require.True(t, stands(t, h, second), "three stand")
	require.Equal(t, []bus.Ended{{UserID: h.Bob.ID, SessionID: first.ID}}, ended())
}

// The hundred newest used to be looked through for the one that asks.
func TestTheOldestOfVeryManySessionsIsAsGoodAsTheNewest(t *testing.T) {
	h := apptest.New(t, func(l *app.Limits) { l.SessionsPerUser = 102 })
	oldest, _ := h.SignIn(h.Bob)
	now := models.At(h.Now())
	require.NoError(t, h.Store.Write(t.Context(), func(tx *store.Tx) error {
		for i := range 101 {
			if err := tx.CreateSession(&models.Session{
				UserID: h.Bob.ID, SecretHash: []byte{byte(i)}, CreatedAt: now, LastSeenAt: now,
				ExpiresAt: models.At(now.Add(day)), IdleMS: day.Milliseconds(), ConfirmedAt: now,
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, h.Recheck(t.Context(), oldest), "its sockets go on")
	signedIn, err := h.SignedIn(t.Context(), oldest)
	require.NoError(t, err)
	require.Equal(t, oldest.SessionID, signedIn.Session.ID)
	h.SignIn(h.Bob)
	require.ErrorIs(t, h.Recheck(t.Context(), oldest), fault.SignInFirst, "it makes room")
}

func TestWhoSignsOutIsOutAtOnce(t *testing.T) {
	h := apptest.New(t)
	ended := h.Ended()
	actor, secret := h.SignIn(h.Bob)
	other, otherSecret := h.SignIn(h.Bob)
	require.NoError(t, h.Recheck(t.Context(), actor))
	require.NoError(t, h.SignOut(t.Context(), actor))
	require.False(t, stands(t, h, secret))
	require.ErrorIs(t, h.Recheck(t.Context(), actor), fault.SignInFirst)
	require.True(t, stands(t, h, otherSecret), "the other browser goes on")
	require.NoError(t, h.Recheck(t.Context(), other))
	require.NoError(t, h.SignOut(t.Context(), actor), "twice is no failure")
	require.Equal(t, []bus.Ended{{UserID: h.Bob.ID, SessionID: actor.SessionID}}, ended())
}

// A request that read the session just before it ended must not leave it
// remembered afterwards.
func TestNoRequestRevivesASessionThatEnds(t *testing.T) {
	h := apptest.New(t)
	for range 10 {
		actor, secret := h.SignIn(h.Bob)
		var stop atomic.Bool
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for !stop.Load() {
					h.Authenticate(t.Context(), secret, app.Cookie)
				}
			})
		}
		require.NoError(t, h.SignOut(t.Context(), actor))
		require.False(t, stands(t, h, secret))
		stop.Store(true)
		all.Wait()
		require.False(t, stands(t, h, secret))
	}
}

func TestAChangeByAnotherProcessIsNoticedWithinASecond(t *testing.T) {
	h := apptest.New(t)
	_, secret := h.SignIn(h.Bob)
	require.NoError(t, h.Store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.UpdateUser(h.Bob.ID, store.Change{"disabled_at": models.At(h.Now())})
	}))
	h.Pass(time.Second)
	require.False(t, stands(t, h, secret))
}

func TestARequestTouchesItsSessionOnceAMinute(t *testing.T) {
	h := apptest.New(t)
	actor, secret := h.SignIn(h.Bob)
	seen := func() time.Time {
		sessions, err := h.Sessions(t.Context(), actor)
		require.NoError(t, err)
		require.True(t, sessions[0].Current)
		return sessions[0].LastSeenAt.Time
	}
	start := h.Now()
	for range 5 {
		h.Pass(11 * time.Second)
		require.True(t, stands(t, h, secret))
	}
	require.Equal(t, start, seen())
	h.Pass(5 * time.Second)
	require.True(t, stands(t, h, secret))
	require.Equal(t, h.Now(), seen())
}

func TestNobodyEndsTheSessionOfAnother(t *testing.T) {
	h := apptest.New(t)
	eve, _ := h.SignIn(h.Eve)
	bob, secret := h.SignIn(h.Bob)
	require.Equal(t, fault.NotFound, h.EndSession(t.Context(), eve, bob.SessionID))
	require.Equal(t, fault.NotFound, h.EndSession(t.Context(), eve, 999))
	require.True(t, stands(t, h, secret))
	require.Equal(t, fault.SignInFirst, h.EndSession(t.Context(), app.Actor{}, bob.SessionID))
}

func TestASessionIsNoTokenAndATokenNoSession(t *testing.T) {
	h := apptest.New(t)
	bob, cookie := h.SignIn(h.Bob)
	token, err := h.CreateToken(t.Context(), bob, app.NewToken{Name: "script"})
	require.NoError(t, err)
	for _, one := range []struct {
		secret string
		proof  app.Proof
	}{{cookie, app.Bearer}, {token.Secret, app.Cookie}, {"", app.Cookie}, {"hr_", app.Bearer}, {cookie + "A", app.Cookie}} {
		_, err := h.Authenticate(t.Context(), one.secret, one.proof)
		require.Equal(t, fault.SignInFirst, err)
	}
}

func TestNoSecretIsOnDisk(t *testing.T) {
	h := apptest.Empty(t)
	link, err := h.NewSetupLink(t.Context())
	require.NoError(t, err)
	_, cookies, err := h.Setup(t.Context(), app.FirstAdmin{Token: link, Name: "Ada Park", Password: apptest.Password})
	require.NoError(t, err)
	actor, err := h.Authenticate(t.Context(), cookies.Session, app.Cookie)
	require.NoError(t, err)
	token, err := h.CreateToken(t.Context(), actor, app.NewToken{Name: "script"})
	require.NoError(t, err)
	created, err := h.CreateUser(t.Context(), actor, app.NewUser{Name: "Bob Ray", Role: models.StudentAccount})
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(h.Dir, "*"))
	require.NoError(t, err)
	for _, path := range files {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, secret := range []string{link, cookies.Session, cookies.Device, token.Secret, apptest.Password, created.Password} {
			require.NotEmpty(t, secret)
			require.False(t, bytes.Contains(raw, []byte(secret)), path)
		}
	}
}

func TestWhatABrowserSaysOfItselfIsTidied(t *testing.T) {
	h := apptest.New(t)
	in, _, err := h.App.SignIn(t.Context(), app.SignIn{Name: "Bob Ray", Password: apptest.Password, Agent: "Fire\x1b[31mfox\r\n\xff" + string(bytes.Repeat([]byte("é"), 500))})
	require.NoError(t, err)
	require.Len(t, []rune(in.Session.Agent), 200)
	require.Contains(t, in.Session.Agent, "Fire[31mfoxé")
}

func TestSessionsThatAreOverAreForgotten(t *testing.T) {
	h := apptest.New(t)
	signInOn(t, h, h.Bob, false)
	h.Pass(2 * time.Hour)
	actor, _ := h.SignIn(h.Bob)
	require.NoError(t, h.ForgetEndedSessions(t.Context()))
	require.NoError(t, h.Recheck(t.Context(), actor))
}

func BenchmarkAuthenticate(b *testing.B) {
	h := apptest.New(b)
	_, secret := h.SignIn(h.Bob)
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			h.Authenticate(b.Context(), secret, app.Cookie)
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			h.Pass(time.Second)
			if h.Now().Second() == 0 {
				b.StopTimer() // noting the use is not what is measured
				h.Authenticate(b.Context(), secret, app.Cookie)
				b.StartTimer()
			}
			h.Authenticate(b.Context(), secret, app.Cookie)
		}
	})
}

func TestUsesThatCouldNotBeWrittenAreWrittenLater(t *testing.T) {
	h := apptest.New(t)
	actor, secret := h.SignIn(h.Bob)
	h.Pass(2 * time.Minute)
	_, err := h.Authenticate(t.Context(), secret, app.Cookie)
	require.NoError(t, err)
	db, err := sql.Open("sqlite", filepath.Join(h.Dir, store.DatabaseFile)+"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "CREATE TRIGGER refuse BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'refused'); END")
	require.NoError(t, err)
	require.Error(t, h.NoteUses(t.Context()))
	_, err = db.ExecContext(t.Context(), "DROP TRIGGER refuse")
	require.NoError(t, err)
	require.NoError(t, h.NoteUses(t.Context()))
	sessions, err := h.Sessions(t.Context(), actor)
	require.NoError(t, err)
	require.Equal(t, h.Now(), sessions[0].LastSeenAt.Time)
}

func TestAFreshAccountIsReadWithoutAskingAndAChangedOneIsNot(t *testing.T) {
	h := apptest.New(t)
	_, secret := h.SignIn(h.Bob)
	actor, err := h.Authenticate(t.Context(), secret, app.Cookie)
	require.NoError(t, err)
	name := "Rob Ray"
	_, err = h.ChangeMe(t.Context(), actor, app.Profile{Name: &name})
	require.NoError(t, err)
	me, err := h.Me(t.Context(), actor)
	require.NoError(t, err)
	require.Equal(t, name, me.Name, "the actor was read before")
	again, err := h.Authenticate(t.Context(), secret, app.Cookie)
	require.NoError(t, err)
	require.NoError(t, h.Store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.UpdateUser(h.Bob.ID, store.Change{"hue": 7})
	}))
	me, err = h.Me(t.Context(), again)
	require.NoError(t, err)
	require.Zero(t, me.Hue, "what another process wrote is seen within a second")
	h.Pass(time.Second)
	me, err = h.Me(t.Context(), again)
	require.NoError(t, err)
	require.Equal(t, 7, me.Hue)
}
