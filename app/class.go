package app

import (
	"context"
	"errors"

	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// hues is how many colours there are for classes and for avatars.
const hues = 12

// NewClass is what a class is made of.
type NewClass struct {
	Name        string `json:"name" doc:"1 to 60 characters" example:"Physics 9b"`
	Description string `json:"description,omitempty" maxLength:"500"`
	Hue         *int   `json:"hue,omitempty" minimum:"0" maximum:"11"`
}

// ClassChange says what is to change in a class; what is absent stays.
type ClassChange struct {
	Name                *string `json:"name,omitempty" example:"Physics 9b"`
	Description         *string `json:"description,omitempty" maxLength:"500" example:"Room 12, Mondays"`
	Hue                 *int    `json:"hue,omitempty" minimum:"0" maximum:"11"`
	Archived            *bool   `json:"archived,omitempty" doc:"Archived classes can only be read"`
	StudentsOpenThreads *bool   `json:"students_open_threads,omitempty"`
	StudentsSeePresence *bool   `json:"students_see_presence,omitempty"`
}

// CreateClass makes a class with the actor, a teacher or an admin, as its
// owner. Faults: SignInFirst, NotAllowed, Malformed, TextTooLong, TooMany.
func (a *App) CreateClass(ctx context.Context, actor Actor, in NewClass) (class models.Class, err error) {
	if err := actor.may(models.ScopeManage); err != nil {
		return class, err
	}
	if actor.User.Role == models.StudentAccount || len(actor.ClassIDs) > 0 {
		return class, fault.NotAllowed
	}
	name, err := a.cleanName("name", in.Name)
	if err != nil {
		return class, err
	}
	if err := checkDescription(in.Description); err != nil {
		return class, err
	}
	err = a.change(ctx, func(c *change) error {
		if err := c.roomForClass(actor.User.ID); err != nil {
			return err
		}
		class = models.Class{Name: name, Description: in.Description, CreatedBy: actor.User.ID, CreatedAt: c.now}
		if in.Hue != nil {
			class.Hue = *in.Hue
		}
		if err := c.CreateClass(&class); err != nil {
			return err
		}
		if in.Hue == nil {
			class.Hue = int(class.ID % hues)
			if err := c.UpdateClass(class.ID, store.Change{"hue": class.Hue}); err != nil {
				return err
			}
		}
		return c.putMember(actor, models.Member{ClassID: class.ID, UserID: actor.User.ID, Role: models.Owner})
	})
	if err != nil {
		return class, err
	}
	return a.classOf(ctx, actor, class.ID)
}

func checkDescription(text string) error {
	if text == "" {
		return nil
	}
	return checkText("description", text, 500)
}

// roomForClass refuses with fault.TooMany a user who is in as many classes as
// may be.
func (c *change) roomForClass(userID int64) error {
	in, err := c.Memberships(userID)
	if err == nil && len(in) >= c.app.Limits.ClassesPerUser {
		return fault.TooMany.With("classes of one user")
	}
	return err
}

// Classes returns the classes that the actor is in, by id, with role, members'
// count and unread messages. Faults: SignInFirst, NotAllowed.
func (a *App) Classes(ctx context.Context, actor Actor, archived bool, after int64, limit int) ([]models.Class, error) {
	if err := actor.may(models.ScopeRead); err != nil {
		return nil, err
	}
	classes, err := a.reading(ctx).ClassesOf(actor.User.ID, actor.ClassIDs, archived, after, limit)
	for i := range classes {
		classes[i] = classFor(classes[i], actor)
	}
	return classes, err
}

// classFor takes from a class what the actor may not know: a token that does not
// read reports is not told that any wait.
func classFor(class models.Class, actor Actor) models.Class {
	if _, err := actor.CanReadReports(); err != nil {
		class.OpenReports = nil
	}
	return class
}

// classOf returns a class of the actor's.
func (a *App) classOf(ctx context.Context, actor Actor, id int64) (models.Class, error) {
	class, err := a.reading(ctx).ClassOf(actor.User.ID, id)
	return classFor(class, actor), err
}

// AllClasses returns every class, by id; admins may ask. Faults: SignInFirst,
// NotAllowed.
func (a *App) AllClasses(ctx context.Context, actor Actor, after int64, limit int) ([]models.Class, error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return nil, err
	}
	return a.reading(ctx).AllClasses(after, limit)
}

// Class returns one class as Classes does. Faults: those of enter.
func (a *App) Class(ctx context.Context, actor Actor, id int64) (models.Class, error) {
	if _, err := a.enter(ctx, actor, models.ScopeRead, id); err != nil {
		return models.Class{}, err
	}
	class, err := a.classOf(ctx, actor, id)
	if errors.Is(err, fault.NotFound) {
		return class, fault.NotMember
	}
	return class, err
}

// ChangeClass changes a class; its owner and teachers may. An archived class
// changes only by being taken out of the archive. Faults: Malformed,
// TextTooLong, those of enter, NotAllowed, Archived.
func (a *App) ChangeClass(ctx context.Context, actor Actor, id int64, in ClassChange) (models.Class, error) {
	set := store.Change{}
	var name string
	if in.Name != nil {
		clean, err := a.cleanName("name", *in.Name)
		if err != nil {
			return models.Class{}, err
		}
		name = clean
		set["name"] = name
	}
	if in.Description != nil {
		if err := checkDescription(*in.Description); err != nil {
			return models.Class{}, err
		}
		set["description"] = *in.Description
	}
	if _, err := a.enter(ctx, actor, models.ScopeManage, id); err != nil {
		return models.Class{}, err
	}
	err := a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, id)
		if err != nil {
			return err
		}
		class, _ := at.roster.openClass()
		if !at.manages() {
			return fault.NotAllowed
		}
		before := class
		if class.ArchivedAt != nil && (in.Archived == nil || *in.Archived) {
			return fault.Archived
		}
		if in.Name != nil {
			class.Name = name
		}
		if in.Description != nil {
			class.Description = *in.Description
		}
		if in.Hue != nil {
			class.Hue = *in.Hue
			set["hue"] = class.Hue
		}
		if in.StudentsOpenThreads != nil {
			class.StudentsOpenThreads = *in.StudentsOpenThreads
			set["students_open_threads"] = class.StudentsOpenThreads
		}
		if in.StudentsSeePresence != nil {
			class.StudentsSeePresence = *in.StudentsSeePresence
			set["students_see_presence"] = class.StudentsSeePresence
		}
		if in.Archived != nil {
			class.ArchivedAt = since(class.ArchivedAt, *in.Archived, c.now)
			set["archived_at"] = class.ArchivedAt
		}
		if class == before {
			return nil
		}
		if err := c.UpdateClass(id, set); err != nil {
			return err
		}
		return c.emitClass(models.ClassChanged, class, actor)
	})
	if err != nil {
		return models.Class{}, err
	}
	return a.classOf(ctx, actor, id)
}

// DeleteClass takes a class away from all its members; its owner may. The rows
// stay, as evidence. Faults: those of enter, NotAllowed, ConfirmFirst.
func (a *App) DeleteClass(ctx context.Context, actor Actor, id int64) error {
	if _, err := a.enter(ctx, actor, models.ScopeManage, id); err != nil {
		return err
	}
	var names []string
	err := a.change(ctx, func(c *change) error {
		at, err := c.enter(actor, id)
		if err != nil {
			return err
		}
		if at.member.Role != models.Owner {
			return fault.NotAllowed
		}
		if err := a.fresh(actor); err != nil {
			return err
		}
		class, _ := at.roster.openClass()
		class.DeletedAt = &c.now
		if err := c.UpdateClass(id, store.Change{"deleted_at": c.now}); err != nil {
			return err
		}
		if err := c.note(actor, "class.deleted", id, id, ""); err != nil {
			return err
		}
		if names, err = c.DeleteFilesOfClass(id); err != nil {
			return err
		}
		return c.emitClass(models.ClassDeleted, class, actor)
	})
	if err == nil {
		a.removeBytes(names)
	}
	return err
}

// emitClass emits an event whose data, the class, holds the event's own
// number.
func (c *change) emitClass(t models.EventType, class models.Class, actor Actor) error {
	seq, err := c.NextSeq(class.ID)
	if err != nil {
		return err
	}
	class.Seq = seq
	return c.emitNumbered(models.Event{ClassID: class.ID, Seq: seq, Type: t, SubjectID: class.ID, ActorID: actor.User.ID, Data: class})
}
