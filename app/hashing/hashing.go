// Package hashing turns passwords into hashes, here or in a process beside.
package hashing

import (
	"github.com/alexedwards/argon2id"
)

// params are what one password costs: 19 MiB and about 25 ms. A stolen database
// costs that much for each guess.
var params = &argon2id.Params{Memory: 19456, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Here hashes in this process.
type Here struct{}

// Hash returns the argon2id hash of a password, with its salt and parameters.
// It fails only where the system has no randomness.
func (Here) Hash(password string) (string, error) { return argon2id.CreateHash(password, params) }

// Matches tells whether the hash is one of the password. It fails where the
// hash is none that Hash made.
func (Here) Matches(password, hash string) (bool, error) {
	// What a damaged database says of cost would be believed: no pass at all
	// ends the process, and many gigabytes too.
	of, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return false, err
	}
	if *of != *params {
		return false, argon2id.ErrInvalidHash
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}
