package app

import (
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
)

type cheap struct{}

func (cheap) Hash(password string) (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
}

func (cheap) Matches(password, hash string) (bool, error) {
	return argon2id.ComparePasswordAndHash(password, hash)
}

// HashCheaply makes passwords cost next to nothing until the test ends, for
// tests of everything around the hashing.
func HashCheaply(t testing.TB) {
	before := inProcess
	inProcess = cheap{}
	t.Cleanup(func() { inProcess = before })
}

// ScrubBriefly makes who reads the log be waited for for a moment only, until
// the test ends.
func ScrubBriefly(t testing.TB) {
	before := scrubFor
	scrubFor = 50 * time.Millisecond
	t.Cleanup(func() { scrubFor = before })
}
