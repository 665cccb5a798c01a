package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// Proof is how a secret came.
type Proof int

// The ways: a session's secret only as a cookie, a token only as a bearer, so
// that neither works in the other's place.
const (
	Cookie Proof = iota
	Bearer
)

// tokenPrefix begins every token.
const tokenPrefix = "hr_"

// touchEvery is how exact "last seen" is.
const touchEvery = time.Minute

// Authenticate returns the actor whose secret this is. Every request passes
// here. Faults: SignInFirst; Unavailable.
func (a *App) Authenticate(ctx context.Context, secret string, proof Proof) (Actor, error) {
	if secret == "" || len(secret) > mostSecret || strings.HasPrefix(secret, tokenPrefix) != (proof == Bearer) {
		return Actor{}, fault.SignInFirst
	}
	endings := a.endings.Load()
	key, now := [32]byte(secretHash(secret)), a.now()
	known, turn := a.gate.actors.get(key, now)
	if known == nil {
		read, err := a.readActor(ctx, key[:], proof)
		if errors.Is(err, fault.NotFound) {
			return Actor{}, fault.SignInFirst
		}
		if err != nil {
			return Actor{}, err
		}
		known = &read
		known.readAt = now
		a.gate.actors.put(key, known, turn)
	}
	if !known.good(now) {
		return Actor{}, fault.SignInFirst
	}
	if !askedByItself(ctx, known.actor) && known.toNote(now) && a.gate.actors.mayTouch(key, now) {
		a.uses.add(known.actor, now)
	}
	actor := known.actor
	actor.endings, actor.turn, actor.readAt = endings, turn, known.readAt
	return actor, nil
}

type byItself struct{}

// ByItself marks what a page asks though nobody touches it. It is no use of the
// session, which would never end under a page that was left open.
func ByItself(ctx context.Context) context.Context {
	return context.WithValue(ctx, byItself{}, true)
}

// askedByItself tells what is no use of the actor's session. A script has no page.
func askedByItself(ctx context.Context, actor Actor) bool {
	return actor.SessionID != 0 && ctx.Value(byItself{}) != nil
}

// MayHaveEnded tells whether any sign-in has ended, or may have, since the
// actor's was found good. While it is false, no announcement can have missed a
// new connection.
func (a *App) MayHaveEnded(actor Actor) bool { return a.endings.Load() != actor.endings }

// WrittenBeside tells whether another process (the command line) has written
// since it was last asked. What that one ended was announced to nobody: from now
// on no request passes by what was remembered, and open connections are to be
// rechecked. The fault is Unavailable.
func (a *App) WrittenBeside(ctx context.Context) (bool, error) {
	number, err := a.store.Beside(ctx)
	if err != nil || a.beside.Swap(number) == number {
		return false, err
	}
	a.gate.actors.forgetAll()
	a.endings.Add(1)
	return true, nil
}

// readActor reads who has the secret with that hash. The fault is NotFound.
func (a *App) readActor(ctx context.Context, hash []byte, proof Proof) (r remembered, err error) {
	q := a.reading(ctx)
	if proof == Cookie {
		session, user, err := q.SessionBySecret(hash)
		if err != nil {
			return r, err
		}
		r.actor.User, r.actor.SessionID, r.actor.ConfirmedAt = user, session.ID, session.ConfirmedAt
		r.actor.lacksFactor = a.lacksFactor(user)
		if session.DeviceID != nil {
			r.actor.deviceID = *session.DeviceID
		}
		r.seen, r.expires, r.idle = session.LastSeenAt, session.ExpiresAt, time.Duration(session.IdleMS)*time.Millisecond
	} else {
		token, user, err := q.TokenBySecret(hash)
		if err != nil {
			return r, err
		}
		r.actor.User, r.actor.TokenID = user, token.ID
		r.actor.Scopes, r.actor.ClassIDs = token.Scopes, token.ClassIDs
		if token.ExpiresAt != nil {
			r.expires, r.actor.until = *token.ExpiresAt, *token.ExpiresAt
		}
		if token.LastUsedAt != nil {
			r.seen = *token.LastUsedAt
		}
	}
	return r, nil
}

// Recheck tells whether an open connection may go on as the actor: the session
// or token still stands, the account is enabled, its role the same, and it has
// the second factor that it must have. Faults: SignInFirst; Unavailable.
func (a *App) Recheck(ctx context.Context, actor Actor) error {
	q, now := a.reading(ctx), a.now()
	user, err := q.User(actor.User.ID)
	if err == nil && (user.DisabledAt != nil || user.Role != actor.User.Role || actor.SessionID != 0 && a.lacksFactor(user)) {
		err = fault.SignInFirst
	}
	if err == nil {
		err = actor.stands(q, now)
	}
	if errors.Is(err, fault.NotFound) {
		return fault.SignInFirst
	}
	return err
}

// stands refuses with fault.SignInFirst an actor whose session or token has ended.
func (a *Actor) stands(q store.Queries, now models.Time) (err error) {
	if a.TokenID != 0 {
		var token models.Token
		token, err = q.Token(a.TokenID)
		if err == nil && token.ExpiresAt != nil && !token.ExpiresAt.After(now.Time) {
			err = fault.SignInFirst
		}
	} else {
		_, err = q.Session(a.SessionID, now)
	}
	if errors.Is(err, fault.NotFound) {
		err = fault.SignInFirst
	}
	return err
}
