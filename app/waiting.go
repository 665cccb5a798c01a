package app

import (
	"context"
	"time"

	"homeroom/app/fault"
)

// besideText is what a message takes besides its text.
const besideText = 512

// changeText is changeOften for what holds a text. In a flood, or when the disk
// is slow, memory would go to those who wait: past Limits.WaitingText they are
// refused. Each text is in memory several times: as it came, as it was read, as
// it will be told. The fault is Busy.
func (a *App) changeText(ctx context.Context, text string, fn func(*change) error) error {
	size := int64(len(text) + besideText)
	defer a.waiting.Add(-size)
	if a.waiting.Add(size) > int64(a.Limits.WaitingText) {
		return fault.Busy.After(time.Second)
	}
	return a.changeOften(ctx, fn)
}
