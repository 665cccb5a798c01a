package app

import (
	"context"
	"errors"
	"net/mail"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// account is a user with the hash of a password that was found good.
type account struct {
	user models.User
	hash string
}

// newAccount checks what an account, of somebody in classes with those names,
// is to be made of, before any transaction: hashing takes its time. Faults:
// Malformed, TextTooLong, WeakPassword, Exists, Busy.
func (a *App) newAccount(ctx context.Context, name, password string, role models.ServerRole, classes ...string) (account, error) {
	name, err := a.cleanUserName(name)
	if err != nil {
		return account{}, err
	}
	user := models.User{Name: name, NameKey: nameKey(name), Role: role}
	if err := a.checkPassword(password, user, classes...); err != nil {
		return account{}, err
	}
	if _, err := a.reading(ctx).UserByKey(user.NameKey); !errors.Is(err, fault.NotFound) {
		if err == nil {
			err = nameTaken
		}
		return account{}, err
	}
	hash, err := a.gate.hash(ctx, password)
	return account{user: user, hash: hash}, err
}

var (
	nameTaken = fault.Exists.With("the name is taken")
	wasErased = fault.NotAllowed.With("the account was erased")
)

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
