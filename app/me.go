package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// Profile says what users change of their own account; what is absent stays.
type Profile struct {
	Name   *string `json:"name,omitempty" example:"Ann Lee"`
	Hue    *int    `json:"hue,omitempty" minimum:"0" maximum:"11"`
	Locale *string `json:"locale,omitempty" enum:",en,zh-CN" doc:"Empty follows the browser"`
	Email  *string `json:"email,omitempty" doc:"Empty takes it away"`
}

// NewPassword replaces one's password.
type NewPassword struct {
	Current string `json:"current" writeOnly:"true" format:"password" example:"a lantern for the ferry"`
	New     string `json:"new" writeOnly:"true" format:"password" example:"a ferry with a lantern"`
}

// Me returns the actor's account, as it was within the last second if another
// process changed it. Faults: SignInFirst, NotAllowed.
func (a *App) Me(ctx context.Context, actor Actor) (models.User, error) {
	if err := actor.mayAlready(models.ScopeRead); err != nil {
		return models.User{}, err
	}
	if a.gate.actors.stillGood(actor, a.now()) {
		return actor.User, nil
	}
	return a.reading(ctx).User(actor.User.ID)
}

// ChangeMe changes the actor's own account. Faults: SignInFirst, NotAllowed,
// ConfirmFirst (an address), Malformed, TextTooLong, TooManyTries, Exists.
func (a *App) ChangeMe(ctx context.Context, actor Actor, in Profile) (user models.User, err error) {
	if err := actor.mayOnOwn(models.ScopeManage); err != nil {
		return user, err
	}
	in, err = a.tidyProfile(in)
	if err != nil {
		return user, err
	}
	if in.Email != nil {
		if err := a.fresh(actor); err != nil {
			return user, err
		}
	}
	if in.Name != nil || in.Hue != nil {
		if err := a.gate.renames.take(userKey(actor.User.ID), a.clock()); err != nil {
			return user, err
		}
	}
	err = a.change(ctx, func(c *change) error {
		if user, err = c.User(actor.User.ID); err != nil {
			return err
		}
		if user.DisabledAt != nil { // or erased: a tombstone's name stays
			return fault.SignInFirst
		}
		return c.changeProfile(actor, &user, in)
	})
	return user, err
}

// tidyProfile checks what is to change. Faults: Malformed, TextTooLong.
func (a *App) tidyProfile(in Profile) (Profile, error) {
	if in.Name != nil {
		name, err := a.cleanUserName(*in.Name)
		if err != nil {
			return in, err
		}
		in.Name = &name
	}
	if in.Hue != nil && (*in.Hue < 0 || *in.Hue > 11) {
		return in, fault.Malformed.With("hue is 0 to 11")
	}
	if in.Locale != nil && *in.Locale != "" && *in.Locale != "en" && *in.Locale != "zh-CN" {
		return in, fault.Malformed.With("no such locale")
	}
	if _, err := tidyEmail(in.Email); err != nil {
		return in, err
	}
	return in, nil
}

// changeProfile changes columns of user, and tells each class of theirs what
// its members see of it. The fault is Exists.
func (c *change) changeProfile(actor Actor, user *models.User, in Profile) error {
	before := *user
	set := store.Change{}
	if in.Name != nil && *in.Name != user.Name {
		user.Name, user.NameKey = *in.Name, nameKey(*in.Name)
		set["name"], set["name_key"] = user.Name, user.NameKey
	}
	if in.Hue != nil && *in.Hue != user.Hue {
		user.Hue = *in.Hue
		set["hue"] = user.Hue
	}
	if in.Locale != nil && *in.Locale != user.Locale {
		user.Locale = *in.Locale
		set["locale"] = user.Locale
	}
	if in.Email != nil {
		user.Email, _ = tidyEmail(in.Email)
		set["email"] = user.Email
	}
	if len(set) == 0 {
		return nil
	}
	if err := c.UpdateUser(user.ID, set); errors.Is(err, store.ErrDuplicate) {
		return nameTaken
	} else if err != nil {
		return err
	}
	c.forgetActors(user.ID)
	if user.Name != before.Name {
		if err := c.note(actor, "user.renamed", 0, user.ID, before.Name+" to "+user.Name); err != nil {
			return err
		}
	}
	if user.Name == before.Name && user.Hue == before.Hue {
		return nil
	}
	memberships, err := c.Memberships(user.ID)
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if err := c.emitMember(models.MemberChanged, m.ClassID, user.ID, actor); err != nil {
			return err
		}
	}
	return nil
}

// ChangePassword replaces the actor's password and signs out every other
// browser. Faults: SignInFirst, NotAllowed, WeakPassword, WrongPassword,
// TooManyTries, Busy.
func (a *App) ChangePassword(ctx context.Context, actor Actor, in NewPassword) error {
	if err := actor.mayOnOwn(models.ScopeManage); err != nil {
		return err
	}
	if err := a.checkPasswordBytes(in.Current); err != nil {
		return err
	}
	user, err := a.reading(ctx).User(actor.User.ID)
	if err != nil {
		return err
	}
	if err := a.checkPasswordOf(ctx, user, in.New); err != nil {
		return err
	}
	try, err := a.reprove(ctx, actor, in.Current)
	if err != nil {
		return err
	}
	hash, err := a.gate.hash(ctx, in.New)
	if err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		if err := c.stillHas(try); err != nil {
			return err
		}
		credential := models.Credential{UserID: user.ID, PasswordHash: hash}
		if user.SecondFactorAt != nil { // as in reprove
			if credential.Failures, credential.LockedUntil, err = c.failures(attempt{userID: user.ID}); err != nil {
				return err
			}
		}
		if err := c.putPassword(credential, actor.SessionID); err != nil {
			return err
		}
		return c.note(actor, "user.password.changed", 0, user.ID, "")
	})
}

// reprove asks a signed-in user for the password once more. The tries count at
// the device where the session was opened: strangers who guess elsewhere do not
// lock out who is signed in. Faults: WrongPassword, TooManyTries, Busy.
func (a *App) reprove(ctx context.Context, actor Actor, password string) (attempt, error) {
	try, err := a.compareAgain(ctx, actor, password)
	if err != nil {
		return try, err
	}
	return try, a.changeOften(ctx, func(c *change) error {
		user, err := c.User(try.userID)
		if err != nil {
			return err
		}
		if user.SecondFactorAt != nil { // who knows the password could guess codes for ever
			return c.takeBack(try)
		}
		return c.forgiveFailures(try)
	})
}

// compareAgain is reprove without forgiving what was wrong before.
func (a *App) compareAgain(ctx context.Context, actor Actor, password string) (attempt, error) {
	try := attempt{userID: actor.User.ID, deviceID: actor.deviceID}
	done, err := a.gate.slot(ctx)
	if err != nil {
		return try, err
	}
	defer done()
	ok, err := a.hasPassword(ctx, &try, password)
	if err == nil && (!ok || try.phrase) {
		err = fault.WrongPassword // a phrase is for signing in
	}
	return try, err
}
