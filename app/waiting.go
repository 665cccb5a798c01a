package app

import (
	"context"
	"time"

	"homeroom/app/fault"
)

// mostWaiting is how many bytes of text wait for the disk at the same time. Each
// is in memory several times: as it came, as it was read, as it will be told.
const mostWaiting = 8 << 20

// besideText is what a message takes besides its text.
const besideText = 512

// changeText is changeOften for what holds a text. In a flood, or when the disk
// is slow, memory would go to those who wait: past mostWaiting they are refused.
// The fault is Busy.
func (a *App) changeText(ctx context.Context, text string, fn func(*change) error) error {
	size := int64(len(text) + besideText)
	defer a.waiting.Add(-size)
	if a.waiting.Add(size) > mostWaiting {
		return fault.Busy.After(time.Second)
	}
	return a.changeOften(ctx, fn)
}
