package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"homeroom/app/doctor"
)

type doctorCmd struct {
	Serve serve `embed:""`
}

// Help is what stands in the help of the command.
func (*doctorCmd) Help() string {
	return "Looks at the data folder and at the settings of the server, which are read from the same flags and environment variables. The server may run meanwhile. Exits with 1 where something fails."
}

// Run prints a line for each check: how it is, what it is about, what to do.
func (d *doctorCmd) Run(s *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	found := doctor.Examine(ctx, doctor.Patient{Data: s.Data, BackupEvery: d.Serve.Backup.Every, BackupDir: d.Serve.Backup.folder(s.Data), Now: time.Now()})
	found = append(found, d.Serve.findings(s.Data)...)
	failed := 0
	for _, f := range found {
		fmt.Println(f)
		if f.Level == doctor.Fail {
			failed++
		}
	}
	switch failed {
	case 0:
		return nil
	case 1:
		return errors.New("one check failed")
	}
	return fmt.Errorf("%d checks failed", failed)
}
