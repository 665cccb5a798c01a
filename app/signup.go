package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// SignUp is what somebody with a join code gives who has no account yet, and
// what the door adds.
type SignUp struct {
	Code     string `json:"code" maxLength:"100" example:"7KQ2-M9XT"`
	Name     string `json:"name" example:"Bob Ray"`
	Password string `json:"password" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
	MyDevice bool   `json:"my_device,omitempty" doc:"The device is one's own: stay signed in for long"`
	Agent    string `json:"-"`
	Address  string `json:"-"`
	Device   string `json:"-"`
}

// SignedUp is who is signed in for the first time, and the class that they are
// in.
type SignedUp struct {
	SignedIn
	Class models.Class `json:"class"`
}

// SignUp makes a student's account with a join code, joins its class and signs
// in: all of it, or nothing. Only codes that make students open accounts, so
// that a teacher's code that leaks lets in nobody who has none. Faults:
// NotAllowed (not offered here), TooManyTries, CodeInvalid, Malformed,
// TextTooLong, WeakPassword, Exists, Busy.
func (a *App) SignUp(ctx context.Context, in SignUp) (signedUp SignedUp, secrets Secrets, err error) {
	if !a.Limits.SignUp {
		return signedUp, secrets, fault.NotAllowed.With("an admin makes the accounts of this server")
	}
	var class models.Class
	err = a.gate.tryCode(in.Address, 0, a.clock(), func() error {
		class, err = a.classOfCode(a.reading(ctx), in.Code)
		return err
	})
	if err != nil {
		return signedUp, secrets, err
	}
	account, err := a.newAccount(ctx, in.Name, in.Password, models.StudentAccount, class.Name)
	if err != nil {
		return signedUp, secrets, err
	}
	err = a.change(ctx, func(c *change) error {
		user, err := c.createAccount(account)
		if err != nil {
			return err
		}
		if signedUp.Class, err = c.joinByCode(Actor{User: user}, in.Code); err != nil {
			return err
		}
		if signedUp.SignedIn, secrets, err = c.openSession(user.ID, in.MyDevice, in.Agent, in.Device); err != nil {
			return err
		}
		signedUp.Class, err = c.ClassOf(user.ID, signedUp.Class.ID)
		return err
	})
	if err != nil {
		return SignedUp{}, Secrets{}, err
	}
	return signedUp, secrets, nil
}

// classOfCode returns the class that a code lets students into, and refuses with
// fault.CodeInvalid, before anything is said of a name or hashed, a code that
// makes no account. Whether a class still takes it is asked again in the
// transaction.
func (a *App) classOfCode(q store.Queries, typed string) (models.Class, error) {
	code, err := q.JoinCodeByCode(tidyCode(typed))
	if errors.Is(err, fault.NotFound) {
		return models.Class{}, fault.CodeInvalid
	}
	if err != nil {
		return models.Class{}, err
	}
	if code.Role != models.Student || code.RevokedAt != nil || code.Uses >= code.MaxUses || !code.ExpiresAt.After(a.clock()) {
		return models.Class{}, fault.CodeInvalid
	}
	class, err := q.Class(code.ClassID)
	if err == nil && (class.DeletedAt != nil || class.ArchivedAt != nil) {
		err = fault.CodeInvalid
	}
	return class, err
}
