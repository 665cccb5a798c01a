package app_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/backup"
	"homeroom/app/fault"
	"homeroom/app/files"
	"homeroom/app/store"
	"homeroom/models"
)

// desk is a house with a class and a thread in it, where files are uploaded.
type desk struct {
	*apptest.House
	t      testing.TB
	class  models.Class
	thread models.Thread
}

func newDesk(t testing.TB, limits ...func(*app.Limits)) *desk {
	t.Helper()
	h := apptest.New(t, append([]func(*app.Limits){func(l *app.Limits) {
		l.UploadRate, l.SendRate, l.SendBurst, l.ThreadRate = 1e6, 1e6, 1e6, 1e6
	}}, limits...)...)
	class := h.Class("Chemistry 9b")
	thread, err := h.OpenThread(t.Context(), apptest.As(h.Ann), class.ID, app.NewThread{Name: "Reports"})
	require.NoError(t, err)
	return &desk{House: h, t: t, class: class, thread: thread}
}

// send sends files of Bob's.
func (d *desk) send(ids ...int64) models.Message {
	d.t.Helper()
	m, _, err := d.Send(d.t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, app.NewMessage{Files: ids})
	require.NoError(d.t, err)
	return m
}

func (d *desk) notes(text string) models.File {
	d.t.Helper()
	return d.Upload(d.Bob, d.class.ID, "notes.txt", []byte(text))
}

func drawn(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))))
	return b.Bytes()
}

// onDisk counts the files that the folder of bytes holds.
func (d *desk) onDisk() (n int) {
	d.t.Helper()
	err := filepath.WalkDir(filepath.Join(d.Dir, files.Subfolder), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return nil
	})
	require.NoError(d.t, err)
	return n
}

// whole checks that no row is without its bytes.
func (d *desk) whole() {
	d.t.Helper()
	missing, err := backup.Missing(d.t.Context(), d.Dir)
	require.NoError(d.t, err)
	require.Empty(d.t, missing)
}

func (d *desk) read(u models.User, id int64) (string, error) {
	_, content, err := d.OpenFile(d.t.Context(), apptest.As(u), d.class.ID, id, false)
	if err != nil {
		return "", err
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	return string(text), err
}

func (d *desk) put(id, offset int64, part string) (models.File, error) {
	return d.PutPart(d.t.Context(), apptest.As(d.Bob), d.class.ID, id, offset, []byte(part))
}

func (d *desk) begin(name string, size int) models.File {
	d.t.Helper()
	file, err := d.BeginFile(d.t.Context(), apptest.As(d.Bob), d.class.ID, app.NewFile{Name: name, Size: int64(size)})
	require.NoError(d.t, err)
	return file
}

func TestAFileIsUploadedInPartsAndSentWithAMessage(t *testing.T) {
	d := newDesk(t)
	file := d.begin("notes.txt", 10)
	require.Zero(t, file.Received)
	file, err := d.put(file.ID, 0, "hello ")
	require.NoError(t, err)
	require.Equal(t, []any{int64(6), false}, []any{file.Received, file.Ready})
	_, _, err = d.Send(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, app.NewMessage{Files: []int64{file.ID}})
	require.ErrorIs(t, err, fault.NotFound, "it is not ready")

	_, err = d.put(file.ID, 0, "hello ")
	require.NoError(t, err, "the last part again, because its answer was lost")
	_, err = d.put(file.ID, 0, "HELLO ")
	require.ErrorIs(t, err, fault.Exists)
	_, err = d.put(file.ID, 9, "x")
	require.ErrorIs(t, err, fault.Exists)
	require.ErrorContains(t, err, "begins at 6")
	_, err = d.put(file.ID, 6, "beyond")
	require.ErrorIs(t, err, fault.Malformed)
	_, err = d.put(file.ID, 6, "")
	require.ErrorIs(t, err, fault.Malformed)
	file, err = d.put(file.ID, 6, "you\n")
	require.NoError(t, err)
	require.True(t, file.Ready)
	for _, again := range []struct {
		offset int64
		part   string
	}{{6, "you\n"}, {10, ""}} {
		file, err = d.put(file.ID, again.offset, again.part)
		require.NoError(t, err)
		require.True(t, file.Ready)
	}
	_, err = d.put(file.ID, 10, "more")
	require.ErrorIs(t, err, fault.Exists)

	m := d.send(file.ID)
	require.Empty(t, m.Content)
	require.Equal(t, []int64{file.ID}, ids(m.Files))
	require.Equal(t, []int64{m.ID, d.thread.ID}, []int64{*m.Files[0].MessageID, *m.Files[0].ThreadID})
	_, err = d.put(file.ID, 10, "")
	require.ErrorIs(t, err, fault.NotFound, "it is sent")
	require.ErrorIs(t, d.DeleteFile(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID), fault.NotFound)
	text, err := d.read(d.Cai, file.ID)
	require.NoError(t, err)
	require.Equal(t, "hello you\n", text)
	read, err := d.Message(t.Context(), apptest.As(d.Cai), d.class.ID, d.thread.ID, m.ID)
	require.NoError(t, err)
	require.Equal(t, m.Files, read.Files)
}

func ids(files []models.File) (all []int64) {
	for _, f := range files {
		all = append(all, f.ID)
	}
	return all
}

// However an upload is cut, doubled and put out of order, it goes on where it
// was, also after a restart, and becomes what was uploaded.
func TestABrokenUploadGoesOn(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`[a-z ]{1,60}`).Draw(r, "text")
		file := d.begin("notes.txt", len(text))
		at := int64(0)
		for !file.Ready {
			length := int64(rapid.IntRange(0, 20).Draw(r, "length"))
			offset := at
			if rapid.IntRange(0, 3).Draw(r, "lost") == 0 {
				offset = int64(rapid.IntRange(0, len(text)).Draw(r, "offset"))
			}
			if rapid.IntRange(0, 40).Draw(r, "restart") == 0 {
				d.Reopen()
			}
			end := min(offset+length, int64(len(text)))
			got, err := d.PutPart(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID, offset, []byte(text[offset:end]))
			stands, readErr := d.File(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID)
			if readErr != nil {
				r.Fatal(readErr)
			}
			if err == nil && !(got.Received == stands.Received && got.Ready == stands.Ready) {
				r.Fatal("told something else than stands")
			}
			if stands.Received < at {
				r.Fatal("what was received is lost")
			}
			file, at = stands, stands.Received
		}
		got, err := d.read(d.Bob, file.ID)
		if err != nil || got != text {
			r.Fatalf("%q became %q (%v)", text, got, err)
		}
		if err := d.DeleteFile(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID); err != nil {
			r.Fatal(err)
		}
	})
	require.Zero(t, d.onDisk())
}

// A process that is killed leaves bytes without a row at the most: here every
// write of rows fails after the bytes of it are on disk.
func TestNoRowIsEverWithoutItsBytes(t *testing.T) {
	d := newDesk(t)
	file := d.begin("notes.txt", 6)
	shelf := files.In(d.Dir)
	names, err := store.DiskFiles(t.Context(), d.Dir)
	require.NoError(t, err)
	require.Empty(t, names, "nothing was received")
	require.NoError(t, d.Store.Write(t.Context(), func(tx *store.Tx) error { // the name of the bytes
		all, err := tx.FilesByID([]int64{file.ID})
		file = all[0]
		return err
	}))
	// Killed between the bytes and the row: the part is sent again, or another.
	require.NoError(t, shelf.Put(file.DiskName, 0, []byte("XXXXXXXXX")))
	d.Reopen()
	stands, err := d.File(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID)
	require.NoError(t, err)
	require.Zero(t, stands.Received)
	stands, err = d.put(file.ID, 0, "hello\n")
	require.NoError(t, err)
	require.True(t, stands.Ready)
	text, err := d.read(d.Bob, file.ID)
	require.NoError(t, err)
	require.Equal(t, "hello\n", text, "and no byte more")
	d.whole()

	// Killed while a picture was drawn: what it was drawn to has no row.
	stray := files.NewName()
	require.NoError(t, shelf.Put(stray, 0, []byte("half a picture")))
	require.NoError(t, shelf.Put(files.PreviewOf(stray), 0, []byte("half a preview")))
	before := d.onDisk()
	swept, err := d.SweepFiles(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, swept)
	require.Equal(t, before-2, d.onDisk())
	d.whole()
}

func TestAPictureIsStoredAsItIsDrawnAnew(t *testing.T) {
	d := newDesk(t)
	picture := d.Upload(d.Bob, d.class.ID, "a.png", drawn(t, 1500, 30))
	require.Equal(t, []int{1500, 30}, []int{*picture.Width, *picture.Height})
	require.Equal(t, picture.Size, picture.Received)
	require.Equal(t, 2, d.onDisk(), "itself and its preview, not what came")
	_, content, err := d.OpenFile(t.Context(), apptest.As(d.Bob), d.class.ID, picture.ID, true)
	require.NoError(t, err)
	small, _, err := image.DecodeConfig(content)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	require.Equal(t, 1280, small.Width)
	notes := d.notes("x")
	_, _, err = d.OpenFile(t.Context(), apptest.As(d.Bob), d.class.ID, notes.ID, true)
	require.ErrorIs(t, err, fault.NotFound, "there is no preview of it")
	d.whole()
}

func TestWhatIsNotWhatItsNameSaysIsGone(t *testing.T) {
	d := newDesk(t)
	for name, content := range map[string]string{"a.png": "no picture at all", "b.pdf": "<svg onload=x>", "c.txt": "<html>"} {
		file := d.begin(name, len(content))
		_, err := d.put(file.ID, 0, content)
		require.ErrorIs(t, err, fault.WrongMedia, name)
		_, err = d.File(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID)
		require.ErrorIs(t, err, fault.NotFound)
	}
	broken := drawn(t, 20, 20)[:60]
	file := d.begin("a.png", len(broken))
	_, err := d.PutPart(t.Context(), apptest.As(d.Bob), d.class.ID, file.ID, 0, broken)
	require.ErrorIs(t, err, fault.Malformed)
	require.Zero(t, d.onDisk())
}

func TestTheSameClientIDWithTheSameFilesIsOneMessage(t *testing.T) {
	d := newDesk(t)
	first, other := d.notes("a"), d.notes("b")
	in := app.NewMessage{Content: "look", ClientID: "x", Files: []int64{first.ID}}
	var sent [2]models.Message
	for i := range sent {
		m, isNew, err := d.Send(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, in)
		require.NoError(t, err)
		require.Equal(t, i == 0, isNew)
		sent[i] = m
	}
	require.Equal(t, sent[0], sent[1])
	for _, wrong := range [][]int64{nil, {other.ID}, {first.ID, other.ID}} {
		in.Files = wrong
		_, _, err := d.Send(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, in)
		require.ErrorIs(t, err, fault.Exists, "%v", wrong)
	}
	still, err := d.File(t.Context(), apptest.As(d.Bob), d.class.ID, other.ID)
	require.NoError(t, err)
	require.Nil(t, still.MessageID)
}

func TestOfManyThatSendOneFileOneWins(t *testing.T) {
	d := newDesk(t)
	for range 10 {
		file := d.notes("once")
		var all sync.WaitGroup
		var mu sync.Mutex
		won, lost := 0, 0
		for range 16 {
			all.Go(func() {
				m, _, err := d.Send(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, app.NewMessage{Content: "look", Files: []int64{file.ID}})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && len(m.Files) == 1:
					won++
				case fault.Of(err).Is(fault.NotFound):
					lost++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Equal(t, []int{1, 15}, []int{won, lost})
	}
	page, err := d.Messages(t.Context(), apptest.As(d.Cai), d.class.ID, d.thread.ID, app.PageAround{Limit: 100})
	require.NoError(t, err)
	require.Len(t, page.Items, 10, "who lost has said nothing")
}

func TestOnlyOnesOwnReadyFilesOfTheClassAreSent(t *testing.T) {
	d := newDesk(t)
	elsewhere := d.Class("Art")
	cais := d.Upload(d.Cai, d.class.ID, "a.txt", []byte("x"))
	other := d.Upload(d.Bob, elsewhere.ID, "a.txt", []byte("x"))
	good, begun := d.notes("x"), d.begin("a.txt", 4)
	refused := func(want error, files ...int64) {
		t.Helper()
		_, _, err := d.Send(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, app.NewMessage{Content: "x", Files: files})
		require.ErrorIs(t, err, want)
	}
	for _, id := range []int64{cais.ID, other.ID, begun.ID, 0, -1, 1 << 40} {
		refused(fault.NotFound, good.ID, id)
	}
	refused(fault.Malformed, good.ID, good.ID)
	refused(fault.Malformed, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	_, _, err := d.Send(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, app.NewMessage{Content: " "})
	require.ErrorIs(t, err, fault.Malformed)
	require.Equal(t, []int64{good.ID}, ids(d.send(good.ID).Files))
}

func TestAMessageWithFilesMaySayNothingAndOneWithoutMayNot(t *testing.T) {
	d := newDesk(t)
	a, b := d.notes("a"), d.notes("b")
	m := d.send(b.ID, a.ID)
	require.Equal(t, []int64{b.ID, a.ID}, ids(m.Files), "in the order given")
	bob := apptest.As(d.Bob)
	m, err := d.Edit(t.Context(), bob, d.class.ID, d.thread.ID, m.ID, "said")
	require.NoError(t, err)
	require.Equal(t, []int64{b.ID, a.ID}, ids(m.Files))
	m, err = d.Edit(t.Context(), bob, d.class.ID, d.thread.ID, m.ID, "")
	require.NoError(t, err)
	require.Empty(t, m.Content)
	plain, _, err := d.Send(t.Context(), bob, d.class.ID, d.thread.ID, app.NewMessage{Content: "x"})
	require.NoError(t, err)
	require.NotNil(t, plain.Files)
	_, err = d.Edit(t.Context(), bob, d.class.ID, d.thread.ID, plain.ID, "")
	require.ErrorIs(t, err, fault.Malformed)
}

func TestTheFilesOfADeletedMessageAreForStaffAndThatIsNoted(t *testing.T) {
	d := newDesk(t)
	file := d.notes("what was shown")
	m := d.send(file.ID)
	deleted, err := d.Delete(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, m.ID)
	require.NoError(t, err)
	require.Empty(t, deleted.Files)
	require.NotNil(t, deleted.Files)
	again, err := d.Message(t.Context(), apptest.As(d.Ann), d.class.ID, d.thread.ID, m.ID)
	require.NoError(t, err)
	require.Empty(t, again.Files)
	for _, u := range []models.User{d.Bob, d.Cai} {
		_, err := d.read(u, file.ID)
		require.ErrorIs(t, err, fault.NotFound)
	}
	sent, err := d.SentFiles(t.Context(), apptest.As(d.Ann), d.class.ID, 0, 0, 10)
	require.NoError(t, err)
	require.Empty(t, sent)
	versions, err := d.Versions(t.Context(), apptest.As(d.Ann), d.class.ID, d.thread.ID, m.ID, 0, 10)
	require.NoError(t, err)
	require.Equal(t, []int64{file.ID}, ids(versions[0].Files))
	text, err := d.read(d.Ann, file.ID)
	require.NoError(t, err)
	require.Equal(t, "what was shown", text)
	reads := app.Actor{User: d.Ann, TokenID: 1, Scopes: []models.Scope{models.ScopeRead}}
	_, _, err = d.OpenFile(t.Context(), reads, d.class.ID, file.ID, false)
	require.ErrorIs(t, err, fault.NotFound, "a token that only reads is no staff")
	entries, err := d.Store.Reading(t.Context()).Audit(0, 10)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(entries, func(e models.AuditEntry) bool {
		return e.Action == "file.read" && e.ActorID == d.Ann.ID && *e.SubjectID == file.ID
	}))
}

func TestWhoReadsAReportMayReadWhatWasSentWithTheMessage(t *testing.T) {
	for what, remove := range map[string]func(d *desk, m models.Message) error{
		"the message stands": func(*desk, models.Message) error { return nil },
		"its author deleted it": func(d *desk, m models.Message) error {
			_, err := d.Delete(d.t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, m.ID)
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			d := newDesk(t)
			shown, other := d.notes("what was shown"), d.notes("homework")
			m := d.send(shown.ID)
			d.send(other.ID)
			_, err := d.read(d.Ada, shown.ID)
			require.ErrorIs(t, err, fault.NotMember, "an admin is not in the class")

			_, _, err = d.Report(t.Context(), apptest.As(d.Cai), d.class.ID, d.thread.ID, m.ID, app.NewReport{Reason: models.Bullying})
			require.NoError(t, err)
			require.NoError(t, remove(d, m))
			for _, u := range []models.User{d.Ada, d.Ann} {
				reports, err := d.Reports(t.Context(), apptest.As(u), d.class.ID, true, 0, 10)
				require.NoError(t, err)
				require.Equal(t, []int64{shown.ID}, ids(reports[0].Files))
				text, err := d.read(u, shown.ID)
				require.NoError(t, err)
				require.Equal(t, "what was shown", text)
			}
			_, err = d.read(d.Ada, other.ID)
			require.ErrorIs(t, err, fault.NotMember, "of another message nothing is shown")
			_, err = d.File(t.Context(), apptest.As(d.Eve), d.class.ID, shown.ID)
			require.ErrorIs(t, err, fault.NotMember)
			reads := app.Actor{User: d.Ada, TokenID: 1, Scopes: []models.Scope{models.ScopeRead}}
			_, err = d.File(t.Context(), reads, d.class.ID, shown.ID)
			require.ErrorIs(t, err, fault.NotMember, "a token that only reads reads no reports")
			entries, err := d.Store.Reading(t.Context()).Audit(0, 20)
			require.NoError(t, err)
			require.True(t, slices.ContainsFunc(entries, func(e models.AuditEntry) bool {
				return e.Action == "report.read" && e.ActorID == d.Ada.ID && *e.ClassID == d.class.ID
			}))
			require.False(t, slices.ContainsFunc(entries, func(e models.AuditEntry) bool {
				return e.Action == "file.read" && e.ActorID == d.Ada.ID
			}), "the log would tell who is reported")
		})
	}
}

func TestAReportOpensItsFilesToNobodyElse(t *testing.T) {
	d := newDesk(t)
	file := d.notes("what was shown")
	m := d.send(file.ID)
	admin := d.Person("Max Roe", models.Admin)
	class := d.Class("Physics 9b")
	_, _, err := d.Report(t.Context(), apptest.As(d.Cai), d.class.ID, d.thread.ID, m.ID, app.NewReport{Reason: models.Bullying})
	require.NoError(t, err)
	_, err = d.Delete(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, m.ID)
	require.NoError(t, err)

	manages := app.Actor{User: admin, TokenID: 1, Scopes: []models.Scope{models.ScopeManage}}
	_, err = d.File(t.Context(), manages, d.class.ID, file.ID)
	require.NoError(t, err, "who manages with a token reads reports, and so their files")
	noted, err := d.Store.Reading(t.Context()).Audit(0, 20)
	require.NoError(t, err)
	require.Equal(t, "report.read", noted[0].Action, "also of who has read no list")
	for _, u := range []models.User{d.Bob, d.Cai} { // who sent it, and who reported it
		_, err := d.File(t.Context(), apptest.As(u), d.class.ID, file.ID)
		require.ErrorIs(t, err, fault.NotFound, u.Name)
	}
	elsewhere := manages
	elsewhere.ClassIDs = []int64{class.ID}
	_, err = d.File(t.Context(), elsewhere, d.class.ID, file.ID)
	require.Error(t, err, "a token for another class")
	_, err = d.File(t.Context(), manages, class.ID, file.ID)
	require.ErrorIs(t, err, fault.NotAllowed, "by the address of another class")
	_, _, err = d.OpenFile(t.Context(), manages, d.class.ID, file.ID, true)
	require.ErrorIs(t, err, fault.NotFound, "it is no picture")

	// Who is reported reads nothing by it, as an admin either.
	_, err = d.AddMember(t.Context(), apptest.As(d.Ann), d.class.ID, app.NewMember{UserID: admin.ID, Role: models.Student})
	require.NoError(t, err)
	own := d.Upload(admin, d.class.ID, "notes.txt", []byte("of the admin"))
	said, _, err := d.Send(t.Context(), apptest.As(admin), d.class.ID, d.thread.ID, app.NewMessage{Files: []int64{own.ID}})
	require.NoError(t, err)
	_, _, err = d.Report(t.Context(), apptest.As(d.Cai), d.class.ID, d.thread.ID, said.ID, app.NewReport{Reason: models.Bullying})
	require.NoError(t, err)
	require.NoError(t, d.RemoveMember(t.Context(), apptest.As(d.Ann), d.class.ID, admin.ID))
	_, err = d.File(t.Context(), manages, d.class.ID, own.ID)
	require.Error(t, err)
	_, err = d.File(t.Context(), apptest.As(d.Ada), d.class.ID, own.ID)
	require.NoError(t, err, "another admin does")
}

func TestFilesGoWithWhatTheyWereSentWith(t *testing.T) {
	for what, remove := range map[string]func(d *desk) error{
		"a thread": func(d *desk) error {
			return d.DeleteThread(d.t.Context(), apptest.As(d.Ann), d.class.ID, d.thread.ID)
		},
		"a class": func(d *desk) error { return d.DeleteClass(d.t.Context(), apptest.As(d.Ann), d.class.ID) },
		"what is old": func(d *desk) error {
			d.Pass(401 * 24 * time.Hour)
			for range 2 { // a clock that leapt is believed the second time
				if _, err := d.Purge(d.t.Context()); err != nil {
					return err
				}
			}
			return nil
		},
		"a person": func(d *desk) error {
			if _, err := d.EraseUser(d.t.Context(), apptest.As(d.Ada), d.Bob.ID, app.Erasure{}); err != nil {
				return err
			}
			return d.FinishErasures(d.t.Context())
		},
	} {
		t.Run(what, func(t *testing.T) {
			d := newDesk(t)
			file, picture, gone := d.notes("x"), d.Upload(d.Bob, d.class.ID, "a.png", drawn(t, 9, 9)), d.notes("deleted")
			d.send(file.ID, picture.ID)
			m := d.send(gone.ID)
			_, err := d.Delete(t.Context(), apptest.As(d.Bob), d.class.ID, d.thread.ID, m.ID)
			require.NoError(t, err)
			require.Equal(t, 4, d.onDisk())
			require.NoError(t, remove(d))
			require.Zero(t, d.onDisk())
			named, err := store.DiskFiles(t.Context(), d.Dir)
			require.NoError(t, err)
			require.Empty(t, named)
		})
	}
}

func TestAPersonWhoseTextsAreKeptKeepsTheirFilesAndNoDrafts(t *testing.T) {
	d := newDesk(t)
	file, draft := d.notes("x"), d.notes("y")
	m := d.send(file.ID)
	_, err := d.EraseUser(t.Context(), apptest.As(d.Ada), d.Bob.ID, app.Erasure{KeepTexts: true})
	require.NoError(t, err)
	require.NoError(t, d.FinishErasures(t.Context()))
	require.Equal(t, 1, d.onDisk(), "not %d", draft.ID)
	m, err = d.Message(t.Context(), apptest.As(d.Cai), d.class.ID, d.thread.ID, m.ID)
	require.NoError(t, err)
	require.Equal(t, []int64{file.ID}, ids(m.Files))
}

func TestWhatIsNotSentGoesAfterADay(t *testing.T) {
	d := newDesk(t)
	sent, kept, begun := d.notes("a"), d.notes("b"), d.begin("c.txt", 5)
	d.send(sent.ID)
	d.Pass(23 * time.Hour)
	require.NoError(t, d.ForgetUnsentFiles(t.Context()))
	require.Equal(t, 2, d.onDisk())
	young := d.notes("d")
	d.Pass(2 * time.Hour)
	require.NoError(t, d.ForgetUnsentFiles(t.Context()))
	for id, want := range map[int64]error{sent.ID: nil, young.ID: nil, kept.ID: fault.NotFound, begun.ID: fault.NotFound} {
		_, err := d.File(t.Context(), apptest.As(d.Bob), d.class.ID, id)
		require.ErrorIs(t, err, want)
	}
	require.Equal(t, 2, d.onDisk())
}

func TestThereIsRoomForSoMuchAndNoMore(t *testing.T) {
	d := newDesk(t, func(l *app.Limits) { l.FileBytes, l.FilesPerUser, l.FilesPerClass, l.UploadRate = 50, 100, 150, 5 })
	begin := func(u models.User, size int64) error {
		_, err := d.BeginFile(t.Context(), apptest.As(u), d.class.ID, app.NewFile{Name: "a.txt", Size: size})
		return err
	}
	require.ErrorIs(t, begin(d.Bob, 51), fault.TooLarge)
	require.ErrorIs(t, begin(d.Bob, 0), fault.Malformed)
	require.NoError(t, begin(d.Bob, 50))
	require.NoError(t, begin(d.Bob, 50))
	require.ErrorIs(t, begin(d.Bob, 1), fault.NoRoom, "what is only begun counts")
	require.NoError(t, begin(d.Cai, 50))
	require.ErrorIs(t, begin(d.Cai, 1), fault.NoRoom, "of the class")
	for range 2 {
		require.ErrorIs(t, begin(d.Bob, 1), fault.NoRoom)
	}
	require.ErrorIs(t, begin(d.Bob, 1), fault.TooMany)
	d.Pass(time.Minute)
	require.ErrorIs(t, begin(d.Bob, 1), fault.NoRoom)
}

// A picture is drawn anew, better than it may have come.
func TestAPictureThatGrowsBeyondTheRoomIsNotKept(t *testing.T) {
	noise, random := image.NewGray(image.Rect(0, 0, 200, 200)), rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, noise, &jpeg.Options{Quality: 5}))
	poor := b.Len()
	for _, limit := range []struct {
		name string
		set  func(*app.Limits)
	}{
		{"of the member", func(l *app.Limits) { l.FilesPerUser = int64(poor) + 10 }},
		{"of the class", func(l *app.Limits) { l.FilesPerClass = int64(poor) + 10 }},
	} {
		d := newDesk(t, limit.set)
		begun := d.begin("noise.jpg", poor)
		_, err := d.put(begun.ID, 0, b.String())
		require.ErrorIs(t, err, fault.NoRoom, limit.name)
		require.Zero(t, d.onDisk(), limit.name)
		d.begin("again.jpg", poor) // nothing of it counts
	}
	d := newDesk(t)
	require.Greater(t, d.Upload(d.Bob, d.class.ID, "noise.jpg", b.Bytes()).Size, int64(poor), "it grows, or this shows nothing")
}

func TestWhoMayNotWriteUploadsNothing(t *testing.T) {
	d := newDesk(t)
	begun := d.begin("a.txt", 5)
	soon := models.At(d.Now().Add(time.Hour))
	_, err := d.ChangeMember(t.Context(), apptest.As(d.Ann), d.class.ID, d.Bob.ID, app.MemberChange{MutedUntil: &soon})
	require.NoError(t, err)
	_, err = d.BeginFile(t.Context(), apptest.As(d.Bob), d.class.ID, app.NewFile{Name: "a.txt", Size: 5})
	require.ErrorIs(t, err, fault.Muted)
	_, err = d.put(begun.ID, 0, "hello")
	require.ErrorIs(t, err, fault.Muted)
	yes := true
	_, err = d.ChangeClass(t.Context(), apptest.As(d.Ann), d.class.ID, app.ClassChange{Archived: &yes})
	require.NoError(t, err)
	_, err = d.BeginFile(t.Context(), apptest.As(d.Cai), d.class.ID, app.NewFile{Name: "a.txt", Size: 5})
	require.ErrorIs(t, err, fault.Archived)
}

// One picture is drawn at a time: whoever waits for too long asks again, and
// nothing is lost by it.
func TestAPictureWaitsForTheOneThatIsDrawn(t *testing.T) {
	d := newDesk(t, func(l *app.Limits) { l.PictureWait = 20 * time.Millisecond })
	large := drawn(t, 3000, 3000)
	first, second := d.begin("a.png", len(large)), d.begin("b.png", len(large))
	var all sync.WaitGroup
	for _, f := range []models.File{first, second} {
		all.Go(func() {
			got, err := d.PutPart(t.Context(), apptest.As(d.Bob), d.class.ID, f.ID, 0, large)
			for fault.Of(err).Is(fault.Busy) {
				got, err = d.PutPart(t.Context(), apptest.As(d.Bob), d.class.ID, f.ID, f.Size, nil)
			}
			if err != nil || !got.Ready {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, 4, d.onDisk())
	d.whole()
}

func TestThreat39AnExportAndAnAnswerNameFilesAndNotWhereTheyLie(t *testing.T) {
	d := newDesk(t)
	file := d.notes("a")
	d.send(file.ID)
	var name string
	require.NoError(t, d.Store.Write(t.Context(), func(tx *store.Tx) error {
		all, err := tx.FilesByID([]int64{file.ID})
		name = all[0].DiskName
		return err
	}))
	require.Len(t, name, 32)
	session, _ := d.SignIn(d.Bob)
	write, err := d.ExportUser(t.Context(), session, d.Bob.ID)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, write(t.Context(), &b))
	require.Contains(t, b.String(), fmt.Sprintf(`"files": [`+"\n"+`{"id":%d,`, file.ID))
	require.Contains(t, b.String(), "notes.txt")
	for _, secret := range []string{name, "disk", "part_hash"} {
		require.NotContains(t, b.String(), secret)
	}
}

func TestTheBytesAreTheServersAlone(t *testing.T) {
	d := newDesk(t)
	d.notes("a")
	d.Upload(d.Bob, d.class.ID, "a.png", drawn(t, 3, 3))
	require.NoError(t, filepath.WalkDir(filepath.Join(d.Dir, files.Subfolder), func(path string, e fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		want := os.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		require.Equal(t, want, info.Mode().Perm(), path)
		require.False(t, strings.Contains(path, "notes"), "the name is random")
		return nil
	}))
}

func TestAnUploadWhoseBytesTheDiskLostIsBroughtAgain(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	file, err := h.BeginFile(t.Context(), apptest.As(h.Bob), class.ID, app.NewFile{Name: "a.txt", Size: 4})
	require.NoError(t, err)
	_, err = h.PutPart(t.Context(), apptest.As(h.Bob), class.ID, file.ID, 0, []byte("ab"))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(h.Dir, files.Subfolder)))
	require.NoError(t, h.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.UpdateFile(file.ID, store.Change{"received": 4})
		return err
	}))
	_, err = h.PutPart(t.Context(), apptest.As(h.Bob), class.ID, file.ID, 4, nil)
	require.ErrorIs(t, err, fault.NotFound)
	_, err = h.File(t.Context(), apptest.As(h.Bob), class.ID, file.ID)
	require.ErrorIs(t, err, fault.NotFound)
}

// What is uploaded must not fill the disk that messages are written to, not even
// by files that were begun while there was room.
func TestFilesLeaveRoomOnTheDiskForMessages(t *testing.T) {
	d := newDesk(t)
	begun := d.begin("a.txt", 10)
	_, err := d.put(begun.ID, 0, "hello")
	require.NoError(t, err)

	d.Limits.FilesSpare = 1 << 62 // more than any disk has
	_, err = d.BeginFile(t.Context(), apptest.As(d.Bob), d.class.ID, app.NewFile{Name: "b.txt", Size: 5})
	require.ErrorIs(t, err, fault.NoRoom)
	_, err = d.put(begun.ID, 5, "there")
	require.ErrorIs(t, err, fault.NoRoom)

	d.Limits.FilesSpare = 1 << 20
	got, err := d.put(begun.ID, 5, "there")
	require.NoError(t, err, "it goes on where it stopped")
	require.True(t, got.Ready)
}
