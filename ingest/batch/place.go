package batch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
)

// Paper is a file that is laid beside one that was accepted or refused.
type Paper struct {
	Name string // of the file, without folder
	Data []byte
}

// ReceiptEnding is what the name of a receipt adds to that of its file. Every file
// that was placed has a receipt, a JSON object with file_sha256.
const ReceiptEnding = ".receipt.json"

// ReceiptOf gives the file of which a receipt is, by its path. A file that only has such a
// name, and was taken in, has a receipt of its own and is none.
func ReceiptOf(path string) (file string, ok bool) {
	file, ok = strings.CutSuffix(path, ReceiptEnding)
	if !ok || filepath.Base(path) == ReceiptEnding {
		return "", false
	}
	_, err := os.Lstat(path + ReceiptEnding)
	return file, errors.Is(err, fs.ErrNotExist)
}

// Receipt is what stands in it.
type Receipt struct {
	RunID    string    `json:"run_id"`
	At       time.Time `json:"at"` // declared metadata
	Name     string    `json:"name"`
	Persons  bool      `json:"names_persons,omitempty"`
	Language string    `json:"language"`
	*inbox.Receipt
}

// place moves a file into a folder under a name that is free for it and for what is
// laid beside it, and gives the name, from the folder on, with slashes. The papers
// are written first, the receipt before the others: a run that is killed here finds
// its own papers again, by the hash in the receipt, and nobody finds a file without
// them. papers makes them for the name that is tried.
//
// Where the file is to be deleted it has a name for its papers alone.
//
// ErrChanged says that the file is not the one that was read: it stays.
func place(f File, folder, wanted, sum string, deleted bool, papers func(name string) ([]Paper, error)) (string, error) {
	for try := 0; ; try++ {
		name := numbered(wanted, sum, try)
		dir := filepath.Join(folder, filepath.FromSlash(path.Dir(name)))
		list, err := papers(path.Base(name))
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		if free, err := isFree(dir, path.Base(name), sum, list); err != nil {
			return "", err
		} else if !free {
			continue
		}
		for _, p := range list {
			if err := WritePrivate(filepath.Join(dir, p.Name), p.Data); err != nil {
				return "", err
			}
		}
		if !f.same() {
			return "", errors.Join(ErrChanged, remove(dir, list))
		}
		if deleted {
			return name, os.Remove(f.Path)
		}
		to := filepath.Join(dir, path.Base(name))
		err = rename(f.Path, to)
		if errors.Is(err, fs.ErrExist) { // somebody put one there just now
			if err := remove(dir, list); err != nil {
				return "", err
			}
			continue
		}
		if errors.Is(err, syscall.EXDEV) {
			err = fmt.Errorf("%w; want both folders on one file system: a file is moved in one step, and never copied", err)
		}
		if err != nil { // no papers without their file
			return "", errors.Join(err, remove(dir, list))
		}
		if !f.sameAt(to) { // it was replaced between the look and the move: back with it
			return "", errors.Join(ErrChanged, rename(to, f.Path), remove(dir, list))
		}
		_ = os.Chmod(to, 0o600) // it may be another's, who put it there; the folder is for us alone
		return name, nil
	}
}

// numbered gives the name to try: the file's own, then with a part of the hash, then
// with a number too.
func numbered(name, sum string, try int) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	switch try {
	case 0:
		return name
	case 1:
		return fmt.Sprintf("%s-%.8s%s", stem, sum, ext)
	}
	return fmt.Sprintf("%s-%.8s-%d%s", stem, sum, try, ext)
}

// isFree tells whether nothing of a file's name, nor of its papers', is taken. Papers
// without their file are what a killed run left, if the receipt has the same hash.
func isFree(dir, name, sum string, papers []Paper) (bool, error) {
	if taken, err := exists(filepath.Join(dir, name)); taken || err != nil {
		return false, err
	}
	b, err := os.ReadFile(filepath.Join(dir, name+ReceiptEnding))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return false, err
	default:
		var r struct {
			SHA256 string `json:"file_sha256"`
		}
		return json.Unmarshal(b, &r) == nil && r.SHA256 == sum, nil
	}
	for _, p := range papers {
		if taken, err := exists(filepath.Join(dir, p.Name)); taken || err != nil {
			return false, err
		}
	}
	return true, nil
}

func exists(name string) (bool, error) {
	_, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func remove(dir string, papers []Paper) (err error) {
	for _, p := range papers {
		err = errors.Join(err, os.Remove(filepath.Join(dir, p.Name)))
	}
	return err
}

// renameFree moves a file where the system has no way to do it only if the name is
// free. The lock of a run keeps other runs away meanwhile.
func renameFree(from, to string) error {
	taken, err := exists(to)
	if err != nil {
		return err
	}
	if taken {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}

// WritePrivate writes a file whole or not at all, for its owner alone: it may tell of
// persons.
func WritePrivate(name string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
