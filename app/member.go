package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// NewMember says who is to be added to a class: a user by id or by name.
type NewMember struct {
	UserID int64             `json:"user_id,omitempty" minimum:"1"`
	Name   string            `json:"name,omitempty" doc:"Instead of user_id" example:"Bob Ray"`
	Role   models.MemberRole `json:"role" enum:"owner,teacher,assistant,student" example:"student"`
}

// MemberChange says what is to change of a member; what is absent stays.
type MemberChange struct {
	Role       *models.MemberRole `json:"role,omitempty" enum:"owner,teacher,assistant,student" example:"assistant"`
	MutedUntil *models.Time       `json:"muted_until,omitempty" format:"date-time" doc:"Cannot write until then"`
	Unmute     bool               `json:"unmute,omitempty" doc:"May write again at once"`
}

// Members returns the members of a class whose names begin with prefix, by
// user id. Faults: those of enter.
func (a *App) Members(ctx context.Context, actor Actor, classID int64, prefix string, after int64, limit int) ([]models.Member, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return nil, err
	}
	members, err := a.reading(ctx).Members(classID, nameKey(prefix), after, limit)
	for i := range members {
		if !at.staff() && members[i].UserID != actor.User.ID {
			members[i].MutedUntil = nil
		}
	}
	return members, err
}

// AddMember adds a user to a class. Its owner and teachers may, giving roles
// below their own, the owner any; an admin may in every class, so that one
// whose owner is gone can get another. Faults: Malformed, those of enter,
// NotAllowed, Archived, ConfirmFirst (one of the staff), NotFound (the user),
// Exists, TooMany.
func (a *App) AddMember(ctx context.Context, actor Actor, classID int64, in NewMember) (member models.Member, err error) {
	if (in.UserID == 0) == (in.Name == "") {
		return member, fault.Malformed.With("one of user_id and name")
	}
	admin := actor.mayAsAdmin(models.ScopeManage) == nil && len(actor.ClassIDs) == 0
	if admin {
		_, err = a.roster(ctx, classID)
	} else {
		_, err = a.enter(ctx, actor, models.ScopeManage, classID)
	}
	if err != nil {
		return member, err
	}
	changing := a.change
	if admin {
		changing = func(ctx context.Context, fn func(*change) error) error { return a.changeUsers(ctx, actor, fn) }
	}
	err = changing(ctx, func(c *change) error {
		if !admin {
			at, err := c.enter(actor, classID)
			if err != nil {
				return err
			}
			if err := at.as(at.manages() && mayGive(at.member.Role, in.Role)); err != nil {
				return err
			}
		}
		if err := a.freshFor(actor, in.Role); err != nil {
			return err
		}
		user, err := c.userNamed(in)
		if err != nil {
			return err
		}
		if err := c.note(actor, "member.added", classID, user.ID, string(in.Role)); err != nil {
			return err
		}
		if err := c.addMember(actor, models.Member{ClassID: classID, UserID: user.ID, Role: in.Role}); err != nil {
			return err
		}
		member, err = c.Member(classID, user.ID)
		return err
	})
	return member, err
}

func (c *change) userNamed(in NewMember) (user models.User, err error) {
	if in.UserID != 0 {
		user, err = c.User(in.UserID)
	} else {
		user, err = c.UserByKey(nameKey(in.Name))
	}
	if err == nil && user.DisabledAt != nil {
		err = fault.NotFound
	}
	return user, err
}

// mayGive tells whether one with the role own may make somebody role.
func mayGive(own, role models.MemberRole) bool { return own == models.Owner || own.Over(role) }

// addMember stores a member of an existing class. Faults: NoClass, Exists,
// TooMany.
func (c *change) addMember(actor Actor, m models.Member) error {
	r, err := c.app.rosterIn(c.Tx, m.ClassID)
	if err != nil {
		return err
	}
	if _, ok := r.openClass(); !ok {
		return fault.NoClass
	}
	if _, ok := r.member(m.UserID); ok {
		return fault.Exists.With("the user is a member")
	}
	if members, _ := r.counts(); members >= c.app.Limits.MembersPerClass {
		return fault.TooMany.With("members of one class")
	}
	if err := c.roomForClass(m.UserID); err != nil {
		return err
	}
	return c.putMember(actor, m)
}

// putMember stores a member, in place of the row of one who left, and tells
// the class. What was said before counts as read: who joins is not greeted by
// years of talk.
func (c *change) putMember(actor Actor, m models.Member) error {
	m.JoinedAt = c.now
	was, err := c.Member(m.ClassID, m.UserID)
	switch {
	case errors.Is(err, fault.NotFound):
		err = c.CreateMember(&m)
	case err == nil:
		// A mute outlives leaving and joining again.
		until := lettingOwnersSpeak(was.MutedUntil, m.Role)
		set := store.Change{"role": m.Role, "joined_at": c.now, "left_at": nil, "removed": false, "muted_until": until}
		err = c.UpdateMember(m.ClassID, m.UserID, set)
		if err == nil && !sameTime(until, was.MutedUntil) {
			err = c.noteMute(actor, was, until)
		}
	}
	if err != nil {
		return err
	}
	class, err := c.Class(m.ClassID)
	if err != nil {
		return err
	}
	if err := c.StartReading(m.UserID, m.ClassID, class.Seq); err != nil {
		return err
	}
	return c.emitMember(models.MemberJoined, m.ClassID, m.UserID, actor)
}

// lettingOwnersSpeak ends the mute of who becomes an owner: nobody stands high
// enough to take it back.
func lettingOwnersSpeak(until *models.Time, role models.MemberRole) *models.Time {
	if role == models.Owner {
		return nil
	}
	return until
}

// emitMember emits an event with the member's row as it is now.
func (c *change) emitMember(t models.EventType, classID, userID int64, actor Actor) error {
	member, err := c.Member(classID, userID)
	if err != nil {
		return err
	}
	return c.emit(models.Event{ClassID: classID, Type: t, SubjectID: userID, ActorID: actor.User.ID, Data: member})
}

// ChangeMember gives a member another role (owner and teachers may, among
// roles below their own; the owner any), or mutes (all staff may, those below
// them). The last owner stays one. Faults: those of enter, NotAllowed,
// Archived, NotFound, ConfirmFirst (a role).
func (a *App) ChangeMember(ctx context.Context, actor Actor, classID, userID int64, in MemberChange) (member models.Member, err error) {
	err = a.changeMember(ctx, actor, classID, userID, func(c *change, at here, target models.Member) error {
		role, until := target.Role, target.MutedUntil
		if in.Role != nil && *in.Role != target.Role {
			role = *in.Role
			if !at.manages() || !mayGive(at.member.Role, role) || !mayGive(at.member.Role, target.Role) {
				return fault.NotAllowed
			}
			if target.Role == models.Owner && at.roster.owners() == 1 {
				return fault.NotAllowed.With("a class keeps an owner")
			}
			if err := a.fresh(actor); err != nil {
				return err
			}
		}
		if in.MutedUntil != nil || in.Unmute {
			if !at.member.Role.Over(target.Role) {
				return fault.NotAllowed
			}
			until = in.MutedUntil
			if in.Unmute {
				until = nil
			}
		}
		if err := c.setMember(actor, target, role, lettingOwnersSpeak(until, role)); err != nil {
			return err
		}
		member, err = c.Member(classID, userID)
		return err
	})
	return member, err
}

// setMember stores the role and the mute of a member where they are others,
// notes what changed, and tells the class.
func (c *change) setMember(actor Actor, was models.Member, role models.MemberRole, until *models.Time) error {
	set := store.Change{}
	if role != was.Role {
		set["role"] = role
		if err := c.note(actor, "member.role", was.ClassID, was.UserID, string(was.Role)+" to "+string(role)); err != nil {
			return err
		}
	}
	if !sameTime(until, was.MutedUntil) {
		set["muted_until"] = until
		if err := c.noteMute(actor, was, until); err != nil {
			return err
		}
	}
	if len(set) == 0 {
		return nil
	}
	if err := c.UpdateMember(was.ClassID, was.UserID, set); err != nil {
		return err
	}
	return c.emitMember(models.MemberChanged, was.ClassID, was.UserID, actor)
}

// noteMute notes that a member is muted until then, or is no more.
func (c *change) noteMute(actor Actor, was models.Member, until *models.Time) error {
	lasts := func(t *models.Time) bool { return t != nil && t.After(c.now.Time) }
	switch {
	case lasts(until):
		return c.note(actor, "member.muted", was.ClassID, was.UserID, "")
	case lasts(was.MutedUntil):
		return c.note(actor, "member.unmuted", was.ClassID, was.UserID, "")
	}
	return nil
}

func sameTime(a, b *models.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(b.Time)
}

// RemoveMember takes a member out of a class: owner and teachers those below
// them, everybody themselves (leaving). Who was removed comes back by being
// added, or by a join code made afterwards. The last owner stays. Faults: those of
// enter, NotAllowed, Archived (not for leaving), NotFound.
func (a *App) RemoveMember(ctx context.Context, actor Actor, classID, userID int64) error {
	leave := func(c *change, at here, target models.Member) error {
		if userID != actor.User.ID && !(at.manages() && at.member.Role.Over(target.Role)) {
			return fault.NotAllowed
		}
		if target.Role == models.Owner && at.roster.owners() == 1 {
			return fault.NotAllowed.With("a class keeps an owner")
		}
		removed, act := userID != actor.User.ID, "member.left"
		if removed {
			act = "member.removed"
		}
		if err := c.UpdateMember(classID, userID, store.Change{"left_at": c.now, "removed": removed}); err != nil {
			return err
		}
		if err := c.note(actor, act, classID, userID, ""); err != nil {
			return err
		}
		return c.emitMember(models.MemberLeft, classID, userID, actor)
	}
	if userID != actor.User.ID {
		return a.changeMember(ctx, actor, classID, userID, leave)
	}
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, classID)
		if err != nil {
			return err
		}
		return leave(c, at, at.member)
	})
}

// changeMember runs fn for a member whom the actor, one of the staff, acts
// upon.
func (a *App) changeMember(ctx context.Context, actor Actor, classID, userID int64, fn func(*change, here, models.Member) error) error {
	if _, err := a.enter(ctx, actor, models.ScopeManage, classID); err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, classID)
		if err != nil {
			return err
		}
		if err := at.as(at.staff()); err != nil {
			return err
		}
		target, ok := at.roster.member(userID)
		if !ok {
			return fault.NotFound
		}
		return fn(c, at, target)
	})
}
