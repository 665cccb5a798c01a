package app

import (
	"context"

	"homeroom/app/fault"
	"homeroom/models"
)

// commandLineID stands in the audit for who has the machine in their hands.
const commandLineID = -1

// CommandLine is the actor of the commands: whoever may run them can read the
// database anyway.
func CommandLine() Actor {
	return Actor{User: models.User{ID: commandLineID, Name: "command line", Role: models.Admin}}
}

// mayOnOther lets an admin do to another user what on one's own account takes
// more than a session, which may be a stolen one: instead says what. Faults:
// SignInFirst, NotAllowed, ConfirmFirst.
func (a *App) mayOnOther(actor Actor, id int64, instead string) error {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return err
	}
	if err := a.fresh(actor); err != nil {
		return err
	}
	if id == actor.User.ID {
		return fault.NotAllowed.With(instead)
	}
	return nil
}

// changeUsers runs fn for an admin. That they are one is asked again in the
// transaction: two who demote each other must not both get their way.
func (a *App) changeUsers(ctx context.Context, actor Actor, fn func(*change) error) error {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		if actor.User.ID != commandLineID {
			user, err := c.User(actor.User.ID)
			if err != nil {
				return err
			}
			if user.Role != models.Admin || user.DisabledAt != nil {
				return fault.NotAllowed
			}
			if actor.SessionID != 0 && a.lacksFactor(user) {
				return fault.SecondFactorFirst
			}
		}
		return fn(c)
	})
}

// keepAdmin refuses, after a change to a user who had that role, to be left
// without an admin.
func (c *change) keepAdmin(was models.ServerRole) error {
	if was != models.Admin {
		return nil
	}
	admins, err := c.HasAdmin()
	if err == nil && !admins {
		err = fault.NotAllowed.With("an admin must remain")
	}
	return err
}
