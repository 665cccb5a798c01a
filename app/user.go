package app

import (
	"context"

	"homeroom/app/bus"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// Person is a user as an admin sees one; a teacher sees id, name, role and hue.
type Person struct {
	ID         int64             `json:"id" example:"7"`
	Name       string            `json:"name" example:"Bob Ray"`
	Role       models.ServerRole `json:"role" enum:"admin,teacher,student"`
	Hue        int               `json:"hue" minimum:"0" maximum:"11"`
	Locale     *string           `json:"locale,omitempty" enum:",en,zh-CN" doc:"For admins"`
	Email      *string           `json:"email,omitempty" doc:"For admins"`
	CreatedAt  *models.Time      `json:"created_at,omitempty" format:"date-time" doc:"For admins"`
	DisabledAt *models.Time      `json:"disabled_at,omitempty" format:"date-time" doc:"For admins"`
	ErasedAt   *models.Time      `json:"erased_at,omitempty" format:"date-time" doc:"For admins"`

	SecondFactorAt *models.Time `json:"second_factor_at,omitempty" format:"date-time" doc:"Since when signing in needs a second factor too; for admins"`
}

// NewUser is what an account is made of.
type NewUser struct {
	Name     string            `json:"name" example:"Bob Ray"`
	Role     models.ServerRole `json:"role" enum:"admin,teacher,student" example:"student"`
	Password *string           `json:"password,omitempty" writeOnly:"true" format:"password" doc:"Without it one is made up"`
	Email    *string           `json:"email,omitempty"`
}

// CreatedUser is an account that was just made.
type CreatedUser struct {
	User     models.User `json:"user"`
	Password string      `json:"password,omitempty" doc:"The one that was made up; it is shown this once"`
}

// UserChange says what an admin changes of an account; what is absent stays.
type UserChange struct {
	Name     *string            `json:"name,omitempty"`
	Role     *models.ServerRole `json:"role,omitempty" enum:"admin,teacher,student" doc:"Another role ends every session and token of the user" example:"teacher"`
	Disabled *bool              `json:"disabled,omitempty" doc:"A disabled account cannot sign in; its sessions end"`
	Email    *string            `json:"email,omitempty" doc:"Empty takes it away"`
}

// Users returns users whose names begin with prefix, by id, after the id after.
// Admins see all of them, teachers those who can sign in. Faults: SignInFirst,
// NotAllowed.
func (a *App) Users(ctx context.Context, actor Actor, prefix string, after int64, limit int) ([]Person, error) {
	if err := actor.maySeeUsers(); err != nil {
		return nil, err
	}
	users, err := a.reading(ctx).Users(nameKey(prefix), actor.seesAllUsers(), after, limit)
	people := make([]Person, len(users))
	for i, u := range users {
		people[i] = personFor(actor, u)
	}
	return people, err
}

// User returns one user whom Users would. Faults: SignInFirst, NotAllowed,
// NotFound.
func (a *App) User(ctx context.Context, actor Actor, id int64) (Person, error) {
	return a.person(actor, func() (models.User, error) { return a.reading(ctx).User(id) })
}

// UserNamed is User by the name. Faults: those of User.
func (a *App) UserNamed(ctx context.Context, actor Actor, name string) (Person, error) {
	return a.person(actor, func() (models.User, error) { return a.reading(ctx).UserByKey(signInKey(name)) })
}

func (a *App) person(actor Actor, read func() (models.User, error)) (Person, error) {
	if err := actor.maySeeUsers(); err != nil {
		return Person{}, err
	}
	user, err := read()
	if err == nil && user.DisabledAt != nil && !actor.seesAllUsers() {
		err = fault.NotFound
	}
	if err != nil {
		return Person{}, err
	}
	return personFor(actor, user), nil
}

func (a *Actor) maySeeUsers() error {
	if err := a.mayOnServer(models.ScopeRead); err != nil {
		return err
	}
	if a.User.Role == models.StudentAccount {
		return fault.NotAllowed
	}
	return nil
}

// seesAllUsers tells whether the actor sees also who cannot sign in, and all that
// an account has.
func (a *Actor) seesAllUsers() bool { return a.mayAsAdmin(models.ScopeManage) == nil }

func personFor(actor Actor, u models.User) Person {
	p := Person{ID: u.ID, Name: u.Name, Role: u.Role, Hue: u.Hue}
	if actor.seesAllUsers() {
		p.Locale, p.Email, p.CreatedAt, p.DisabledAt, p.ErasedAt = &u.Locale, u.Email, &u.CreatedAt, u.DisabledAt, u.ErasedAt
		p.SecondFactorAt = u.SecondFactorAt
	}
	return p
}

// CreateUser makes an account; admins may. Faults: SignInFirst, NotAllowed,
// ConfirmFirst (a teacher or an admin), Malformed, TextTooLong, WeakPassword,
// Exists, Busy.
func (a *App) CreateUser(ctx context.Context, actor Actor, in NewUser) (created CreatedUser, err error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return created, err
	}
	if err := checkRole(in.Role); err != nil {
		return created, err
	}
	email, err := tidyEmail(in.Email)
	if err != nil {
		return created, err
	}
	phrase := ""
	if in.Password == nil {
		phrase = NewPhrase()
		in.Password = &phrase
	}
	if in.Role != models.StudentAccount {
		if err := a.fresh(actor); err != nil {
			return created, err
		}
	}
	account, err := a.newAccount(ctx, in.Name, *in.Password, in.Role)
	if err != nil {
		return created, err
	}
	account.user.Email = email
	err = a.changeUsers(ctx, actor, func(c *change) error {
		if created.User, err = c.createAccount(account); err != nil {
			return err
		}
		return c.note(actor, "user.created", 0, created.User.ID, string(in.Role))
	})
	if err != nil {
		return CreatedUser{}, err
	}
	created.Password = phrase
	return created, nil
}

// ChangeUser changes an account; admins may. A user who gets another role or is
// disabled is signed out everywhere, and another role ends the tokens too: they
// were made with less. An enabled admin always remains. Faults: SignInFirst, NotAllowed, ConfirmFirst (but for a
// name), Malformed, TextTooLong, NotFound, Exists.
func (a *App) ChangeUser(ctx context.Context, actor Actor, id int64, in UserChange) (user models.User, err error) {
	if err := actor.mayAsAdmin(models.ScopeManage); err != nil {
		return user, err
	}
	if in.Role != nil {
		if err := checkRole(*in.Role); err != nil {
			return user, err
		}
	}
	if in.Role != nil || in.Disabled != nil || in.Email != nil {
		if err := a.fresh(actor); err != nil {
			return user, err
		}
	}
	profile, err := a.tidyProfile(Profile{Name: in.Name, Email: in.Email})
	if err != nil {
		return user, err
	}
	err = a.changeUsers(ctx, actor, func(c *change) error {
		if user, err = c.User(id); err != nil {
			return err
		}
		if user.ErasedAt != nil {
			return wasErased
		}
		if err := c.changeRole(actor, &user, in.Role); err != nil {
			return err
		}
		if err := c.changeDisabled(actor, &user, in.Disabled); err != nil {
			return err
		}
		return c.changeProfile(actor, &user, profile)
	})
	return user, err
}

func (c *change) changeRole(actor Actor, user *models.User, role *models.ServerRole) error {
	if role == nil || *role == user.Role {
		return nil
	}
	if err := c.UpdateUser(user.ID, store.Change{"role": *role}); err != nil {
		return err
	}
	if err := c.note(actor, "user.role", 0, user.ID, string(user.Role)+" to "+string(*role)); err != nil {
		return err
	}
	was := user.Role
	user.Role = *role
	if err := c.DeleteTokens(user.ID); err != nil {
		return err
	}
	if err := c.keepAdmin(was); err != nil {
		return err
	}
	return c.signOutEverywhere(bus.Ended{UserID: user.ID})
}

func (c *change) changeDisabled(actor Actor, user *models.User, disabled *bool) error {
	if disabled == nil || *disabled == (user.DisabledAt != nil) {
		return nil
	}
	action := "user.enabled"
	user.DisabledAt = nil
	if *disabled {
		action = "user.disabled"
		user.DisabledAt = &c.now
	}
	if err := c.UpdateUser(user.ID, store.Change{"disabled_at": user.DisabledAt}); err != nil {
		return err
	}
	if err := c.note(actor, action, 0, user.ID, ""); err != nil {
		return err
	}
	if err := c.keepAdmin(user.Role); err != nil {
		return err
	}
	if !*disabled {
		c.forgetActors(user.ID)
		return nil
	}
	return c.signOutEverywhere(bus.Ended{UserID: user.ID, Disabled: true})
}

// signOutEverywhere ends the sessions of e.UserID but e.Except, and closes the
// connections.
func (c *change) signOutEverywhere(e bus.Ended) error {
	if err := c.DeleteSessions(e.UserID, e.Except); err != nil {
		return err
	}
	c.ended(e)
	return nil
}
