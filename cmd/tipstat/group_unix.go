//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// giveGroup gives a file the group of another, where we may.
func giveGroup(name string, of fs.FileInfo) {
	if of, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(name, -1, int(of.Gid)) // of a group that we are not in we can't make it
	}
}
