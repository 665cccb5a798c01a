package api

import (
	"encoding/json"
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
		c.Status(fiber.StatusOK).Type("txt", "utf-8")
		if err != nil {
			c.Status(fault.Of(err).Status)
			result.Result = app.PushFail
		}
		return c.SendString(result.Result)
	}
	f.Get("/push", answer)
	f.Post("/push", answer)
}

func pushForm(c *fiber.Ctx, a *app.App) (app.PushResult, error) {
	field := func(name string) string {
		if value := c.FormValue(name); value != "" {
			return value
		}
		return c.Query(name)
	}
	if field("type") != "publish" {
		return app.PushResult{}, fault.Malformed.With("type")
	}
	request := door.Of(c.UserContext())
	if request.Cookie {
		return app.PushResult{}, fault.SignInFirst.With("send a token") // another site's page can send a form, and a browser adds the cookie
	}
	in := app.NewPush{Content: field("content")}
	if to := field("to"); to != "" {
		in.To = recipient(to)
	}
	return a.Push(c.UserContext(), request.Actor, in)
}

// recipient reads a form's "to": digits are an id, all else is a name.
func recipient(to string) json.RawMessage {
	if _, err := strconv.ParseInt(to, 10, 64); err == nil {
		return json.RawMessage(to)
	}
	name, err := json.Marshal(to)
	if err != nil {
		return json.RawMessage("null")
	}
	return name
}
