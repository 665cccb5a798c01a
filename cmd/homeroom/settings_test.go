package main

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/live"
	"homeroom/app/server"
	"homeroom/app/store"
)

// flags returns what can be set of a command, by name.
func flags(t *testing.T, command string) map[string]*kong.Flag {
	t.Helper()
	k, _ := parse(t, command)
	found := map[string]*kong.Flag{}
	for _, group := range k.Selected().AllFlags(false) {
		for _, flag := range group {
			if flag.Name != "help" {
				found[flag.Name] = flag
			}
		}
	}
	return found
}

func TestEverySettingIsAFlagAVariableAndALineOfHelp(t *testing.T) {
	var help bytes.Buffer
	var c commands
	parser, err := kong.New(&c, append(options, kong.Writers(&help, &help), kong.Exit(func(int) {}))...)
	require.NoError(t, err)
	_, _ = parser.Parse([]string{"serve", "--help"})
	all := flags(t, "serve")
	require.Greater(t, len(all), 80)
	for name, flag := range all {
		variable := "HOMEROOM_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		require.Equal(t, []string{variable}, flag.Envs, name)
		require.NotEmpty(t, flag.Help, name)
		require.Contains(t, help.String(), "$"+variable, name)
	}
}

// The numbers that the protocol and the security rules name.
func TestEveryLimitThatIsNamedIsASetting(t *testing.T) {
	all := flags(t, "serve")
	for name, value := range map[string]string{
		"max-frame": "65536", "max-text": "10000", "max-body": "65536", "max-header": "8192",
		"read-timeout": "10s", "write-timeout": "15s", "idle-timeout": "60s", "handshake-wait": "5s", "first-frame": "15s",
		"frames-per-second": "10", "frame-burst": "40", "max-frame-excess": "3m", "max-refused-frames": "1000", "max-bad-frames": "10",
		"sends-per-second": "5", "send-burst": "20", "thread-sends-per-second": "50",
		"max-connections-per-user": "8", "max-connections-per-address": "600", "upgrades-per-second": "5000",
		"queue-frames": "256", "queue-bytes": "1048576", "send-buffer": "131072", "write-deadline": "10s",
		"max-waiting-text": "8388608", "max-page": "100", "max-replay": "500", "max-reaction-kinds": "20", "max-joined": "500",
		"keep": "55s", "ping": "25s", "pong": "10s", "recheck": "1m", "typing": "3s", "shutdown-timeout": "8s",
		"database-busy": "5s", "database-checkpoint": "1000", "database-log-bytes": "67108864",
		"min-staff-password": "15", "min-second-factor-password": "8", "admin-second-factor": "true", "min-student-password": "8", "max-password-bytes": "256",
		"hash-slots": "0", "hash-queue": "64", "hash-wait": "3s",
		"free-login-failures": "5", "first-login-wait": "30s", "max-login-wait": "1h", "max-login-failures": "100",
		"login-failures-per-address": "20", "logins-per-address": "120",
		"shared-idle": "2h", "shared-absolute": "12h", "device-idle": "168h", "device-absolute": "720h",
		"staff-idle": "12h", "staff-absolute": "168h", "confirm-after": "15m", "max-sessions-per-user": "10", "setup-link": "24h",
		"max-file-bytes": "26214400", "max-files-per-message": "10", "files-per-user": "1073741824", "files-per-class": "10737418240", "files-spare": "536870912",
		"uploads-per-minute": "20", "unsent-files": "24h", "picture-wait": "10s",
		"max-part": "262144", "part-timeout": "30s", "parts-per-second": "20", "part-burst": "100",
		"backup-every": "1h", "backup-keep": "6", "backup-days": "7", "backup-max-age": "840h", "backup-spare": "536870912",
	} {
		if flag := all[name]; flag == nil {
			t.Errorf("--%s is missing", name)
		} else if flag.Default != value {
			t.Errorf("--%s is %s, not %s", name, flag.Default, value)
		}
	}
}

func TestAServerWithoutFlagsHasTheDefaultsOfTheRules(t *testing.T) {
	_, c := parse(t, "serve")
	rules := c.settings.limits(c.Serve.Rules)
	rules.ServerName = c.Serve.Name
	require.Equal(t, app.DefaultLimits(), rules)
	require.Equal(t, live.DefaultLimits(), c.Serve.Sockets)
	require.Equal(t, server.DefaultLimits(), c.Serve.HTTP)
	require.Equal(t, store.DefaultLimits(), c.Serve.Database)
}

// Whatever a flag can say, its variable can: each setting is given another value
// than its own.
func TestAVariableSetsWhatItsFlagSets(t *testing.T) {
	_, plain := parse(t, "serve")
	for name, flag := range flags(t, "serve") {
		t.Run(name, func(t *testing.T) {
			value := "9"
			switch kind := flag.Target.Interface().(type) {
			case int, int64, float64, string, []string:
			case bool:
				value = map[bool]string{true: "false", false: "true"}[kind]
			default:
				value = map[string]string{"time.Duration": "7s", "*url.URL": "https://seven.example", "slog.Level": "error"}[reflect.TypeOf(kind).String()]
			}
			if name == "log-format" {
				value = "text"
			}
			_, byFlag := parse(t, "serve", "--"+name+"="+value)
			t.Setenv(flag.Envs[0], value)
			_, byVariable := parse(t, "serve")
			require.True(t, reflect.DeepEqual(byFlag.Serve, byVariable.Serve) && reflect.DeepEqual(byFlag.settings, byVariable.settings))
			require.False(t, reflect.DeepEqual(plain, byVariable), "it sets something")
		})
	}
}
