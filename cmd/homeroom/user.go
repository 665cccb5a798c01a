package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"homeroom/app"
	"homeroom/app/bus"
	"homeroom/app/store"
	"homeroom/models"
)

type user struct {
	Add      userAdd      `cmd:"" help:"Make an account."`
	Password userPassword `cmd:"" help:"Give a user a phrase to choose another password with, or a password, and sign them out everywhere."`
	Factor   userFactor   `cmd:"" name:"second-factor" help:"Tell whether a user has a second factor, or take it off."`
	List     userList     `cmd:"" help:"List the accounts."`
	Export   userExport   `cmd:"" help:"Write everything that is kept of a person into a file."`
	Erase    userErase    `cmd:"" help:"Erase a person: account, name, and what they said. It cannot be undone."`
}

// withRules runs fn over the database. A server may run on it meanwhile: it
// notices within a second what a command changes of an account.
func (s *settings) withRules(fn func(context.Context, *app.App) error) error {
	ctx := context.Background()
	db, err := store.Open(ctx, s.Data)
	if err != nil {
		return err
	}
	announcements := bus.NewMemory()
	defer announcements.Close()
	return errors.Join(fn(ctx, app.New(db, announcements, s.limits(app.DefaultLimits()), time.Now)), db.Close())
}

// withUser is withRules for what concerns one user.
func (s *settings) withUser(name string, fn func(context.Context, *app.App, app.Person) error) error {
	return s.withRules(func(ctx context.Context, rules *app.App) error {
		who, err := rules.UserNamed(ctx, app.CommandLine(), name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return fn(ctx, rules, who)
	})
}

type userAdd struct {
	Name          string `arg:"" help:"Name to sign in with."`
	Role          string `default:"student" enum:"admin,teacher,student" help:"admin, teacher or student (${default})."`
	Email         string `help:"Address, optional."`
	PasswordStdin bool   `help:"Read the password from standard input instead of making one up."`
}

// Run prints the password that was made up, if one was.
func (u userAdd) Run(s *settings) error {
	in := app.NewUser{Name: u.Name, Role: models.ServerRole(u.Role)}
	if u.Email != "" {
		in.Email = &u.Email
	}
	if u.PasswordStdin {
		password, err := readPassword(os.Stdin)
		if err != nil {
			return err
		}
		in.Password = &password
	}
	return s.withRules(func(ctx context.Context, rules *app.App) error {
		created, err := rules.CreateUser(ctx, app.CommandLine(), in)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s is user %d, %s\n", created.User.Name, created.User.ID, created.User.Role)
		printOnce(created.Password)
		return nil
	})
}

type userPassword struct {
	Name          string `arg:"" help:"Name of the user."`
	PasswordStdin bool   `help:"Read the password from standard input instead of making one up."`
}

// Run prints the phrase that was made up, if one was.
func (u userPassword) Run(s *settings) error {
	password := ""
	if u.PasswordStdin {
		var err error
		if password, err = readPassword(os.Stdin); err != nil {
			return err
		}
	}
	return s.withUser(u.Name, func(ctx context.Context, rules *app.App, who app.Person) error {
		if u.PasswordStdin {
			return rules.SetPassword(ctx, app.CommandLine(), who.ID, password)
		}
		phrase, err := rules.ResetPassword(ctx, app.CommandLine(), who.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s signs in with it once, until %s, and chooses a password then.\n", who.Name, phrase.ExpiresAt.Local().Format(time.DateTime))
		printOnce(phrase.Password)
		return nil
	})
}

type userFactor struct {
	Name string `arg:"" help:"Name of the user."`
	Off  bool   `help:"Take it off and sign the user out everywhere."`
}

// Run prints since when there is one.
func (u userFactor) Run(s *settings) error {
	return s.withUser(u.Name, func(ctx context.Context, rules *app.App, who app.Person) error {
		if !u.Off {
			fmt.Println(day(who.SecondFactorAt))
			return nil
		}
		if err := rules.TakeOffSecondFactor(ctx, app.CommandLine(), who.ID); err != nil {
			return fmt.Errorf("%s: %w", u.Name, err)
		}
		fmt.Fprintf(os.Stderr, "%s signs in with the password alone\n", who.Name)
		return nil
	})
}

type userList struct{}

// Run prints the accounts by id.
func (userList) Run(s *settings) error {
	return s.withRules(func(ctx context.Context, rules *app.App) error {
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(out, "ID\tNAME\tROLE\tMADE\tDISABLED")
		for after := int64(0); ; {
			people, err := rules.Users(ctx, app.CommandLine(), "", after, app.MostPerPage)
			if err != nil {
				return err
			}
			for _, p := range people {
				fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\n", p.ID, p.Name, p.Role, day(p.CreatedAt), day(p.DisabledAt))
				after = p.ID
			}
			if len(people) < app.MostPerPage {
				return out.Flush()
			}
		}
	})
}

type userExport struct {
	Name string `arg:"" help:"Name of the user."`
	File string `arg:"" type:"path" help:"File to write; there must be none of that name."`
}

// Help is what stands in the help of the command.
func (*userExport) Help() string {
	return "A JSON document, readable by its owner alone: account, memberships, what the person said and what that said before, reactions, sign-ins, and what was noted of them. Nothing that others said. It is noted."
}

// Run leaves no file where it fails.
func (u userExport) Run(s *settings) error {
	return s.withUser(u.Name, func(ctx context.Context, rules *app.App, who app.Person) (err error) {
		file, err := os.OpenFile(u.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		defer func() {
			if err = errors.Join(err, file.Close()); err != nil {
				err = errors.Join(fmt.Errorf("export: %w", err), os.Remove(u.File))
			}
		}()
		write, err := rules.ExportUser(ctx, app.CommandLine(), who.ID)
		if err != nil {
			return err
		}
		buffered := bufio.NewWriter(file)
		return errors.Join(write(ctx, buffered), buffered.Flush(), file.Sync())
	})
}

type userErase struct {
	Name      string `arg:"" help:"Name of the user."`
	KeepTexts bool   `help:"Keep what they said, under the name of a former member."`
}

// Help is what stands in the help of the command.
func (*userErase) Help() string {
	return "The account, its name and its sign-ins are gone at once. Where a server runs on the folder, it does the rest within a minute: it tells the classes, and empties the messages. Backups of before hold all of it until they are deleted; the server deletes its own after --backup-max-age, 35 days by default."
}

// Run erases what a running server would have to be told of only where there is
// none: nobody else numbers events.
func (u userErase) Run(s *settings) error {
	lock, err := lockFile(filepath.Join(s.Data, "lock"))
	alone := err == nil
	if alone {
		defer lock.Close()
	} else if !errors.Is(err, errLocked) {
		return fmt.Errorf("data folder: %w", err)
	}
	return s.withUser(u.Name, func(ctx context.Context, rules *app.App, who app.Person) error {
		erased, err := rules.EraseUser(ctx, app.CommandLine(), who.ID, app.Erasure{KeepTexts: u.KeepTexts})
		if err != nil {
			return err
		}
		if !alone {
			fmt.Printf("%s is %s. The server that runs does the rest within a minute.\n", u.Name, erased.Name)
			return nil
		}
		if err := rules.FinishErasures(ctx); err != nil {
			return err
		}
		fmt.Printf("%s is %s.\n", u.Name, erased.Name)
		return nil
	})
}

func day(t *models.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.DateOnly)
}

// readPassword reads all there is, without the line break that echo and editors
// put at the end; nothing else is trimmed.
func readPassword(from io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(from, 4096))
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
}

// printOnce prints a secret alone on standard output, so that it can be piped;
// what is said of it goes to standard error.
func printOnce(secret string) {
	if secret != "" {
		fmt.Fprintln(os.Stderr, "Shown this once:")
		fmt.Println(secret)
	}
}
