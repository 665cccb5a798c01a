package api

import (
	"context"
	"fmt"
	"net/http"

	"homeroom/app"
	"homeroom/app/fault"
	"homeroom/app/store"
	"homeroom/models"
)

// InThread is the part of an input that names a thread of a class.
type InThread struct {
	InClass
	ThreadID int64 `path:"thread_id" minimum:"1" example:"1"`
}

// pinMessage says which message is to be pinned.
type pinMessage struct {
	MessageID int64 `json:"message_id" minimum:"1" example:"1"`
}

// markRead says how far one has read.
type markRead struct {
	Seq int64 `json:"seq" minimum:"0" doc:"Events up to this number are read" example:"3"`
}

func registerThreads(d *rest) {
	const tag, all, one = "Threads", "/classes/{class_id}/threads", "/classes/{class_id}/threads/{thread_id}"
	onBody(d, op{method: http.MethodGet, path: all, id: "list-threads", tag: tag, summary: "List the threads of a class, the newest talk first"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			ByNumber
			Archived bool `query:"archived" doc:"The archived ones instead"`
		}) (list[models.Thread], error) {
			after, err := threadPosition(in.Cursor)
			if err != nil {
				return list[models.Thread]{}, err
			}
			threads, err := d.app.Threads(ctx, actor, in.ClassID, in.Archived, after, in.Limit+1)
			return textPageOf(threads, in.Limit, lastText, cursorOfThread), err
		})
	onBody(d, op{method: http.MethodPost, path: all, id: "open-thread", tag: tag, summary: "Open a thread", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct {
			InClass
			Body app.NewThread
		}) (models.Thread, error) {
			return d.app.OpenThread(ctx, actor, in.ClassID, in.Body)
		})
	onBody(d, op{method: http.MethodGet, path: one, id: "read-thread", tag: tag, summary: "Read a thread's heading"},
		func(ctx context.Context, actor app.Actor, in *InThread) (models.Thread, error) {
			return d.app.Thread(ctx, actor, in.ClassID, in.ThreadID)
		})
	onBody(d, op{method: http.MethodPatch, path: one, id: "change-thread", tag: tag, summary: "Rename, lock or archive a thread"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InThread
			Body app.ThreadChange
		}) (models.Thread, error) {
			return d.app.ChangeThread(ctx, actor, in.ClassID, in.ThreadID, in.Body)
		})
	onNone(d, op{method: http.MethodDelete, path: one, id: "delete-thread", tag: tag, summary: "Delete a thread"},
		func(ctx context.Context, actor app.Actor, in *InThread) error {
			return d.app.DeleteThread(ctx, actor, in.ClassID, in.ThreadID)
		})
	onBody(d, op{method: http.MethodPut, path: one + "/pin", id: "pin-message", tag: tag, summary: "Pin a message"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InThread
			Body pinMessage
		}) (models.Thread, error) {
			return d.app.Pin(ctx, actor, in.ClassID, in.ThreadID, in.Body.MessageID)
		})
	onBody(d, op{method: http.MethodDelete, path: one + "/pin", id: "unpin-message", tag: tag, summary: "Unpin the pinned message"},
		func(ctx context.Context, actor app.Actor, in *InThread) (models.Thread, error) {
			return d.app.Unpin(ctx, actor, in.ClassID, in.ThreadID)
		})
	onBody(d, op{method: http.MethodPut, path: one + "/read", id: "mark-read", tag: tag, summary: "Move one's read marker forward"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InThread
			Body markRead
		}) (app.ReadState, error) {
			return d.app.MarkRead(ctx, actor, in.ClassID, in.ThreadID, in.Body.Seq)
		})
}

// lastText is how many bytes the thread's last message has.
func lastText(t models.Thread) int {
	if t.LastMessage == nil {
		return 0
	}
	return len(t.LastMessage.Content)
}

// cursorOfThread is where a page of threads ends.
func cursorOfThread(t models.Thread) string { return fmt.Sprintf("%d-%d", t.LastSeq, t.ID) }

func threadPosition(cursor string) (*store.ThreadPosition, error) {
	if cursor == "" {
		return nil, nil
	}
	var p store.ThreadPosition
	_, err := fmt.Sscanf(cursor, "%d-%d", &p.LastSeq, &p.ID)
	// Sscanf is content with a cursor that goes on after the numbers.
	if err != nil || p.LastSeq < 0 || cursor != cursorOfThread(models.Thread{LastSeq: p.LastSeq, ID: p.ID}) {
		return nil, fault.Malformed.With("cursor")
	}
	return &p, nil
}
