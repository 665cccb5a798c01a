package app

import (
	"context"

	"homeroom/app/fault"
	"homeroom/models"
)

// Stats is how the server fares: now, and in steps of the last hour.
type Stats struct {
	Now   StatsNow    `json:"now"`
	Step  int         `json:"step" example:"10" doc:"Seconds of a step"`
	Steps []StatsStep `json:"steps" nullable:"false" doc:"The last 60 minutes, the oldest first; fewer where the server runs for less"`
}

// StatsNow is what there is now, and what has been since the start.
type StatsNow struct {
	At            models.Time  `json:"at" format:"date-time"`
	Since         models.Time  `json:"since" format:"date-time" doc:"When the server started"`
	Version       string       `json:"version" example:"v1.0.0"`
	Connections   int          `json:"connections"`
	Classic       int          `json:"classic" doc:"Connections of the classic dialect"`
	UsersOnline   int          `json:"users_online" doc:"Users with a connection"`
	ClassesInUse  int          `json:"classes_in_use" doc:"Classes that somebody listens to"`
	Sends         int64        `json:"sends" doc:"Messages stored since the start"`
	Deliveries    int64        `json:"deliveries" doc:"Events told to a connection since the start"`
	SignInsFailed int64        `json:"sign_ins_failed" doc:"Sign-ins refused since the start"`
	TooSlow       int64        `json:"too_slow" doc:"Connections closed since the start because they read too slowly"`
	Memory        int64        `json:"memory" doc:"Bytes that the process has of the system"`
	Goroutines    int          `json:"goroutines"`
	Database      int64        `json:"database" doc:"Bytes of the database"`
	DatabaseLog   int64        `json:"database_log" doc:"Bytes of the database's log"`
	DiskFree      int64        `json:"disk_free" doc:"Bytes that may still be written"`
	LastBackup    *models.Time `json:"last_backup,omitempty" format:"date-time" doc:"The last good backup; absent where none was made"`
}

// StatsStep is what happened in one step.
type StatsStep struct {
	At            models.Time `json:"at" format:"date-time" doc:"The end of the step"`
	Connections   int         `json:"connections"`
	Sends         float64     `json:"sends" doc:"Messages stored, a second"`
	Deliveries    float64     `json:"deliveries" doc:"Events told to a connection, a second"`
	CommitMS      float64     `json:"commit_ms" doc:"99 of 100 transactions took no longer, in milliseconds; 0 where there were none"`
	CommitSize    float64     `json:"commit_size" doc:"Messages and other changes that shared a transaction, on average; 0 where there were none"`
	LagMS         float64     `json:"lag_ms" doc:"99 of 100 events were told no later after their commit, in milliseconds; 0 where there were none"`
	TooSlow       int64       `json:"too_slow" doc:"Connections closed because they read too slowly"`
	SignInsFailed int64       `json:"sign_ins_failed" doc:"Sign-ins refused"`
	Memory        int64       `json:"memory" doc:"Bytes that the process has of the system"`
	Goroutines    int         `json:"goroutines"`
}

// Watch names who knows how the server fares.
func (a *App) Watch(f func() Stats) { a.watcher.Store(&f) }

// Stats tells an admin how the server fares. Faults: SignInFirst, NotAllowed,
// Unavailable (nobody watches).
func (a *App) Stats(_ context.Context, actor Actor) (Stats, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return Stats{}, err
	}
	watcher := a.watcher.Load()
	if watcher == nil {
		return Stats{}, fault.Unavailable
	}
	return (*watcher)(), nil
}
