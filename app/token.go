package app

import (
	"context"
	"slices"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/models"
)

// mostTokenClasses is how many classes a token may be limited to.
const mostTokenClasses = 200

// NewToken is what a token is made of.
type NewToken struct {
	Name      string         `json:"name" example:"timetable script"`
	Scopes    []models.Scope `json:"scopes,omitempty" maxItems:"4" enum:"read,write,push,manage" doc:"Without any: read and write"`
	ClassIDs  []int64        `json:"class_ids,omitempty" maxItems:"200" doc:"Limits the token to these classes"`
	ExpiresAt *models.Time   `json:"expires_at,omitempty" format:"date-time" doc:"Without it the token is good until it is revoked"`
}

// CreateToken makes a token of the actor's and returns its secret, this once. A
// token makes none that may do more than itself, or for longer. A student gives
// the password for one, too: it is good for years. Faults: SignInFirst,
// NotAllowed, Malformed, TextTooLong, ConfirmFirst, NotMember, TooMany.
func (a *App) CreateToken(ctx context.Context, actor Actor, in NewToken) (models.Token, error) {
	return a.createToken(ctx, actor, actor.User.ID, in)
}

// CreateTokenFor is CreateToken for another user; admins may. Faults: those of
// CreateToken, NotFound.
func (a *App) CreateTokenFor(ctx context.Context, actor Actor, userID int64, in NewToken) (models.Token, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return models.Token{}, err
	}
	return a.createToken(ctx, actor, userID, in)
}

func (a *App) createToken(ctx context.Context, actor Actor, userID int64, in NewToken) (token models.Token, err error) {
	if err := actor.may(models.ScopeManage); err != nil {
		return token, err
	}
	in, err = a.tidyToken(in)
	if err != nil {
		return token, err
	}
	if err := actor.mayPassOn(in); err != nil {
		return token, err
	}
	if err := a.freshOfAny(actor); err != nil {
		return token, err
	}
	secret := newSecret(tokenPrefix)
	err = a.change(ctx, func(c *change) error {
		token = models.Token{
			UserID: userID, Name: in.Name, Scopes: in.Scopes, ClassIDs: in.ClassIDs,
			SecretHash: secretHash(secret), CreatedAt: c.now, ExpiresAt: in.ExpiresAt,
		}
		// A reset ends the tokens that are there, and none may come after it. A
		// command has not signed in.
		if actor.SessionID != 0 || actor.TokenID != 0 {
			if err := actor.stands(c.Queries, c.now); err != nil {
				return err
			}
		}
		if user, err := c.User(userID); err != nil {
			return err
		} else if user.DisabledAt != nil {
			return fault.NotFound
		}
		for _, id := range in.ClassIDs {
			member, err := c.Member(id, userID)
			if err != nil || member.LeftAt != nil {
				return fault.NotMember
			}
		}
		mine, err := c.Tokens(userID)
		if err != nil {
			return err
		}
		if len(mine) >= a.Limits.TokensPerUser {
			return fault.TooMany.With("tokens of one user")
		}
		if err := c.CreateToken(&token); err != nil {
			return err
		}
		return c.note(actor, "token.created", 0, token.ID, in.Name)
	})
	if err != nil {
		return models.Token{}, err
	}
	token.Secret = secret
	return token, nil
}

// tidyToken fills in what was left out. Faults: Malformed, TextTooLong.
func (a *App) tidyToken(in NewToken) (NewToken, error) {
	name, err := a.cleanName("name", in.Name)
	if err != nil {
		return in, err
	}
	in.Name = name
	if len(in.Scopes) == 0 {
		in.Scopes = []models.Scope{models.ScopeRead, models.ScopeWrite}
	}
	known := []models.Scope{models.ScopeRead, models.ScopeWrite, models.ScopePush, models.ScopeManage}
	for _, s := range in.Scopes {
		if !slices.Contains(known, s) {
			return in, fault.Malformed.With("no such scope")
		}
	}
	in.Scopes = slices.Compact(slices.Sorted(slices.Values(in.Scopes)))
	if len(in.ClassIDs) > mostTokenClasses {
		return in, fault.Malformed.With("too many class_ids")
	}
	in.ClassIDs = slices.Compact(slices.Sorted(slices.Values(in.ClassIDs)))
	if in.ClassIDs == nil {
		in.ClassIDs = []int64{}
	}
	if in.ExpiresAt != nil && !in.ExpiresAt.After(a.clock()) {
		return in, fault.Malformed.With("expires_at is over")
	}
	return in, nil
}

// mayPassOn refuses with fault.NotAllowed a token that would outdo, or outlive
// the limits of, the one that makes it.
func (a *Actor) mayPassOn(in NewToken) error {
	if a.TokenID == 0 {
		return nil
	}
	for _, s := range in.Scopes {
		if err := a.may(s); err != nil {
			return err
		}
	}
	if !a.until.IsZero() && (in.ExpiresAt == nil || in.ExpiresAt.After(a.until.Time)) {
		return fault.NotAllowed.With("the token ends sooner")
	}
	if len(a.ClassIDs) == 0 {
		return nil
	}
	if len(in.ClassIDs) == 0 {
		return fault.NotAllowed.With("the token is limited to classes")
	}
	for _, id := range in.ClassIDs {
		if !slices.Contains(a.ClassIDs, id) {
			return fault.NotAllowed.With("the token is limited to classes")
		}
	}
	return nil
}

// Tokens returns the actor's tokens, the newest first. Faults: SignInFirst,
// NotAllowed.
func (a *App) Tokens(ctx context.Context, actor Actor) ([]models.Token, error) {
	if err := actor.mayOnServer(models.ScopeManage); err != nil {
		return nil, err
	}
	return a.listing(ctx).Tokens(actor.User.ID)
}

// AllTokens returns everybody's tokens, the newest first, before the id before;
// admins may ask. Faults: SignInFirst, NotAllowed.
func (a *App) AllTokens(ctx context.Context, actor Actor, before int64, limit int) ([]models.Token, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return nil, err
	}
	return a.listing(ctx).AllTokens(before, limit)
}

// RevokeToken ends one of the actor's tokens. Faults: SignInFirst, NotAllowed,
// NotFound.
func (a *App) RevokeToken(ctx context.Context, actor Actor, id int64) error {
	if err := actor.mayOnServer(models.ScopeManage); err != nil {
		return err
	}
	return a.revokeToken(ctx, actor, id, func(t models.Token) bool { return t.UserID == actor.User.ID })
}

// RevokeAnyToken ends anybody's token; admins may. Faults: SignInFirst,
// NotAllowed, NotFound.
func (a *App) RevokeAnyToken(ctx context.Context, actor Actor, id int64) error {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return err
	}
	return a.revokeToken(ctx, actor, id, func(models.Token) bool { return true })
}

func (a *App) revokeToken(ctx context.Context, actor Actor, id int64, may func(models.Token) bool) error {
	return a.change(ctx, func(c *change) error {
		token, err := c.Token(id)
		if err != nil {
			return err
		}
		if !may(token) {
			return fault.NotFound
		}
		if err := c.DeleteToken(id); err != nil {
			return err
		}
		c.ended(bus.Ended{UserID: token.UserID, TokenID: id})
		return c.note(actor, "token.revoked", 0, id, token.Name)
	})
}
