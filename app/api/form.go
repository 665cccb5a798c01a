package api

import (
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeroom/app"
	"homeroom/app/door"
	"homeroom/app/fault"
)

// registerForm adds /push, the form dialect of Workerman's web-msg-sender: its
// senders change the address, add a token, and read the same plain words.
func registerForm(f fiber.Router, a *app.App) {
	answer := func(c *fiber.Ctx) error {
		result, err := pushForm(c, a)
		switch {
		case err == nil:
		case fault.Of(err).Status == fiber.StatusUnprocessableEntity:
			result.Result = app.PushFail // under 200, as the original: some clients read no body under another status
		default:
			return err // who may not push is told so by the status, too
		}
		return c.Type("txt", "utf-8").SendString(result.Result)
	}
	f.Add(fiber.MethodGet, "/push", answer) // not Get, which takes HEAD too
	f.Post("/push", answer)
}

func pushForm(c *fiber.Ctx, a *app.App) (app.PushResult, error) {
	request := door.Of(c.UserContext())
	if request.Cookie {
		return app.PushResult{}, fault.SignInFirst.With("send a token") // another site's page can send a form, and a browser adds the cookie
	}
	if err := request.Actor.CanPush(); err != nil { // before anything of a stranger's is read
		return app.PushResult{}, err
	}
	field := fieldsOf(c)
	if field("type") != "publish" {
		return app.PushResult{}, fault.Malformed.With("type")
	}
	in := app.NewPush{Content: field("content")}
	to := field("to")
	if to != "" {
		in.To = recipient(to)
	}
	result, err := a.Push(c.UserContext(), request.Actor, in)
	if err == nil && to == "" {
		result.Result = app.PushOK // as the original, whoever is there: only a user can be offline
	}
	return result, err
}

// fieldsOf reads a form as PHP does: from the body, plain or in parts, and from
// the address where the body has none.
func fieldsOf(c *fiber.Ctx) func(name string) string {
	if parts, err := c.MultipartForm(); err == nil {
		return url.Values(parts.Value).Get
	}
	args := c.Context().PostArgs()
	if args.Len() == 0 {
		args = c.Context().QueryArgs()
	}
	return func(name string) string { return string(args.Peek(name)) }
}

// recipient reads a form's "to": an id or a name.
func recipient(to string) json.RawMessage {
	if id, ok := app.IDOf(to); ok {
		return strconv.AppendInt(nil, id, 10)
	}
	name, err := json.Marshal(to)
	if err != nil {
		return json.RawMessage("null")
	}
	return name
}
