package app

import (
	"context"
	"errors"
	"sync"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// attempt is whose password is tried, and what counts the failures: a known
// device of the user's, or with 0 the account, as for all strangers together.
type attempt struct {
	userID, deviceID int64
	hash             string       // what the password was compared with
	phrase           bool         // it is that of a reset
	until            *models.Time // the wait that counting this try began, if it did
}

// countTry counts a try as failed before it is made, so that tries that come
// in together are not all free; the right password takes it back. A device that
// made room for others meanwhile, or was wrong too often, is taken out of try:
// it counts no more. The fault is TooManyTries.
func (a *App) countTry(ctx context.Context, try *attempt) (credential models.Credential, err error) {
	err = a.changeOften(ctx, func(c *change) error {
		credential, err = c.Credential(try.userID)
		if err != nil {
			return err
		}
		device, err := c.Device(try.deviceID)
		if errors.Is(err, fault.NotFound) || device.Failures >= a.Limits.MostFailures {
			device, try.deviceID = models.Device{Failures: credential.Failures, LockedUntil: credential.LockedUntil}, 0
		} else if err != nil {
			return err
		}
		failures, until, err := a.Limits.failAgain(device.Failures, device.LockedUntil, c.now)
		if err != nil {
			return err
		}
		try.until = until
		return c.setFailures(*try, failures, until)
	})
	return credential, err
}

// takeBack takes back what countTry counted of this try alone: what others did
// meanwhile stays counted, and so does what was wrong before.
func (c *change) takeBack(try attempt) error {
	failures, until, err := c.failures(try)
	if errors.Is(err, fault.NotFound) {
		return nil // the device was forgotten meanwhile
	}
	if err != nil {
		return err
	}
	if until != nil && try.until != nil && until.Equal(try.until.Time) {
		until = nil
	}
	return c.setFailures(try, max(failures-1, 0), until)
}

func (c *change) failures(try attempt) (int, *models.Time, error) {
	if try.deviceID != 0 {
		device, err := c.Device(try.deviceID)
		return device.Failures, device.LockedUntil, err
	}
	credential, err := c.Credential(try.userID)
	return credential.Failures, credential.LockedUntil, err
}

// forgiveFailures takes back what countTry counted. The right password on a
// known device forgives strangers nothing.
func (c *change) forgiveFailures(try attempt) error { return c.setFailures(try, 0, nil) }

func (c *change) setFailures(try attempt, failures int, until *models.Time) error {
	set := store.Change{"failures": failures, "locked_until": until}
	if try.deviceID != 0 {
		return c.UpdateDevice(try.deviceID, set)
	}
	return c.UpdateCredential(try.userID, set)
}

// failAgain returns how many failures there are after one more, and until when
// the next must wait. The fault is TooManyTries, while waiting and, until a
// reset, once there are MostFailures.
func (l Limits) failAgain(failures int, until *models.Time, now models.Time) (int, *models.Time, error) {
	if failures >= l.MostFailures {
		return failures, until, fault.TooManyTries.After(l.LongestWait)
	}
	if until != nil && until.After(now.Time) {
		return failures, until, fault.TooManyTries.After(min(until.Sub(now.Time), l.LongestWait))
	}
	failures++
	if failures < l.FreeFailures {
		return failures, nil, nil
	}
	wait := min(l.FirstWait, l.LongestWait)
	for range failures - l.FreeFailures {
		wait = min(2*wait, l.LongestWait)
	}
	next := models.At(now.Add(wait))
	return failures, &next, nil
}

// strays makes names that do not exist wait like those that do: an account that
// alone makes one wait would tell that it is there.
type strays struct {
	mu sync.Mutex
	m  map[[32]byte]stray
}

type stray struct {
	failures int
	until    *models.Time
	last     models.Time
}

func newStrays() *strays { return &strays{m: map[[32]byte]stray{}} }

// take is countTry for a name without an account.
func (s *strays) take(name string, limits Limits, now models.Time) error {
	key := [32]byte(secretHash(name)) // a long name must not take more room
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.m[key]
	failures, until, err := limits.failAgain(one.failures, one.until, now)
	if err != nil {
		return err
	}
	if _, known := s.m[key]; !known && len(s.m) >= mostTries {
		makeRoom(s.m, mostTries, func(o stray) bool { return now.Sub(o.last.Time) > limits.LongestWait })
	}
	s.m[key] = stray{failures: failures, until: until, last: now}
	return nil
}
