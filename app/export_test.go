package app

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// HashCheaply makes passwords cost next to nothing until the test ends, for
// tests of everything around the hashing.
func HashCheaply(t testing.TB) {
	before := hashing
	hashing = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	t.Cleanup(func() { hashing = before })
}
