package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"homeroom/app/backup"
	"homeroom/app/store"
)

// backups are the settings of the schedule.
type backups struct {
	Every  time.Duration `default:"1h" help:"How often a backup is made, where anything was written since the last; 0 is never."`
	Dir    string        `type:"path" placeholder:"FOLDER" help:"Folder of the backups, best on another disk; without it, backups in the data folder."`
	Keep   int           `default:"6" help:"How many of the newest of these backups are kept."`
	Days   int           `default:"7" help:"Of how many days the newest of them is kept besides."`
	MaxAge time.Duration `default:"840h" help:"A backup goes when it is older, as what was purged or erased must: 840h is 35 days, 0 is never. The newest stays."`
	Spare  int           `default:"536870912" help:"Bytes that stay free on the disk of the backups: the oldest make room, and where they cannot, none is made."`
}

// keeper is who makes them, nil where nobody is to.
func (b backups) keeper(data string) *backup.Keeper {
	if b.Every <= 0 {
		return nil
	}
	return &backup.Keeper{Data: data, Folder: b.folder(data), Every: b.Every, Keep: b.Keep, Days: b.Days, MaxAge: b.MaxAge, Spare: b.Spare, Version: versionName()}
}

func (b backups) folder(data string) string {
	if b.Dir == "" {
		return filepath.Join(data, backup.Folder)
	}
	return b.Dir
}

type backupCmd struct {
	File  string `arg:"" type:"path" help:"File to write."`
	Force bool   `help:"Overwrite the file if it is there."`
}

// Help is what stands in the help of the command.
func (*backupCmd) Help() string {
	return "The file holds everything: the database, files and keys. The server may run meanwhile. Only the owner may read the file; keep it as safe as the data folder."
}

// Run writes a backup and says what is in it.
func (b *backupCmd) Run(s *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	start := time.Now()
	m, err := backup.Write(ctx, backup.Job{Data: s.Data, To: b.File, Force: b.Force, Version: versionName()})
	if err != nil {
		return err
	}
	fmt.Printf("Backed up to %s in %v: %s\n", b.File, time.Since(start).Round(time.Millisecond), inWords(m.Contents))
	if len(m.Missing) > 0 {
		fmt.Printf("%d files that the database names were not there: homeroom doctor\n", len(m.Missing))
	}
	return nil
}

type restoreCmd struct {
	File string `arg:"" type:"existingfile" help:"Backup to restore."`
}

// Help is what stands in the help of the command.
func (*restoreCmd) Help() string {
	return "The folder given with --data must be empty or not be there. Everything is checked before anything appears in it."
}

// Run restores a backup and says what it held.
func (r *restoreCmd) Run(s *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	lock, err := lockData(s.Data) // no server starts on half of it
	if err != nil {
		return err
	}
	defer lock.Close()
	start := time.Now()
	m, err := backup.Restore(ctx, r.File, s.Data)
	if err != nil {
		return err
	}
	fmt.Printf("Restored into %s in %v: %s. Made on %s by Homeroom %s, every file as it was then.\n",
		s.Data, time.Since(start).Round(time.Millisecond), inWords(m.Contents), m.At.Format(time.RFC3339), m.Version)
	return nil
}

func inWords(c store.Contents) string {
	newest := "no event yet"
	if !c.Newest.IsZero() {
		newest = "the newest event of " + c.Newest.Format(time.RFC3339)
	}
	return fmt.Sprintf("%d users, %d classes, %d messages, %s", c.Users, c.Classes, c.Messages, newest)
}
