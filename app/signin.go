package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"homeroom/app/fault"
	"homeroom/models"
)

// SignIn is what somebody gives who wants in, and what the door adds.
type SignIn struct {
	Name     string `json:"name" maxLength:"1000" example:"Ann Lee"`
	Password string `json:"password" writeOnly:"true" format:"password"`
	MyDevice bool   `json:"my_device,omitempty" doc:"The device is one's own: stay signed in for long"`
	Agent    string `json:"-"` // the browser's name
	Address  string `json:"-"` // where the request came from
}

// SignedIn is who is signed in, and through what.
type SignedIn struct {
	User    models.User    `json:"user"`
	Session models.Session `json:"session"`
}

// failing is the beat at which failed sign-ins are answered. A name that exists
// takes other steps than one that does not, in the cache, the database and on
// the disk; on the beat they all take the same time.
const failing = 100 * time.Millisecond

// SignIn opens a session and returns the secret of its cookie. Whether the name
// is unknown, the account disabled or the password wrong, the answer is the
// same. Faults: WeakPassword (too long to be one), WrongPassword, TooManyTries,
// Busy.
func (a *App) SignIn(ctx context.Context, in SignIn) (signedIn SignedIn, secret string, err error) {
	if err := checkPasswordBytes(in.Password); err != nil {
		return signedIn, "", err
	}
	now, address := a.clock(), addressKey(in.Address)
	if err := a.gate.failures.may(address, now); err != nil {
		return signedIn, "", err
	}
	if err := a.gate.logins.may(address, now); err != nil {
		return signedIn, "", err
	}
	beat := time.NewTicker(failing)
	defer beat.Stop()
	user, err := a.prove(ctx, address, in.Name, in.Password)
	if err != nil {
		return signedIn, "", onBeat(ctx, beat, err)
	}
	signedIn.User = user
	err = a.change(ctx, func(c *change) error {
		if err := c.forgiveFailures(user.ID); err != nil {
			return err
		}
		signedIn, secret, err = c.openSession(user.ID, in.MyDevice, in.Agent)
		return err
	})
	if err != nil {
		return SignedIn{}, "", onBeat(ctx, beat, err)
	}
	a.gate.logins.add(address, now)
	return signedIn, secret, nil
}

// onBeat returns err at the next beat.
func onBeat(ctx context.Context, beat *time.Ticker, err error) error {
	select {
	case <-beat.C: // one that passed meanwhile
	default:
	}
	select {
	case <-beat.C:
	case <-ctx.Done():
	}
	return err
}

// prove finds the user whose name and password these are. Faults:
// WrongPassword, TooManyTries, Busy.
func (a *App) prove(ctx context.Context, address, name, password string) (models.User, error) {
	done, err := a.gate.slot(ctx)
	if err != nil {
		return models.User{}, err
	}
	defer done()
	// Looked at again with the slot in hand: a burst that came in together must
	// not get all of its tries.
	if err := a.gate.failures.may(address, a.clock()); err != nil {
		return models.User{}, err
	}
	user, ok, err := a.compare(ctx, name, password)
	if err != nil {
		return models.User{}, err
	}
	if !ok {
		a.gate.failures.add(address, a.clock())
		return models.User{}, fault.WrongPassword
	}
	return user, nil
}

// signInKey folds a name as somebody types it.
func signInKey(name string) string { return nameKey(strings.Join(strings.Fields(name), " ")) }

// compare compares the password with the account's, or with a decoy where there
// is no such account or it is disabled. The caller holds a slot. The fault is
// TooManyTries.
func (a *App) compare(ctx context.Context, name, password string) (user models.User, ok bool, err error) {
	key := signInKey(name)
	user, err = a.reading(ctx).UserByKey(key)
	if errors.Is(err, fault.NotFound) {
		if err := a.gate.strays.take(key, a.Limits, a.now()); err != nil {
			return user, false, err
		}
		_, err := matches(password, a.gate.decoy())
		return user, false, err
	}
	if err != nil {
		return user, false, err
	}
	ok, err = a.hasPassword(ctx, user.ID, password)
	return user, ok && user.DisabledAt == nil, err
}

// hasPassword tells whether the account has that password, and counts the try.
// The caller holds a slot. The fault is TooManyTries.
func (a *App) hasPassword(ctx context.Context, userID int64, password string) (bool, error) {
	credential, err := a.countTry(ctx, userID)
	if err != nil {
		return false, err
	}
	return matches(password, credential.PasswordHash)
}
