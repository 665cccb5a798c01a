package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/pquerna/otp/totp"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// NewSecondFactor is what one gives to begin a second factor.
type NewSecondFactor struct {
	Password string `json:"password" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
	Code     string `json:"code,omitempty" writeOnly:"true" maxLength:"100" doc:"Of the second factor that there is, to replace it"`
}

// SecondFactorKey is what an app on a phone makes codes of.
type SecondFactorKey struct {
	Secret string `json:"secret" doc:"In base32, to type" example:"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
	URL    string `json:"url" doc:"The same as an address, to show as a QR code" example:"otpauth://totp/Homeroom:Ada%20Park?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Homeroom"`
}

// OneTimeCode is a code of the second factor that is being set up.
type OneTimeCode struct {
	Code string `json:"code" writeOnly:"true" maxLength:"100" example:"123456"`
}

// BothFactors are the password and a code, once more.
type BothFactors struct {
	Password string `json:"password" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
	Code     string `json:"code" writeOnly:"true" maxLength:"100" doc:"Of the second factor, or a recovery code" example:"123456"`
}

// RecoveryCodes sign in once each, in place of a code of the second factor.
type RecoveryCodes struct {
	Codes []string `json:"codes" doc:"Shown this once" example:"[\"7KQ2M-9XTHB\"]"`
}

// SecondFactorState says whether somebody has a second factor.
type SecondFactorState struct {
	Since         *models.Time `json:"since,omitempty" format:"date-time" doc:"Since when it is asked for; absent without one"`
	RecoveryCodes int          `json:"recovery_codes" doc:"How many are left"`
	Required      bool         `json:"required" doc:"The account does nothing else without one"`
}

// mustHaveFactor tells whether that user needs a second factor before anything
// else.
func (a *App) mustHaveFactor(user models.User) bool {
	return a.Limits.AdminFactor && user.Role == models.Admin
}

func (a *App) lacksFactor(user models.User) bool {
	return a.mustHaveFactor(user) && user.SecondFactorAt == nil
}

// SecondFactor tells whether the actor has a second factor. Faults: SignInFirst,
// NotAllowed.
func (a *App) SecondFactor(ctx context.Context, actor Actor) (state SecondFactorState, err error) {
	if err := actor.mayOnOwn(models.ScopeManage); err != nil {
		return state, err
	}
	user, err := a.reading(ctx).User(actor.User.ID)
	if err != nil {
		return state, err
	}
	state.Since, state.Required = user.SecondFactorAt, a.mustHaveFactor(user)
	state.RecoveryCodes, err = a.reading(ctx).CountRecoveryCodes(user.ID)
	return state, err
}

// BeginSecondFactor makes the secret of a new second factor of the actor's,
// which counts once ConfirmSecondFactor has a code of it; until then the one
// before does. Teachers and admins may. Faults: SignInFirst, NotAllowed (a
// token, a student), those of proveAgain.
func (a *App) BeginSecondFactor(ctx context.Context, actor Actor, in NewSecondFactor) (SecondFactorKey, error) {
	if err := actor.maySitBefore(); err != nil {
		return SecondFactorKey{}, err
	}
	if actor.User.Role == models.StudentAccount {
		return SecondFactorKey{}, fault.NotAllowed.With("a second factor is for teachers and admins")
	}
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: cmp.Or(a.Limits.ServerName, product), AccountName: actor.User.Name, SecretSize: 20,
		Digits: oneTime.Digits, Algorithm: oneTime.Algorithm,
	})
	if err != nil {
		return SecondFactorKey{}, fmt.Errorf("second factor: %w", err)
	}
	err = a.proveAgain(ctx, actor, BothFactors(in), func(c *change, user models.User) error {
		factor, err := c.SecondFactor(user.ID)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		factor.UserID, factor.Pending = user.ID, key.Secret()
		if err := c.PutSecondFactor(&factor); err != nil {
			return err
		}
		_, err = c.ConfirmSession(actor.SessionID, c.now)
		c.forgetActors(user.ID)
		return err
	})
	if err != nil {
		return SecondFactorKey{}, err
	}
	return SecondFactorKey{Secret: key.Secret(), URL: key.URL()}, nil
}

// ConfirmSecondFactor makes the second factor that was begun count, returns its
// recovery codes, this once, and signs out every other browser: none of them
// has shown it. Faults: SignInFirst, NotAllowed (a token), ConfirmFirst,
// TooManyTries, NotFound (nothing was begun), WrongCode.
func (a *App) ConfirmSecondFactor(ctx context.Context, actor Actor, in OneTimeCode) (codes RecoveryCodes, err error) {
	if err := actor.maySitBefore(); err != nil {
		return codes, err
	}
	if err := a.fresh(actor); err != nil {
		return codes, err
	}
	if err := a.gate.factors.take(userKey(actor.User.ID), a.clock()); err != nil {
		return codes, err
	}
	err = a.change(ctx, func(c *change) error {
		factor, err := c.SecondFactor(actor.User.ID)
		if err == nil && factor.Pending == "" {
			err = fault.NotFound
		}
		if err != nil {
			return err
		}
		step, err := stepOf(factor.Pending, tidyOneTime(in.Code), c.now.Time, 0)
		if err != nil {
			return err
		}
		factor.Secret, factor.Pending, factor.LastStep = factor.Pending, "", step
		if err := c.PutSecondFactor(&factor); err != nil {
			return err
		}
		if err := c.UpdateUser(actor.User.ID, store.Change{"second_factor_at": c.now}); err != nil {
			return err
		}
		if codes, err = c.newRecoveryCodes(actor.User.ID); err != nil {
			return err
		}
		if err := c.note(actor, "user.second_factor.on", 0, actor.User.ID, ""); err != nil {
			return err
		}
		return c.signOutEverywhere(bus.Ended{UserID: actor.User.ID, Except: actor.SessionID})
	})
	if err != nil {
		return RecoveryCodes{}, err
	}
	return codes, nil
}

// RemoveSecondFactor takes the actor's second factor away. The password must be
// one that may stand alone. Faults: SignInFirst, NotAllowed (a token, an admin
// who must have one), NotFound (there is none), WeakPassword, those of
// proveAgain.
func (a *App) RemoveSecondFactor(ctx context.Context, actor Actor, in BothFactors) error {
	user, err := a.withFactor(ctx, actor)
	if err != nil {
		return err
	}
	if a.mustHaveFactor(user) {
		return fault.NotAllowed.With("an admin has a second factor: set up another one in its place")
	}
	user.SecondFactorAt = nil
	if utf8.RuneCountInString(in.Password) < a.Limits.leastPassword(user) {
		return fault.WeakPassword.With("it is too short without a second factor: choose a longer one first")
	}
	return a.proveAgain(ctx, actor, in, func(c *change, user models.User) error {
		if err := c.removeFactor(user); err != nil {
			return err
		}
		return c.note(actor, "user.second_factor.off", 0, user.ID, "")
	})
}

// NewRecoveryCodes returns recovery codes in place of those before, this once.
// Faults: SignInFirst, NotAllowed (a token), NotFound (there is no second
// factor), those of proveAgain.
func (a *App) NewRecoveryCodes(ctx context.Context, actor Actor, in BothFactors) (codes RecoveryCodes, err error) {
	if _, err := a.withFactor(ctx, actor); err != nil {
		return codes, err
	}
	err = a.proveAgain(ctx, actor, in, func(c *change, user models.User) (err error) {
		if codes, err = c.newRecoveryCodes(user.ID); err != nil {
			return err
		}
		return c.note(actor, "user.recovery_codes.made", 0, user.ID, "")
	})
	if err != nil {
		return RecoveryCodes{}, err
	}
	return codes, nil
}

// TakeOffSecondFactor takes the second factor off a user who lost it and signs
// them out everywhere; admins may, of others. Faults: SignInFirst, NotAllowed,
// ConfirmFirst, NotFound.
func (a *App) TakeOffSecondFactor(ctx context.Context, actor Actor, id int64) error {
	if err := a.mayOnOther(actor, id, "take off your own second factor with a code of it"); err != nil {
		return err
	}
	return a.changeUsers(ctx, actor, func(c *change) error {
		user, err := c.User(id)
		if err == nil && user.SecondFactorAt == nil {
			err = fault.NotFound.With("there is no second factor")
		}
		if err != nil {
			return err
		}
		if err := c.removeFactor(user); err != nil {
			return err
		}
		if err := c.note(actor, "user.second_factor.taken_off", 0, id, ""); err != nil {
			return err
		}
		return c.signOutEverywhere(bus.Ended{UserID: id})
	})
}

// withFactor returns the actor's account, which has a second factor. Faults:
// SignInFirst, NotAllowed (a token), NotFound.
func (a *App) withFactor(ctx context.Context, actor Actor) (models.User, error) {
	if err := actor.maySitBefore(); err != nil {
		return models.User{}, err
	}
	user, err := a.reading(ctx).User(actor.User.ID)
	if err == nil && user.SecondFactorAt == nil {
		err = fault.NotFound.With("there is no second factor")
	}
	return user, err
}

func (c *change) removeFactor(user models.User) error {
	if err := c.DeleteSecondFactor(user.ID); err != nil {
		return err
	}
	c.forgetActors(user.ID)
	return c.UpdateUser(user.ID, store.Change{"second_factor_at": nil})
}
