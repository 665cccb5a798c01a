package app

import (
	"context"

	"homeroom/models"
)

// Audit returns what was noted, the newest first; admins may ask. Faults:
// SignInFirst, NotAllowed, ConfirmFirst.
func (a *App) Audit(ctx context.Context, actor Actor, before int64, limit int) ([]models.AuditEntry, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return nil, err
	}
	if err := a.fresh(actor); err != nil {
		return nil, err
	}
	return a.reading(ctx).Audit(before, limit)
}
