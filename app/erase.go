package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// Erasure says what goes with an account.
type Erasure struct {
	KeepTexts bool `json:"keep_texts,omitempty" doc:"Messages and reactions stay, under the tombstone's name; without it the texts go" example:"true"`
}

// formerMember begins the names of those who were erased. Nobody else is called
// so: it would look as if nobody were there.
const formerMember = "Former member "

// eraseAtOnce is how many messages are emptied in one transaction: each is an
// event, and those who listen must be able to follow.
const eraseAtOnce = 10

// EraseUser makes an account a tombstone; admins may. Nobody signs in with it
// from then on, its name and address are gone, and its connections are closed.
// What it said, and where it is a member, FinishErasures removes. It cannot be
// undone; an account that was erased with its texts kept can be erased again
// without. Faults: SignInFirst, NotAllowed, ConfirmFirst, NotFound.
func (a *App) EraseUser(ctx context.Context, actor Actor, id int64, in Erasure) (user models.User, err error) {
	if err := a.mayOnOther(actor, id, "another admin erases your account"); err != nil {
		return user, err
	}
	err = a.changeUsers(ctx, actor, func(c *change) error {
		if user, err = c.User(id); err != nil {
			return err
		}
		return c.entomb(actor, &user, in)
	})
	if err == nil {
		select {
		case a.erasures <- struct{}{}:
		default: // one is to come already
		}
	}
	return user, err
}

// Erasures tells when FinishErasures has something to do.
func (a *App) Erasures() <-chan struct{} { return a.erasures }

// entomb does of an erasure what concerns no class: a command may do it beside a
// running server, which numbers the events.
func (c *change) entomb(actor Actor, user *models.User, in Erasure) error {
	erasing, how := models.EraseTexts, "with texts"
	if in.KeepTexts {
		erasing, how = models.EraseName, "texts kept"
	}
	if user.ErasedAt != nil && in.KeepTexts {
		return nil
	}
	if err := c.EmptyDetailsOf(user.ID); err != nil {
		return err
	}
	if err := c.DeleteAccessOf(user.ID); err != nil {
		return err
	}
	// Whoever tries the name must learn nothing from there being no password.
	if err := c.PutCredential(&models.Credential{UserID: user.ID, PasswordHash: c.app.gate.decoy(), ChangedAt: c.now}); err != nil {
		return err
	}
	was := user.Role
	name := fmt.Sprint(formerMember, user.ID)
	if user.ErasedAt == nil {
		user.ErasedAt = &c.now
	}
	if user.DisabledAt == nil {
		user.DisabledAt = &c.now
	}
	user.SecondFactorAt = nil
	user.Name, user.NameKey, user.Role, user.Hue, user.Locale, user.Email, user.Erasing = name, nameKey(name), models.StudentAccount, 0, "", nil, erasing
	if err := c.UpdateUser(user.ID, store.Change{
		"name": user.Name, "name_key": user.NameKey, "role": user.Role, "hue": user.Hue, "locale": user.Locale, "email": nil, "second_factor_at": nil,
		"disabled_at": user.DisabledAt, "erased_at": user.ErasedAt, "erasing": user.Erasing,
	}); errors.Is(err, store.ErrDuplicate) {
		return nameTaken
	} else if err != nil {
		return err
	}
	if err := c.EraseFromReports(user.ID, user.Name, !in.KeepTexts); err != nil {
		return err
	}
	if err := c.keepAdmin(was); err != nil {
		return err
	}
	c.ended(bus.Ended{UserID: user.ID, Disabled: true})
	return c.note(actor, "user.erased", 0, user.ID, how)
}

// FinishErasures removes what is left of those who were erased: from their
// classes, which are told, from what they said, and from the database's log, as
// what a purge left there. Whoever runs the server calls it at the start, when
// Erasures tells, and now and then for what a command began; where it is cut off,
// or somebody reads the log for long, it goes on the next time. The fault is
// Unavailable.
func (a *App) FinishErasures(ctx context.Context) error {
	users, err := a.reading(ctx).UsersBeingErased()
	for _, user := range users {
		if err = a.finishErasure(ctx, user); err != nil {
			break
		}
	}
	if len(users) > 0 || a.unscrubbed.Load() {
		err = errors.Join(err, a.scrub(ctx))
	}
	return err
}

func (a *App) finishErasure(ctx context.Context, user models.User) error {
	if err := a.change(ctx, func(c *change) error { return c.leaveEverywhere(user) }); err != nil {
		return err
	}
	// Nothing comes after this: who is no member says nothing.
	if err := a.eraseUnsent(ctx, user); err != nil {
		return err
	}
	ids, err := a.reading(ctx).MessageIDsOf(user.ID)
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		some := ids[:min(eraseAtOnce, len(ids))]
		ids = ids[len(some):]
		var names []string
		if err := a.slowly(ctx, func(c *change) error {
			names = nil
			for _, id := range some {
				gone, err := c.eraseMessage(user, id)
				if err != nil {
					return err
				}
				names = append(names, gone...)
			}
			return nil
		}); err != nil {
			return err
		}
		a.removeBytes(names)
	}
	if user.Erasing == models.EraseTexts {
		if err := a.eraseReactions(ctx, user); err != nil {
			return err
		}
	}
	return a.change(ctx, func(c *change) error {
		if now, err := c.User(user.ID); err != nil || now.Erasing != user.Erasing {
			return err // more is to go than was
		}
		// Once more: what was not erased yet could be reported meanwhile.
		if err := c.EraseFromReports(user.ID, user.Name, user.Erasing == models.EraseTexts); err != nil {
			return err
		}
		return c.UpdateUser(user.ID, store.Change{"erasing": models.EraseNothing})
	})
}

// slowly is changeOften, and a rest after it.
func (a *App) slowly(ctx context.Context, fn func(*change) error) error {
	start := time.Now()
	if err := a.changeOften(ctx, fn); err != nil {
		return err
	}
	return restAfter(ctx, start)
}

// leaveEverywhere takes a user out of every class, and tells it.
func (c *change) leaveEverywhere(user models.User) error {
	if err := c.DeleteReadMarkersOf(user.ID); err != nil {
		return err
	}
	memberships, err := c.Memberships(user.ID)
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if err := c.UpdateMember(m.ClassID, user.ID, store.Change{"left_at": c.now, "removed": true, "muted_until": nil}); err != nil {
			return err
		}
		if err := c.emitMember(models.MemberLeft, m.ClassID, user.ID, Actor{}); err != nil {
			return err
		}
	}
	return nil
}

// eraseMessage puts the tombstone's name under a message, and empties it where
// the texts are to go: like a deleted one, but nothing of it is kept. It returns
// the names of the files' bytes, which go with the texts.
func (c *change) eraseMessage(user models.User, id int64) (names []string, err error) {
	m, err := c.AnyMessage(id)
	if errors.Is(err, fault.NotFound) {
		return nil, nil // purged meanwhile
	}
	if err != nil {
		return nil, err
	}
	event, set := models.MessageEdited, store.Change{"speaker_name": user.Name}
	done := m.SpeakerName == user.Name
	if m.DeletedAt != nil {
		event = models.MessageDeleted
	}
	if user.Erasing == models.EraseTexts {
		versions, err := c.HasMessageVersions(id)
		if err != nil {
			return nil, err
		}
		if names, err = c.DeleteFilesOfMessages([]int64{id}); err != nil {
			return nil, err
		}
		done = done && m.DeletedAt != nil && m.ClientID == nil && m.ContentHash == nil && !versions
		if err := c.DeleteMessageVersions(id); err != nil {
			return nil, err
		}
		event, m.Content, m.ClientID, m.ContentHash = models.MessageDeleted, "", nil, nil
		m.Files = []models.File{}
		if m.DeletedAt == nil {
			m.DeletedAt = &c.now
		}
		set["content"], set["client_id"], set["content_hash"], set["deleted_at"] = "", nil, nil, m.DeletedAt
	}
	if done {
		return names, nil
	}
	m.SpeakerName = user.Name
	if err := c.UpdateMessage(id, set); err != nil {
		return nil, err
	}
	thread, shown, err := c.shown(m)
	if err != nil || !shown {
		return names, err
	}
	if err := c.emit(models.Event{ClassID: m.ClassID, Type: event, ThreadID: m.ThreadID, SubjectID: id, Data: m}); err != nil {
		return nil, err
	}
	if m.DeletedAt != nil && thread.PinnedMessageID != nil && *thread.PinnedMessageID == id {
		err = c.setPin(Actor{}, thread, nil)
	}
	return names, err
}

// eraseUnsent removes what a user uploaded and did not send.
func (a *App) eraseUnsent(ctx context.Context, user models.User) error {
	for after := int64(0); ; {
		some, err := a.reading(ctx).FilesOfUser(user.ID, after, MostPerPage)
		if err != nil || len(some) == 0 {
			return err
		}
		var ids []int64
		for _, f := range some {
			after = f.ID
			ids = append(ids, f.ID)
		}
		if err := a.removeUnsent(ctx, ids); err != nil {
			return err
		}
	}
}

func (a *App) eraseReactions(ctx context.Context, user models.User) error {
	for {
		rows, err := a.reading(ctx).ReactionsOf(user.ID, 0, eraseAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := a.slowly(ctx, func(c *change) error {
			for _, r := range rows {
				if err := c.eraseReaction(r); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
}

func (c *change) eraseReaction(r models.ReactionRow) error {
	m, err := c.AnyMessage(r.MessageID)
	if err != nil {
		return err
	}
	if was, err := c.DeleteReaction(r.MessageID, r.UserID, r.Emoji); err != nil || !was {
		return err
	}
	if _, shown, err := c.shown(m); err != nil || !shown {
		return err
	}
	return c.emit(reactionEvent(models.ReactionRemoved, m.ThreadID, r))
}

// cleanUserName is cleanName for a user: nobody takes a tombstone's name.
func (a *App) cleanUserName(name string) (string, error) {
	name, err := a.cleanName("name", name)
	if err != nil {
		return "", err
	}
	number, ok := strings.CutPrefix(nameKey(name), nameKey(formerMember))
	if ok && number != "" && strings.Trim(number, "0123456789") == "" {
		return "", fault.Malformed.With("name is one of those who were erased")
	}
	return name, nil
}
