package app

import (
	"context"
	"sort"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// MostPerPage is the largest page of any list.
const MostPerPage = 100

// MessagePage is a stretch of a thread, in the order of the messages' ids.
type MessagePage struct {
	Items    []models.Message `json:"items" nullable:"false"`
	HasOlder bool             `json:"has_older"`
	HasNewer bool             `json:"has_newer"`
	Seq      int64            `json:"seq" doc:"The page holds every event of the class up to this number"`
}

// PageAround says which stretch of a thread: at most one of Before, After and
// Around is set, none is the newest.
type PageAround struct {
	Before int64 `query:"before" minimum:"1" doc:"Messages with an id below this one"`
	After  int64 `query:"after" minimum:"1" doc:"Messages with an id above this one"`
	Around int64 `query:"around" minimum:"1" doc:"The message with this id and those on both sides"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50" example:"20"`
}

func (p PageAround) newest() bool { return p.Before == 0 && p.After == 0 && p.Around == 0 }

// Messages returns a stretch of a thread. Faults: those of enter, NoThread,
// Malformed.
func (a *App) Messages(ctx context.Context, actor Actor, classID, threadID int64, page PageAround) (MessagePage, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return MessagePage{}, err
	}
	if _, err := at.thread(threadID); err != nil {
		return MessagePage{}, err
	}
	most := max(1, min(a.Limits.Page, MostPerPage))
	if page.Limit <= 0 || page.Limit > most {
		page.Limit = most
	}
	// The number is read before the rows: the page may hold more than it says,
	// never less.
	class, _ := at.roster.openClass()
	var out MessagePage
	if page.newest() {
		out.Items, out.HasOlder, err = a.tails.page(a.reading(ctx), threadID, at.roster.lastTouched(threadID), page.Limit)
	} else {
		out, err = readPage(a.reading(ctx), threadID, page)
	}
	out.Seq = class.Seq
	out.lighten(page)
	for i := range out.Items {
		out.Items[i] = messageFor(out.Items[i], actor.User.ID)
	}
	return out, err
}

// mostPageText is how many bytes of text one answer carries, unless a single
// message is longer: until a slow reader has taken an answer, it stands in memory.
const mostPageText = 1 << 20

// Light returns how many of the rows one answer carries: no more than mostPageText
// together, and at least one. text is how many bytes of it a row has.
func Light[T any](rows []T, text func(T) int) int {
	room := mostPageText
	for i, row := range rows {
		if room -= text(row); room < 0 {
			return max(i, 1)
		}
	}
	return len(rows)
}

// lighten keeps of the page what is nearest to where it was asked for and carries
// no more than mostPageText.
func (p *MessagePage) lighten(page PageAround) {
	from := len(p.Items) - 1
	switch {
	case from < 0:
		return
	case page.Around > 0:
		from = min(from, sort.Search(from, func(i int) bool { return p.Items[i].ID >= page.Around }))
	case page.After > 0:
		from = 0
	}
	first, end, room := from, from+1, mostPageText-len(p.Items[from].Content)
	fits := func(i int) bool {
		if i < 0 || i >= len(p.Items) || len(p.Items[i].Content) > room {
			return false
		}
		room -= len(p.Items[i].Content)
		return true
	}
	for older, newer := true, true; older || newer; {
		if older = older && fits(first-1); older {
			first--
		}
		if newer = newer && fits(end); newer {
			end++
		}
	}
	p.HasOlder, p.HasNewer = p.HasOlder || first > 0, p.HasNewer || end < len(p.Items)
	p.Items = p.Items[first:end]
}

// readPage reads what is not the newest page.
func readPage(q store.Queries, threadID int64, page PageAround) (out MessagePage, err error) {
	set := 0
	for _, id := range []int64{page.Before, page.After, page.Around} {
		if id != 0 {
			set++
		}
	}
	switch {
	case set > 1:
		return out, fault.Malformed.With("at most one of before, after and around")
	case page.Around > 0:
		half := page.Limit / 2
		older, err := q.MessagesBefore(threadID, page.Around, half+1)
		if err != nil {
			return out, err
		}
		newer, err := q.MessagesAfter(threadID, page.Around-1, page.Limit-half+1)
		if err != nil {
			return out, err
		}
		older, out.HasOlder = dropFirst(older, half)
		newer, out.HasNewer = dropLast(newer, page.Limit-half)
		out.Items = append(older, newer...)
	case page.After > 0:
		// The message that is named comes along: it is itself what is older.
		rows, err := q.MessagesAfter(threadID, page.After-1, page.Limit+2)
		if err != nil {
			return out, err
		}
		if len(rows) > 0 && rows[0].ID == page.After {
			rows, out.HasOlder = rows[1:], true
		} else if out.HasOlder, err = isAny(q.MessagesBefore(threadID, page.After, 1)); err != nil {
			return out, err
		}
		out.Items, out.HasNewer = dropLast(rows, page.Limit)
	default:
		rows, err := q.MessagesBefore(threadID, page.Before+1, page.Limit+2)
		if err != nil {
			return out, err
		}
		if n := len(rows); n > 0 && rows[n-1].ID == page.Before {
			rows, out.HasNewer = rows[:n-1], true
		} else if out.HasNewer, err = isAny(q.MessagesAfter(threadID, page.Before, 1)); err != nil {
			return out, err
		}
		out.Items, out.HasOlder = dropFirst(rows, page.Limit)
	}
	return out, nil
}

func isAny(rows []models.Message, err error) (bool, error) { return len(rows) > 0, err }

// dropFirst keeps the last n of rows and tells whether there were more.
func dropFirst[T any](rows []T, n int) ([]T, bool) {
	if len(rows) <= n {
		return rows, false
	}
	return rows[len(rows)-n:], true
}

// dropLast keeps the first n of rows and tells whether there were more.
func dropLast[T any](rows []T, n int) ([]T, bool) {
	if len(rows) <= n {
		return rows, false
	}
	return rows[:n], true
}
