package app

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// mostSecret bounds what is looked up as a secret: ours are shorter.
const mostSecret = 100

// newSecret returns 256 random bits as text, after a prefix that tells people
// and secret scanners what it is.
func newSecret(prefix string) string {
	var b [32]byte
	rand.Read(b[:]) // never fails: without randomness the program ends
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// secretHash is what is stored of a secret. 256 random bits cannot be guessed,
// so it needs no salt and no slow hash; and it is found by an index, whose
// timing tells of hashes only.
func secretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
