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
	Password string `json:"password" writeOnly:"true" format:"password"`
	MyDevice bool   `json:"my_device,omitempty" doc:"The device is one's own: stay signed in for long"`
	Agent    string `json:"-"`
	Address  string `json:"-"`
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
func (a *App) SignUp(ctx context.Context, in SignUp) (signedUp SignedUp, secret string, err error) {
	if !a.Limits.SignUp {
		return signedUp, "", fault.NotAllowed.With("an admin makes the accounts of this server")
	}
	now, address := a.clock(), addressKey(in.Address)
	if err := a.gate.logins.may(address, now); err != nil {
		return signedUp, "", err
	}
	if err := a.gate.tryCode(in.Address, 0, now); err != nil {
		return signedUp, "", err
	}
	if err := a.checkStudentCode(a.reading(ctx), in.Code); err != nil {
		return signedUp, "", err
	}
	account, err := a.newAccount(ctx, in.Name, in.Password, models.StudentAccount)
	if err != nil {
		return signedUp, "", err
	}
	err = a.change(ctx, func(c *change) error {
		user, err := c.createAccount(account)
		if err != nil {
			return err
		}
		if signedUp.Class, err = c.joinByCode(Actor{User: user}, in.Code); err != nil {
			return err
		}
		if signedUp.SignedIn, secret, err = c.openSession(user.ID, in.MyDevice, in.Agent); err != nil {
			return err
		}
		signedUp.Class, err = c.ClassOf(user.ID, signedUp.Class.ID)
		return err
	})
	if err != nil {
		return SignedUp{}, "", err
	}
	a.gate.logins.add(address, now)
	return signedUp, secret, nil
}

// checkStudentCode refuses with fault.CodeInvalid, before anything is said of a
// name or hashed, a code that makes no account. Whether a class still takes it
// is asked in the transaction.
func (a *App) checkStudentCode(q store.Queries, typed string) error {
	code, err := q.JoinCodeByCode(tidyCode(typed))
	if errors.Is(err, fault.NotFound) {
		return fault.CodeInvalid
	}
	if err != nil {
		return err
	}
	if code.Role != models.Student || code.RevokedAt != nil || code.Uses >= code.MaxUses || !code.ExpiresAt.After(a.clock()) {
		return fault.CodeInvalid
	}
	return nil
}
