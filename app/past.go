package app

import (
	"context"
	"time"

	"homeroom/app/files"
	"homeroom/models"
)

// Past writes what happened before, under the same rules as what happens now:
// only the limits of a second do not count. It is for commands that fill a
// server, and it is good for one transaction.
type Past struct{ c *change }

// Recount runs fn in one transaction. What fn writes happened at the times that
// it says.
func (a *App) Recount(ctx context.Context, fn func(*Past) error) error {
	return a.change(ctx, func(c *change) error { return fn(&Past{c}) })
}

// At sets when the following happened. Of one class it must not go back: events
// are numbered in the order in which they are written.
func (p *Past) At(t time.Time) { p.c.now = models.At(t) }

// Account makes an account with a password that nobody knows, until an admin
// resets it. Faults: Malformed, TextTooLong, Exists.
func (p *Past) Account(name string, role models.ServerRole) (models.User, error) {
	name, err := p.c.app.cleanUserName(name)
	if err != nil {
		return models.User{}, err
	}
	user := models.User{Name: name, NameKey: nameKey(name), Role: role}
	return p.c.createAccount(account{user: user, hash: p.c.app.gate.decoy()})
}

// Token makes a token of the user's and returns its secret. Faults: Malformed,
// TextTooLong.
func (p *Past) Token(user models.User, in NewToken) (string, error) {
	in, err := p.c.app.tidyToken(in)
	if err != nil {
		return "", err
	}
	secret := newSecret(tokenPrefix)
	return secret, p.c.CreateToken(&models.Token{
		UserID: user.ID, Name: in.Name, Scopes: in.Scopes, ClassIDs: in.ClassIDs,
		SecretHash: secretHash(secret), CreatedAt: p.c.now, ExpiresAt: in.ExpiresAt,
	})
}

// Join makes a user a member of a class. Faults: NoClass, Exists, TooMany.
func (p *Past) Join(user models.User, classID int64, role models.MemberRole) error {
	return p.c.addMember(Actor{User: user}, models.Member{ClassID: classID, UserID: user.ID, Role: role})
}

// File is App.BeginFile and App.PutPart of all of it. Faults: those of them.
func (p *Past) File(user models.User, classID int64, name string, content []byte) (models.File, error) {
	name, err := files.CleanName(name)
	if err != nil {
		return models.File{}, err
	}
	file := models.File{
		ClassID: classID, UserID: user.ID, Name: name, Size: int64(len(content)), Received: int64(len(content)),
		CreatedAt: p.c.now, DiskName: files.NewName(),
	}
	kind, err := files.KindOf(name)
	if err != nil {
		return file, err
	}
	file.MediaType = kind.MediaType
	if err := p.c.app.shelf.Put(file.DiskName, 0, content); err != nil {
		return file, err
	}
	ready, err := p.c.app.checkFile(context.Background(), file)
	if err != nil {
		return file, err
	}
	if ready.DiskName != file.DiskName {
		p.c.app.drawn.Delete(ready.DiskName)
		p.c.app.removeBytes([]string{file.DiskName})
	}
	return ready, p.c.CreateFile(&ready)
}

// Send is App.Send.
func (p *Past) Send(user models.User, classID, threadID int64, in NewMessage) (models.Message, error) {
	if err := p.c.app.checkMessage(in); err != nil {
		return models.Message{}, err
	}
	message, _, err := p.c.send(Actor{User: user}, classID, threadID, in, in.hash(threadID))
	return message, err
}

// Edit is App.Edit.
func (p *Past) Edit(user models.User, m models.Message, content string) error {
	if err := checkOptional("content", content, p.c.app.Limits.TextLength); err != nil {
		return err
	}
	_, err := p.c.edit(Actor{User: user}, m.ClassID, m.ThreadID, m.ID, content)
	return err
}

// Delete is App.Delete.
func (p *Past) Delete(user models.User, m models.Message) error {
	_, err := p.c.delete(Actor{User: user}, m.ClassID, m.ThreadID, m.ID)
	return err
}

// React is App.React.
func (p *Past) React(user models.User, m models.Message, emoji string) error {
	_, err := p.c.react(Actor{User: user}, m.ClassID, m.ThreadID, m.ID, emoji, true)
	return err
}

// Read moves a read marker forward, as App.MarkRead does.
func (p *Past) Read(user models.User, classID, threadID, seq int64) error {
	return p.c.PutReadMarker(models.ReadMarker{UserID: user.ID, ThreadID: threadID, ClassID: classID, Seq: seq})
}
