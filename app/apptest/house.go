// Package apptest gives tests a house to stand in: the rules over a real
// database in a temporary folder, a clock that they set, and the cast.
package apptest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/app/store"
	"homeroom/models"
)

// Password is everybody's.
const Password = "a lantern for the ferry"

// House is the rules and who lives there: Ada is the admin, Ann teaches, Bob
// and Cai are students, Eve is a student in none of their classes.
type House struct {
	*app.App
	Dir                     string // the data folder
	Store                   *store.Store
	Bus                     *bus.Memory
	Ada, Ann, Bob, Cai, Eve models.User

	t      testing.TB
	limits app.Limits
	mu     sync.Mutex
	at     time.Time
}

// hashed is hashed once: it takes its time.
var hashed = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash(Password, &argon2id.Params{Memory: 19456, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
})

// migrated is an empty database with all its tables, made once: each house gets
// a copy. How tables come to be is for the tests of the store.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "house-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // what is in the log moves into the file
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.DatabaseFile))
})

// New opens a house with its cast. Each limit changes the limits it starts
// with.
func New(t testing.TB, limits ...func(*app.Limits)) *House {
	h := Empty(t, limits...)
	h.Ada = h.Person("Ada Park", models.Admin)
	h.Ann = h.Person("Ann Lee", models.Teacher)
	h.Bob = h.Person("Bob Ray", models.StudentAccount)
	h.Cai = h.Person("Cai Wen", models.StudentAccount)
	h.Eve = h.Person("Eve Moss", models.StudentAccount)
	return h
}

// Empty opens a house that nobody lives in yet.
func Empty(t testing.TB, limits ...func(*app.Limits)) *House {
	t.Helper()
	h := &House{t: t, Dir: t.TempDir(), at: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	set := app.DefaultLimits()
	set.HashWait = time.Minute // however busy the machine is
	set.AdminFactor = false    // a code is good once: the tests of it ask for it, the others sign Ada in
	for _, change := range limits {
		change(&set)
	}
	h.limits = set
	database, err := migrated()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(h.Dir, store.DatabaseFile), database, 0o600))
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *House) open() {
	h.t.Helper()
	var err error
	h.Store, err = store.Open(h.t.Context(), h.Dir)
	require.NoError(h.t, err)
	h.Bus = bus.NewMemory()
	h.App = app.New(h.Store, h.Bus, h.limits, h.Now)
}

func (h *House) close() {
	h.t.Helper()
	h.Bus.Close()
	require.NoError(h.t, h.Store.Close())
}

// Reopen closes the house and opens it again over the same data folder, as a
// restart of the program does.
func (h *House) Reopen() {
	h.t.Helper()
	h.close()
	h.open()
}

// Now is the time in the house.
func (h *House) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

// Pass lets time pass.
func (h *House) Pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// Person stores a user with the password that everybody has.
func (h *House) Person(name string, role models.ServerRole) models.User {
	h.t.Helper()
	hash, err := hashed()
	require.NoError(h.t, err)
	user := models.User{Name: name, NameKey: strings.ToLower(name), Role: role, CreatedAt: models.At(h.Now())}
	require.NoError(h.t, h.Store.Write(h.t.Context(), func(tx *store.Tx) error {
		if err := tx.CreateUser(&user); err != nil {
			return err
		}
		return tx.PutCredential(&models.Credential{UserID: user.ID, PasswordHash: hash, ChangedAt: user.CreatedAt})
	}))
	return user
}

// As is a user who asks, without a session.
func As(u models.User) app.Actor { return app.Actor{User: u} }

// SignIn signs a user in on their own device.
func (h *House) SignIn(u models.User) (app.Actor, string) {
	h.t.Helper()
	_, secrets, err := h.App.SignIn(h.t.Context(), app.SignIn{Name: u.Name, Password: Password, MyDevice: true, Address: "192.0.2.1"})
	require.NoError(h.t, err)
	actor, err := h.Authenticate(h.t.Context(), secrets.Session, app.Cookie)
	require.NoError(h.t, err)
	return actor, secrets.Session
}

// SetUpFactor gives a user a second factor in a browser of their own, and
// returns the session, what the browser keeps of it, the secret of the codes
// and the recovery codes. The code of this moment is used up.
func (h *House) SetUpFactor(u models.User) (session app.Actor, cookie, secret string, recovery []string) {
	h.t.Helper()
	ctx := h.t.Context()
	session, cookie = h.SignIn(u)
	key, err := h.BeginSecondFactor(ctx, session, app.NewSecondFactor{Password: Password})
	require.NoError(h.t, err)
	codes, err := h.ConfirmSecondFactor(ctx, session, app.OneTimeCode{Code: h.Shown(key.Secret)})
	require.NoError(h.t, err)
	session, err = h.Authenticate(ctx, cookie, app.Cookie)
	require.NoError(h.t, err)
	return session, cookie, key.Secret, codes.Codes
}

// Shown is the code that a phone with that secret shows now.
func (h *House) Shown(secret string) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.Now())
	require.NoError(h.t, err)
	return code
}

// Class makes a class of Ann's with Bob and Cai in it.
func (h *House) Class(name string) models.Class {
	h.t.Helper()
	ctx := h.t.Context()
	class, err := h.CreateClass(ctx, As(h.Ann), app.NewClass{Name: name})
	require.NoError(h.t, err)
	for _, u := range []models.User{h.Bob, h.Cai} {
		_, err := h.AddMember(ctx, As(h.Ann), class.ID, app.NewMember{UserID: u.ID, Role: models.Student})
		require.NoError(h.t, err)
	}
	return class
}

// Upload uploads a file to a class in one part.
func (h *House) Upload(u models.User, classID int64, name string, content []byte) models.File {
	h.t.Helper()
	file, err := h.BeginFile(h.t.Context(), As(u), classID, app.NewFile{Name: name, Size: int64(len(content))})
	require.NoError(h.t, err)
	file, err = h.PutPart(h.t.Context(), As(u), classID, file.ID, 0, content)
	require.NoError(h.t, err)
	require.True(h.t, file.Ready)
	return file
}

// Ended collects the announcements of ended sign-ins, until it is asked.
func (h *House) Ended() func() []bus.Ended {
	var mu sync.Mutex
	var got []bus.Ended
	cancel := h.Subscribe(func(gathered []bus.Announcement) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range gathered {
			if a.Ended != nil {
				got = append(got, *a.Ended)
			}
		}
	})
	return func() []bus.Ended {
		cancel()
		h.Bus.Close() // waits for the last calls
		mu.Lock()
		defer mu.Unlock()
		return got
	}
}
