package app

import (
	"context"

	"homeroom/app/fault"
	"homeroom/models"
)

// Confirmation is the password of who is signed in, once more.
type Confirmation struct {
	Password string `json:"password" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
}

// fresh refuses with fault.ConfirmFirst a session of a teacher's or an admin's
// in which the password was given too long ago: whoever finds the browser open
// must not hand out roles, delete or read everybody's doings. Tokens have no
// password to ask for. A clock that went back makes nothing fresh.
func (a *App) fresh(actor Actor) error {
	if actor.User.Role == models.StudentAccount {
		return nil
	}
	return a.freshOfAny(actor)
}

// freshOfAny is fresh for what a student's session is worth stealing for, too.
func (a *App) freshOfAny(actor Actor) error {
	if actor.SessionID == 0 {
		return nil
	}
	age := a.clock().Sub(actor.ConfirmedAt.Time)
	if age < 0 || age >= a.Limits.ConfirmAfter {
		return fault.ConfirmFirst
	}
	return nil
}

// freshFor is fresh for giving somebody in a class a role: one of the staff's is
// worth stealing.
func (a *App) freshFor(actor Actor, role models.MemberRole) error {
	if !role.Staff() {
		return nil
	}
	return a.fresh(actor)
}

// Confirm notes that whoever sits before the actor's session knows the password,
// so that for Limits.ConfirmAfter nothing asks for it. Wrong ones count as in
// SignIn. Faults: SignInFirst, NotAllowed (a token), WeakPassword (too long to
// be one), WrongPassword, TooManyTries, Busy.
func (a *App) Confirm(ctx context.Context, actor Actor, in Confirmation) error {
	if err := actor.maySitBefore(); err != nil {
		return err
	}
	if err := a.checkPasswordBytes(in.Password); err != nil {
		return err
	}
	try, err := a.reprove(ctx, actor, in.Password)
	if err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		if err := c.stillHas(try); err != nil {
			return err
		}
		stands, err := c.ConfirmSession(actor.SessionID, c.now)
		if err == nil && !stands {
			err = fault.SignInFirst
		}
		c.forgetActors(actor.User.ID)
		return err
	})
}
