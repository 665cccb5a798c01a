// Package migrations holds the numbered SQL that makes the database, a folder
// per dialect. The SQL is the truth about the tables; the structs of package
// models are held against it by a test.
package migrations

import "embed"

// FS holds one folder per dialect: sqlite.
//
//go:embed sqlite/*.sql
var FS embed.FS
