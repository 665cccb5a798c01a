package main

import (
	"context"
	"fmt"
	"path/filepath"

	"homeroom/app/store"
)

type migrate struct{}

// Run brings the tables up to date; opening the database does that.
func (migrate) Run(s *settings) error {
	db, err := store.Open(context.Background(), s.Data)
	if err != nil {
		return err
	}
	fmt.Println("Up to date:", filepath.Join(s.Data, store.DatabaseFile))
	return db.Close()
}
