package app

import (
	"context"
	"slices"

	"homeroom/app/fault"
	"homeroom/models"
)

// Actor is who asks: a signed-in user, through a session or a token.
type Actor struct {
	User      models.User
	SessionID int64 // 0 for a token
	TokenID   int64 // 0 for a session
	Scopes    []models.Scope
	ClassIDs  []int64 // the classes a token is limited to, none: all of the user's
	Conn      uint64  // the live connection that asks, 0 for none

	ConfirmedAt models.Time // when the session's password was given last
	deviceID    int64       // of the session, 0 for none
	until       models.Time // when the token ends; zero: never
	lacksFactor bool        // an admin's session that may not do anything before a second factor is set up
	endings     uint64      // how many sign-ins had ended when this one was found good
	turn        uint64      // of the remembered actors, before the rows were read
	readAt      models.Time // when they were; zero: never
}

// CanListen refuses with SignInFirst or NotAllowed who may not open a live
// connection.
func (a *Actor) CanListen() error { return a.may(models.ScopeRead) }

// CanPush refuses with SignInFirst or NotAllowed who may not push at all.
func (a *Actor) CanPush() error { return a.may(models.ScopePush) }

// CanHearPushes refuses with SignInFirst or NotAllowed who hears no pushes but
// those to classes.
func (a *Actor) CanHearPushes() error { return a.mayOnServer(models.ScopeRead) }

// may refuses with fault.SignInFirst an actor who is nobody, with
// fault.NotAllowed a token without the scope, and with fault.SecondFactorFirst
// an admin's session that needs a second factor.
func (a *Actor) may(scope models.Scope) error {
	if err := a.mayAlready(scope); err != nil {
		return err
	}
	if a.lacksFactor {
		return fault.SecondFactorFirst
	}
	return nil
}

// mayAlready is may for the little that an admin does before there is a second
// factor: signing out, the own account, setting the factor up. Whatever does
// not ask for it by name is shut.
func (a *Actor) mayAlready(scope models.Scope) error {
	if a.User.ID == 0 {
		return fault.SignInFirst
	}
	if a.TokenID != 0 && !slices.Contains(a.Scopes, scope) {
		return fault.NotAllowed.With("the token lacks the scope " + string(scope))
	}
	return nil
}

// mayOnServer is may for what is not in a class: a token that is limited to
// classes may not.
func (a *Actor) mayOnServer(scope models.Scope) error {
	if err := a.may(scope); err != nil {
		return err
	}
	return a.everywhere()
}

// mayOnOwn is mayOnServer for one's own account, also before there is a second
// factor.
func (a *Actor) mayOnOwn(scope models.Scope) error {
	if err := a.mayAlready(scope); err != nil {
		return err
	}
	return a.everywhere()
}

// maySitBefore is mayOnOwn for what needs the password, which a token has not.
func (a *Actor) maySitBefore() error {
	if err := a.mayAlready(models.ScopeManage); err != nil {
		return err
	}
	if a.SessionID == 0 {
		return fault.NotAllowed.With("a token has no session")
	}
	return nil
}

// everywhere refuses with fault.NotAllowed a token that is limited to classes.
func (a *Actor) everywhere() error {
	if len(a.ClassIDs) > 0 {
		return fault.NotAllowed.With("the token is limited to classes")
	}
	return nil
}

// mayAsAdmin is mayOnServer for admins only.
func (a *Actor) mayAsAdmin(scope models.Scope) error {
	if err := a.mayOnServer(scope); err != nil {
		return err
	}
	if a.User.Role != models.Admin {
		return fault.NotAllowed
	}
	return nil
}

// here is an actor in a class: the proof of having passed the door, which
// everything inside asks for. It is large: methods take its address, or else a
// send would need a stack of 16 KiB, which grows anew after each collection.
type here struct {
	actor  Actor
	member models.Member
	roster *roster
}

func (h *here) staff() bool { return h.member.Role.Staff() }

// manages tells whether the member may manage people and settings.
func (h *here) manages() bool { return h.member.Role.Manages() }

// enter is the only way from an actor to a class. Its faults, in the order in
// which it looks: SignInFirst, NotAllowed (the token), NoClass, NotMember.
func (a *App) enter(ctx context.Context, actor Actor, scope models.Scope, classID int64) (at here, err error) {
	if err := actor.may(scope); err != nil {
		return at, err
	}
	r, err := a.roster(ctx, classID)
	if err != nil {
		return at, err
	}
	err = at.enter(&actor, r)
	return at, err
}

// enter takes the last step of App.enter again, in the transaction: the
// membership may have ended while it waited for its turn.
func (c *change) enter(actor Actor, classID int64) (at here, err error) {
	r, err := c.app.rosterIn(c.Tx, classID)
	if err != nil {
		return at, err
	}
	err = at.enter(&actor, r)
	return at, err
}

func (h *here) enter(actor *Actor, r *roster) error {
	if len(actor.ClassIDs) > 0 && !slices.Contains(actor.ClassIDs, r.classID) {
		return fault.NotMember
	}
	if _, ok := r.openClass(); !ok {
		return fault.NoClass
	}
	member, ok := r.member(actor.User.ID)
	if !ok {
		return fault.NotMember
	}
	h.actor, h.member, h.roster = *actor, member, r
	return nil
}

// mayWrite refuses who may not write anywhere in the class now: Archived,
// Muted.
func (h *here) mayWrite(now models.Time) error {
	if class, _ := h.roster.openClass(); class.ArchivedAt != nil {
		return fault.Archived
	}
	if until := h.member.MutedUntil; until != nil && until.After(now.Time) {
		return fault.Muted.After(until.Sub(now.Time))
	}
	return nil
}

// mayWriteIn is mayWrite for one thread: Locked for students, and for
// everybody once the thread is archived.
func (h *here) mayWriteIn(thread *models.Thread, now models.Time) error {
	if err := h.mayWrite(now); err != nil {
		return err
	}
	if thread.ArchivedAt != nil || thread.LockedAt != nil && !h.staff() {
		return fault.Locked
	}
	return nil
}

// thread returns a thread of the class, or fault.NoThread.
func (h *here) thread(id int64) (models.Thread, error) {
	t, ok := h.roster.thread(id)
	if !ok {
		return t, fault.NoThread
	}
	return t, nil
}

// as refuses with fault.NotAllowed unless ok, and with fault.Archived in an
// archived class.
func (h *here) as(ok bool) error {
	if !ok {
		return fault.NotAllowed
	}
	if class, _ := h.roster.openClass(); class.ArchivedAt != nil {
		return fault.Archived
	}
	return nil
}

// asManager takes what enter answers, and refuses with fault.NotAllowed who does
// not manage the class.
func asManager(at here, err error) error {
	if err == nil && !at.manages() {
		err = fault.NotAllowed
	}
	return err
}
