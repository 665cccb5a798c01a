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
func (a *App) keepPush(ctx context.Context, actor Actor, userID int64, push models.Push) (PushResult, error) {
	user, err := a.reading(ctx).User(userID)
	if errors.Is(err, fault.NotFound) || err == nil && user.DisabledAt != nil {
		return PushResult{Result: PushOffline}, nil
	}
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	if wait := a.sends.take(actor.User.ID, a.clock()); wait > 0 { // it waits for the disk, as a message does
		return PushResult{Result: PushFail}, fault.TooMany.After(wait)
	}
	err = a.store.Batch(ctx, func(tx *store.Tx) error {
		waiting, err := tx.CountKeptPushes(userID, a.now())
		if err != nil {
			return err
		}
		if waiting >= a.Limits.KeptPushes {
			return fault.TooMany.With("pushes that wait for one user")
		}
		if err := tx.DeleteExpiredPushesOf(userID, a.now()); err != nil {
			return err
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
	err = a.tellKept(ctx, userID, func(p models.Push) bool {
		told := a.tell(PushTarget{UserID: userID}, p)
		if p.ID == push.ID {
			result = told
		}
		return told.Reached > 0
	})
	return result, err
}

// TellKeptPushes tells what was kept for the actor while nobody of theirs was
// connected, the oldest first, this once. What tell does not take waits on.
// Faults: those of CanHearPushes.
func (a *App) TellKeptPushes(ctx context.Context, actor Actor, tell func(models.Push) (taken bool)) error {
	if err := actor.CanHearPushes(); err != nil {
		return err
	}
	return a.tellKept(ctx, actor.User.ID, tell)
}

func (a *App) tellKept(ctx context.Context, userID int64, tell func(models.Push) (taken bool)) error {
	// A reader is asked first: of those who connect, few have any.
	if waits, err := a.reading(ctx).HasKeptPush(userID); err != nil || !waits {
		return err
	}
	var kept []models.KeptPush
	err := a.store.Batch(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.TakeKeptPushes(userID, a.now())
		return err
	})
	if err != nil {
		return err
	}
	var left []models.KeptPush
	for _, k := range kept {
		if !tell(k.Push) {
			left = append(left, k)
		}
	}
	return a.putBack(ctx, userID, left)
}

// putBack keeps again, until they would have expired, pushes that were taken and
// that nobody was told. Where as many have come meanwhile as may wait, the oldest
// give way.
func (a *App) putBack(ctx context.Context, userID int64, left []models.KeptPush) error {
	if len(left) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // who asked may be gone: that is why they are left
	return a.store.Batch(ctx, func(tx *store.Tx) error {
		waiting, err := tx.CountKeptPushes(userID, a.now())
		if err != nil {
			return err
		}
		room := max(a.Limits.KeptPushes-waiting, 0)
		for _, k := range left[max(len(left)-room, 0):] {
			k.ID = 0 // it may be another's by now
			if err := tx.CreateKeptPush(&k); err != nil {
				return err
			}
		}
		return nil
	})
}

// ForgetExpiredPushes removes the kept pushes that nobody came for.
func (a *App) ForgetExpiredPushes(ctx context.Context) error {
	return a.store.Batch(ctx, func(tx *store.Tx) error { return tx.DeleteExpiredPushes(a.now()) })
}
