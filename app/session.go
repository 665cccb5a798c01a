package app

import (
	"context"
	"strings"
	"time"
	"unicode"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/models"
)

// mostAgent is how much of a browser's name is kept.
const mostAgent = 200

// openSession signs a user in, in the browser with that device secret, and
// returns the secrets of the cookies. A user's oldest sessions make room, and
// their connections are closed. The fault is WrongPassword where the account was
// disabled meanwhile.
func (c *change) openSession(userID int64, myDevice bool, agent, deviceSecret string) (SignedIn, Secrets, error) {
	user, err := c.User(userID)
	if err != nil {
		return SignedIn{}, Secrets{}, err
	}
	if user.DisabledAt != nil {
		return SignedIn{}, Secrets{}, fault.WrongPassword
	}
	device, deviceSecret, err := c.keepDevice(userID, deviceSecret)
	if err != nil {
		return SignedIn{}, Secrets{}, err
	}
	idle, absolute := c.app.Limits.sessionOf(user.Role, myDevice)
	secrets := Secrets{Session: newSecret(""), Device: deviceSecret, DeviceUntil: device.ExpiresAt}
	session := models.Session{
		UserID: userID, SecretHash: secretHash(secrets.Session), MyDevice: myDevice, Agent: tidyAgent(agent), DeviceID: &device.ID,
		CreatedAt: c.now, LastSeenAt: c.now, ExpiresAt: models.At(c.now.Add(absolute)), IdleMS: idle.Milliseconds(),
		ConfirmedAt: c.now,
	}
	before, err := c.Sessions(userID, c.now)
	if err != nil {
		return SignedIn{}, Secrets{}, err
	}
	if err := c.CreateSession(&session); err != nil {
		return SignedIn{}, Secrets{}, err
	}
	session.Current = true
	most := max(c.app.Limits.SessionsPerUser, 1)
	for _, oldest := range before[min(most-1, len(before)):] {
		if _, err := c.DeleteSession(userID, oldest.ID); err != nil {
			return SignedIn{}, Secrets{}, err
		}
		c.ended(bus.Ended{UserID: userID, SessionID: oldest.ID})
	}
	return SignedIn{User: user, Session: session, SecondFactorFirst: c.app.lacksFactor(user)}, secrets, nil
}

// sessionOf tells after how long without use, and after how long at the latest,
// a session ends. Of a teacher's own device the shorter counts.
func (l Limits) sessionOf(role models.ServerRole, myDevice bool) (idle, absolute time.Duration) {
	idle, absolute = l.SharedIdle, l.SharedAbsolute
	if myDevice {
		idle, absolute = l.DeviceIdle, l.DeviceAbsolute
	}
	if role != models.StudentAccount {
		idle, absolute = min(idle, l.StaffIdle), min(absolute, l.StaffAbsolute)
	}
	return idle, absolute
}

// tidyAgent makes what a browser says of itself fit to be shown.
func tidyAgent(agent string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(agent, "")))
	return string(runes[:min(len(runes), mostAgent)])
}

// ended tells, after the commit, that sign-ins ended: from then on no request
// and no connection passes as them.
func (c *change) ended(e bus.Ended) {
	c.forgetActors(e.UserID)
	c.AfterCommit(func() {
		c.app.endings.Add(1)
		c.app.bus.Publish(bus.Announcement{Ended: &e})
	})
}

// SignedIn returns who asks, and the session. Faults: SignInFirst, NotAllowed
// (a token).
func (a *App) SignedIn(ctx context.Context, actor Actor) (SignedIn, error) {
	if err := actor.mayOnOwn(models.ScopeManage); err != nil {
		return SignedIn{}, err
	}
	if actor.SessionID == 0 {
		return SignedIn{}, fault.NotAllowed.With("a token has no session")
	}
	session, err := a.reading(ctx).Session(actor.SessionID, a.now())
	if fault.NotFound.Is(err) {
		return SignedIn{}, fault.SignInFirst
	}
	if err != nil {
		return SignedIn{}, err
	}
	session.Current = true
	user, err := a.reading(ctx).User(actor.User.ID)
	return SignedIn{User: user, Session: session, SecondFactorFirst: a.lacksFactor(user)}, err
}

// Sessions returns the actor's sessions, the newest first. Faults: SignInFirst,
// NotAllowed.
func (a *App) Sessions(ctx context.Context, actor Actor) ([]models.Session, error) {
	if err := actor.mayOnOwn(models.ScopeManage); err != nil {
		return nil, err
	}
	sessions, err := a.listing(ctx).Sessions(actor.User.ID, a.now())
	for i := range sessions {
		sessions[i].Current = sessions[i].ID == actor.SessionID
	}
	return sessions, err
}

// EndSession signs one of the actor's browsers out. Faults: SignInFirst,
// NotAllowed, NotFound.
func (a *App) EndSession(ctx context.Context, actor Actor, id int64) error {
	if err := actor.mayOnOwn(models.ScopeManage); err != nil {
		return err
	}
	return a.change(ctx, func(c *change) error {
		was, err := c.DeleteSession(actor.User.ID, id)
		if err != nil {
			return err
		}
		if !was {
			return fault.NotFound
		}
		c.ended(bus.Ended{UserID: actor.User.ID, SessionID: id})
		return nil
	})
}

// SignOut ends the session that asks. To be signed out already is no failure.
// Faults: SignInFirst, NotAllowed (a token).
func (a *App) SignOut(ctx context.Context, actor Actor) error {
	if err := actor.maySitBefore(); err != nil {
		return err
	}
	err := a.EndSession(ctx, actor, actor.SessionID)
	if fault.NotFound.Is(err) {
		return nil
	}
	return err
}

// ForgetEndedSessions removes the rows of sessions and devices that are over.
// Whoever runs the server calls it now and then.
func (a *App) ForgetEndedSessions(ctx context.Context) error {
	return a.change(ctx, func(c *change) error {
		if err := c.DeleteExpiredSessions(c.now); err != nil {
			return err
		}
		return c.DeleteExpiredDevices(c.now)
	})
}
