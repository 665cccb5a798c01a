package app

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// NewPush is what an outside system tells, and whom: one user, a class, or,
// with neither, everybody who is online.
type NewPush struct {
	To      json.RawMessage `json:"to,omitempty" doc:"Id (a number) or name (a string) of a user" example:"\"Bob Ray\""`
	ClassID int64           `json:"class_id,omitempty" minimum:"1" doc:"Instead of to: everybody in the class"`
	Content string          `json:"content" doc:"Plain text, 1 to 10,000 characters" example:"The build is done"`
	Task    string          `json:"task,omitempty" maxLength:"64" doc:"Pushes of the same task update one progress bar"`
	Percent *float64        `json:"percent,omitempty" minimum:"0" maximum:"100" doc:"How far the task is"`
	Keep    bool            `json:"keep,omitempty" doc:"Where the user is offline, show it at the next connection"`
}

// PushResult says what came of a push.
type PushResult struct {
	Result  string `json:"result" enum:"ok,offline,fail" doc:"ok: somebody was there; offline: nobody was; fail: it could not be told"`
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
// class), TooMany (kept pushes of one user).
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
		if err := checkText("task", in.Task, 64); err != nil {
			return err
		}
	}
	return checkText("content", in.Content, a.Limits.TextLength)
}

func (a *App) pushToClass(ctx context.Context, actor Actor, classID int64, push models.Push) (PushResult, error) {
	if actor.User.Role == models.Admin && len(actor.ClassIDs) == 0 {
		if _, err := a.roster(ctx, classID); err != nil {
			return PushResult{Result: PushFail}, err
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
	user, err := a.userOf(ctx, in.To)
	if errors.Is(err, fault.NotFound) {
		return PushResult{Result: PushOffline}, nil
	}
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	if ok, err := a.mayTell(ctx, actor, user.ID); err != nil || !ok {
		return PushResult{Result: PushOffline}, err
	}
	result := a.tell(PushTarget{UserID: user.ID}, push)
	if result.Result == PushOffline && in.Keep {
		if err := a.keepPush(ctx, user.ID, push); err != nil {
			return PushResult{Result: PushFail}, err
		}
	}
	return result, nil
}

// userOf reads whom "to" names: a number is an id, a string a name. Faults:
// Malformed, NotFound.
func (a *App) userOf(ctx context.Context, to json.RawMessage) (models.User, error) {
	var name string
	var id int64
	var user models.User
	var err error
	switch {
	case json.Unmarshal(to, &id) == nil && id > 0:
		user, err = a.reading(ctx).User(id)
	case json.Unmarshal(to, &name) == nil && name != "":
		user, err = a.reading(ctx).UserByKey(nameKey(name))
	default:
		return user, fault.Malformed.With("to is an id or a name")
	}
	if err == nil && user.DisabledAt != nil {
		err = fault.NotFound
	}
	return user, err
}

// mayTell tells whether the actor may push to a user: an admin, oneself, or
// staff of a class that the user is in.
func (a *App) mayTell(ctx context.Context, actor Actor, userID int64) (bool, error) {
	if len(actor.ClassIDs) == 0 && (actor.User.Role == models.Admin || actor.User.ID == userID) {
		return true, nil
	}
	roles, err := a.rolesOf(ctx, actor)
	if err != nil {
		return false, err
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

func (a *App) keepPush(ctx context.Context, userID int64, push models.Push) error {
	return a.store.Batch(ctx, func(tx *store.Tx) error {
		waiting, err := tx.CountKeptPushes(userID)
		if err != nil {
			return err
		}
		if waiting >= int64(a.Limits.KeptPushes) {
			return fault.TooMany.With("pushes that wait for one user")
		}
		return tx.CreateKeptPush(&models.KeptPush{
			UserID: userID, Push: push, ExpiresAt: models.At(a.clock().Add(a.Limits.KeepPushes)),
		})
	})
}

// TakeKeptPushes returns what was kept for the actor while nobody of theirs was
// connected, the oldest first, this once. Faults: SignInFirst, NotAllowed.
func (a *App) TakeKeptPushes(ctx context.Context, actor Actor) (pushes []models.Push, err error) {
	if err := actor.may(models.ScopeRead); err != nil {
		return nil, err
	}
	// A reader is asked first: of those who connect, few have any.
	if waits, err := a.reading(ctx).HasKeptPush(actor.User.ID); err != nil || !waits {
		return nil, err
	}
	err = a.store.Batch(ctx, func(tx *store.Tx) error {
		kept, err := tx.TakeKeptPushes(actor.User.ID, a.now())
		pushes = nil
		for _, k := range kept {
			pushes = append(pushes, k.Push)
		}
		return err
	})
	return pushes, err
}

// ForgetExpiredPushes removes the kept pushes that nobody came for.
func (a *App) ForgetExpiredPushes(ctx context.Context) error {
	return a.store.Batch(ctx, func(tx *store.Tx) error { return tx.DeleteExpiredPushes(a.now()) })
}

// PushLine is the inner port's push: an object with a uid, which is a user's
// id, a user's name, or a task that pages watch. The object goes to them as it
// is. It answers whether the line could be understood and told; who may connect
// to the port is the machine's own business.
func (a *App) PushLine(ctx context.Context, line []byte) (PushResult, error) {
	var in struct {
		UID     json.RawMessage `json:"uid"`
		Content string          `json:"content"`
		Task    string          `json:"task"`
		Percent json.RawMessage `json:"percent"`
	}
	uid, ok := "", false
	if json.Unmarshal(line, &in) == nil {
		uid, ok = uidOf(in.UID)
	}
	if !ok {
		return PushResult{Result: PushFail}, fault.Malformed.With("an object with a uid")
	}
	push := models.Push{
		ID: newPushID(), Content: in.Content, Task: in.Task, Percent: percentOf(in.Percent),
		Data: append(json.RawMessage(nil), line...), At: a.now(),
	}
	user, err := a.userOfUID(ctx, uid)
	switch {
	case err == nil:
		return a.tell(PushTarget{UserID: user.ID}, push), nil
	case !errors.Is(err, fault.NotFound):
		return PushResult{Result: PushFail}, err
	}
	if push.Task == "" {
		push.Task = uid
	}
	return a.tell(PushTarget{Task: uid}, push), nil
}

// uidOf reads a uid that came as a number or as a string.
func uidOf(raw json.RawMessage) (string, bool) {
	var number json.Number
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, text != "" && len(text) <= 64
	}
	err := json.Unmarshal(raw, &number)
	return number.String(), err == nil && number != ""
}

// userOfUID returns the user of that id, or else of that name, or
// fault.NotFound.
func (a *App) userOfUID(ctx context.Context, uid string) (models.User, error) {
	if id, err := strconv.ParseInt(uid, 10, 64); err == nil {
		user, err := a.reading(ctx).User(id)
		if !errors.Is(err, fault.NotFound) {
			return user, err
		}
	}
	return a.reading(ctx).UserByKey(nameKey(uid))
}

// percentOf reads 88, "88" and "88%"; nil where it is none of them.
func percentOf(raw json.RawMessage) *float64 {
	s := strings.TrimSuffix(strings.Trim(string(raw), `"`), "%")
	p, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(p) || p < 0 || p > 100 {
		return nil
	}
	return &p
}
