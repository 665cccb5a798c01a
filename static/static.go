// Package static holds the files that the server gives to browsers.
package static

import (
	"embed"
	"io/fs"
)

// all: because the build names some files _x.js, which embed leaves out
// otherwise.
//
//go:embed all:dist
var dist embed.FS

//go:embed docs
var docs embed.FS

// Pages are what frontend/ builds to.
func Pages() fs.FS { return sub(dist, "dist") }

// Docs is the page that shows the OpenAPI document.
func Docs() fs.FS { return sub(docs, "docs") }

func sub(files embed.FS, name string) fs.FS {
	s, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // only for a name that is no path
	}
	return s
}
