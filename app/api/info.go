package api

import (
	"context"
	"net/http"

	"homeroom/app"
)

// info is what the pages must know before anybody has signed in.
type info struct {
	Name       string     `json:"name" example:"Homeroom"`
	Version    string     `json:"version" example:"1.0.0"`
	NeedsSetup bool       `json:"needs_setup" doc:"Nobody manages the server yet"`
	SignUp     bool       `json:"sign_up" doc:"Whoever holds a join code may make an account"`
	Limits     infoLimits `json:"limits"`
}

type infoLimits struct {
	Text      int `json:"text" example:"10000" doc:"Characters in a message"`
	Reactions int `json:"reactions" example:"20" doc:"Distinct emoji under one message"`
	Name      int `json:"name" example:"60" doc:"Characters in a name"`

	FileBytes int64 `json:"file_bytes" example:"26214400" doc:"Bytes of a file"`
	Files     int   `json:"files" example:"10" doc:"Files of a message"`
}

func registerInfo(d *rest) {
	onBody(d, op{method: http.MethodGet, path: "/info", id: "read-info", tag: "Info", summary: "Read what this server is", open: true},
		func(ctx context.Context, _ app.Actor, _ *none) (info, error) {
			needs, err := d.app.NeedsSetup(ctx)
			limits := d.app.Limits
			return info{
				Name: d.server.Name, Version: d.server.Version, NeedsSetup: needs, SignUp: limits.SignUp,
				Limits: infoLimits{Text: limits.TextLength, Reactions: limits.ReactionKinds, Name: limits.NameLength, FileBytes: limits.FileBytes, Files: limits.FilesPerMessage},
			}, err
		})
}
