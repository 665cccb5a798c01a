package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"golang.org/x/text/unicode/norm"

	"homeroom/app/fault"
	"homeroom/models"
)

// halfMinute is for how long a phone shows a code. One is good in the half
// minutes before and after its own as well: clocks differ, and typing takes time.
const halfMinute = 30 * time.Second

// recoveryCodes is how many recovery codes there are at once.
const recoveryCodes = 10

// oneTime is RFC 6238 as every app on a phone has it.
var oneTime = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// proveAgain runs fn, in a transaction, for a signed-in user who gave the
// password once more, and a code where there is a second factor. Faults:
// WeakPassword (too long to be one), WrongPassword, SecondFactorNeeded,
// WrongCode, TooManyTries, Busy.
func (a *App) proveAgain(ctx context.Context, actor Actor, in BothFactors, fn func(*change, models.User) error) error {
	if err := a.checkPasswordBytes(in.Password); err != nil {
		return err
	}
	try, err := a.compareAgain(ctx, actor, in.Password)
	if err != nil {
		return err
	}
	return a.withCode(ctx, try, in.Code, fn)
}

// withCode runs fn, in a transaction, for a user whose password was right, once
// the code of the second factor is right too, where the account has one. It is
// the only place where one is asked for. A wrong code stays counted as a wrong
// password; without any, what was counted for the password is taken back, but
// nothing that was wrong before is forgiven: else who knows the password could
// guess codes for ever. Faults: SecondFactorNeeded, WrongCode.
func (a *App) withCode(ctx context.Context, try attempt, code string, fn func(*change, models.User) error) error {
	err := a.change(ctx, func(c *change) error {
		user, err := c.User(try.userID)
		if err != nil {
			return err
		}
		if err := c.stillHas(try); err != nil {
			return err
		}
		if err := c.takeCode(user, code); err != nil {
			return err
		}
		if err := c.forgiveFailures(try); err != nil {
			return err
		}
		return fn(c, user)
	})
	if errors.Is(err, fault.SecondFactorNeeded) {
		if failed := a.changeOften(ctx, func(c *change) error { return c.takeBack(try) }); failed != nil {
			return failed
		}
	}
	return err
}

// takeCode uses up a code of the user's second factor, or a recovery code.
// Faults: SecondFactorNeeded, WrongCode.
func (c *change) takeCode(user models.User, typed string) error {
	if user.SecondFactorAt == nil {
		return nil
	}
	code := tidyOneTime(typed)
	if code == "" {
		return fault.SecondFactorNeeded
	}
	factor, err := c.SecondFactor(user.ID)
	if err != nil {
		return err
	}
	factor.LastStep, err = stepOf(factor.Secret, code, c.now.Time, factor.LastStep)
	if err == nil {
		return c.PutSecondFactor(&factor)
	}
	if !errors.Is(err, fault.WrongCode) {
		return err
	}
	if used, err := c.UseRecoveryCode(user.ID, secretHash(code)); err != nil {
		return err
	} else if !used {
		return fault.WrongCode
	}
	return c.note(Actor{User: user}, "user.recovery_code.used", 0, user.ID, "")
}

// stepOf returns the half minute, later than after, that a code of that secret
// is of. The fault is WrongCode.
func stepOf(secret, code string, now time.Time, after int64) (int64, error) {
	if len(code) != oneTime.Digits.Length() {
		return 0, fault.WrongCode
	}
	current := now.Unix() / int64(halfMinute/time.Second)
	for step := max(current-1, after+1); step <= current+1; step++ {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, oneTime)
		if err != nil {
			return 0, fmt.Errorf("second factor: %w", err)
		}
		if ok {
			return step, nil
		}
	}
	return 0, fault.WrongCode
}

// tidyOneTime reads a code as people type it, also with the wide digits of a
// Chinese keyboard.
func tidyOneTime(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s)))
}

// newRecoveryCodes makes recovery codes in place of those before. They are
// hashed as other secrets are: who has read the hashes has read the second
// factor itself.
func (c *change) newRecoveryCodes(userID int64) (made RecoveryCodes, err error) {
	if err := c.DeleteRecoveryCodes(userID); err != nil {
		return made, err
	}
	for range recoveryCodes {
		code := randomLetters(10)
		if err := c.CreateRecoveryCode(&models.RecoveryCode{UserID: userID, SecretHash: secretHash(code)}); err != nil {
			return made, err
		}
		made.Codes = append(made.Codes, code[:5]+"-"+code[5:])
	}
	return made, nil
}
