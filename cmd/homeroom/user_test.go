package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
)

// parse reads a command line as main does.
func parse(t *testing.T, args ...string) (*kong.Context, *commands) {
	t.Helper()
	var c commands
	parser, err := kong.New(&c, options...)
	require.NoError(t, err)
	k, err := parser.Parse(args)
	require.NoError(t, err)
	return k, &c
}

// typed runs a command with password on its standard input.
func typed(t *testing.T, password string, args ...string) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(path, []byte(password+"\n"), 0o600))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	before := os.Stdin
	os.Stdin = file
	defer func() { os.Stdin = before }()
	k, c := parse(t, args...)
	return k.Run(&c.settings)
}

func TestCommandsAskForPasswordsAsLongAsTheServerDoes(t *testing.T) {
	data := "--data=" + t.TempDir()
	const sixteen = "tall green lamps"
	require.NoError(t, typed(t, sixteen, "user", "add", "Ann Lee", "--role=teacher", "--password-stdin", data))
	t.Setenv("HOMEROOM_MIN_STAFF_PASSWORD", "20")
	t.Setenv("HOMEROOM_MIN_STUDENT_PASSWORD", "12")
	for _, args := range [][]string{
		{"user", "add", "Ada Park", "--role=admin", "--password-stdin", data},
		{"user", "password", "Ann Lee", "--password-stdin", data},
	} {
		err := typed(t, sixteen, args...)
		require.ErrorIs(t, err, fault.WeakPassword)
		require.ErrorContains(t, err, "fewer than 20")
	}
	require.ErrorContains(t, typed(t, "tall lamps", "user", "add", "Bob Ray", "--password-stdin", data), "fewer than 12")
	require.NoError(t, typed(t, sixteen, "user", "add", "Bob Ray", "--password-stdin", data))
	require.NoError(t, typed(t, sixteen, "user", "add", "Ada Park", "--role=admin", "--min-staff-password=16", "--password-stdin", data))

	_, c := parse(t, "serve", data)
	rules := c.settings.limits(c.Serve.Rules)
	require.Equal(t, 20, rules.StaffPassword)
	require.Equal(t, 12, rules.StudentPassword)
}

// It said a day, and the server let the phrase in for as long as its own setting
// says.
func TestACommandResetsAsTheServersSettingsSay(t *testing.T) {
	h := apptest.New(t)
	t.Setenv("HOMEROOM_RESET_PHRASE", "2h")
	t.Setenv("HOMEROOM_RESETS_PER_HOUR", "1")
	began := time.Now().Truncate(time.Second)
	said := told(t, "user", "password", "Bob Ray", "--data="+h.Dir)
	until := regexp.MustCompile(`until (.+), and`).FindStringSubmatch(said)
	require.NotNil(t, until, said)
	good, err := time.ParseInLocation(time.DateTime, until[1], time.Local)
	require.NoError(t, err)
	require.WithinRange(t, good, began.Add(2*time.Hour), time.Now().Add(2*time.Hour))
	require.ErrorIs(t, typed(t, "", "user", "password", "Bob Ray", "--data="+h.Dir), fault.TooManyTries)
}

// told runs a command and returns what it said on standard error.
func told(t *testing.T, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "told")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	before := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = before }()
	require.NoError(t, typed(t, "", args...))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestAPersonIsTakenOutAndErasedByCommand(t *testing.T) {
	folder := t.TempDir()
	data, file := "--data="+folder, filepath.Join(t.TempDir(), "bob.json")
	for _, add := range [][]string{{"Ada Park", "--role=admin"}, {"Bob Ray"}} {
		require.NoError(t, typed(t, "tall green lamps", append([]string{"user", "add", "--password-stdin", data}, add...)...))
	}
	require.Error(t, typed(t, "", "user", "export", "Nobody", file, data))
	require.NoFileExists(t, file)
	require.NoError(t, typed(t, "", "user", "export", "Bob Ray", file, data))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "Bob Ray")
	require.Error(t, typed(t, "", "user", "export", "Bob Ray", file, data), "nothing is overwritten")

	lock, err := lockData(folder) // as a running server
	require.NoError(t, err)
	require.NoError(t, typed(t, "", "user", "erase", "Bob Ray", data))
	require.NoError(t, lock.Close())
	require.ErrorIs(t, typed(t, "", "user", "export", "Bob Ray", file+"2", data), fault.NotFound)
	require.NoError(t, typed(t, "", "user", "export", "Former member 2", file+"2", data))
	require.ErrorIs(t, typed(t, "", "user", "erase", "Ada Park", data), fault.NotAllowed, "an admin remains")
}

func TestTheCommandLineTakesALostSecondFactorOff(t *testing.T) {
	h := apptest.New(t)
	_, cookie, _, _ := h.SetUpFactor(h.Ada)
	data := "--data=" + h.Dir
	run := func(args ...string) error {
		k, c := parse(t, append(args, data)...)
		return k.Run(&c.settings)
	}
	require.NoError(t, run("user", "second-factor", "Ada Park"))
	require.ErrorIs(t, run("user", "second-factor", "Bob Ray", "--off"), fault.NotFound)
	require.NoError(t, run("user", "second-factor", "Ada Park", "--off"))
	h.Pass(time.Second)
	_, err := h.Authenticate(t.Context(), cookie, app.Cookie)
	require.ErrorIs(t, err, fault.SignInFirst, "a server that runs on the folder notices")
	_, _, err = h.App.SignIn(t.Context(), app.SignIn{Name: "Ada Park", Password: apptest.Password})
	require.NoError(t, err)
	entries, err := h.Audit(t.Context(), app.CommandLine(), 0, 1)
	require.NoError(t, err)
	require.Equal(t, "user.second_factor.taken_off", entries[0].Action)
	require.EqualValues(t, -1, entries[0].ActorID)
}
