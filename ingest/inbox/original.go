package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// keepOriginal copies the file under its hash, so that every figure can be
// traced to its cell as long as the store lives. It is written whole before
// it gets its name.
func (in *Inbox) keepOriginal(f *os.File, sum string) (err error) {
	if in.Originals == "" {
		return unchanged(f, sum)
	}
	if err := os.MkdirAll(in.Originals, 0o700); err != nil {
		return err
	}
	name := filepath.Join(in.Originals, sum)
	if _, err := os.Stat(name); err == nil {
		return unchanged(f, sum)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(in.Originals, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if err := copied(tmp, f, sum); err != nil {
		return errors.Join(err, tmp.Close())
	}
	reached("copy")
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// copied copies a file, which must still be what its hash says.
func copied(to io.Writer, f *os.File, sum string) error {
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, hash), f); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != sum {
		return fmt.Errorf("%s changed while it was read: send it again when it is whole", f.Name())
	}
	return nil
}

// unchanged tells whether a file is still what its hash says.
func unchanged(f *os.File, sum string) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return copied(io.Discard, f, sum)
}
