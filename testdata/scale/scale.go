// Package scale says how much of a test that is made by seed is run: CI has fifteen
// minutes on two cores, and a machine overnight has all. TIPSTAT_ALL=1 runs all of it.
package scale

import "os"

// Env names the variable that asks for all.
const Env = "TIPSTAT_ALL"

// Of gives how many of all are run: those that CI has time for, unless all are asked for.
func Of(some, all int) int {
	if All() {
		return all
	}
	return some
}

// All tells whether all are asked for: what is rare is met then.
func All() bool { return os.Getenv(Env) != "" }
