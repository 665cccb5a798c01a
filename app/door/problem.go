package door

import (
	"fmt"
	"math"

	"homeroom/app"
	"homeroom/app/fault"
)

// ProblemType is the media type of a Problem.
const ProblemType = "application/problem+json"

// Problem is a refusal as a document (RFC 9457). Its code is the one that the
// socket gives for the same refusal.
type Problem struct {
	Type       string   `json:"type" example:"urn:homeroom:fault:126" doc:"Names the kind of refusal, for good"`
	Title      string   `json:"title" example:"Not found" doc:"The kind of refusal in words"`
	Status     int      `json:"status" example:"404" doc:"The HTTP status"`
	Detail     string   `json:"detail,omitempty" doc:"What exactly was wrong"`
	Code       int      `json:"code" example:"126" doc:"The refusal's number, the same on the socket"`
	RequestID  string   `json:"request_id,omitempty" doc:"Finds the request in the server's log"`
	RetryAfter int      `json:"retry_after,omitempty" doc:"Seconds until it is worth trying again"`
	Errors     []Detail `json:"errors,omitempty" doc:"Each field that was refused"`
	*Failed
}

// Failed is what a refused push says beside why, in the words in which one that
// was taken is answered.
type Failed struct {
	Result  string `json:"result" enum:"fail" required:"false" doc:"Of a push"`
	Reached int    `json:"reached" enum:"0" required:"false" doc:"Of a push"`
}

// Detail is one field that was refused.
type Detail struct {
	Location string `json:"location" example:"body.name"`
	Message  string `json:"message" example:"expected a string"`
}

// ProblemOf tells err, which a request met, to people. An error that is no fault
// is internal, and says nothing of itself.
func ProblemOf(err error, r Request) *Problem {
	f := fault.Of(err)
	p := &Problem{
		Type:      fmt.Sprintf("urn:homeroom:fault:%d", f.Code),
		Title:     f.Message,
		Status:    f.Status,
		Detail:    f.Detail,
		Code:      f.Code,
		RequestID: r.ID,
	}
	if r.Pushes {
		p.Failed = &Failed{Result: app.PushFail}
	}
	if f.Retry > 0 {
		p.RetryAfter = int(math.Ceil(f.Retry.Seconds()))
	}
	return p
}

func (p *Problem) Error() string { return p.Title }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type to answer with.
func (p *Problem) ContentType(string) string { return ProblemType }
