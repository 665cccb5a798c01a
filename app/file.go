package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"homeroom/app/fault"
	"homeroom/app/files"
	"homeroom/app/store"
	"homeroom/models"
)

// NewFile is what an upload begins with.
type NewFile struct {
	Name string `json:"name" doc:"1 to 120 characters; its extension says what it must be" example:"timetable.csv"`
	Size int64  `json:"size" doc:"Bytes" example:"38"`
}

// BeginFile begins an upload to a class; its bytes follow in parts. Who may not
// write in the class may not. Faults: Malformed, WrongMedia, TooLarge, those of
// enter, Archived, Muted, TooMany, NoRoom.
func (a *App) BeginFile(ctx context.Context, actor Actor, classID int64, in NewFile) (file models.File, err error) {
	name, err := files.CleanName(in.Name)
	if err != nil {
		return file, err
	}
	kind, err := files.KindOf(name)
	if err != nil {
		return file, err
	}
	if in.Size <= 0 {
		return file, fault.Malformed.With("size is not above 0")
	}
	if in.Size > a.Limits.FileBytes {
		return file, fault.TooLarge.With(fmt.Sprintf("a file may have %d bytes", a.Limits.FileBytes))
	}
	at, err := a.enter(ctx, actor, models.ScopeWrite, classID)
	if err != nil {
		return file, err
	}
	if err := at.mayWrite(a.now()); err != nil {
		return file, err
	}
	if wait := a.begun.take(actor.User.ID, a.clock()); wait > 0 {
		return file, fault.TooMany.With("files begun").After(wait)
	}
	if err := a.diskTakes(in.Size); err != nil {
		return file, err
	}
	err = a.changeOften(ctx, func(c *change) error {
		at, err := c.enter(actor, classID)
		if err != nil {
			return err
		}
		if err := at.mayWrite(c.now); err != nil {
			return err
		}
		if err := c.hasRoom(actor.User.ID, classID, in.Size); err != nil {
			return err
		}
		file = models.File{
			ClassID: classID, UserID: actor.User.ID, Name: name, MediaType: kind.MediaType,
			Size: in.Size, CreatedAt: c.now, DiskName: files.NewName(),
		}
		return c.CreateFile(&file)
	})
	return file, err
}

// hasRoom refuses with fault.NoRoom what would be more than a member or a class
// may keep. What is only begun counts as if it were there.
func (c *change) hasRoom(userID, classID, size int64) error {
	ofUser, ofClass, err := c.FileBytes(userID, classID)
	if err != nil {
		return err
	}
	if ofUser+size > c.app.Limits.FilesPerUser {
		return fault.NoRoom.With("your files take all the room that you have")
	}
	if ofClass+size > c.app.Limits.FilesPerClass {
		return fault.NoRoom.With("the files of the class take all the room that it has")
	}
	return nil
}

// diskTakes refuses with fault.NoRoom what would leave too little of the disk to
// those who talk. Where it is not known, the writing itself fails.
func (a *App) diskTakes(size int64) error {
	free, err := a.shelf.Free()
	if err != nil || free >= uint64(max(a.Limits.FilesSpare, 0)+size) {
		return nil
	}
	slog.Warn("the disk is nearly full: no files are taken", "free_bytes", free)
	return fault.NoRoom.With("the disk of the server is nearly full")
}

// PutPart stores the next part of a file of one's own. offset is how much was
// received before; the last part again has no effect. With the part that
// completes the file it is checked: what is not what its name says is refused,
// and gone. An empty part at the end has a complete file checked again, where
// that was Busy. Faults: those of enter, Archived, Muted, NotFound, Exists (it
// goes on elsewhere), Malformed, WrongMedia, TooLarge, NoRoom, Busy, Unavailable.
func (a *App) PutPart(ctx context.Context, actor Actor, classID, id, offset int64, part []byte) (file models.File, err error) {
	at, err := a.enter(ctx, actor, models.ScopeWrite, classID)
	if err != nil {
		return file, err
	}
	if err := at.mayWrite(a.now()); err != nil {
		return file, err
	}
	if _, err := a.unsentFile(ctx, actor, classID, id); err != nil {
		return file, err
	}
	done, err := a.uploads.turn(ctx, id, a.Limits.PictureWait)
	if err != nil {
		return file, err
	}
	defer done()
	if file, err = a.unsentFile(ctx, actor, classID, id); err != nil {
		return file, err
	}
	hash := sha256.Sum256(part)
	repeated := len(part) > 0 && file.Received > 0 && offset == file.PartAt && bytes.Equal(file.PartHash, hash[:])
	switch {
	case repeated, file.Ready && len(part) == 0:
	case file.Ready || offset != file.Received:
		return file, fault.Exists.With(fmt.Sprintf("the next part begins at %d", file.Received))
	case len(part) == 0 && file.Received < file.Size:
		return file, fault.Malformed.With("the part is empty")
	case int64(len(part)) > file.Size-offset:
		return file, fault.Malformed.With("the part goes beyond the size")
	case len(part) > 0:
		if err := a.putPart(ctx, &file, part, hash[:]); err != nil {
			return file, err
		}
	}
	if file.Received < file.Size || file.Ready {
		return file, nil
	}
	return a.finishFile(ctx, file)
}

// unsentFile returns a file that the actor uploads, or fault.NotFound.
func (a *App) unsentFile(ctx context.Context, actor Actor, classID, id int64) (models.File, error) {
	file, err := a.reading(ctx).File(classID, id)
	if err == nil && (file.UserID != actor.User.ID || file.MessageID != nil) {
		err = fault.NotFound
	}
	return file, err
}

// putPart puts the bytes on disk, and then says so.
func (a *App) putPart(ctx context.Context, file *models.File, part, hash []byte) error {
	if err := a.diskTakes(int64(len(part))); err != nil {
		return err
	}
	offset := file.Received
	if err := a.shelf.Put(file.DiskName, offset, part); err != nil {
		return err
	}
	file.Received, file.PartAt, file.PartHash = offset+int64(len(part)), offset, hash
	return a.keepFile(ctx, *file, 0, store.Change{"received": file.Received, "part_at": offset, "part_hash": hash})
}

// keepFile changes the row of a file whose bytes have changed, and grown by so
// many. Where the file is gone meanwhile, or there is no room for more, the bytes
// go too; the faults are NotFound and NoRoom.
func (a *App) keepFile(ctx context.Context, file models.File, grown int64, set store.Change) error {
	err := a.changeOften(ctx, func(c *change) error {
		if grown > 0 {
			if err := c.hasRoom(file.UserID, file.ClassID, grown); err != nil {
				return err
			}
		}
		if is, err := c.UpdateFile(file.ID, set); err != nil || is {
			return err
		}
		return fault.NotFound
	})
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.NoRoom) {
		a.removeBytes([]string{file.DiskName})
	}
	return err
}

// finishFile checks a file whose bytes are all there, and draws a picture anew.
// What may not be is gone, and so is what the disk has lost: it is brought again.
func (a *App) finishFile(ctx context.Context, file models.File) (models.File, error) {
	ready, err := a.checkFile(ctx, file)
	defer a.drawn.Delete(ready.DiskName)
	if err == nil {
		err = a.keepChecked(ctx, file, ready)
	}
	switch {
	case err == nil:
		return ready, nil
	case errors.Is(err, fault.WrongMedia), errors.Is(err, fault.Malformed), errors.Is(err, fault.TooLarge), errors.Is(err, fault.NotFound):
		err = errors.Join(err, a.removeUnsent(ctx, []int64{file.ID}))
	}
	return file, err
}

// keepChecked puts a file that was found good in the place of what came.
func (a *App) keepChecked(ctx context.Context, file, ready models.File) error {
	set := store.Change{
		"name": ready.Name, "media_type": ready.MediaType, "size": ready.Size, "received": ready.Received, "ready": true,
		"width": ready.Width, "height": ready.Height, "disk_name": ready.DiskName,
	}
	if err := a.keepFile(ctx, ready, ready.Size-file.Size, set); errors.Is(err, fault.NoRoom) {
		return errors.Join(err, a.removeUnsent(ctx, []int64{file.ID})) // it will not become smaller
	} else if err != nil {
		return err
	}
	if ready.DiskName != file.DiskName {
		a.removeBytes([]string{file.DiskName})
	}
	return nil
}

// checkFile returns the file as it is stored. Of a picture that is another, under
// another name on disk: until the row says so, the one that came is there.
func (a *App) checkFile(ctx context.Context, file models.File) (models.File, error) {
	kind, err := files.KindOf(file.Name)
	if err != nil {
		return file, err
	}
	came, err := a.shelf.Open(file.DiskName)
	if err != nil {
		return file, err
	}
	defer came.Close()
	if err := kind.Check(io.NewSectionReader(came, 0, file.Size)); err != nil {
		return file, err
	}
	file.Ready = true
	if !kind.Picture() {
		return file, nil
	}
	done, err := a.pictures.turn(ctx, 0, a.Limits.PictureWait)
	if err != nil {
		return file, err
	}
	defer done()
	picture, err := kind.Read(io.NewSectionReader(came, 0, file.Size), a.Limits.Pixels)
	if err != nil {
		return file, err
	}
	file.DiskName = files.NewName()
	a.drawn.Store(file.DiskName, true)
	if err := a.shelf.Create(file.DiskName, func(to io.Writer) error {
		counted := &counting{to: to, most: a.Limits.FileBytes}
		err := picture.Write(counted)
		file.Size = counted.n
		return err
	}); err != nil {
		a.removeBytes([]string{file.DiskName})
		return file, err
	}
	if err := a.shelf.Create(files.PreviewOf(file.DiskName), picture.WritePreview); err != nil {
		a.removeBytes([]string{file.DiskName})
		return file, err
	}
	file.Name, file.MediaType, file.Received = picture.NameFor(file.Name), picture.MediaType, file.Size
	file.Width, file.Height = &picture.Width, &picture.Height
	return file, nil
}

// counting counts what is written, and refuses with fault.TooLarge more than
// most.
type counting struct {
	to      io.Writer
	n, most int64
}

func (c *counting) Write(p []byte) (int, error) {
	if c.n += int64(len(p)); c.n > c.most {
		return 0, fault.TooLarge.With("the picture is too large")
	}
	return c.to.Write(p)
}

// File returns a file as it stands: one that was sent to every member, one that
// is uploaded to its uploader, one of a deleted message to staff, which is noted,
// and one of a reported message to whoever may read the report, which is noted as
// reading reports is. Faults: those of enter, NotFound.
func (a *App) File(ctx context.Context, actor Actor, classID, id int64) (models.File, error) {
	file, refusal := a.fileOfMember(ctx, actor, classID, id)
	if !errors.Is(refusal, fault.NotFound) && !errors.Is(refusal, fault.NotMember) && !errors.Is(refusal, fault.NotAllowed) {
		return file, refusal
	}
	reported, err := a.reportedFile(ctx, actor, classID, id)
	if errors.Is(err, fault.NotFound) {
		return file, refusal
	}
	return reported, err
}

// reportedFile is File for those who read reports, most of whom were never in
// the class. To everybody else there is no such file. Which file was read is not
// noted: the log would tell an admin who sent it that it was reported.
func (a *App) reportedFile(ctx context.Context, actor Actor, classID, id int64) (models.File, error) {
	switch err := a.mayReadReports(ctx, actor, classID); {
	case errors.Is(err, fault.Unavailable):
		return models.File{}, err
	case err != nil:
		return models.File{}, fault.NotFound
	}
	file, err := a.reading(ctx).ReportedFile(actor.User.ID, classID, id)
	if err != nil || a.looks.noted(look{userID: actor.User.ID, action: reportRead}, a.clock()) {
		return file, err
	}
	return file, a.noteLook(ctx, actor, reportRead, classID, 0)
}

// fileOfMember is File for those who are in the class.
func (a *App) fileOfMember(ctx context.Context, actor Actor, classID, id int64) (models.File, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return models.File{}, err
	}
	file, err := a.reading(ctx).File(classID, id)
	if err != nil {
		return models.File{}, err
	}
	return file, a.mayRead(ctx, at, file)
}

func (a *App) mayRead(ctx context.Context, at here, file models.File) error {
	if file.MessageID == nil {
		if file.UserID != at.actor.User.ID {
			return fault.NotFound
		}
		return nil
	}
	if _, err := at.thread(*file.ThreadID); err != nil {
		return fault.NotFound
	}
	deleted, err := a.reading(ctx).IsDeleted(*file.MessageID)
	if err != nil || !deleted {
		return err
	}
	if !at.staff() || at.actor.may(models.ScopeManage) != nil {
		return fault.NotFound
	}
	return a.noteLook(ctx, at.actor, "file.read", file.ClassID, file.ID)
}

// OpenFile is File with its bytes, or those of its preview, which pictures have.
// Faults: those of File, NotFound (it is not ready, or no picture), Unavailable.
func (a *App) OpenFile(ctx context.Context, actor Actor, classID, id int64, preview bool) (models.File, files.Bytes, error) {
	file, err := a.File(ctx, actor, classID, id)
	if err != nil {
		return file, nil, err
	}
	if !file.Ready || preview && !file.Picture() {
		return file, nil, fault.NotFound
	}
	name := file.DiskName
	if preview {
		name = files.PreviewOf(name)
	}
	content, err := a.shelf.Open(name)
	if err != nil {
		slog.Error("a file has no bytes", "file_id", file.ID, "error", err.Error())
	}
	return file, content, err
}

// SentFiles returns what was sent in a class, or in one of its threads (0: in
// all), the newest first, before the id before. Faults: those of enter, NoThread.
func (a *App) SentFiles(ctx context.Context, actor Actor, classID, threadID, before int64, limit int) ([]models.File, error) {
	at, err := a.enter(ctx, actor, models.ScopeRead, classID)
	if err != nil {
		return nil, err
	}
	if threadID > 0 {
		if _, err := at.thread(threadID); err != nil {
			return nil, err
		}
	}
	return a.reading(ctx).SentFiles(classID, threadID, before, limit)
}

// DeleteFile removes a file of one's own that was not sent. Faults: those of
// enter, NotFound.
func (a *App) DeleteFile(ctx context.Context, actor Actor, classID, id int64) error {
	if _, err := a.enter(ctx, actor, models.ScopeWrite, classID); err != nil {
		return err
	}
	if _, err := a.unsentFile(ctx, actor, classID, id); err != nil {
		return err
	}
	return a.removeUnsent(ctx, []int64{id})
}

// removeUnsent removes files that were not sent: rows first, so that no row is
// ever without its bytes.
func (a *App) removeUnsent(ctx context.Context, ids []int64) (err error) {
	var names []string
	err = a.store.Batch(ctx, func(tx *store.Tx) error {
		names, err = tx.DeleteUnsentFiles(ids)
		return err
	})
	if err == nil {
		a.removeBytes(names)
	}
	return err
}

// ForgetUnsentFiles removes files that were begun longer than
// Limits.UnsentFiles ago and not sent. The fault is Unavailable.
func (a *App) ForgetUnsentFiles(ctx context.Context) error {
	before := models.At(a.clock().Add(-a.Limits.UnsentFiles))
	for {
		ids, err := a.reading(ctx).OldUnsentFiles(before, MostPerPage)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := a.removeUnsent(ctx, ids); err != nil {
			return err
		}
	}
}

// SweepFiles removes bytes that no row names: what was left by a process that
// ended between a row and its bytes, or by a disk that was out of order. Whoever
// runs the server calls it at the start and once a day. The fault is Unavailable.
func (a *App) SweepFiles(ctx context.Context) (swept int, err error) {
	err = a.shelf.Names(func(names []string) error {
		// Pictures that are drawn now have no row yet. Those that get one after
		// this are found by it, those that are begun after this are not in names.
		names = slices.DeleteFunc(names, func(name string) bool { _, is := a.drawn.Load(name); return is })
		known, err := a.reading(ctx).DiskNames(names)
		if err != nil {
			return err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return known[name] })
		slices.Sort(names)
		names = slices.Compact(names)
		a.removeBytes(names)
		swept += len(names)
		return nil
	})
	return swept, err
}

// removeBytes removes bytes that no row names any more. What stays because of
// the disk is swept later.
func (a *App) removeBytes(names []string) {
	for _, name := range names {
		if err := a.shelf.Delete(name); err != nil {
			slog.Warn("the bytes of a file were not removed: they are swept later", "error", err.Error())
		}
	}
}

// checkFiles refuses with fault.Malformed more files than a message may have,
// and the same twice.
func (in NewMessage) checkFiles(most int) error {
	if len(in.Files) > most {
		return fault.Malformed.With(fmt.Sprintf("a message may have %d files", most))
	}
	for i, id := range in.Files {
		if slices.Contains(in.Files[:i], id) {
			return fault.Malformed.With("files names one twice")
		}
	}
	return nil
}

// toSend returns the files that a message names, in its order. The fault is
// NotFound: one is not the sender's, of another class, not ready or sent.
func (c *change) toSend(actor Actor, classID int64, ids []int64) ([]models.File, error) {
	found, err := c.FilesByID(ids)
	if err != nil {
		return nil, err
	}
	sent := make([]models.File, 0, len(ids))
	for _, id := range ids {
		i := slices.IndexFunc(found, func(f models.File) bool { return f.ID == id })
		if i < 0 || found[i].UserID != actor.User.ID || found[i].ClassID != classID || !found[i].Ready || found[i].MessageID != nil {
			return nil, fault.NotFound.With(fmt.Sprintf("file %d", id))
		}
		sent = append(sent, found[i])
	}
	return sent, nil
}

// attach makes the files those of a message that was just stored.
func (c *change) attach(m *models.Message, sent []models.File) error {
	m.Files = sent
	for i := range sent {
		sent[i].ThreadID, sent[i].MessageID, sent[i].Place = &m.ThreadID, &m.ID, i
		is, err := c.UpdateFile(sent[i].ID, store.Change{"thread_id": m.ThreadID, "message_id": m.ID, "place": i})
		if err != nil {
			return err
		}
		if !is {
			return fault.NotFound.With(fmt.Sprintf("file %d", sent[i].ID))
		}
	}
	return nil
}

// turns lets one at a time do something of a key.
type turns struct {
	mu sync.Mutex
	m  map[int64]*turn
}

type turn struct {
	taken   chan struct{}
	waiting int
}

func newTurns() *turns { return &turns{m: map[int64]*turn{}} }

// turn waits for a turn; done ends it. The fault is Busy.
func (t *turns) turn(ctx context.Context, key int64, wait time.Duration) (done func(), err error) {
	t.mu.Lock()
	one := t.m[key]
	if one == nil {
		one = &turn{taken: make(chan struct{}, 1)}
		t.m[key] = one
	}
	one.waiting++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if one.waiting--; one.waiting == 0 {
			delete(t.m, key)
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; leave() }, nil
	case <-timer.C:
		err = fault.Busy.After(wait)
	case <-ctx.Done():
		err = ctx.Err()
	}
	leave()
	return nil, err
}
