package access

import (
	"bytes"
	"image"
	"image/png"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/files"
	"homeroom/app/store"
	"homeroom/models"
)

// reach says where an operation happens, and so who can come to it at all.
type reach int

const (
	open     reach = iota // asks nobody who they are
	inClass               // through a membership
	ofOne                 // one's own affairs: a token limited to classes may not
	ofAnyone              // one's own affairs, of a limited token too
	ofServer              // accounts: a token limited to classes may not
)

// row says who may do an operation.
type row struct {
	where   reach
	scope   models.Scope
	role    models.MemberRole // inClass: the least that may; empty: every member
	account models.ServerRole // ofServer: the least that may
	writes  bool              // a muted member is refused
	breaks  bool              // what it does must be undone for the next one
	admin   bool              // an admin may without a membership
	status  int               // of success
	code    int               // where even success is a refusal: its code
	others  map[string]int    // actors whose code is another: 0 is success
	body    func(w *world, a *actor) any
	with    func(w *world, a *actor, v vars) // changes the values of the path
	query   string
}

const (
	read   = models.ScopeRead
	write  = models.ScopeWrite
	push   = models.ScopePush
	manage = models.ScopeManage
)

// object is a body.
type object = map[string]any

func says(o object) func(*world, *actor) any { return func(*world, *actor) any { return o } }

// mine makes the message of the path the asker's own.
func mine(w *world, a *actor, v vars) {
	if m, ok := w.own[a.user.ID]; ok {
		v["message_id"] = m.ID
	}
}

func newName(w *world, _ *actor) any { return object{"name": w.name()} }

// rows is the table: by operation, and by case where one operation has several.
var rows = map[string][]row{
	"read-info": {{where: open, status: 200}},
	"set-up":    {{where: open, code: 137, body: says(object{"token": "x", "name": "Eve", "password": apptest.Password})}},
	"sign-in":   {{where: open, status: 200, body: says(object{"name": "Bob Ray", "password": apptest.Password})}},
	"sign-up": {{breaks: true, where: open, status: 200, body: func(w *world, _ *actor) any {
		return object{"name": w.name(), "password": apptest.Password, "code": w.here.code.Code}
	}}},

	"read-session":    {{where: ofOne, scope: manage, code: 125}}, // a token has no session
	"sign-out":        {{where: ofAnyone, scope: manage, code: 125}},
	"confirm-session": {{where: ofAnyone, scope: manage, code: 125, body: says(object{"password": apptest.Password})}},
	"list-sessions":   {{where: ofOne, scope: manage, status: 200}},
	"end-session":     {{where: ofOne, scope: manage, code: 126}},

	"read-me":   {{where: ofAnyone, scope: read, status: 200}},
	"export-me": {{where: ofOne, scope: manage, status: 200}},
	"change-me": {{where: ofOne, scope: manage, status: 200, body: says(object{"locale": "en"})}},
	"change-password": {{where: ofOne, scope: manage, status: 204,
		body: says(object{"current": apptest.Password, "new": apptest.Password})}},
	// What needs the password is of sessions: TestAnAdminWithoutASecondFactor… asks with one.
	"read-second-factor":    {{where: ofOne, scope: manage, status: 200}},
	"begin-second-factor":   {{where: ofAnyone, scope: manage, code: 125, body: says(object{"password": apptest.Password})}},
	"confirm-second-factor": {{where: ofAnyone, scope: manage, code: 125, body: says(object{"code": "123456"})}},
	"make-recovery-codes":   {{where: ofAnyone, scope: manage, code: 125, body: says(object{"password": apptest.Password, "code": "123456"})}},
	"remove-second-factor":  {{where: ofAnyone, scope: manage, code: 125, body: says(object{"password": apptest.Password, "code": "123456"})}},
	"take-off-second-factor": {{where: ofServer, scope: manage, account: models.Admin, status: 204,
		with: func(w *world, _ *actor, v vars) { v["user_id"] = w.withFactor().ID }}},
	"list-my-tokens": {{where: ofOne, scope: manage, status: 200}},
	"create-token": {
		{where: ofOne, scope: manage, status: 201, body: newName},
		{where: ofAnyone, scope: manage, status: 201, body: func(w *world, a *actor) any {
			return object{"name": "x", "class_ids": []int64{w.there.class.ID}}
		}, others: map[string]int{"stranger": 107, "removed": 107, "admin": 107, "muted": 107, "student": 107, "assistant": 107, "teacher": 107}},
	},
	"revoke-my-token": {
		{where: ofOne, scope: manage, status: 204, with: func(w *world, a *actor, v vars) { v["token_id"] = w.tokenOf(a.user) }},
		{where: ofOne, scope: manage, code: 126, with: func(w *world, a *actor, v vars) { v["token_id"] = w.tokenOf(w.Bob) }},
	},

	"list-users":     {{where: ofServer, scope: read, account: models.Teacher, status: 200}},
	"read-user":      {{where: ofServer, scope: read, account: models.Teacher, status: 200}},
	"create-user":    {{where: ofServer, scope: manage, account: models.Admin, status: 201, body: func(w *world, _ *actor) any { return object{"name": w.name(), "role": "student"} }}},
	"change-user":    {{where: ofServer, scope: manage, account: models.Admin, status: 200, body: says(object{"role": "teacher"}), with: newcomer}},
	"erase-user":     {{where: ofServer, scope: manage, account: models.Admin, status: 200, body: says(object{"keep_texts": true}), with: newcomer}},
	"export-user":    {{where: ofServer, scope: manage, account: models.Admin, status: 200, with: newcomer}},
	"reset-password": {{where: ofServer, scope: manage, account: models.Admin, status: 200, with: newcomer}},
	"list-tokens":    {{where: ofServer, scope: manage, account: models.Admin, status: 200}},
	"revoke-token": {{where: ofServer, scope: manage, account: models.Admin, status: 204,
		with: func(w *world, _ *actor, v vars) { v["token_id"] = w.tokenOf(w.Bob) }}},
	"read-stats": {{where: ofServer, scope: manage, account: models.Admin, status: 200}},
	"list-audit": {{where: ofServer, scope: manage, account: models.Admin, status: 200}},

	"list-classes": {
		{where: ofAnyone, scope: read, status: 200},
		{where: ofServer, scope: manage, account: models.Admin, status: 200, query: "?all=true"},
	},
	"create-class": {{where: ofServer, scope: manage, account: models.Teacher, status: 201, body: newName}},
	"read-class":   {{where: inClass, scope: read, status: 200}},
	"change-class": {{where: inClass, scope: manage, role: models.ClassTeacher, status: 200, body: says(object{"description": "x"})}},
	"delete-class": {{breaks: true, where: inClass, scope: manage, role: models.Owner, status: 204}},
	"join-class": {{breaks: true, where: ofOne, scope: write, status: 200, body: func(w *world, _ *actor) any { return object{"code": w.here.code.Code} },
		others: map[string]int{"removed": 137}}}, // the code is from before

	"list-members": {{where: inClass, scope: read, status: 200}},
	"add-member": {{where: inClass, scope: manage, role: models.ClassTeacher, admin: true, status: 201,
		body: func(w *world, _ *actor) any { return object{"user_id": w.newcomer().ID, "role": "student"} }}},
	"change-member": {
		{breaks: true, where: inClass, scope: manage, role: models.ClassTeacher, status: 200, body: says(object{"role": "assistant"})},
		{breaks: true, where: inClass, scope: manage, role: models.Assistant, status: 200, body: says(object{"muted_until": "2030-01-01T00:00:00.000Z"})},
		{where: inClass, scope: manage, role: models.Assistant, status: 200, body: says(object{"unmute": true})},
	},
	"remove-member": {
		{breaks: true, where: inClass, scope: manage, role: models.ClassTeacher, status: 204},
		{breaks: true, where: inClass, scope: write, status: 204, others: map[string]int{"owner": 125}, // the last owner stays
			with: func(_ *world, a *actor, v vars) { v["user_id"] = max(a.user.ID, 1) }},
	},
	"list-codes":  {{where: inClass, scope: manage, role: models.Assistant, status: 200}},
	"create-code": {{where: inClass, scope: manage, role: models.ClassTeacher, status: 201, body: says(object{"role": "student"})}},
	"revoke-code": {{breaks: true, where: inClass, scope: manage, role: models.ClassTeacher, status: 204}},

	"list-threads": {{where: inClass, scope: read, status: 200}},
	"open-thread": {
		{where: inClass, scope: write, role: models.Assistant, writes: true, status: 201, body: newName},
		{breaks: true, where: inClass, scope: write, writes: true, status: 201, body: newName, with: func(w *world, _ *actor, _ vars) { w.let(app.ClassChange{StudentsOpenThreads: &yes}) }},
	},
	"read-thread":   {{where: inClass, scope: read, status: 200}},
	"change-thread": {{where: inClass, scope: manage, role: models.Assistant, status: 200, body: newName}},
	"delete-thread": {{breaks: true, where: inClass, scope: manage, role: models.ClassTeacher, status: 204}},
	"pin-message": {{where: inClass, scope: manage, role: models.Assistant, status: 200,
		body: func(w *world, _ *actor) any { return object{"message_id": w.here.message.ID} }}},
	"unpin-message": {{where: inClass, scope: manage, role: models.Assistant, status: 200}},
	"mark-read":     {{where: inClass, scope: read, status: 200, body: says(object{"seq": 1})}},

	"list-messages": {{where: inClass, scope: read, status: 200}},
	"send-message":  {{where: inClass, scope: write, writes: true, status: 201, body: says(object{"content": "hi"})}},
	"read-message":  {{where: inClass, scope: read, status: 200}},
	"edit-message": {
		{where: inClass, scope: write, writes: true, status: 200, body: says(object{"content": "edited"}), with: mine},
		{where: inClass, scope: write, writes: true, code: 125, body: says(object{"content": "edited"})},
	},
	"delete-message": {
		{breaks: true, where: inClass, scope: write, writes: true, status: 200, with: mine},
		{breaks: true, where: inClass, scope: write, role: models.Assistant, status: 200},
	},
	"report-message": {{breaks: true, where: inClass, scope: write, status: 201, body: says(object{"reason": "bullying"})}},
	"list-class-reports": {
		{where: inClass, scope: manage, role: models.ClassTeacher, admin: true, status: 200},
		{where: inClass, scope: manage, role: models.ClassTeacher, admin: true, status: 200, query: "?state=resolved"},
	},
	"resolve-report": {
		{breaks: true, where: inClass, scope: manage, role: models.ClassTeacher, admin: true, status: 200, body: says(object{"outcome": "talked"})},
		{breaks: true, where: inClass, scope: manage, role: models.ClassTeacher, status: 200, body: says(object{"outcome": "deleted"})},
	},
	"count-reports": {{where: ofServer, scope: manage, account: models.Admin, status: 200}},
	"list-reports":  {{where: ofServer, scope: manage, account: models.Admin, status: 200}},
	"list-versions": {{where: inClass, scope: manage, role: models.Assistant, status: 200}},
	"list-files": {
		{where: inClass, scope: read, status: 200},
		{where: inClass, scope: read, status: 200, query: "?limit=1"},
	},
	"begin-file": {{where: inClass, scope: write, writes: true, status: 201, body: says(object{"name": "notes.txt", "size": 5})}},
	"read-file": {
		{where: inClass, scope: read, status: 200},
		{where: inClass, scope: read, status: 200, with: draft},
		{where: inClass, scope: read, code: 126, with: draftOfBob},
	},
	"put-part": {
		{where: inClass, scope: write, writes: true, status: 200, query: "?offset=0", with: draft, body: part0},
		{where: inClass, scope: write, writes: true, code: 126, query: "?offset=0", with: draftOfBob, body: part0},
		{where: inClass, scope: write, writes: true, code: 126, query: "?offset=0", body: part0}, // it is sent
	},
	"delete-file": {
		{where: inClass, scope: write, status: 204, with: draft},
		{where: inClass, scope: write, code: 126, with: draftOfBob},
		{where: inClass, scope: write, code: 126}, // it is sent
	},
	"read-file-content": {
		{where: inClass, scope: read, status: 200},
		{where: inClass, scope: read, code: 126, with: draftOfBob},
	},
	"read-file-preview": {
		{where: inClass, scope: read, status: 200},
		{where: inClass, scope: read, code: 126, with: draftOfBob},
	},
	"add-reaction":    {{where: inClass, scope: write, writes: true, status: 200}},
	"remove-reaction": {{where: inClass, scope: write, writes: true, status: 200}},
	"push": {
		{where: ofAnyone, scope: push, status: 200, body: func(w *world, _ *actor) any { return object{"to": w.Bob.ID, "content": "x"} }},
		{where: inClass, scope: push, role: models.Assistant, admin: true, status: 200,
			body: func(w *world, _ *actor) any { return object{"class_id": w.here.class.ID, "content": "x"} }},
		{where: ofServer, scope: push, account: models.Admin, status: 200, body: says(object{"content": "x"})},
	},
	"read-online": {{where: ofAnyone, scope: read, status: 200}},
	"list-events": {{where: inClass, scope: read, status: 200}},
}

var yes = true

// dot is a picture.
var dot = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

func part0(*world, *actor) any { return []byte("hello") }

// draft makes the file of the path one that the asker is uploading.
func draft(w *world, a *actor, v vars) { v["file_id"] = w.draftOf(a.user) }

func draftOfBob(w *world, _ *actor, v vars) { v["file_id"] = w.draftOf(w.Bob) }

// draftOf begins a file of somebody who may be muted since.
func (w *world) draftOf(u models.User) int64 {
	w.t.Helper()
	file := models.File{
		ClassID: w.here.class.ID, UserID: max(u.ID, 1), Name: "notes.txt", MediaType: "text/plain", Size: 9,
		CreatedAt: models.At(w.Now()), DiskName: files.NewName(),
	}
	if err := w.Store.Write(w.t.Context(), func(tx *store.Tx) error { return tx.CreateFile(&file) }); err != nil {
		w.t.Fatal(err)
	}
	return file.ID
}

func newcomer(w *world, _ *actor, v vars) { v["user_id"] = w.newcomer().ID }

// withFactor returns a teacher who has a second factor.
func (w *world) withFactor() models.User {
	w.t.Helper()
	user := w.Person(w.name(), models.Teacher)
	if err := w.Store.Write(w.t.Context(), func(tx *store.Tx) error {
		return tx.UpdateUser(user.ID, store.Change{"second_factor_at": models.At(w.Now())})
	}); err != nil {
		w.t.Fatal(err)
	}
	return user
}

// let changes the class that the requests are about.
func (w *world) let(change app.ClassChange) {
	w.t.Helper()
	if _, err := w.ChangeClass(w.t.Context(), apptest.As(w.Ann), w.here.class.ID, change); err != nil {
		w.t.Fatal(err)
	}
}

// tokenOf makes a token and returns its id.
func (w *world) tokenOf(u models.User) int64 {
	w.t.Helper()
	if u.ID == 0 || u.Name == "Disabled" {
		return 1 << 40
	}
	token, err := w.CreateToken(w.t.Context(), apptest.As(u), app.NewToken{Name: "x"})
	if err != nil {
		w.t.Fatal(err)
	}
	return token.ID
}
