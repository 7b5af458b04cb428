//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// A file that may not grow (ulimit -f, LimitFSIZE= of systemd) is an error of the call that
// writes it, as a full disk is. Go does so for threads of its own; in one of DuckDB's the
// signal would end the program.
func init() { signal.Ignore(syscall.SIGXFSZ) }
