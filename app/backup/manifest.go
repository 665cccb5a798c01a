// Package backup writes everything that a data folder holds into one file,
// while a server runs on it, and brings it back.
package backup

import (
	"time"

	"homeroom/app/store"
)

// format is the number of how an archive is laid out.
const format = 1

// manifestFile is the name of the manifest in the archive. It comes last:
// an archive that was cut has none.
const manifestFile = "manifest.json"

// Manifest says what an archive holds.
type Manifest struct {
	Format   int            `json:"format"`
	Version  string         `json:"version"` // of the Homeroom that wrote it
	At       time.Time      `json:"at"`      // everything from before that is in it
	Contents store.Contents `json:"contents"`
	Files    []File         `json:"files"`
	Missing  []string       `json:"missing,omitempty"` // what the database names, and the data folder had not, or not whole
}

// File is one of an archive's.
type File struct {
	Name   string `json:"name"` // from the data folder on, with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Bytes is the size of all files.
func (m Manifest) Bytes() (n int64) {
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}
