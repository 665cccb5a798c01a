package app

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"homeroom/app/fault"
	"homeroom/models"
)

// React adds the actor's emoji to a message; a second time has no effect.
// Faults: Malformed (no emoji), those of enter, NoThread, NotFound, Archived,
// Muted, Locked, TooMany (distinct emoji, or reactions a second).
func (a *App) React(ctx context.Context, actor Actor, classID, threadID, id int64, emoji string) (models.Message, error) {
	return a.setReaction(ctx, actor, classID, threadID, id, emoji, true)
}

// Unreact takes the actor's emoji from a message; where there is none it has
// no effect. Faults: those of React.
func (a *App) Unreact(ctx context.Context, actor Actor, classID, threadID, id int64, emoji string) (models.Message, error) {
	return a.setReaction(ctx, actor, classID, threadID, id, emoji, false)
}

func (a *App) setReaction(ctx context.Context, actor Actor, classID, threadID, id int64, emoji string, on bool) (message models.Message, err error) {
	if !isEmoji(emoji) {
		return message, fault.Malformed.With("emoji")
	}
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return message, err
	}
	if wait := a.sends.take(actor.User.ID, a.clock()); wait > 0 {
		return message, fault.TooMany.After(wait)
	}
	err = a.changeOften(ctx, func(c *change) error {
		message, err = c.react(actor, classID, threadID, id, emoji, on)
		return err
	})
	return messageFor(message, actor.User.ID), err
}

// react is setReaction in its transaction.
func (c *change) react(actor Actor, classID, threadID, id int64, emoji string, on bool) (models.Message, error) {
	_, m, err := c.messageAt(actor, classID, threadID, id)
	if err != nil {
		return m, err
	}
	i := slices.IndexFunc(m.Reactions, func(r models.Reaction) bool { return r.Emoji == emoji })
	has := i >= 0 && slices.Contains(m.Reactions[i].UserIDs, actor.User.ID)
	if has == on {
		return m, nil
	}
	event, reaction := models.ReactionRemoved, models.ReactionRow{ClassID: classID, MessageID: id, UserID: actor.User.ID, Emoji: emoji, CreatedAt: c.now}
	if on {
		if i < 0 && len(m.Reactions) >= c.app.Limits.ReactionKinds {
			return m, fault.TooMany.With("distinct emoji under one message")
		}
		event = models.ReactionAdded
		err = c.CreateReaction(&reaction)
	} else {
		_, err = c.DeleteReaction(id, actor.User.ID, emoji)
	}
	if err != nil {
		return m, err
	}
	message, err := c.Message(classID, threadID, id)
	if err != nil {
		return message, err
	}
	return message, c.emit(reactionEvent(event, threadID, reaction))
}

func reactionEvent(t models.EventType, threadID int64, r models.ReactionRow) models.Event {
	return models.Event{
		ClassID: r.ClassID, Type: t, ThreadID: threadID, SubjectID: r.MessageID, ActorID: r.UserID, Emoji: r.Emoji,
		Data: models.ReactionChange{MessageID: r.MessageID, ThreadID: threadID, Emoji: r.Emoji, UserID: r.UserID},
	}
}

// isEmoji tells whether s is one emoji: a single grapheme cluster that begins
// with a symbol or a keycap. It is shown to others, so no word may pass as one.
func isEmoji(s string) bool {
	if s == "" || len(s) > 64 || !utf8.ValidString(s) || uniseg.GraphemeClusterCount(s) != 1 {
		return false
	}
	first, size := utf8.DecodeRuneInString(s)
	switch {
	case first >= '0' && first <= '9' || first == '#' || first == '*':
		return size < len(s) // a digit is no emoji, its keycap is
	case first == 0xA9 || first == 0xAE || first == 0x203C || first == 0x2049 || first == 0x2122 || first == 0x2139:
		return true
	case first >= 0x2190 && first <= 0x21FF, first >= 0x2300 && first <= 0x27BF, first >= 0x2900 && first <= 0x297F,
		first >= 0x2B00 && first <= 0x2BFF, first == 0x3030, first == 0x303D, first == 0x3297, first == 0x3299:
		return true
	}
	return first >= 0x1F000 && first <= 0x1FAFF
}
