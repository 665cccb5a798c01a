// Package chaostest says how far a test of a fault goes, and prints what it saw.
//
// The tests of docs/reliability.md are named after its rows: TestR05… is row
// R5. Each runs in a short form with all the other tests, and in full where
// HOMEROOM_CHAOS is "full", as `make chaos` sets it.
package chaostest

import (
	"fmt"
	"os"
)

// Full tells whether the tests of faults are to run in full.
func Full() bool { return os.Getenv("HOMEROOM_CHAOS") == "full" }

// Of returns what the short form of a test takes, or what the full one does.
func Of[T any](short, full T) T {
	if Full() {
		return full
	}
	return short
}

// Figures prints what a test saw, in a line that scripts/test and scripts/chaos
// show although the test passed.
func Figures(row, format string, args ...any) {
	fmt.Printf("figures: %s %s\n", row, fmt.Sprintf(format, args...))
}
