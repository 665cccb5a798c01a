package live

import (
	"strconv"

	"homeroom/models"
)

// The frames of v2 that a server sends, and those that a client sends. The
// schema of the live protocol is made from them.

type answerFrame struct {
	Op         string           `json:"op" enum:"hello,join,leave,send,read,typing,watch,unwatch,keep,unknown"`
	Ref        string           `json:"ref,omitempty" doc:"As the client gave it"`
	Status     bool             `json:"status"`
	Code       int              `json:"code" doc:"100 or 105, or why not"`
	Msg        string           `json:"msg,omitempty"`
	Detail     string           `json:"detail,omitempty"`
	RetryAfter float64          `json:"retry_after,omitempty" doc:"Seconds"`
	Message    *models.Message  `json:"message,omitempty" doc:"send: as it is stored"`
	User       *models.User     `json:"user,omitempty" doc:"hello: who one is"`
	Heads      map[string]int64 `json:"heads,omitzero" required:"false" doc:"hello, keep: number of the newest event of each of one's classes"`
	Keep       int              `json:"keep,omitempty" doc:"hello: seconds between keep frames"`
	Seq        int64            `json:"seq,omitempty" doc:"read: where the marker stands"`
	Unread     *int             `json:"unread,omitempty" doc:"read: what is left"`
}

type eventFrame struct {
	Op string `json:"op" enum:"event"`
	models.Event
}

type keepFrame struct {
	Op    string           `json:"op" enum:"keep"`
	Heads map[string]int64 `json:"heads" doc:"Number of the newest event of each of one's classes"`
}

type resyncFrame struct {
	Op      string `json:"op" enum:"resync"`
	ClassID int64  `json:"class_id"`
	Seq     int64  `json:"seq" doc:"Events after this number follow"`
}

type readFrame struct {
	Op       string `json:"op" enum:"read"`
	ClassID  int64  `json:"class_id"`
	ThreadID int64  `json:"thread_id"`
	Seq      int64  `json:"seq"`
	Unread   int    `json:"unread"`
}

type typingFrame struct {
	Op       string `json:"op" enum:"typing"`
	ClassID  int64  `json:"class_id"`
	ThreadID int64  `json:"thread_id"`
	UserID   int64  `json:"user_id"`
	Name     string `json:"name"`
}

type presenceFrame struct {
	Op       string  `json:"op" enum:"presence"`
	ClassID  int64   `json:"class_id"`
	ThreadID int64   `json:"thread_id"`
	Count    int     `json:"count" doc:"How many look at the thread"`
	UserIDs  []int64 `json:"user_ids,omitempty" doc:"Who; for those who may know"`
}

type onlineFrame struct {
	Op      string  `json:"op" enum:"online"`
	ClassID int64   `json:"class_id"`
	Count   int     `json:"count" doc:"How many members are online"`
	UserIDs []int64 `json:"user_ids,omitempty" doc:"Who; for those who may know"`
}

type reportsFrame struct {
	Op      string `json:"op" enum:"reports"`
	ClassID int64  `json:"class_id" doc:"Its reports are others now: for those who may read them"`
}

type helloRequest struct {
	Action string           `json:"action" enum:"hello"`
	Ref    string           `json:"ref,omitempty" maxLength:"64"`
	Since  map[string]int64 `json:"since,omitempty" doc:"By class: the number of the last event that one applied"`
}

type joinRequest struct {
	Action   string `json:"action" enum:"join"`
	Ref      string `json:"ref,omitempty" maxLength:"64"`
	ClassID  int64  `json:"class_id"`
	ThreadID int64  `json:"thread_id"`
}

type leaveRequest struct {
	Action   string `json:"action" enum:"leave"`
	Ref      string `json:"ref,omitempty" maxLength:"64"`
	ClassID  int64  `json:"class_id"`
	ThreadID int64  `json:"thread_id"`
}

type sendRequest struct {
	Action   string `json:"action" enum:"send"`
	Ref      string `json:"ref,omitempty" maxLength:"64"`
	ClassID  int64  `json:"class_id"`
	ThreadID int64  `json:"thread_id"`
	Content  string `json:"content,omitempty" doc:"May be empty where there are files"`
	ClientID string `json:"client_id" minLength:"1" maxLength:"64"`
	ReplyTo  *int64 `json:"reply_to,omitempty"`

	Files []int64 `json:"files,omitempty" nullable:"false"`
}

type readRequest struct {
	Action   string `json:"action" enum:"read"`
	Ref      string `json:"ref,omitempty" maxLength:"64"`
	ThreadID int64  `json:"thread_id"`
	Seq      int64  `json:"seq"`
}

type typingRequest struct {
	Action   string `json:"action" enum:"typing"`
	Ref      string `json:"ref,omitempty" maxLength:"64"`
	ThreadID int64  `json:"thread_id"`
}

type keepRequest struct {
	Action string `json:"action" enum:"keep"`
	Ref    string `json:"ref,omitempty" maxLength:"64"`
}

func eventFrameOf(e models.Event) frame {
	if m, ok := e.Data.(models.Message); ok {
		return messageEventFrame(&e, &m)
	}
	return jsonFrame(eventFrame{Op: "event", Event: e})
}

// byName gives the numbers the keys that JSON wants.
func byName(heads map[int64]int64) map[string]int64 {
	named := make(map[string]int64, len(heads))
	for id, seq := range heads {
		named[strconv.FormatInt(id, 10)] = seq
	}
	return named
}
