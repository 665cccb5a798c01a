package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"homeroom/app"
	"homeroom/models"
)

type token struct {
	Add tokenAdd `cmd:"" help:"Make a token for a user; it is printed this once."`
}

type tokenAdd struct {
	User    string    `arg:"" help:"Name of the user as whom the token acts."`
	Name    string    `default:"command line" help:"What the token is for (${default})."`
	Scopes  []string  `default:"read,write" enum:"read,write,push,manage" help:"What it may do: read, write, push, manage (${default})."`
	Classes []int64   `help:"Ids of the only classes that it may be used for."`
	Expires time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"Day from which it is no longer good, in UTC; without it, never."`
}

// Run prints the token alone on standard output.
func (t tokenAdd) Run(s *settings) error {
	in := app.NewToken{Name: t.Name, ClassIDs: t.Classes}
	for _, scope := range t.Scopes {
		in.Scopes = append(in.Scopes, models.Scope(scope))
	}
	if !t.Expires.IsZero() {
		at := models.At(t.Expires)
		in.ExpiresAt = &at
	}
	return s.withUser(t.User, func(ctx context.Context, rules *app.App, who app.Person) error {
		made, err := rules.CreateTokenFor(ctx, app.CommandLine(), who.ID, in)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "Token %d of %s\n", made.ID, who.Name)
		printOnce(made.Secret)
		return nil
	})
}
