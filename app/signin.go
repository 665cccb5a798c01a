package app

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"homeroom/app/fault"
	"homeroom/models"
)

// SignIn is what somebody gives who wants in, and what the door adds.
type SignIn struct {
	Name     string `json:"name" maxLength:"1000" example:"Ann Lee"`
	Password string `json:"password" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
	New      string `json:"new_password,omitempty" writeOnly:"true" format:"password" doc:"Where the password is the phrase of a reset, which a refusal with code 145 says: what it is to be from now on"`
	Code     string `json:"code,omitempty" writeOnly:"true" maxLength:"100" doc:"Of the second factor, or a recovery code, where the account has one; a refusal with code 142 asks for it"`
	MyDevice bool   `json:"my_device,omitempty" doc:"The device is one's own: stay signed in for long"`
	Agent    string `json:"-"` // the browser's name
	Address  string `json:"-"` // where the request came from
	Device   string `json:"-"` // the secret of the browser's device cookie, if it has one
}

// SignedIn is who is signed in, and through what.
type SignedIn struct {
	User    models.User    `json:"user"`
	Session models.Session `json:"session"`

	SecondFactorFirst bool `json:"second_factor_first,omitempty" doc:"An admin's session: everything else is refused with code 144 until a second factor is set up"`
}

// failing is the beat at which failed sign-ins are answered. A name that exists
// takes other steps than one that does not, in the cache, the database and on
// the disk; on the beat they all take the same time.
const failing = 100 * time.Millisecond

// SignIn opens a session and returns the secrets of its cookies. Whether the
// name is unknown, the account disabled or the password wrong, the answer is the
// same. What strangers do, at the same address or elsewhere, does not keep out
// who signs in on a known device. There is no session before the code of the
// second factor is right too, where the account has one, known device or not.
// Faults: WeakPassword (too long to be one, or too short for the role by now),
// WrongPassword, SecondFactorNeeded, WrongCode, TooManyTries, Busy, and those of
// choose.
func (a *App) SignIn(ctx context.Context, in SignIn) (signedIn SignedIn, secrets Secrets, err error) {
	defer func() { a.counts.signIn(err) }()
	if err := a.checkPasswordBytes(in.Password); err != nil {
		return signedIn, secrets, err
	}
	deviceID, err := a.knownDevice(ctx, in.Device, in.Name)
	if err != nil {
		return signedIn, secrets, err
	}
	now, address := a.clock(), Network(in.Address)
	if deviceID == 0 {
		if err := a.gate.mayComeFrom(address, now); err != nil {
			return signedIn, secrets, err
		}
	}
	beat := time.NewTicker(failing)
	defer beat.Stop()
	try, err := a.prove(ctx, address, deviceID, in.Name, in.Password)
	if err != nil {
		return signedIn, secrets, onBeat(ctx, beat, err)
	}
	chosen, err := a.choose(ctx, try, in)
	if err != nil {
		a.gate.logins.add(address, now) // each took its hashing
		if err := a.changeOften(ctx, func(c *change) error { return c.takeBack(try) }); err != nil {
			return signedIn, secrets, err
		}
		return signedIn, secrets, onBeat(ctx, beat, err)
	}
	var outgrown error
	err = a.withCode(ctx, try, in.Code, func(c *change, user models.User) (err error) {
		if err := c.takePassword(try, chosen); err != nil {
			return err
		}
		if outgrown = a.outgrown(in.Password, user); outgrown != nil {
			return nil
		}
		signedIn, secrets, err = c.openSession(user.ID, in.MyDevice, in.Agent, in.Device)
		return err
	})
	if err == nil {
		err = outgrown
	}
	if err != nil {
		a.countCode(err, try, address)
		return SignedIn{}, Secrets{}, onBeat(ctx, beat, err)
	}
	a.gate.logins.add(address, now)
	return signedIn, secrets, nil
}

// countCode counts at an address what the right password did without the right
// code.
func (a *App) countCode(err error, try attempt, address string) {
	switch {
	case errors.Is(err, fault.SecondFactorNeeded):
		a.gate.logins.add(address, a.clock())
	case errors.Is(err, fault.WrongCode) && try.deviceID == 0:
		a.gate.failures.add(address, a.clock())
	}
}

// outgrown refuses with fault.WeakPassword a password that was long enough once,
// for an account that has become a teacher's or an admin's, or lost its second
// factor, since.
func (a *App) outgrown(password string, user models.User) error {
	if user.Role == models.StudentAccount || utf8.RuneCountInString(password) >= a.Limits.leastPassword(user) {
		return nil
	}
	return fault.WeakPassword.With("it is too short for what the account may do now: ask an admin for a new one")
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

// prove finds the user whose name and password these are, and what counted the
// try. Faults: WrongPassword, TooManyTries, Busy.
func (a *App) prove(ctx context.Context, address string, deviceID int64, name, password string) (attempt, error) {
	done, err := a.gate.slot(ctx)
	if err != nil {
		return attempt{}, err
	}
	defer done()
	// Looked at again with the slot in hand: a burst that came in together must
	// not get all of its tries.
	if deviceID == 0 {
		if err := a.gate.failures.may(address, a.clock()); err != nil {
			return attempt{}, err
		}
	}
	try := attempt{deviceID: deviceID}
	ok, err := a.compare(ctx, &try, name, password)
	if err != nil {
		return try, err
	}
	if !ok {
		if try.deviceID == 0 {
			a.gate.failures.add(address, a.clock())
		}
		return try, fault.WrongPassword
	}
	return try, nil
}

// signInKey folds a name as somebody types it.
func signInKey(name string) string { return nameKey(strings.Join(strings.Fields(name), " ")) }

// compare compares the password with the account's, or with a decoy where there
// is no such account or it is disabled. The caller holds a slot. The fault is
// TooManyTries.
func (a *App) compare(ctx context.Context, try *attempt, name, password string) (bool, error) {
	key := signInKey(name)
	user, err := a.reading(ctx).UserByKey(key)
	if errors.Is(err, fault.NotFound) {
		if err := a.gate.strays.take(key, a.Limits, a.now()); err != nil {
			return false, err
		}
		_, err := a.gate.matches(password, a.gate.decoy())
		return false, err
	}
	if err != nil {
		return false, err
	}
	try.userID = user.ID
	ok, err := a.hasPassword(ctx, try, password)
	return ok && user.DisabledAt == nil, err
}

// hasPassword tells whether the account has that password, and counts the try.
// The caller holds a slot. The fault is TooManyTries.
func (a *App) hasPassword(ctx context.Context, try *attempt, password string) (bool, error) {
	credential, err := a.countTry(ctx, try)
	if err != nil {
		return false, err
	}
	try.hash, try.phrase = credential.PasswordHash, credential.Reset
	ok, err := a.gate.matches(password, credential.PasswordHash)
	return ok && a.inTime(credential), err
}
