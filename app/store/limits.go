package store

import (
	"fmt"
	"time"
)

// Limits are the numbers of docs/security.md about the database. Each is a flag
// of the command "serve"; the tags give its name, default and help.
type Limits struct {
	Busy       time.Duration `name:"database-busy" default:"5s" help:"How long to wait for another process that writes in the database."`
	Checkpoint int           `name:"database-checkpoint" default:"1000" help:"Pages (4 KiB) in the database's log before they are moved into the database."`
	LogBytes   int           `name:"database-log-bytes" default:"67108864" help:"What the database's log is cut to once it is moved, however large it was."`
}

// DefaultLimits are those of a server started without flags.
func DefaultLimits() Limits {
	return Limits{Busy: 5 * time.Second, Checkpoint: 1000, LogBytes: 64 << 20}
}

// pragma is a setting of a connection, its value as SQLite tells it when asked.
type pragma struct{ name, value string }

func (p pragma) String() string { return p.name + "(" + p.value + ")" }

// busy is the pragma of every connection.
func (l Limits) busy() pragma {
	return pragma{"busy_timeout", fmt.Sprint(l.Busy.Milliseconds())}
}

// writing are the pragmas of a connection that writes. synchronous=FULL is what
// makes "acknowledged" mean "on disk": with NORMAL a power cut loses the newest
// commits of the log.
func (l Limits) writing() []pragma {
	return []pragma{
		{"journal_mode", "wal"},
		{"synchronous", "2"}, // FULL
		l.busy(),
		{"foreign_keys", "1"},
		{"wal_autocheckpoint", fmt.Sprint(l.Checkpoint)},
		{"journal_size_limit", fmt.Sprint(l.LogBytes)},
		{"secure_delete", "1"}, // what is removed is overwritten, not only forgotten
	}
}

// reading are the pragmas of a connection that only reads.
func (l Limits) reading() []pragma { return []pragma{l.busy(), {"query_only", "1"}} }
