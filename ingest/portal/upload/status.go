package upload

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/review"
)

// Outcomes of an upload, beside those of a receipt (inbox.Accepted, Refused, Already).
const (
	Waiting = "waiting" // it lies in the inbox: it will be read, or is being read
	Lost    = "lost"    // it is nowhere: somebody took it away
)

// Status is what became of an upload, as its papers tell.
type Status struct {
	Outcome string
	Ahead   int            // for who asked [Desk.Ahead]
	Receipt *batch.Receipt // nil until it was read
	File    string         // where the file lies; empty if it was deleted
	Review  string         // where the review workbook lies; empty if there is none
	// Before is the receipt of a first reading, which refused the file; nil unless it was read
	// again since (batch.Again).
	Before *batch.Receipt
}

// Status tells what became of an upload.
func (d *Desk) Status(u Upload) (s Status, err error) {
	// It is looked for where it goes last first: it may be moved meanwhile.
	for try := 0; try < 2; try++ {
		for _, root := range []string{d.Accepted, d.Refused} {
			s, found, err := papers(filepath.Join(root, u.RefArea, u.ID))
			if found && err == nil && root == d.Accepted {
				first, _, err := papers(filepath.Join(d.Refused, u.RefArea, u.ID))
				s.Before = first.Receipt
				return s, err
			}
			if found || err != nil {
				return s, err
			}
		}
		waits, err := d.waits(u)
		if err != nil {
			return s, err
		}
		if waits {
			return Status{Outcome: Waiting}, nil
		}
	}
	return Status{Outcome: Lost}, nil
}

// waits tells whether an upload lies in the inbox, or is about to.
func (d *Desk) waits(u Upload) (bool, error) {
	names, err := os.ReadDir(filepath.Join(d.Inbox, u.RefArea, u.ID))
	if gone(err) != nil {
		return false, err
	}
	if slices.ContainsFunc(names, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), ".") }) {
		return true, nil
	}
	_, err = os.Lstat(d.part(u))
	return err == nil, gone(err)
}

// Ahead counts the uploads of all States that came before one that waits, and wait too.
func (d *Desk) Ahead(u Upload, s Status) (n int, err error) {
	if s.Outcome != Waiting {
		return 0, nil
	}
	areas, err := os.ReadDir(d.Inbox)
	for _, a := range areas {
		if err != nil || !a.IsDir() || !areaForm.MatchString(a.Name()) {
			continue
		}
		ids, err := os.ReadDir(filepath.Join(d.Inbox, a.Name()))
		if gone(err) != nil {
			return n, err
		}
		for _, id := range ids {
			if !id.IsDir() || !idForm.MatchString(id.Name()) || id.Name() >= u.ID {
				continue
			}
			if waits, err := d.waits(Upload{ID: id.Name(), Sender: Sender{RefArea: a.Name()}}); err != nil {
				return n, err
			} else if waits {
				n++
			}
		}
	}
	return n, gone(err)
}

// papers reads what lies beside a file that was taken in.
func papers(dir string) (s Status, found bool, err error) {
	names, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	file := ""
	for _, e := range names {
		stem, ok := batch.ReceiptOf(filepath.Join(dir, e.Name()))
		if !ok {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return s, false, err
		}
		s.Receipt = &batch.Receipt{}
		if err := json.Unmarshal(b, s.Receipt); err != nil {
			return s, false, fmt.Errorf("%s: %w", filepath.Join(dir, e.Name()), err)
		}
		file = filepath.Base(stem)
	}
	if s.Receipt == nil || s.Receipt.Receipt == nil {
		return s, false, nil
	}
	s.Outcome = s.Receipt.Outcome
	moved := slices.ContainsFunc(names, func(e fs.DirEntry) bool { return e.Name() == file })
	if moved {
		s.File = filepath.Join(dir, file)
	}
	if marked := review.FileName(file, s.Receipt.Format); slices.ContainsFunc(names, func(e fs.DirEntry) bool { return e.Name() == marked }) {
		s.Review = filepath.Join(dir, marked)
	}
	// Papers come first, then the file: until it has, the run may be killed yet. One that
	// names persons may have been deleted.
	return s, moved || s.Receipt.Persons, nil
}

// Recover finishes what a server that was killed had begun: uploads that are in the ledger
// are moved into the inbox; bytes that came no further are removed, and folders that are
// empty. It is called before anything is received.
func (d *Desk) Recover() (handedIn []Upload, removed int, err error) {
	areas, err := os.ReadDir(d.Inbox)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range areas {
		if !a.IsDir() || !areaForm.MatchString(a.Name()) {
			continue
		}
		dir := filepath.Join(d.Inbox, a.Name())
		names, err := os.ReadDir(dir)
		if err != nil {
			return handedIn, removed, err
		}
		for _, e := range names {
			id, part := strings.CutPrefix(strings.TrimSuffix(e.Name(), ".part"), ".")
			switch {
			case part && idForm.MatchString(id):
				u, err := d.Upload(a.Name(), id)
				if errors.Is(err, ErrNone) {
					removed++
					if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
						return handedIn, removed, err
					}
					continue
				}
				if err != nil {
					return handedIn, removed, err
				}
				if err := d.handIn(u); err != nil {
					return handedIn, removed, err
				}
				handedIn = append(handedIn, u)
			case e.IsDir() && idForm.MatchString(e.Name()):
				_ = os.Remove(filepath.Join(dir, e.Name())) // only if it is empty
			}
		}
	}
	return handedIn, removed, nil
}

// Sweep removes the folder that a file left empty when it was taken in.
func (d *Desk) Sweep(u Upload) { _ = os.Remove(filepath.Join(d.Inbox, u.RefArea, u.ID)) }
