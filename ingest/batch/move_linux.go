package batch

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// rename moves a file in one step to a name that nobody has; fs.ErrExist if
// somebody has it.
func rename(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) { // a file system that can't, such as NFS
		return renameFree(from, to)
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
