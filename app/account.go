package app

import (
	"context"
	"errors"
	"net/mail"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// account is a user with the hash of a password that was found good.
type account struct {
	user models.User
	hash string
}

// newAccount checks what an account, of somebody in classes with those names, is
// to be made of, before any transaction: hashing takes its time. Faults: Malformed, TextTooLong, WeakPassword, Exists,
// Busy.
func (a *App) newAccount(ctx context.Context, name, password string, role models.ServerRole, classes ...string) (account, error) {
	name, err := a.cleanName("name", name)
	if err != nil {
		return account{}, err
	}
	if err := a.checkPassword(password, name, role, classes...); err != nil {
		return account{}, err
	}
	if _, err := a.reading(ctx).UserByKey(nameKey(name)); !errors.Is(err, fault.NotFound) {
		if err == nil {
			err = nameTaken
		}
		return account{}, err
	}
	hash, err := a.gate.hash(ctx, password)
	return account{user: models.User{Name: name, NameKey: nameKey(name), Role: role}, hash: hash}, err
}

var nameTaken = fault.Exists.With("the name is taken")

// createAccount stores an account. The fault is Exists.
func (c *change) createAccount(a account) (models.User, error) {
	user := a.user
	user.CreatedAt = c.now
	if err := c.CreateUser(&user); errors.Is(err, store.ErrDuplicate) {
		return user, nameTaken
	} else if err != nil {
		return user, err
	}
	user.Hue = int(user.ID % 12)
	if err := c.UpdateUser(user.ID, store.Change{"hue": user.Hue}); err != nil {
		return user, err
	}
	return user, c.PutCredential(&models.Credential{UserID: user.ID, PasswordHash: a.hash, ChangedAt: c.now})
}

// ResetPassword gives a user a made-up password, returned this once, and signs
// them out everywhere; admins may. It ends the waiting after wrong passwords,
// too. Faults: SignInFirst, NotAllowed, ConfirmFirst, NotFound, Busy.
func (a *App) ResetPassword(ctx context.Context, actor Actor, id int64) (string, error) {
	password := NewPhrase()
	if err := a.SetPassword(ctx, actor, id, password); err != nil {
		return "", err
	}
	return password, nil
}

// SetPassword is ResetPassword with a password that the admin chose. Faults:
// those of ResetPassword, WeakPassword.
func (a *App) SetPassword(ctx context.Context, actor Actor, id int64, password string) error {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return err
	}
	if err := a.fresh(actor); err != nil {
		return err
	}
	if id == actor.User.ID {
		// Else a stolen session would be enough to take the account for good.
		return fault.NotAllowed.With("change your own password with the one you have")
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
		if err := c.putPassword(id, hash, 0); err != nil {
			return err
		}
		// One of them may be whose password it was that became known.
		if err := c.DeleteDevices(id); err != nil {
			return err
		}
		return c.note(actor, "user.password.reset", 0, id, "")
	})
}

// putPassword replaces a password and ends the sessions opened with the one
// before, but the session except.
func (c *change) putPassword(userID int64, hash string, except int64) error {
	if err := c.PutCredential(&models.Credential{UserID: userID, PasswordHash: hash, ChangedAt: c.now}); err != nil {
		return err
	}
	return c.signOutEverywhere(bus.Ended{UserID: userID, Except: except})
}

func checkRole(role models.ServerRole) error {
	switch role {
	case models.Admin, models.Teacher, models.StudentAccount:
		return nil
	}
	return fault.Malformed.With("no such role")
}

// tidyEmail refuses with fault.Malformed what is no address, and makes nothing
// of an empty one.
func tidyEmail(email *string) (*string, error) {
	if email == nil || *email == "" {
		return nil, nil
	}
	address, err := mail.ParseAddress(*email)
	if err != nil || address.Address != *email || len(*email) > 254 {
		return nil, fault.Malformed.With("email is not an address")
	}
	return email, nil
}
