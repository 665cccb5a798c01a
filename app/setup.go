package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/models"
)

// FirstAdmin is what the first admin gives, and what the door adds.
type FirstAdmin struct {
	Token    string `json:"token" writeOnly:"true" maxLength:"100" doc:"From the set-up link that the server printed" example:"token-of-the-link"`
	Name     string `json:"name" example:"Ada Park"`
	Password string `json:"password" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
	Agent    string `json:"-"`
	Address  string `json:"-"`
	Device   string `json:"-"`
}

// NeedsSetup tells whether nobody can manage the server yet.
func (a *App) NeedsSetup(ctx context.Context) (bool, error) {
	has, err := a.reading(ctx).HasAdmin()
	return !has && err == nil, err
}

// NewSetupLink makes the secret that lets one person become the first admin,
// once, and ends those made before. The fault is Exists where there is an
// admin.
func (a *App) NewSetupLink(ctx context.Context) (string, error) {
	secret := newSecret("")
	err := a.change(ctx, func(c *change) error {
		if has, err := c.HasAdmin(); err != nil {
			return err
		} else if has {
			return fault.Exists.With("there is an admin")
		}
		return c.CreateSetup(&models.Setup{
			SecretHash: secretHash(secret), ExpiresAt: models.At(c.now.Add(a.Limits.SetupLink)),
		})
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Setup makes the first admin and signs them in. However many try at once, one
// does. Faults: TooManyTries, CodeInvalid, Malformed, TextTooLong,
// WeakPassword, Exists, Busy.
func (a *App) Setup(ctx context.Context, in FirstAdmin) (signedIn SignedIn, secrets Secrets, err error) {
	err = a.gate.tryCode(in.Address, 0, a.clock(), func() error {
		_, err := checkSetup(a.reading(ctx), in.Token, a.now())
		return err
	})
	if err != nil {
		return signedIn, secrets, err
	}
	account, err := a.newAccount(ctx, in.Name, in.Password, models.Admin)
	if err != nil {
		return signedIn, secrets, err
	}
	err = a.change(ctx, func(c *change) error {
		setup, err := checkSetup(c, in.Token, c.now)
		if err != nil {
			return err
		}
		if err := c.UseSetup(setup.ID, c.now); err != nil {
			return err
		}
		user, err := c.createAccount(account)
		if err != nil {
			return err
		}
		if err := c.note(Actor{User: user}, "server.setup", 0, user.ID, ""); err != nil {
			return err
		}
		signedIn, secrets, err = c.openSession(user.ID, false, in.Agent, in.Device)
		return err
	})
	if err != nil {
		return SignedIn{}, Secrets{}, err
	}
	return signedIn, secrets, nil
}

// setups is what both a reader and a transaction know of set-up links.
type setups interface {
	SetupBySecret(hash []byte) (models.Setup, error)
	HasAdmin() (bool, error)
}

// checkSetup refuses with fault.CodeInvalid every link that is not good now.
// Once there is an admin, however they came to be, none is.
func checkSetup(q setups, token string, now models.Time) (models.Setup, error) {
	setup, err := q.SetupBySecret(secretHash(token))
	if errors.Is(err, fault.NotFound) {
		return setup, fault.CodeInvalid
	}
	if err != nil {
		return setup, err
	}
	has, err := q.HasAdmin()
	if err != nil {
		return setup, err
	}
	if has || setup.UsedAt != nil || !setup.ExpiresAt.After(now.Time) {
		return setup, fault.CodeInvalid
	}
	return setup, nil
}
