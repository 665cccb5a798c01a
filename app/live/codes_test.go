package live_test

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/api"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/app/live"
	"homeroom/app/server/servertest"
	"homeroom/app/store"
	"homeroom/models"
)

// way provokes a refusal through a door and returns its code. no says why a
// door has none to give.
type way struct {
	provoke func(*school) int
	why     string
}

func by(f func(*school) int) way { return way{provoke: f} }

func no(why string) way { return way{why: why} }

// rest asks over REST.
func rest(who func(*school) models.User, method string, path func(*school) string, body any) way {
	return by(func(s *school) int {
		u := models.User{}
		if who != nil {
			u = who(s)
		}
		return s.REST(u, method, path(s), body).Code()
	})
}

// frameOfBob says one v2 frame of Bob's.
func frameOfBob(f func(*school) frame) way {
	return by(func(s *school) int {
		c := s.Dial(s.Bob, servertest.V2)
		c.Say(f(s))
		answer, err := c.TryHear(15 * time.Second) // a locked database takes its time
		require.NoError(s.t, err)
		return int(answer["code"].(float64))
	})
}

// classicOfBob says one classic frame of Bob's.
func classicOfBob(f func(*school) frame) way {
	return by(func(s *school) int {
		c := s.classic(s.Bob)
		c.Say(f(s))
		return int(c.Hear()["code"].(float64))
	})
}

// handshake opens a socket and is refused before the upgrade, or with change
// asks for it in another way.
func handshake(change func(*school, *http.Request)) func(dialect string) way {
	return func(dialect string) way {
		return by(func(s *school) int {
			r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+"/ws", nil)
			require.NoError(s.t, err)
			r.Header = s.bearer(s.Bob)
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
			r.Header.Set("Sec-WebSocket-Version", "13")
			r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			if dialect != servertest.Classic {
				r.Header.Set("Sec-WebSocket-Protocol", dialect)
			}
			change(s, r)
			response, err := s.HTTP.Do(r)
			require.NoError(s.t, err)
			return refused(s.t, response).Code
		})
	}
}

func bob(s *school) models.User { return s.Bob }
func ann(s *school) models.User { return s.Ann }
func eve(s *school) models.User { return s.Eve }

func at(path string) func(*school) string { return func(*school) string { return path } }

func messagesPath(s *school) string { return s.inThread("/messages") }

// before makes a way out of one and what is done first.
func before(do func(*school), w way) way {
	return by(func(s *school) int { do(s); return w.provoke(s) })
}

func patch(path func(*school) string, body func(*school) frame) func(*school) {
	return func(s *school) { s.ask(s.Ann, http.MethodPatch, path(s), body(s)) }
}

var (
	sendsRest   = rest(bob, http.MethodPost, messagesPath, frame{"content": "hi", "client_id": "x"})
	sendsFrame  = frameOfBob(func(s *school) frame { return s.sending("hi", "x") })
	storesFirst = "a classic client stores and changes its messages over REST"
	noPasswords = "no password, code or link travels over a socket"

	muteBob = patch(func(s *school) string { return s.path("/members/%d", s.Bob.ID) },
		func(s *school) frame { return frame{"muted_until": models.At(s.Now().Add(time.Hour))} })
	lock    = patch(func(s *school) string { return s.inThread("") }, func(*school) frame { return frame{"locked": true} })
	archive = patch(func(s *school) string { return s.path("") }, func(*school) frame { return frame{"archived": true} })

	fromEvil  = handshake(func(_ *school, r *http.Request) { r.Header.Set("Origin", "https://evil.example") })
	nobodys   = handshake(func(_ *school, r *http.Request) { r.Header.Del("Authorization") })
	posted    = handshake(func(_ *school, r *http.Request) { r.Method = http.MethodPost })
	otherName = handshake(func(_ *school, r *http.Request) { r.Host = "evil.example" })
)

// ways has a row for every code.
var ways = map[int]struct{ rest, classic, v2 way }{
	101: {no("REST has no actions: an unknown path is 126"),
		classicOfBob(func(s *school) frame { return s.says(s.Bob, "dance") }),
		frameOfBob(func(*school) frame { return frame{"action": "dance"} })},
	102: {rest(bob, http.MethodGet, func(s *school) string { return s.path("/threads/999999") }, nil),
		classicOfBob(func(s *school) frame { return s.says(s.Bob, "join", "thread_id", 999_999) }),
		frameOfBob(func(s *school) frame { return s.sending("hi", "x", "thread_id", 999_999) })},
	103: {rest(bob, http.MethodGet, at("/classes/999999"), nil),
		classicOfBob(func(s *school) frame { return s.says(s.Bob, "join", "class_id", 999_999) }),
		frameOfBob(func(s *school) frame { return s.sending("hi", "x", "class_id", 999_999) })},
	104: {rest(bob, http.MethodPost, messagesPath, frame{"content": "hi", "is_super": 1}),
		classicOfBob(func(*school) frame { return frame{} }),
		frameOfBob(func(s *school) frame { return s.sending("hi", "x", "is_super", 1) })},
	107: {rest(eve, http.MethodGet, func(s *school) string { return s.path("") }, nil),
		classicOfBob(func(s *school) frame { return s.says(s.Cai, "join") }),
		before(func(s *school) { s.remove(s.Bob) }, sendsFrame)},
	108: {no("REST names a message by its address: 126"),
		classicOfBob(func(s *school) frame { return s.says(s.Bob, "send", "mes_id", 999_999) }),
		no("v2 stores the message that it sends")},
	120: {by(func(s *school) int {
		for range 60 {
			if code := s.REST(s.Bob, http.MethodPost, messagesPath(s), frame{"content": "hi"}).Code(); code != 0 {
				return code
			}
		}
		return 0
	}), by(func(s *school) int {
		c := s.classic(s.Bob)
		for range 60 {
			c.Say(s.says(s.Bob, "dance"))
			if code := int(c.Hear()["code"].(float64)); code != 101 {
				return code
			}
		}
		return 0
	}), by(func(s *school) int {
		c := s.Dial(s.Bob, servertest.V2)
		for i := range 60 {
			c.Say(s.sending("hi", fmt.Sprint(i)))
			if code := int(c.Hear()["code"].(float64)); code != 105 {
				return code
			}
		}
		return 0
	})},
	121: {before(muteBob, sendsRest), no(storesFirst), before(muteBob, sendsFrame)},
	122: {before(lock, sendsRest), no(storesFirst), before(lock, sendsFrame)},
	123: {before(archive, sendsRest), no(storesFirst), before(archive, sendsFrame)},
	124: {rest(bob, http.MethodPost, messagesPath, frame{"content": strings.Repeat("x", 10_001)}), no(storesFirst),
		frameOfBob(func(s *school) frame { return s.sending(strings.Repeat("x", 10_001), "x") })},
	125: {rest(bob, http.MethodPost, func(s *school) string { return s.path("/threads") }, frame{"name": "Mine"}),
		by(func(s *school) int {
			c := s.reader(servertest.Classic)
			c.Hear()
			c.Say(s.says(s.Bob, "send", "mes_id", 1))
			return int(c.Hear()["code"].(float64))
		}),
		by(func(s *school) int {
			return int(s.reader(servertest.V2).Ask(s.sending("hi", "x"))["code"].(float64))
		})},
	126: {rest(bob, http.MethodGet, func(s *school) string { return s.inThread("/messages/999999") }, nil),
		no("a classic client has 108 for it"),
		frameOfBob(func(s *school) frame { return s.sending("hi", "x", "reply_to", 999_999) })},
	127: {before(func(s *school) {
		s.ask(s.Bob, http.MethodPost, messagesPath(s), frame{"content": "first", "client_id": "x"})
	}, sendsRest),
		no(storesFirst),
		before(func(s *school) {
			s.ask(s.Bob, http.MethodPost, messagesPath(s), frame{"content": "first", "client_id": "x"})
		}, sendsFrame)},
	128: {by(func(s *school) int { return s.whileLocked(sendsRest) }), no("a classic frame stores nothing"),
		by(func(s *school) int { return s.whileLocked(sendsFrame) })},
	129: {by(func(s *school) int {
		s.sql("ALTER TABLE messages RENAME TO lost")
		return s.REST(s.Bob, http.MethodGet, messagesPath(s), nil).Code()
	}), before(func(s *school) { s.sql("ALTER TABLE messages RENAME TO lost") },
		classicOfBob(func(s *school) frame { return s.says(s.Bob, "send", "mes_id", 1) })),
		before(func(s *school) { s.sql("ALTER TABLE messages RENAME TO lost") }, sendsFrame)},
	130: {rest(nil, http.MethodGet, at("/me"), nil), nobodys(servertest.Classic), nobodys(servertest.V2)},
	131: {rest(nil, http.MethodPost, at("/session"), frame{"name": "Bob Ray", "password": "wrong"}), no(noPasswords), no(noPasswords)},
	132: {by(func(s *school) int {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+api.Base+"/classes", strings.NewReader("{}"))
		require.NoError(s.t, err)
		r.Header = http.Header{"Origin": {"https://evil.example"}, "Content-Type": {"application/json"}}
		response, err := s.HTTP.Do(r)
		require.NoError(s.t, err)
		return refused(s.t, response).Code
	}), fromEvil(servertest.Classic), fromEvil(servertest.V2)},
	133: {rest(bob, http.MethodPut, at("/classes"), frame{}), posted(servertest.Classic), posted(servertest.V2)},
	134: {rest(bob, http.MethodPost, messagesPath, `{"content":"`+strings.Repeat("x", 70<<10)+`"}`),
		no("a frame that is too long ends the connection with 1009"), no("a frame that is too long ends the connection with 1009")},
	135: {by(func(s *school) int {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+api.Base+messagesPath(s), strings.NewReader("hi"))
		require.NoError(s.t, err)
		r.Header = s.bearer(s.Bob)
		r.Header.Set("Content-Type", "text/plain")
		response, err := s.HTTP.Do(r)
		require.NoError(s.t, err)
		return refused(s.t, response).Code
	}), no("a binary frame ends the connection with 1003"), no("a binary frame ends the connection with 1003")},
	136: {rest(bob, http.MethodPut, at("/me/password"), app.NewPassword{Current: apptest.Password, New: "short"}), no(noPasswords), no(noPasswords)},
	137: {rest(bob, http.MethodPost, at("/join"), frame{"code": "2345-6789"}), no(noPasswords), no(noPasswords)},
	138: {by(func(s *school) int {
		for range 200 {
			if code := s.REST(s.Bob, http.MethodPost, "/join", frame{"code": "2345-6789"}).Code(); code != 137 {
				return code
			}
		}
		return 0
	}), by(func(s *school) int { return s.dialUntilRefused(servertest.Classic) }),
		by(func(s *school) int { return s.dialUntilRefused(servertest.V2) })},
	139: {by(func(s *school) int {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+api.Base+"/info", nil)
		require.NoError(s.t, err)
		r.Host = "evil.example"
		response, err := s.HTTP.Do(r)
		require.NoError(s.t, err)
		return refused(s.t, response).Code
	}), otherName(servertest.Classic), otherName(servertest.V2)},
	140: {by(func(s *school) int {
		var asking sync.WaitGroup
		codes := make(chan int, 10)
		for range cap(codes) {
			asking.Go(func() {
				codes <- s.REST(models.User{}, http.MethodPost, "/session", frame{"name": "nobody", "password": "wrong password"}).Code()
			})
		}
		asking.Wait()
		close(codes)
		for code := range codes {
			if code == 140 {
				return code
			}
		}
		return 0
	}), by(func(s *school) int { return s.dialUntilRefused(servertest.Classic) }),
		by(func(s *school) int { return s.dialUntilRefused(servertest.V2) })},
	141: {stale(http.MethodDelete, func(s *school) string { return s.path("") }),
		no("what needs it is asked over REST"), no("what needs it is asked over REST")},
	142: {by(func(s *school) int { return s.signsInWith("") }), no(noPasswords), no(noPasswords)},
	143: {by(func(s *school) int { return s.signsInWith("000 000 000") }), no(noPasswords), no(noPasswords)},
	144: {by(func(s *school) int {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+api.Base+"/classes", nil)
		require.NoError(s.t, err)
		r.Header = s.unready()
		response, err := s.HTTP.Do(r)
		require.NoError(s.t, err)
		return refused(s.t, response).Code
	}), unready(servertest.Classic), unready(servertest.V2)},
	145: {by(func(s *school) int {
		phrase, err := s.ResetPassword(s.t.Context(), apptest.As(s.Ada), s.Bob.ID)
		require.NoError(s.t, err)
		return s.REST(models.User{}, http.MethodPost, "/session", frame{"name": "Bob Ray", "password": phrase.Password}).Code()
	}), no(noPasswords), no(noPasswords)},
	146: {rest(bob, http.MethodPost, func(s *school) string { return s.path("/files") }, frame{"name": "notes.txt", "size": 11}),
		no("files are uploaded over REST"), no("files are uploaded over REST")},
}

// signsInWith signs Ann in, who has a second factor, with that code.
func (s *school) signsInWith(code string) int {
	s.t.Helper()
	s.SetUpFactor(s.Ann)
	return s.REST(models.User{}, http.MethodPost, "/session", frame{"name": s.Ann.Name, "password": apptest.Password, "code": code}).Code()
}

// unready is what the browser of an admin sends who has no second factor yet.
func (s *school) unready() http.Header {
	s.t.Helper()
	_, secret := s.SignIn(s.Ada)
	return http.Header{"Cookie": {"sid=" + secret}, "X-Requested-With": {"homeroom"}}
}

func unready(dialect string) way {
	return by(func(s *school) int {
		_, response, err := s.TryDial(models.User{}, dialect, s.unready())
		require.ErrorIs(s.t, err, websocket.ErrBadHandshake)
		return refused(s.t, response).Code
	})
}

// stale asks with the cookie of a teacher who gave the password long ago.
func stale(method string, path func(*school) string) way {
	return by(func(s *school) int {
		_, secret := s.SignIn(s.Ann)
		s.Pass(s.Limits.ConfirmAfter + time.Second)
		return refused(s.t, (&browser{s: s, cookie: "sid=" + secret}).try(method, path(s), nil)).Code
	})
}

// reader dials with a token of Bob's that may only read.
func (s *school) reader(dialect string) *servertest.Socket {
	s.t.Helper()
	token, err := s.CreateToken(s.t.Context(), apptest.As(s.Bob), app.NewToken{Name: "reader", Scopes: []models.Scope{models.ScopeRead}})
	require.NoError(s.t, err)
	c, _, err := s.TryDial(models.User{}, dialect, http.Header{"Authorization": {"Bearer " + token.Secret}})
	require.NoError(s.t, err)
	return c
}

func (s *school) dialUntilRefused(dialect string) int {
	s.t.Helper()
	for range 20 {
		_, response, err := s.TryDial(s.Bob, dialect, nil)
		if err != nil {
			require.ErrorIs(s.t, err, websocket.ErrBadHandshake)
			return refused(s.t, response).Code
		}
		_, _ = io.Copy(io.Discard, response.Body)
	}
	return 0
}

// sql changes the database behind the server's back.
func (s *school) sql(statement string) {
	s.t.Helper()
	db := s.database()
	_, err := db.Exec(statement)
	require.NoError(s.t, err)
}

func (s *school) database() *sql.DB {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.Dir, store.DatabaseFile)+"?_pragma=busy_timeout(5000)")
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = db.Close() })
	return db
}

// whileLocked provokes w while another process holds the database's lock for
// longer than a writer waits.
func (s *school) whileLocked(w way) int {
	s.t.Helper()
	s.Token(s.Bob) // now: it could not be stored later
	holder, err := s.database().Conn(s.t.Context())
	require.NoError(s.t, err)
	_, err = holder.ExecContext(s.t.Context(), "BEGIN IMMEDIATE")
	require.NoError(s.t, err)
	code := w.provoke(s)
	_, err = holder.ExecContext(s.t.Context(), "ROLLBACK")
	require.NoError(s.t, err)
	require.Zero(s.t, sendsRest.provoke(s), "afterwards all is well")
	require.NoError(s.t, holder.Close())
	return code
}

// apart are the codes that are provoked by changing what is there, or under
// limits of their own: each door gets a server to itself.
var apart = map[int]servertest.Options{
	107: {}, 120: {}, 121: {}, 122: {}, 123: {}, 127: {}, 128: {}, 129: {}, 141: {}, 142: {}, 143: {}, 145: {},
	138: {Live: func(l *live.Limits) { l.PerAddress = 3 }},
	146: {App: func(l *app.Limits) { l.FilesPerUser = 10 }},
	144: {App: func(l *app.Limits) { l.AdminFactor = true }},
	140: {App: func(l *app.Limits) { l.HashSlots, l.HashQueue = 1, 0 }, Live: func(l *live.Limits) { l.Upgrades = 0 }},
}

func TestEveryRefusalComesFromBothDoors(t *testing.T) {
	shared := open(t, patient)
	known := map[int]bool{}
	for _, f := range fault.All {
		known[f.Code] = true
		row, ok := ways[f.Code]
		require.True(t, ok, "code %d (%s) has no row", f.Code, f.Message)
		for door, w := range map[string]way{"REST": row.rest, "classic": row.classic, "v2": row.v2} {
			if w.provoke == nil {
				require.NotEmpty(t, w.why, "%d: %s neither gives it nor says why not", f.Code, door)
				continue
			}
			t.Run(fmt.Sprintf("%d/%s", f.Code, door), func(t *testing.T) {
				s := shared
				if limits, ok := apart[f.Code]; ok {
					t.Parallel()
					s = open(t, limits)
				}
				require.Equal(t, f.Code, w.provoke(s), f.Message)
			})
		}
	}
	for code := range ways {
		require.True(t, known[code], "there is no code %d any more", code)
	}
}
