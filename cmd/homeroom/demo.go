package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"homeroom/app/demo"
)

type demoCmd struct {
	demo.Size `embed:""`
	Tokens    string `type:"path" placeholder:"FILE" help:"Write a line of JSON for each membership, in the order of the classes, with a token of the user's: {user_id, name, token, role, class_id, thread_ids}. Whoever has the file can act as anybody in it."`
}

// Help is what stands in the help of the command.
func (*demoCmd) Help() string {
	return "The folder given with --data must be empty. Each person has one token, for reading and writing; that of who teaches or assists is for managing, too."
}

// Run fills the folder and says who can sign in.
func (d *demoCmd) Run(set *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := mustBeEmpty(set.Data); err != nil {
		return err
	}
	lock, err := lockData(set.Data)
	if err != nil {
		return err
	}
	defer lock.Close()
	var tokens *os.File
	if d.Tokens != "" {
		if tokens, err = openTokens(d.Tokens); err != nil {
			return err
		}
		defer tokens.Close()
	}
	began := time.Now()
	school, err := demo.Fill(ctx, set.Data, d.Size, began)
	if err != nil {
		return err
	}
	if tokens != nil {
		if err := writeTokens(tokens, school.Memberships); err != nil {
			return err
		}
	}
	fmt.Printf("%d classes, %d memberships and %d messages in %.1f s. Shown this once, to sign in with:\n",
		d.Classes, len(school.Memberships), d.Messages, time.Since(began).Seconds())
	for _, l := range school.Logins {
		fmt.Printf("  %-8s %s, password %s\n", l.Is, l.Name, l.Password)
	}
	return nil
}

// mustBeEmpty keeps a made-up school out of a real one.
func mustBeEmpty(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("the data folder %s is not empty: choose another with --data", folder)
	}
	return nil
}

// openTokens opens the file for its owner alone, even where it stood there for
// others to read.
func openTokens(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--tokens: %w", err)
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		if err := file.Chmod(0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("--tokens: %w", err), file.Close())
		}
	}
	return file, nil
}

func writeTokens(file *os.File, memberships []demo.Membership) error {
	lines := bufio.NewWriter(file)
	encoder := json.NewEncoder(lines)
	for _, m := range memberships {
		if err := encoder.Encode(m); err != nil {
			return fmt.Errorf("--tokens: %w", err)
		}
	}
	return errors.Join(lines.Flush(), file.Close())
}
