package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"homeroom/app/fault"
	"homeroom/models"
)

// mostUID is how many characters a line's uid may have: as many as a task, and
// no name has more.
const mostUID = 64

// PushLine is the inner port's push: an object with a uid, which is a user's
// id, a user's name, or a task that pages watch. The object goes to them as it
// is. It answers whether the line could be understood and told; who may connect
// to the port is the machine's own business. Faults: Malformed, Unavailable.
func (a *App) PushLine(ctx context.Context, line []byte) (PushResult, error) {
	push, uid, err := readLine(line)
	if err != nil {
		return PushResult{Result: PushFail}, err
	}
	push.ID, push.At = newPushID(), a.now()
	if id, ok := IDOf(uid); ok {
		// Who is connected is a user, without asking.
		if result := a.tell(PushTarget{UserID: id}, push); result.Reached > 0 {
			return result, nil
		}
	}
	user, err := a.userOfUID(ctx, uid)
	switch {
	case err == nil:
		return a.tell(PushTarget{UserID: user.ID}, push), nil
	case !errors.Is(err, fault.NotFound):
		return PushResult{Result: PushFail}, err
	}
	return a.tell(PushTarget{Task: uid}, push), nil
}

// readLine reads what pages know how to show out of an object. What it does not
// know, or finds under a name that it knows but cannot read, is the sender's own
// and only passed on. The fault is Malformed.
func readLine(line []byte) (push models.Push, uid string, err error) {
	// A browser ends a connection that sends it anything but UTF-8.
	if !utf8.Valid(line) {
		return push, "", fault.Malformed.With("not UTF-8")
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return push, "", fault.Malformed.With("not a JSON object")
	}
	uid, ok := uidOf(fields["uid"])
	if !ok {
		return push, "", fault.Malformed.With("uid is an id, a name or a task of 1 to 64 characters")
	}
	push.Percent, ok = percentOf(fields["percent"])
	if !ok {
		return push, "", fault.Malformed.With("percent is from 0 to 100")
	}
	push.Content = textOf(fields["content"])
	if task := textOf(fields["task"]); task != "" && CheckTask(task) == nil {
		push.Task = task
	} else if push.Percent != nil {
		push.Task = uid // so that the next line moves the same progress bar
	}
	push.Data = bytes.Clone(line)
	return push, uid, nil
}

func textOf(raw json.RawMessage) (text string) {
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// uidOf reads a uid that came as a number or as a string.
func uidOf(raw json.RawMessage) (uid string, ok bool) {
	var number json.Number
	if uid = textOf(raw); uid == "" && json.Unmarshal(raw, &number) == nil {
		uid = number.String()
	}
	return uid, uid != "" && utf8.RuneCountInString(uid) <= mostUID
}

// IDOf reads text as a user's id. "007" and "+7" are names.
func IDOf(text string) (id int64, ok bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == text
}

// userOfUID returns the user of that id, or else of that name, or
// fault.NotFound.
func (a *App) userOfUID(ctx context.Context, uid string) (models.User, error) {
	if id, ok := IDOf(uid); ok {
		user, err := a.reading(ctx).User(id)
		if !errors.Is(err, fault.NotFound) {
			return user, err
		}
	}
	return a.reading(ctx).UserByKey(nameKey(uid))
}

// percentOf reads 88, "88" and "88%"; nil where it is none of them. It is not
// ok where it is a number that is no percentage.
func percentOf(raw json.RawMessage) (percent *float64, ok bool) {
	s := strings.TrimSpace(strings.TrimSuffix(strings.Trim(string(raw), `"`), "%"))
	p, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, true
	}
	if math.IsNaN(p) || p < 0 || p > 100 {
		return nil, false
	}
	return &p, true
}
