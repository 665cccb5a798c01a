package app

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"homeroom/app/fault"
	"homeroom/models"
)

// NewPush is what an outside system tells, and whom: one user, a class, or,
// with neither, everybody who is online.
type NewPush struct {
	To      json.RawMessage `json:"to,omitempty" doc:"Id (a number) or name (a string) of a user" example:"\"Bob Ray\""`
	ClassID int64           `json:"class_id,omitempty" minimum:"1" doc:"Instead of to: everybody in the class"`
	Content string          `json:"content" doc:"Plain text, 1 to 10,000 characters" example:"Your build runs"`
	Task    string          `json:"task,omitempty" maxLength:"64" doc:"Pushes of the same task update one progress bar" example:"build-7"`
	Percent *float64        `json:"percent,omitempty" minimum:"0" maximum:"100" doc:"How far the task is; needs task" example:"40"`
	Keep    bool            `json:"keep,omitempty" doc:"Where the user is offline, show it at the next connection"`
}

// PushResult says what came of a push.
type PushResult struct {
	Result  string `json:"result" enum:"ok,offline,fail" doc:"ok: somebody was there; offline: nobody was, or nobody whom the asker may tell; fail: a refusal, which here is a problem document instead"`
	Reached int    `json:"reached" doc:"Connections that it was told to"`
}

// The results of a push.
const (
	PushOK      = "ok"
	PushOffline = "offline"
	PushFail    = "fail"
)

// Whom a push is for, as the connections' keeper must know it. Exactly one
// field is set; All stands for everybody online.
type PushTarget struct {
	UserID  int64
	ClassID int64
	Task    string // those who watch it
	All     bool
}

// Listeners is what the keeper of the connections tells the rules. It is the
// one thing that they ask a door.
type Listeners struct {
	// Push tells a push to those it is for and returns how many connections it
	// reached.
	Push func(PushTarget, models.Push) int
	// Hears tells whether a push to a user would reach anybody.
	Hears func(userID int64) bool
	// Online returns who is connected.
	Online func() Online
}

// Listen makes l the keeper of the connections.
func (a *App) Listen(l Listeners) { a.listeners.Store(&l) }

func (a *App) tell(target PushTarget, p models.Push) PushResult {
	reached := 0
	if l := a.listeners.Load(); l != nil {
		reached = l.Push(target, p)
	}
	if reached == 0 {
		return PushResult{Result: PushOffline}
	}
	return PushResult{Result: PushOK, Reached: reached}
}

// Push tells users something, now. An admin may tell anybody; staff their
// classes and the people in them; everybody themselves. Somebody whom the
// actor may not tell is offline to them, like somebody who does not exist.
// Faults: SignInFirst, NotAllowed, Malformed, TextTooLong, those of enter (a
// class), TooMany (kept pushes).
func (a *App) Push(ctx context.Context, actor Actor, in NewPush) (PushResult, error) {
	if err := actor.may(models.ScopePush); err != nil {
		return PushResult{Result: PushFail}, err
	}
	if err := a.checkPush(in); err != nil {
		return PushResult{Result: PushFail}, err
	}
	push := models.Push{ID: newPushID(), Content: in.Content, Task: in.Task, Percent: in.Percent, At: a.now()}
	switch {
	case in.To != nil:
		return a.pushToUser(ctx, actor, in, push)
	case in.ClassID != 0:
		return a.pushToClass(ctx, actor, in.ClassID, push)
	}
	if actor.User.Role != models.Admin || len(actor.ClassIDs) > 0 {
		return PushResult{Result: PushFail}, fault.NotAllowed
	}
	return a.tell(PushTarget{All: true}, push), nil
}

func newPushID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // the system's randomness has failed: nothing is safe to go on
	}
	return id.String()
}

func (a *App) checkPush(in NewPush) error {
	if in.To != nil && in.ClassID != 0 {
		return fault.Malformed.With("at most one of to and class_id")
	}
	if in.Keep && in.To == nil {
		return fault.Malformed.With("keep needs to")
	}
	if in.Percent != nil && !(*in.Percent >= 0 && *in.Percent <= 100) {
		return fault.Malformed.With("percent is from 0 to 100")
	}
	if in.Percent != nil && in.Task == "" {
		return fault.Malformed.With("percent needs task")
	}
	if in.Task != "" {
		if err := CheckTask(in.Task); err != nil {
			return err
		}
	}
	return checkText("content", in.Content, a.Limits.TextLength)
}

// CheckTask refuses with Malformed or TextTooLong what is no id of a task: 1 to
// 64 characters.
func CheckTask(task string) error { return checkText("task", task, 64) }

func (a *App) pushToClass(ctx context.Context, actor Actor, classID int64, push models.Push) (PushResult, error) {
	if actor.User.Role == models.Admin && len(actor.ClassIDs) == 0 {
		r, err := a.roster(ctx, classID)
		if err != nil {
			return PushResult{Result: PushFail}, err
		}
		if _, open := r.openClass(); !open {
			return PushResult{Result: PushFail}, fault.NoClass
		}
		return a.tell(PushTarget{ClassID: classID}, push), nil
	}
	at, err := a.enter(ctx, actor, models.ScopePush, classID)
	if err == nil && !at.staff() {
		err = fault.NotAllowed
	}
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	return a.tell(PushTarget{ClassID: classID}, push), nil
}

func (a *App) pushToUser(ctx context.Context, actor Actor, in NewPush, push models.Push) (PushResult, error) {
	// Who exists goes the same way as who does not: the time that it takes to
	// learn "offline" must not tell them apart.
	roles, err := a.rolesToTell(ctx, actor)
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	id, err := a.recipient(ctx, in.To)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return PushResult{Result: PushFail}, err
	}
	ok, err := a.mayTell(ctx, actor, roles, id)
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	if !ok || id == 0 {
		return PushResult{Result: PushOffline}, nil
	}
	result := a.tell(PushTarget{UserID: id}, push)
	if result.Result == PushOffline && in.Keep {
		return a.keepPush(ctx, actor, id, push)
	}
	return result, nil
}

// recipient reads whom "to" names: a number is an id, a string a name. Whether
// there is a user of that id is not asked: who is connected is one, and nobody
// else hears. Faults: Malformed, NotFound, which comes with 0.
func (a *App) recipient(ctx context.Context, to json.RawMessage) (id int64, err error) {
	var name string
	switch {
	case json.Unmarshal(to, &name) == nil && name != "":
		user, err := a.reading(ctx).UserByKey(nameKey(name))
		return user.ID, err
	case string(to) != "null" && json.Unmarshal(to, &id) == nil:
		if id <= 0 {
			return 0, fault.NotFound
		}
		return id, nil
	}
	return 0, fault.Malformed.With("to is an id or a name")
}

// rolesToTell returns the roles by which mayTell decides; an admin needs none.
func (a *App) rolesToTell(ctx context.Context, actor Actor) (map[int64]models.MemberRole, error) {
	if len(actor.ClassIDs) == 0 && actor.User.Role == models.Admin {
		return nil, nil
	}
	return a.rolesOf(ctx, actor)
}

// mayTell tells whether the actor may push to a user: an admin, oneself, or
// staff of a class that the user is in.
func (a *App) mayTell(ctx context.Context, actor Actor, roles map[int64]models.MemberRole, userID int64) (bool, error) {
	if len(actor.ClassIDs) == 0 && (actor.User.Role == models.Admin || actor.User.ID == userID) {
		return true, nil
	}
	for classID, role := range roles {
		if !role.Staff() {
			continue
		}
		r, err := a.roster(ctx, classID)
		if err != nil {
			return false, err
		}
		if _, ok := r.member(userID); ok {
			return true, nil
		}
	}
	return false, nil
}
