package app

import (
	"context"
	"errors"
	"time"

	"homeroom/app/fault"
	"homeroom/models"
)

// deviceLives is how long a device is known after a sign-in. Browsers keep no
// cookie for longer.
const deviceLives = 400 * 24 * time.Hour

// Secrets are the values of the cookies that a sign-in sets.
type Secrets struct {
	Session     string
	Device      string
	DeviceUntil models.Time
}

// knownDevice returns the id of the device with that secret which the named
// user has, 0 where there is none. One that was wrong too often is a stranger's
// again.
func (a *App) knownDevice(ctx context.Context, secret, name string) (int64, error) {
	if secret == "" || len(secret) > mostSecret {
		return 0, nil
	}
	device, err := a.reading(ctx).DeviceOf(secretHash(secret), signInKey(name), a.now())
	if errors.Is(err, fault.NotFound) || err == nil && device.Failures >= a.Limits.MostFailures {
		return 0, nil
	}
	return device.ID, err
}

// keepDevice notes that a user signed in in the browser with that secret, or
// gives the browser one. Users who share a browser share its secret, and count
// each for themselves; the oldest devices of a user make room.
func (c *change) keepDevice(userID int64, secret string) (models.Device, string, error) {
	users, err := c.usersOfDevice(secret)
	if err != nil {
		return models.Device{}, "", err
	}
	if len(users) == 0 {
		secret = newSecret("") // a value that is not ours is not taken over
	}
	device := models.Device{UserID: userID, SecretHash: secretHash(secret)}
	for _, d := range users {
		if d.UserID == userID {
			device.ID = d.ID
		}
	}
	if device.ID == 0 {
		if err := c.DeleteOldestDevices(userID, max(c.app.Limits.DevicesPerUser, 1)-1); err != nil {
			return device, "", err
		}
	}
	device.UsedAt, device.ExpiresAt = c.now, models.At(c.now.Add(deviceLives))
	return device, secret, c.PutDevice(&device)
}

func (c *change) usersOfDevice(secret string) ([]models.Device, error) {
	if secret == "" || len(secret) > mostSecret {
		return nil, nil
	}
	return c.DevicesBySecret(secretHash(secret), c.now)
}
