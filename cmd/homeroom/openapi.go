package main

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/gofiber/fiber/v2"

	"homeroom/app/api"
	"homeroom/app/server"
)

type openAPI struct{}

// Run prints the document. It comes from the Go types, so it needs no database.
func (openAPI) Run() error {
	document, err := server.Describe(api.New(fiber.New(fiber.Config{DisableStartupMessage: true}), nil, api.Server{Name: "Homeroom", Version: "1"}))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, document, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(os.Stdout)
	return err
}
