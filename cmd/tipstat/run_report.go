package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
)

// runReport says what a run did. It quotes no cell; its times are declared metadata.
type runReport struct {
	RunID     string          `json:"run_id"`
	Version   string          `json:"tipstat"`
	Cause     string          `json:"cause,omitempty"` // of a scheduled run: clock, arrival or start
	Started   time.Time       `json:"started"`
	Seconds   float64         `json:"seconds"`
	Outcome   string          `json:"outcome"` // see the constants
	ExitCode  int             `json:"exit_code"`
	Counts    runCounts       `json:"counts"`
	Findings  []batch.Count   `json:"findings"` // of all files
	Files     []batch.Item    `json:"files"`
	Waiting   []batch.Waiting `json:"waiting"`
	Published *runPublished   `json:"published,omitempty"`
	Notices   []runNotice     `json:"notices,omitempty"`
	Fault     string          `json:"fault,omitempty"`
	Report    string          `json:"report,omitempty"` // where it is kept, from the workspace on
}

// Outcomes of a run.
const (
	runNothing     = "nothing-to-do"
	runDone        = "done"
	runRefused     = "refused" // a file, or a pack
	runFailed      = "failed"
	runInterrupted = "interrupted"
	runBusy        = "locked" // another process has the store
)

// runCounts counts files by what became of them.
type runCounts struct {
	Accepted int `json:"accepted"`
	Already  int `json:"already_ingested"`
	Refused  int `json:"refused"`
	Failed   int `json:"failed"`
	Waiting  int `json:"waiting"`
}

// runState is what a workspace remembers of its runs.
type runState struct {
	Files     map[string]int64 `json:"files"`               // by outcome, of all runs
	Published string           `json:"published,omitempty"` // what the last publication was made of
	Outputs   []string         `json:"outputs,omitempty"`   // its files, from the workspace on
	Unsent    []unsent         `json:"unsent,omitempty"`    // notices, oldest first
}

const stateName = "state.json"

// readRunState reads it; the zero state where there was no run.
func readRunState(c *config) (s runState, err error) {
	name := filepath.Join(c.path(c.Runs), stateName)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return runState{Files: map[string]int64{}}, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%s: %w; it is made anew if you delete it: files are counted from zero then, and all is published again", name, err)
	}
	if s.Files == nil {
		s.Files = map[string]int64{}
	}
	return s, nil
}

// end counts, tells, and keeps what the run did. Given the error with which it ended it
// gives the one with which the program does.
func (b *batchRun) end(ctx context.Context, err error) error {
	r := b.report
	stopped := err != nil && ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	r.count()
	held := r.Published != nil && r.Published.Held != ""
	switch {
	case stopped:
		r.Outcome, r.ExitCode = runInterrupted, exitFault
	case errors.As(err, &lockedError{}):
		r.Outcome, r.ExitCode, r.Fault = runBusy, exitLocked, err.Error()
	case err != nil:
		r.Outcome, r.ExitCode, r.Fault = runFailed, exitFault, b.said(err)
	case r.Counts.Failed > 0:
		r.Outcome, r.ExitCode = runFailed, exitFault
	case r.Counts.Refused > 0 || held:
		r.Outcome, r.ExitCode = runRefused, exitRefused
	case len(r.Files) == 0 && r.Published == nil:
		r.Outcome = runNothing
	default:
		r.Outcome = runDone
	}
	r.Seconds = b.now().Sub(r.Started).Seconds()
	worth := len(r.Files) > 0 || r.Outcome == runDone || r.Outcome == runRefused || r.Outcome == runFailed
	var kept error
	late := len(b.state.Unsent) > 0
	if worth || late {
		b.notify(ctx)
	}
	if worth {
		kept = b.keepReport()
	}
	if (worth || late) && b.state.Files != nil { // it could be read
		for _, f := range r.Files {
			b.state.Files[f.Outcome]++
		}
		b.again()
		kept = errors.Join(kept, b.keepState())
		if kept == nil {
			b.prune()
		}
	}
	b.log.Info("ended", "run", r.RunID, "outcome", r.Outcome, "exit_code", r.ExitCode, "counts", r.Counts, "seconds", r.Seconds, "error", r.Fault)
	if b.o.metrics != "" {
		kept = errors.Join(kept, writeRunMetrics(b.o.metrics, r, b.state))
	}
	if b.o.log != "-" && (worth || !b.o.quiet) {
		b.sayf("%s", strings.TrimRight(b.runText(r), "\n"))
	}
	switch {
	case kept != nil:
		return errors.Join(err, kept)
	case r.ExitCode == exitLocked, err != nil:
		return err
	case stopped:
		return ctx.Err()
	case r.Counts.Failed > 0:
		return errors.New(b.word("run_some_failed", "count", r.Counts.Failed))
	case r.ExitCode == exitRefused && held:
		return errUnsafe{errors.New(r.Published.Held)}
	case r.ExitCode == exitRefused:
		return errUnsafe{errors.New(b.word("run_some_refused", "count", r.Counts.Refused, "folder", b.c.path(b.c.Refused)))}
	}
	return nil
}

// count counts files and findings.
func (r *runReport) count() {
	slices.SortFunc(r.Waiting, func(a, b batch.Waiting) int { return strings.Compare(a.Name, b.Name) })
	r.Counts.Waiting = len(r.Waiting)
	for _, f := range r.Files {
		switch f.Outcome {
		case inbox.Accepted:
			r.Counts.Accepted++
		case inbox.Already:
			r.Counts.Already++
		case inbox.Refused:
			r.Counts.Refused++
		default:
			r.Counts.Failed++
		}
		for _, c := range f.Findings {
			i := slices.IndexFunc(r.Findings, func(have batch.Count) bool { return have.Code == c.Code && have.Severity == c.Severity })
			if i < 0 {
				r.Findings = append(r.Findings, c)
				continue
			}
			r.Findings[i].Count += c.Count
		}
	}
	slices.SortFunc(r.Findings, func(a, b batch.Count) int { return strings.Compare(a.Code, b.Code) })
}

func (b *batchRun) keepState() error {
	j, err := json.MarshalIndent(b.state, "", "  ")
	if err != nil {
		return err
	}
	return batch.WritePrivate(filepath.Join(b.c.path(b.c.Runs), stateName), append(j, '\n'))
}

// keepReport writes the report as JSON and as text, under a name that is free.
func (b *batchRun) keepReport() error {
	dir := b.c.path(b.c.Runs)
	name := b.report.RunID
	for n := 2; ; n++ {
		if _, err := os.Lstat(filepath.Join(dir, name+".json")); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return err
		}
		name = fmt.Sprintf("%s-%d", b.report.RunID, n)
	}
	b.report.Report = path.Join(filepath.ToSlash(b.c.Runs), name+".json")
	j, err := json.MarshalIndent(b.report, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(batch.WritePrivate(filepath.Join(dir, name+".txt"), []byte(b.runText(b.report))),
		batch.WritePrivate(filepath.Join(dir, name+".json"), append(j, '\n')))
}

// runText is a report as a short text, fit for a mail.
func (b *batchRun) runText(r *runReport) string {
	var out bytes.Buffer
	said := *b.app
	said.err = &out
	if r.Outcome == runNothing {
		said.tell("run_nothing", "folder", b.c.path(b.c.Inbox))
	} else {
		said.tell("run_title", "run", r.RunID)
		said.tell("run_counts", "accepted", r.Counts.Accepted, "already", r.Counts.Already, "refused", r.Counts.Refused, "failed", r.Counts.Failed, "waiting", r.Counts.Waiting)
		said.tell("run_when", "start", r.Started.Format("2006-01-02 15:04:05 UTC"), "seconds", fmt.Sprintf("%.1f", r.Seconds))
	}
	for _, part := range []struct{ outcome, head string }{{inbox.Refused, "run_refused"}, {batch.Failed, "run_failed"}, {inbox.Accepted, "run_accepted"}, {inbox.Already, "run_already"}} {
		first := true
		for _, f := range r.Files {
			if f.Outcome != part.outcome {
				continue
			}
			if first {
				said.sayf("\n%s", said.word(part.head))
				first = false
			}
			b.runLine(&said, f)
		}
	}
	if len(r.Waiting) > 0 {
		said.sayf("\n%s", said.word("run_waiting"))
		for _, w := range r.Waiting {
			said.sayf("  %s: %s", plain(w.Name), said.word(reasons[w.Why]))
		}
	}
	if p := r.Published; p != nil {
		fmt.Fprintln(&out)
		said.tell("run_published", "what", strings.Join(p.What, ", "), "written", len(p.Written), "unchanged", p.Unchanged, "folder", b.c.path(b.c.Out))
		if p.Held != "" {
			said.sayf("%s", plain(p.Held))
		}
	}
	for _, n := range r.Notices {
		if n.Error != "" {
			fmt.Fprintln(&out)
			said.tell("run_notice_failed", "kind", n.Kind, "why", n.Error)
		}
	}
	switch {
	case r.Outcome == runInterrupted:
		fmt.Fprintln(&out)
		said.tell("run_interrupted")
	case r.Fault != "":
		fmt.Fprintln(&out)
		said.tell("run_fault", "why", r.Fault)
	}
	return out.String()
}

// reasons are the texts of why a file waits.
var reasons = map[batch.Reason]string{batch.Writing: "run_writing", batch.Temporary: "run_temporary", batch.InUse: "run_in_use",
	batch.NotRegular: "run_not_regular", batch.Changed: "run_changed"}

// runLine tells of one file.
func (b *batchRun) runLine(said *app, f batch.Item) {
	codes := []string{}
	for _, c := range f.Findings {
		text := c.Code
		if c.Count > 1 {
			text += fmt.Sprintf(" ×%d", c.Count)
		}
		codes = append(codes, text)
	}
	line := "  " + f.Name
	switch f.Outcome {
	case inbox.Accepted, inbox.Already:
		line += ": " + said.word("run_stored", "submission", f.SubmissionID, "layout", f.Layout, "rows", f.Rows)
		if f.Outcome == inbox.Already {
			line = "  " + f.Name + ": " + f.SubmissionID
		}
	case batch.Failed:
		line += ": " + f.Fault
	}
	if len(codes) > 0 {
		line += " [" + strings.Join(codes, ", ") + "]"
	}
	said.sayf("%s", plain(line))
	if f.Placed != "" {
		folder := b.c.Accepted
		if f.Outcome == inbox.Refused {
			folder = b.c.Refused
		}
		placed := path.Join(filepath.ToSlash(folder), f.Placed)
		if f.Deleted {
			placed += findingsEnding
		}
		said.sayf("    -> %s", plain(placed))
	}
	switch {
	case f.Deleted:
		said.sayf("    %s", said.word("run_deleted"))
	case f.Persons:
		said.sayf("    %s", said.word("run_persons"))
	}
}
