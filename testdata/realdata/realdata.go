// Package realdata finds the files that ministries and international
// organisations published, for the tests that read them. They are never part
// of the project: they lie in ../shared/data beside it, or where the
// environment variable TIPSTAT_REAL_DATA says. Where a file is missing the
// test is skipped by name.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir is the folder of the real files; it may not exist.
func Dir(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("TIPSTAT_REAL_DATA"); dir != "" {
		return dir
	}
	dir, err := os.Getwd() // a test runs in the folder of its package
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared", "data")
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}

// File gives the path of a real file, by its slash-separated name in Dir, or
// skips the test.
func File(tb testing.TB, name string) string {
	tb.Helper()
	path := filepath.Join(Dir(tb), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("%s is not here: set TIPSTAT_REAL_DATA", name)
	}
	return path
}

// Beside gives the path of a file that lies beside the folder of the real files, such
// as the schemas of a standard, or skips the test.
func Beside(tb testing.TB, name string) string {
	tb.Helper()
	path := filepath.Join(filepath.Dir(Dir(tb)), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("%s is not here: set TIPSTAT_REAL_DATA to the folder data beside it", name)
	}
	return path
}
