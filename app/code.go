package app

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// NewCode is what a join code is made of.
type NewCode struct {
	Role           models.MemberRole `json:"role" enum:"teacher,assistant,student" doc:"What it makes of who joins" example:"student"`
	ExpiresInHours int               `json:"expires_in_hours,omitempty" minimum:"1" maximum:"8760" default:"168"`
	MaxUses        int               `json:"max_uses,omitempty" minimum:"1" maximum:"1000" default:"50"`
}

// codeLetters leaves out what is read wrong from a board: 0 O, 1 I L, U V.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTWXYZ"

// CreateCode makes a join code; the class's owner and teachers may, for roles
// below their own. Faults: Malformed, those of enter, NotAllowed, Archived,
// ConfirmFirst (a code that makes staff).
func (a *App) CreateCode(ctx context.Context, actor Actor, classID int64, in NewCode) (code models.JoinCode, err error) {
	if in.ExpiresInHours == 0 {
		in.ExpiresInHours = 168
	}
	if in.MaxUses == 0 {
		in.MaxUses = 50
	}
	err = a.changeCodes(ctx, actor, classID, func(c *change, at here) error {
		if !at.member.Role.Over(in.Role) {
			return fault.NotAllowed
		}
		if err := a.freshFor(actor, in.Role); err != nil {
			return err
		}
		code = models.JoinCode{
			ClassID: classID, Code: randomCode(), Role: in.Role, CreatedBy: actor.User.ID, CreatedAt: c.now,
			ExpiresAt: models.At(c.now.Add(time.Duration(in.ExpiresInHours) * time.Hour)), MaxUses: in.MaxUses,
		}
		if err := c.CreateJoinCode(&code); err != nil {
			return err
		}
		return c.emit(codeEvent(models.CodeCreated, code, actor))
	})
	return code, err
}

// randomCode returns eight letters, 38 bits: with the limit on tries, more
// than can be guessed while a code lives.
func randomCode() string {
	letters := randomLetters(8)
	return letters[:4] + "-" + letters[4:]
}

func randomLetters(n int) string {
	letters := make([]byte, 0, n)
	var b [1]byte
	for len(letters) < n {
		rand.Read(b[:])
		if most := 256 / len(codeLetters) * len(codeLetters); int(b[0]) < most {
			letters = append(letters, codeLetters[int(b[0])%len(codeLetters)])
		}
	}
	return string(letters)
}

// tidyCode reads a code as people type it.
func tidyCode(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, s))
	if len(s) != 8 {
		return ""
	}
	return s[:4] + "-" + s[4:]
}

func codeEvent(t models.EventType, code models.JoinCode, actor Actor) models.Event {
	return models.Event{ClassID: code.ClassID, Type: t, SubjectID: code.ID, ActorID: actor.User.ID, Data: code}
}

// maySeeCode tells whether a member who has that role sees a join code: whoever
// stands above what it makes of who joins. Everybody else could use it to become
// more than they are.
func (a *Actor) maySeeCode(code models.JoinCode, role models.MemberRole) bool {
	return role.Over(code.Role) && a.may(models.ScopeManage) == nil
}

// Codes returns the join codes of a class that the actor may see, the newest
// first; staff may ask. Faults: those of enter, NotAllowed.
func (a *App) Codes(ctx context.Context, actor Actor, classID, before int64, limit int) ([]models.JoinCode, error) {
	at, err := a.enter(ctx, actor, models.ScopeManage, classID)
	if err != nil {
		return nil, err
	}
	if !at.staff() {
		return nil, fault.NotAllowed
	}
	return a.reading(ctx).JoinCodes(classID, at.member.Role.Under(), before, limit)
}

// RevokeCode ends a join code that the actor may see; the class's owner and
// teachers may. Faults: those of enter, NotAllowed, Archived, NotFound.
func (a *App) RevokeCode(ctx context.Context, actor Actor, classID, id int64) error {
	return a.changeCodes(ctx, actor, classID, func(c *change, at here) error {
		code, err := c.JoinCode(classID, id)
		if err == nil && !actor.maySeeCode(code, at.member.Role) {
			err = fault.NotFound
		}
		if err != nil || code.RevokedAt != nil {
			return err
		}
		code.RevokedAt = &c.now
		if err := c.UpdateJoinCode(id, store.Change{"revoked_at": c.now}); err != nil {
			return err
		}
		return c.emit(codeEvent(models.CodeChanged, code, actor))
	})
}

func (a *App) changeCodes(ctx context.Context, actor Actor, classID int64, fn func(*change, here) error) error {
	if _, err := a.enter(ctx, actor, models.ScopeManage, classID); err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, classID)
		if err != nil {
			return err
		}
		if err := at.as(at.manages()); err != nil {
			return err
		}
		return fn(c, at)
	})
}

// JoinByCode makes the actor a member of the code's class. Who is one already
// stays what they are; who was removed needs a code made since, and who left
// becomes no more by an older one than they were. Faults:
// SignInFirst, NotAllowed, TooManyTries, CodeInvalid, TooMany.
func (a *App) JoinByCode(ctx context.Context, actor Actor, address, code string) (class models.Class, err error) {
	if err := actor.may(models.ScopeWrite); err != nil {
		return class, err
	}
	if len(actor.ClassIDs) > 0 {
		return class, fault.NotAllowed
	}
	err = a.gate.tryCode(address, actor.User.ID, a.clock(), func() error {
		return a.change(ctx, func(c *change) error {
			class, err = c.joinByCode(actor, code)
			return err
		})
	})
	if err != nil {
		return class, err
	}
	return a.classOf(ctx, actor, class.ID)
}

// joinByCode is JoinByCode in its transaction. One text for every code that
// does not open anything: a guesser learns nothing from it.
func (c *change) joinByCode(actor Actor, typed string) (models.Class, error) {
	code, err := c.JoinCodeByCode(tidyCode(typed))
	if errors.Is(err, fault.NotFound) {
		err = fault.CodeInvalid
	}
	if err != nil {
		return models.Class{}, err
	}
	if code.RevokedAt != nil || !code.ExpiresAt.After(c.now.Time) {
		return models.Class{}, fault.CodeInvalid
	}
	class, err := c.Class(code.ClassID)
	if err != nil {
		return class, err
	}
	if class.DeletedAt != nil || class.ArchivedAt != nil {
		return class, fault.CodeInvalid
	}
	r, err := c.app.rosterIn(c.Tx, class.ID)
	if err != nil {
		return class, err
	}
	if _, ok := r.member(actor.User.ID); ok {
		return class, nil
	}
	if code.Uses >= code.MaxUses {
		return class, fault.CodeInvalid
	}
	before, err := c.Member(class.ID, actor.User.ID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return class, err
	}
	role := code.Role
	if before.LeftAt != nil && !code.CreatedAt.After(before.LeftAt.Time) {
		if before.Removed {
			return class, fault.CodeInvalid
		}
		// They may know it from when they stood higher, or from others.
		if role.Over(before.Role) {
			role = before.Role
		}
	}
	code.Uses++
	if err := c.UpdateJoinCode(code.ID, store.Change{"uses": code.Uses}); err != nil {
		return class, err
	}
	if err := c.addMember(actor, models.Member{ClassID: class.ID, UserID: actor.User.ID, Role: role}); err != nil {
		return class, err
	}
	return class, c.emit(codeEvent(models.CodeChanged, code, actor))
}
