package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/transform/record"
)

// findingsEnding is what the name of a file's findings adds to its own.
const findingsEnding = ".findings.txt"

// papers makes what is laid beside a file under the name that it gets: the receipt
// first, by which a killed run's papers are known again.
func (b *batchRun) papers(ctx context.Context, item batch.Item, name string) ([]batch.Paper, error) {
	said := *b.app
	said.lang = b.langOf(item)
	receipt, err := json.MarshalIndent(batch.Receipt{RunID: b.report.RunID, At: b.now().UTC(), Name: name, Persons: item.Persons, Language: said.lang, Receipt: item.Receipt}, "", "  ")
	if err != nil {
		return nil, err
	}
	marked, why, err := said.reviewOf(ctx, item)
	if err != nil {
		return nil, err
	}
	papers := []batch.Paper{{Name: name + batch.ReceiptEnding, Data: append(receipt, '\n')}}
	reviewed := ""
	if marked != nil {
		reviewed = review.FileName(name, item.Receipt.Format)
	}
	text := said.senderText(item, b.report, reviewed, why)
	papers = append(papers, batch.Paper{Name: name + findingsEnding, Data: text})
	if marked != nil {
		papers = append(papers, batch.Paper{Name: reviewed, Data: marked})
	}
	return papers, nil
}

// reviewOf makes the review workbook of a file, where a cell has a finding and the file
// may be copied; nil if there is none. why says, of a file whose cells are meant, why
// it has none.
func (a *app) reviewOf(ctx context.Context, item batch.Item) (_ []byte, why string, err error) {
	r := item.Receipt
	if item.Persons || r.Uncopied || r.Unreadable || !slices.ContainsFunc(r.Findings, func(f record.Finding) bool { return f.Subject.Cell != "" && f.Code != noLayout }) {
		return nil, "", nil
	}
	f, err := os.Open(item.Path)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, "", err
	}
	var out bytes.Buffer
	err = review.Write(ctx, &out, f, info.Size(), r.File, r.Findings, a.lang)
	if errors.Is(err, review.ErrUnmarkable) {
		return nil, err.Error(), nil
	}
	return out.Bytes(), "", err
}

// senderText tells a sender what became of a file, all findings with what to do, in the
// order of its cells.
func (a *app) senderText(item batch.Item, run *runReport, reviewed, unmarked string) []byte {
	var b bytes.Buffer
	said := *a
	said.err = &b
	r := item.Receipt
	switch r.Outcome {
	case inbox.Already:
		said.tell("already", "file", r.File, "submission", r.SubmissionID)
	case inbox.Accepted:
		said.tell("accepted", "file", r.File, "submission", r.SubmissionID, "layout", r.Layout, "rows", r.Rows)
	default:
		said.tell("refused", "file", r.File)
	}
	said.tell("sent_received", "day", run.Started.Format(time.DateOnly), "run", run.RunID)
	said.sayf("SHA-256 %s", r.SHA256)
	if len(r.Account) > 0 {
		fmt.Fprintln(&b)
		said.account(r)
	}
	fmt.Fprintln(&b)
	hints := map[string]bool{}
	for _, f := range r.Findings {
		said.sayf("%s", plain(said.line(f)))
		if hint := f.Hint(said.lang); !hints[hint] {
			hints[hint] = true
			said.sayf("    -> %s", plain(hint))
		}
	}
	if len(r.Findings) == 0 {
		said.tell("sent_nothing")
	}
	fmt.Fprintln(&b)
	switch {
	case r.Outcome == inbox.Refused:
		said.tell("sent_mend")
	case slices.ContainsFunc(r.Findings, func(f record.Finding) bool { return f.Severity == record.Warning }):
		said.tell("sent_look")
	}
	if reviewed != "" {
		said.tell("sent_review", "review", reviewed)
	}
	if unmarked != "" {
		said.tell("unmarked", "file", r.File, "reason", unmarked)
	}
	switch {
	case item.Deleted:
		said.tell("run_deleted")
	case item.Persons:
		said.tell("run_persons")
	}
	return b.Bytes()
}
