package main

import (
	"os"
	"os/signal"
	"syscall"

	"homeroom/app/hashing"
)

// hashCmd is the process that the server starts beside it, for nobody else.
type hashCmd struct{}

// Run is called by kong.
func (*hashCmd) Run() error {
	// A terminal, or what stops a service, tells every process of it. This one
	// has its end with the server's, which may still have somebody sign in.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	return hashing.Serve(os.Stdin, os.Stdout)
}
