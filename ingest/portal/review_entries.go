package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// entry is what came, by whatever way: an upload, a submission that came by the inbox or the
// command line, or a file of the inbox that was refused.
type entry struct {
	ID       string // in addresses: of the upload, of the submission, or fileStart and a hash
	Areas    []string
	FileName string
	Sender   string // account; empty where it came another way
	At       time.Time
	Outcome  string // of the upload or file; empty of a submission that came another way
	SHA256   string
	Receipt  *batch.Receipt
	Before   *batch.Receipt // of the reading that refused it first
	File     string         // where it lies
	Refused  string         // its name from the folder of refused files on; empty if it is not there
	Upload   *upload.Upload
	Sub      *store.Status   // its reading that stands, or the last one
	Readings []*store.Status // all of them
	Moved    int             // figures that it told otherwise
}

const fileStart = "file-"

// entries lists what came, the newest first.
func (s *Server) entries(ctx context.Context) ([]entry, *Stored, error) {
	st, err := s.House.Review.Stored(ctx)
	if err != nil {
		return nil, nil, err
	}
	bySum, moved := map[string][]*store.Status{}, map[string]int{}
	for i := range st.Submissions {
		sub := &st.Submissions[i]
		bySum[sub.SHA256] = append(bySum[sub.SHA256], sub)
	}
	for _, r := range st.Revisions {
		moved[r.Submission]++
	}
	all, err := s.uploaded()
	if err != nil {
		return nil, nil, err
	}
	refused, err := s.refused()
	if err != nil {
		return nil, nil, err
	}
	all = append(all, refused...)
	claimed := map[string]bool{}
	for _, e := range all {
		claimed[e.SHA256] = claimed[e.SHA256] || e.Outcome == inbox.Accepted
	}
	for sum, readings := range bySum {
		if first := readings[0]; !claimed[sum] {
			all = append(all, entry{ID: store.SubmissionID(sum), FileName: first.FileName, At: first.ReceivedAt, SHA256: sum})
		}
	}
	for i := range all {
		e := &all[i]
		if e.Outcome != "" && e.Outcome != inbox.Accepted && e.Outcome != inbox.Already {
			continue
		}
		e.Readings = bySum[e.SHA256]
		for _, sub := range e.Readings {
			if e.Sub == nil || e.Sub.Outcome == "withdrawn" || sub.Outcome != "withdrawn" {
				e.Sub = sub
			}
		}
		if e.Sub != nil {
			e.Moved = moved[e.Sub.ID]
			if e.Upload == nil {
				e.Areas = st.Reported[e.Sub.ID]
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all, st, nil
}

// uploaded are the uploads of all States.
func (s *Server) uploaded() (all []entry, err error) {
	areas, err := s.Desk.States()
	if err != nil {
		return nil, err
	}
	for _, area := range areas {
		ups, err := s.Desk.List(area)
		if err != nil {
			return nil, err
		}
		for _, u := range ups {
			st, err := s.Desk.Status(u)
			if err != nil {
				return nil, err
			}
			e := entry{ID: u.ID, Areas: []string{area}, FileName: u.FileName, Sender: u.Account, At: u.ReceivedAt, Outcome: st.Outcome, SHA256: u.SHA256,
				Receipt: st.Receipt, Before: st.Before, File: st.File, Upload: &u}
			if st.Outcome == inbox.Refused && st.File != "" && !st.Receipt.Persons {
				e.Refused = area + "/" + u.ID + "/" + filepath.Base(st.File)
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// refused are the files of the inbox that were refused, uploads aside. One that was read again
// since has left its papers, and is no more among them.
func (s *Server) refused() (all []entry, err error) {
	err = filepath.WalkDir(s.Desk.Refused, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		file, is := batch.ReceiptOf(path)
		if !is {
			return nil
		}
		rel, err := filepath.Rel(s.Desk.Refused, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if _, _, ok := upload.SentBy(name); ok {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r := &batch.Receipt{}
		if err := json.Unmarshal(b, r); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if r.Receipt == nil {
			return nil
		}
		sum := sha256.Sum256([]byte(name))
		e := entry{ID: fileStart + hex.EncodeToString(sum[:6]), FileName: r.File, At: r.At, Outcome: r.Outcome, SHA256: r.SHA256, Receipt: r}
		if area, _, in := strings.Cut(name, "/"); in && s.isState(area) {
			e.Areas = []string{area}
		}
		switch _, err := os.Stat(file); {
		case r.Persons: // nothing of it is given out
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		default:
			e.File, e.Refused = file, name
		}
		all = append(all, e)
		return nil
	})
	return all, err
}

// entry finds one by its id; errNotFound if there is none.
func (s *Server) entry(ctx context.Context, id string) (entry, []entry, *Stored, error) {
	all, st, err := s.entries(ctx)
	if err != nil {
		return entry{}, nil, nil, err
	}
	i := slices.IndexFunc(all, func(e entry) bool { return e.ID == id })
	if i < 0 {
		return entry{}, nil, nil, errNotFound
	}
	return all[i], all, st, nil
}

// counted counts errors and warnings, by cells and rows.
func (e entry) counted() (bad, odd int64) {
	add := func(severity record.Severity, n int64) {
		switch severity {
		case record.Error:
			bad += n
		case record.Warning:
			odd += n
		}
	}
	switch {
	case e.Receipt != nil:
		for _, f := range e.Receipt.Findings {
			add(f.Severity, int64(max(1, f.Count)))
		}
	case e.Sub != nil:
		for _, f := range e.Sub.Findings {
			add(f.Severity, f.Count)
		}
	}
	return bad, odd
}

// overtaken tells whether a file that was refused has a newer one in its place: read again
// now, it would supersede that.
func (e entry) overtaken(all []entry) bool {
	return slices.ContainsFunc(all, func(o entry) bool {
		if o.Sub == nil || o.Sub.Outcome == "withdrawn" || !o.At.After(e.At) || e.Receipt == nil {
			return false
		}
		if e.Receipt.Layout != "" && e.Receipt.Layout != o.Sub.Layout { // "": no layout knew it, and any may now
			return false
		}
		return len(e.Areas) == 0 || slices.ContainsFunc(o.Areas, func(a string) bool { return slices.Contains(e.Areas, a) })
	})
}
