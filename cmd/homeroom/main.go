// Command homeroom is the server and its tools.
package main

import (
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"homeroom/app"
)

// commands are all there are: each has a file, and a line here.
type commands struct {
	settings

	Serve   serve      `cmd:"" default:"withargs" help:"Run the server. The default."`
	User    user       `cmd:"" help:"Make, list and reset accounts."`
	Token   token      `cmd:"" help:"Make tokens for scripts."`
	Demo    demoCmd    `cmd:"" help:"Fill an empty folder with a made-up school, to look at or to measure."`
	Backup  backupCmd  `cmd:"" help:"Write everything into one file, while the server runs."`
	Restore restoreCmd `cmd:"" help:"Bring a backup back, into an empty folder."`
	Doctor  doctorCmd  `cmd:"" help:"Look for what is wrong with the data folder and the settings."`
	Migrate migrate    `cmd:"" help:"Bring the database up to date without running the server."`
	OpenAPI openAPI    `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
	Bench   benchCmd   `cmd:"" help:"Measure what the server costs, beside a floor."`
	Version versionCmd `cmd:"" help:"Print the version."`
	Hash    hashCmd    `cmd:"" name:"hash-passwords" hidden:""`
}

// settings are those of every command.
type settings struct {
	Data      string     `default:"data" type:"path" placeholder:"FOLDER" help:"Folder of the database (${default})."`
	LogLevel  slog.Level `default:"info" help:"Least level that is logged: debug, info, warn or error."`
	LogFormat string     `default:"json" enum:"json,text" help:"How the log on standard error is written: json or text."`

	Passwords app.Passwords `embed:"" group:"Passwords:"`
}

const about = `Group chat for classes. Every setting is a flag and an environment variable: HOMEROOM_LISTEN is --listen.`

var options = []kong.Option{kong.Name("homeroom"), kong.Description(about), kong.DefaultEnvars("HOMEROOM"), kong.UsageOnError()}

func main() {
	var c commands
	k := kong.Parse(&c, options...)
	slog.SetDefault(c.settings.log())
	if k.Command() == "serve" {
		calmTimers()
	}
	k.FatalIfErrorf(k.Run(&c.settings))
}

// limits are rules with the settings that every command shares.
func (s *settings) limits(rules app.Limits) app.Limits {
	name := rules.ServerName
	rules.Passwords = s.Passwords
	rules.ServerName = name
	return rules
}

// log is the log that the settings ask for. Both forms escape control
// characters: no name can fake a line.
func (s *settings) log() *slog.Logger {
	options := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(os.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, options))
}
