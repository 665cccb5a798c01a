package app

import (
	"context"
	"errors"
	"time"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/models"
)

// Phrase is the phrase of a reset: it signs in once, and only to choose a
// password.
type Phrase struct {
	Password  string      `json:"password" example:"lantern-ferry-moss-bagel" doc:"Shown this once"`
	ExpiresAt models.Time `json:"expires_at" format:"date-time" doc:"Good until then, for one sign-in with a new password"`
}

// ResetPassword gives a user a phrase, returned this once, signs them out
// everywhere and ends their tokens; admins may. It ends the waiting after wrong
// passwords, too. Faults: SignInFirst, NotAllowed, ConfirmFirst, NotFound, TooManyTries, Busy.
func (a *App) ResetPassword(ctx context.Context, actor Actor, id int64) (Phrase, error) {
	phrase := Phrase{Password: NewPhrase()}
	err := a.setPassword(ctx, actor, id, phrase.Password, func(c *change, credential *models.Credential) error {
		credential.Reset = true
		phrase.ExpiresAt = models.At(c.now.Add(a.Limits.ResetPhrase))
		return c.mayReset(id)
	})
	if err != nil {
		return Phrase{}, err
	}
	return phrase, nil
}

// SetPassword is ResetPassword with a password that the admin chose, and that
// stays. Faults: those of ResetPassword, but TooManyTries; WeakPassword.
func (a *App) SetPassword(ctx context.Context, actor Actor, id int64, password string) error {
	return a.setPassword(ctx, actor, id, password, func(*change, *models.Credential) error { return nil })
}

func (a *App) setPassword(ctx context.Context, actor Actor, id int64, password string, as func(*change, *models.Credential) error) error {
	if err := a.mayOnOther(actor, id, "change your own password with the one you have"); err != nil {
		return err
	}
	user, err := a.reading(ctx).User(id)
	if err != nil {
		return err
	}
	if err := a.checkPasswordOf(ctx, user, password); err != nil {
		return err
	}
	hash, err := a.gate.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.changeUsers(ctx, actor, func(c *change) error {
		credential := models.Credential{UserID: id, PasswordHash: hash}
		if err := as(c, &credential); err != nil {
			return err
		}
		if err := c.putPassword(credential, 0); err != nil {
			return err
		}
		// One of them may be whose password it was that became known, or have made
		// a token with it.
		if err := errors.Join(c.DeleteDevices(id), c.DeleteTokens(id)); err != nil {
			return err
		}
		return c.note(actor, "user.password.reset", 0, id, "")
	})
}

// mayReset refuses with fault.TooManyTries an account that was reset too often
// in the last hour. What was noted is counted: commands reset beside the server.
func (c *change) mayReset(id int64) error {
	most := c.app.Limits.Resets
	resets, err := c.Resets(id, most)
	if err != nil || len(resets) < most {
		return err
	}
	wait := time.Hour
	if most > 0 {
		wait -= c.now.Sub(resets[most-1].At.Time)
	}
	if wait > 0 {
		return fault.TooManyTries.After(min(wait, time.Hour))
	}
	return nil
}

// putPassword replaces a password and ends the sessions opened with the one
// before, but the session except. The fault is NotAllowed where there is nobody
// any more.
func (c *change) putPassword(credential models.Credential, except int64) error {
	if user, err := c.User(credential.UserID); err != nil {
		return err
	} else if user.ErasedAt != nil {
		return wasErased
	}
	credential.ChangedAt = c.now
	if err := c.PutCredential(&credential); err != nil {
		return err
	}
	return c.signOutEverywhere(bus.Ended{UserID: credential.UserID, Except: except})
}

// inTime tells whether a password is good now: the phrase of a reset is not for
// long.
func (a *App) inTime(credential models.Credential) bool {
	return !credential.Reset || a.clock().Before(credential.ChangedAt.Add(a.Limits.ResetPhrase))
}

// choose checks what who signs in with the phrase of a reset wants for a
// password, and returns its hash; nothing where the password is no phrase. There
// is no session with a phrase. Faults: NewPasswordNeeded, Malformed (chosen,
// without a phrase), WeakPassword, Busy.
func (a *App) choose(ctx context.Context, try attempt, in SignIn) (hash string, err error) {
	switch {
	case !try.phrase && in.New == "":
		return "", nil
	case !try.phrase:
		return "", fault.Malformed.With("new_password: the password is no phrase of a reset")
	case in.New == "":
		return "", fault.NewPasswordNeeded
	case in.New == in.Password:
		return "", fault.WeakPassword.With("it is the phrase, which others have seen")
	}
	user, err := a.reading(ctx).User(try.userID)
	if err != nil {
		return "", err
	}
	if err := a.checkPasswordOf(ctx, user, in.New); err != nil {
		return "", err
	}
	return a.gate.hash(ctx, in.New)
}

// stillHas refuses with fault.WrongPassword, in the transaction that acts upon
// it, a password that was found right and was replaced since, while another was
// hashed: of two who come with one phrase one enters, and nobody undoes a reset
// with what it has ended.
func (c *change) stillHas(try attempt) error {
	credential, err := c.Credential(try.userID)
	if err == nil && credential.PasswordHash != try.hash {
		err = fault.WrongPassword
	}
	return err
}

// takePassword puts, in the transaction that signs in, the password with the hash
// chosen in the place of a phrase.
func (c *change) takePassword(try attempt, chosen string) error {
	if chosen == "" {
		return nil
	}
	// No session is there to be ended: the reset did, and the phrase opens none.
	if err := c.PutCredential(&models.Credential{UserID: try.userID, PasswordHash: chosen, ChangedAt: c.now}); err != nil {
		return err
	}
	return c.note(Actor{User: models.User{ID: try.userID}}, "user.password.changed", 0, try.userID, "")
}
