// Package machinecode is imported by tests, for what that does: the machine code of the
// solver of linear programmes is kept in the user's folder of caches, and is not made
// again by each of some hundred processes that tests start.
package machinecode

import (
	"os"
	"path/filepath"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// Env names the variable by which processes without a home find the folder.
const Env = "TIPSTAT_TEST_MACHINE_CODE"

// Dir is the folder; empty where there is none.
var Dir = dir()

func init() { highs.KeepMachineCode(Dir) }

func dir() string {
	if d := os.Getenv(Env); d != "" {
		return d
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	d := filepath.Join(base, "tipstat-test")
	if os.MkdirAll(d, 0o700) != nil { // then each process makes it
		return ""
	}
	return d
}
