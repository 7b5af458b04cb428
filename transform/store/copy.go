package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Copy is Settings.Copy with the defaults.
func Copy(ctx context.Context, from, to string) error { return Settings{}.Copy(ctx, from, to) }

// Copy copies the file of a store, and the log beside it, to where there is none. The
// store is held for as long as that takes, and no longer: what is worked out from the
// copy keeps nobody from writing. It is ErrLocked while another process writes.
func (of Settings) Copy(ctx context.Context, from, to string) error {
	s, err := of.OpenReadOnly(ctx, from) // nobody writes now
	if err != nil {
		return err
	}
	// The log first: to close any handle of the store's own file ends its lock (POSIX).
	for _, suffix := range []string{".wal", ""} {
		err := copyFile(from+suffix, to+suffix)
		if suffix != "" && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return errors.Join(fmt.Errorf("copy of the store: %w", err), s.Close())
		}
	}
	return s.Close()
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
