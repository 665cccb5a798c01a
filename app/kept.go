package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// keepPush stores a push for a user who was offline, if there is one. Who came
// back while it was being stored has not seen it, and is told now.
func (a *App) keepPush(ctx context.Context, userID int64, push models.Push) (PushResult, error) {
	user, err := a.reading(ctx).User(userID)
	if errors.Is(err, fault.NotFound) || err == nil && user.DisabledAt != nil {
		return PushResult{Result: PushOffline}, nil
	}
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	err = a.store.Batch(ctx, func(tx *store.Tx) error {
		waiting, err := tx.CountKeptPushes(userID, a.now())
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
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	result := PushResult{Result: PushOffline}
	if l := a.listeners.Load(); l == nil || !l.Hears(userID) {
		return result, nil
	}
	pushes, err := a.takeKeptPushes(ctx, userID)
	for _, p := range pushes {
		if told := a.tell(PushTarget{UserID: userID}, p); p.ID == push.ID {
			result = told
		}
	}
	return result, err
}

// TakeKeptPushes returns what was kept for the actor while nobody of theirs was
// connected, the oldest first, this once. Faults: SignInFirst, NotAllowed.
func (a *App) TakeKeptPushes(ctx context.Context, actor Actor) ([]models.Push, error) {
	if err := actor.may(models.ScopeRead); err != nil {
		return nil, err
	}
	return a.takeKeptPushes(ctx, actor.User.ID)
}

func (a *App) takeKeptPushes(ctx context.Context, userID int64) (pushes []models.Push, err error) {
	// A reader is asked first: of those who connect, few have any.
	if waits, err := a.reading(ctx).HasKeptPush(userID); err != nil || !waits {
		return nil, err
	}
	err = a.store.Batch(ctx, func(tx *store.Tx) error {
		kept, err := tx.TakeKeptPushes(userID, a.now())
		pushes = nil
		for _, k := range kept {
			pushes = append(pushes, k.Push)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return pushes, nil
}

// ForgetExpiredPushes removes the kept pushes that nobody came for.
func (a *App) ForgetExpiredPushes(ctx context.Context) error {
	return a.store.Batch(ctx, func(tx *store.Tx) error { return tx.DeleteExpiredPushes(a.now()) })
}
