// Package fault is the one table of what a person or a script may be told
// about a request: a code (docs/protocol.md), an HTTP status and a message.
// Any other error is internal: it is logged, and shown as Internal.
package fault

import (
	"errors"
	"net/http"
	"time"
)

// Codes of frames that were accepted.
const (
	OK           = 100
	Sent         = 105
	ReactionDone = 110
	DeleteDone   = 113
	EditDone     = 115
)

// Fault is a refusal. Faults are compared by Code: errors.Is(err, fault.Muted)
// holds for every copy of Muted, whatever its detail.
type Fault struct {
	Code    int
	Status  int    // of HTTP
	Message string // for people; the classic dialect's clients compare it
	Detail  string // what exactly was wrong, may be empty
	Retry   time.Duration
}

func (f *Fault) Error() string {
	if f.Detail == "" {
		return f.Message
	}
	return f.Message + ": " + f.Detail
}

// Is compares codes.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// With returns a copy that says what exactly was wrong.
func (f *Fault) With(detail string) *Fault {
	c := *f
	c.Detail = detail
	return &c
}

// After returns a copy that says when to try again.
func (f *Fault) After(d time.Duration) *Fault {
	c := *f
	c.Retry = d
	return &c
}

// The table. 101 to 108 and their messages are the original protocol's.
var (
	UnknownAction = add(101, http.StatusBadRequest, "Illegal request")
	NoThread      = add(102, http.StatusNotFound, "Thread does not exist")
	NoClass       = add(103, http.StatusNotFound, "Class does not exist")
	Malformed     = add(104, http.StatusUnprocessableEntity, "Illegal request")
	NotMember     = add(107, http.StatusForbidden, "User does not exist or not in the class")
	NotYours      = add(108, http.StatusNotFound, "Illegal Request")

	TooMany     = add(120, http.StatusTooManyRequests, "Too many messages")
	Muted       = add(121, http.StatusForbidden, "You are muted")
	Locked      = add(122, http.StatusForbidden, "The thread is locked")
	Archived    = add(123, http.StatusForbidden, "The class is archived")
	TextTooLong = add(124, http.StatusUnprocessableEntity, "The text is too long")
	NotAllowed  = add(125, http.StatusForbidden, "Not allowed for your role")
	NotFound    = add(126, http.StatusNotFound, "Not found")
	Exists      = add(127, http.StatusConflict, "It already exists")
	Unavailable = add(128, http.StatusServiceUnavailable, "Storage is unavailable, try again")

	Internal      = add(129, http.StatusInternalServerError, "Internal error")
	SignInFirst   = add(130, http.StatusUnauthorized, "Sign in first")
	WrongPassword = add(131, http.StatusUnauthorized, "The name or the password is wrong")
	CrossSite     = add(132, http.StatusForbidden, "Requests from other sites are refused")
	WrongMethod   = add(133, http.StatusMethodNotAllowed, "Method not allowed")
	TooLarge      = add(134, http.StatusRequestEntityTooLarge, "The request is too large")
	WrongMedia    = add(135, http.StatusUnsupportedMediaType, "The media type is not supported")
	WeakPassword  = add(136, http.StatusUnprocessableEntity, "Choose another password")
	CodeInvalid   = add(137, http.StatusNotFound, "The code or link is not valid")
	TooManyTries  = add(138, http.StatusTooManyRequests, "Too many tries, wait a little")
	WrongHost     = add(139, http.StatusMisdirectedRequest, "This server does not answer to that name")
	Busy          = add(140, http.StatusServiceUnavailable, "The server is busy, try again")
	ConfirmFirst  = add(141, http.StatusForbidden, "Confirm your password")

	SecondFactorNeeded = add(142, http.StatusUnauthorized, "Give the code of your second factor too")
	WrongCode          = add(143, http.StatusUnauthorized, "The code is wrong or was used")
	SecondFactorFirst  = add(144, http.StatusForbidden, "Set up a second factor first")
	NewPasswordNeeded  = add(145, http.StatusForbidden, "Choose a new password")

	NoRoom = add(146, http.StatusRequestEntityTooLarge, "No room for files")
)

// All holds the table in the order of its codes.
var All []*Fault

func add(code, status int, message string) *Fault {
	f := &Fault{Code: code, Status: status, Message: message}
	All = append(All, f)
	return f
}

// Of returns the fault in err's chain, or Internal where there is none.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return Internal
}
