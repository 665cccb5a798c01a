package app

import (
	"context"
	"maps"
	"slices"

	"homeroom/app/fault"
	"homeroom/models"
)

// Online is who is connected: per user how many connections, per class who of
// it.
type Online struct {
	Connections int
	Users       map[int64]int
	Classes     map[int64][]int64
}

// OnlineCount is who is online, as far as the asker may know.
type OnlineCount struct {
	Users       int           `json:"users" doc:"Users with at least one connection"`
	Connections int           `json:"connections"`
	Classes     []OnlineClass `json:"classes" nullable:"false" doc:"The asker's classes"`
}

// OnlineClass is who of a class is online.
type OnlineClass struct {
	ClassID int64          `json:"class_id"`
	Count   int            `json:"count" doc:"Members who are online"`
	Members []OnlineMember `json:"members,omitempty" doc:"Who; for staff, and for students where the class lets them see it"`
}

// OnlineMember is somebody who is online.
type OnlineMember struct {
	UserID int64  `json:"user_id"`
	Name   string `json:"name"`
}

// OnlineNow tells who is online: how many on the server, how many of each of
// the actor's classes, and to staff who. Faults: SignInFirst, NotAllowed.
func (a *App) OnlineNow(ctx context.Context, actor Actor) (out OnlineCount, err error) {
	roles, err := a.Roles(ctx, actor)
	if err != nil {
		return out, err
	}
	l := a.listeners.Load()
	if l == nil {
		return out, fault.Unavailable
	}
	now := l.Online()
	out = OnlineCount{Users: len(now.Users), Connections: now.Connections, Classes: []OnlineClass{}}
	for classID, role := range roles {
		r, err := a.roster(ctx, classID)
		if err != nil {
			return out, err
		}
		class := OnlineClass{ClassID: classID, Count: len(now.Classes[classID])}
		if settings, _ := r.openClass(); role.Staff() || settings.StudentsSeePresence {
			for _, id := range now.Classes[classID] {
				if m, ok := r.member(id); ok {
					class.Members = append(class.Members, OnlineMember{UserID: id, Name: m.Name})
				}
			}
		}
		out.Classes = append(out.Classes, class)
	}
	slices.SortFunc(out.Classes, func(x, y OnlineClass) int { return int(x.ClassID - y.ClassID) })
	return out, nil
}

// rolesOf is Roles for what needs no scope of its own.
func (a *App) rolesOf(ctx context.Context, actor Actor) (map[int64]models.MemberRole, error) {
	roles, err := a.reading(ctx).Roles(actor.User.ID)
	return among(roles, actor.ClassIDs), err
}

// among keeps of what is known of classes only these; none means all.
func among[V any](known map[int64]V, classIDs []int64) map[int64]V {
	if len(classIDs) > 0 {
		maps.DeleteFunc(known, func(id int64, _ V) bool { return !slices.Contains(classIDs, id) })
	}
	return known
}
