package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"homeroom/app"
	"homeroom/models"
)

// InMessage is the part of an input that names a message of a thread.
type InMessage struct {
	InThread
	MessageID int64 `path:"message_id" minimum:"1" example:"1"`
}

// editMessage is what replaces the text of a message.
type editMessage struct {
	Content string `json:"content" doc:"Markdown, 1 to 10,000 characters" example:"When is the test? Friday?"`
}

func registerMessages(d *rest) {
	const tag, all, one = "Messages", "/classes/{class_id}/threads/{thread_id}/messages", "/classes/{class_id}/threads/{thread_id}/messages/{message_id}"
	type page struct {
		Status int
		ETag   string `header:"ETag"`
		Body   *app.MessagePage
	}
	on(d, op{method: http.MethodGet, path: all, id: "list-messages", tag: tag, summary: "Read a stretch of a thread, the newest by default"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InThread
			app.PageAround
			IfNoneMatch string `header:"If-None-Match" doc:"ETag of the answer that one has"`
		}) (page, error) {
			if _, err := d.app.Visit(ctx, actor, in.ClassID, in.ThreadID); err != nil {
				return page{}, err // what is not there has not stayed the same
			}
			seq, err := d.app.Head(ctx, actor, in.ClassID)
			if err != nil {
				return page{}, err
			}
			// Every change of a message is an event of its class: the same number is
			// the same page. The user is part of it because of client_id.
			etag := fmt.Sprintf(`"%d-%d-%x"`, seq, actor.User.ID, d.app.Edition())
			if strings.TrimPrefix(in.IfNoneMatch, "W/") == etag { // a proxy that compresses marks it as weak
				return page{Status: http.StatusNotModified, ETag: etag}, nil
			}
			messages, err := d.app.Messages(ctx, actor, in.ClassID, in.ThreadID, in.PageAround)
			return page{Status: http.StatusOK, ETag: etag, Body: &messages}, err
		})
	type sent struct {
		Status int
		Body   models.Message
	}
	on(d, op{method: http.MethodPost, path: all, id: "send-message", tag: tag, summary: "Send a message", status: http.StatusCreated},
		func(ctx context.Context, actor app.Actor, in *struct {
			InThread
			Body app.NewMessage
		}) (sent, error) {
			message, isNew, err := d.app.Send(ctx, actor, in.ClassID, in.ThreadID, in.Body)
			if isNew {
				return sent{http.StatusCreated, message}, err
			}
			return sent{http.StatusOK, message}, err
		})
	onBody(d, op{method: http.MethodGet, path: one, id: "read-message", tag: tag, summary: "Read one message"},
		func(ctx context.Context, actor app.Actor, in *InMessage) (models.Message, error) {
			return d.app.Message(ctx, actor, in.ClassID, in.ThreadID, in.MessageID)
		})
	onBody(d, op{method: http.MethodPatch, path: one, id: "edit-message", tag: tag, summary: "Edit one's message"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InMessage
			Body editMessage
		}) (models.Message, error) {
			return d.app.Edit(ctx, actor, in.ClassID, in.ThreadID, in.MessageID, in.Body.Content)
		})
	onBody(d, op{method: http.MethodDelete, path: one, id: "delete-message", tag: tag, summary: "Delete a message"},
		func(ctx context.Context, actor app.Actor, in *InMessage) (models.Message, error) {
			return d.app.Delete(ctx, actor, in.ClassID, in.ThreadID, in.MessageID)
		})
	onBody(d, op{method: http.MethodGet, path: one + "/versions", id: "list-versions", tag: tag, summary: "Read what a message said before; for staff, and noted"},
		func(ctx context.Context, actor app.Actor, in *struct {
			InMessage
			ByNumber
		}) (list[models.MessageVersion], error) {
			after, err := in.number()
			if err != nil {
				return list[models.MessageVersion]{}, err
			}
			versions, err := d.app.Versions(ctx, actor, in.ClassID, in.ThreadID, in.MessageID, after, in.Limit+1)
			return textPageOf(versions, in.Limit, func(v models.MessageVersion) int { return len(v.Content) }, func(v models.MessageVersion) string { return cursorOf(v.ID) }), err
		})
}

func registerReactions(d *rest) {
	const tag, one = "Reactions", "/classes/{class_id}/threads/{thread_id}/messages/{message_id}/reactions/{emoji}"
	type inReaction struct {
		InMessage
		Emoji string `path:"emoji" doc:"Percent-encoded" example:"%F0%9F%91%8D" maxLength:"200"`
	}
	react := func(f func(ctx context.Context, actor app.Actor, classID, threadID, id int64, emoji string) (models.Message, error)) func(context.Context, app.Actor, *inReaction) (models.Message, error) {
		return func(ctx context.Context, actor app.Actor, in *inReaction) (models.Message, error) {
			return f(ctx, actor, in.ClassID, in.ThreadID, in.MessageID, in.Emoji)
		}
	}
	onBody(d, op{method: http.MethodPut, path: one, id: "add-reaction", tag: tag, summary: "React to a message"}, react(d.app.React))
	onBody(d, op{method: http.MethodDelete, path: one, id: "remove-reaction", tag: tag, summary: "Take one's reaction away"}, react(d.app.Unreact))
}
