package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

func (a *app) validateCommand() *cobra.Command {
	v := &validation{app: a}
	cmd := &cobra.Command{
		Use: "validate FILE...", Short: "Tell all that is wrong with files, in a marked copy too; nothing is stored", Args: cobra.MinimumNArgs(1),
		Long: `Does all that ingest does, the rules that hold figures against each other and
against what the workspace has included, and undoes it. Outside a workspace the
built-in layouts are tried, and figures are held against their own file alone.

All findings are told in the order of sheets and cells. Where cells are meant, a
review workbook is written beside the file: FILE.review.xlsx is the file itself
with these cells coloured and commented, and a first sheet that lists all
findings with links. Mend the cells there and send it again: it is read as the
file was. It holds what the file holds, persons included: mind where it goes.

--json prints the validation report of the European Statistical System
(ValidatReport 1.0.1), --format csv a table. Exit code 3 if a file would be refused.`,
		Example: `  tipstat validate trata_2024.xlsx                 # and trata_2024.review.xlsx
  tipstat validate --lang es --review para-la-fiscalia.xlsx trata_2024.xlsx
  tipstat validate --no-review --format csv *.xlsx > findings.csv
  tipstat validate --json trata_2024.csv > report.json`,
		RunE: v.run,
	}
	cmd.Flags().StringVar(&v.layout, "layout", "", "take this layout instead of recognising the file")
	cmd.Flags().StringVar(&v.review, "review", "", "write the review workbook here")
	cmd.Flags().BoolVar(&v.noReview, "no-review", false, "write no review workbook")
	cmd.Flags().StringVar(&v.format, "format", "text", "text or csv")
	suggest(cmd, "layout", a.suggestLayouts(cobra.ShellCompDirectiveNoFileComp))
	suggest(cmd, "format", cobra.FixedCompletions([]cobra.Completion{"text", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// validation is one call of validate.
type validation struct {
	*app
	layout, review, format string
	noReview               bool
}

func (v *validation) run(cmd *cobra.Command, args []string) (err error) {
	switch {
	case v.format != "text" && v.format != "csv":
		return usagef("--format %s: want text or csv; JSON is --json", v.format)
	case v.format == "csv" && v.asJSON:
		return usagef("--json or --format csv, not both")
	case v.review != "" && (v.noReview || len(args) > 1):
		return usagef("--review names the review of one file, and not with --no-review")
	}
	if err := v.readable(args...); err != nil {
		return err
	}
	in, err := v.inbox(cmd.Context())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Store.Close()) }()
	if _, ok := in.LayoutByID(v.layout); v.layout != "" && !ok {
		return usagef("no layout %q: tipstat layout list shows them", v.layout)
	}
	var receipts []*inbox.Receipt
	refused := false
	for _, path := range args {
		bar := v.progress(path)
		r, err := in.Validate(cmd.Context(), path, inbox.Options{Layout: v.layout, Progress: bar.rows})
		bar.done()
		if err != nil {
			return err
		}
		receipts = append(receipts, r)
		refused = refused || r.Outcome == inbox.Refused
		if v.format == "text" && !v.asJSON {
			v.speaking(r.Lang).tried(r)
		}
		if !v.noReview {
			if err := v.mark(cmd.Context(), path, r); err != nil {
				return err
			}
		}
	}
	switch {
	case v.asJSON:
		err = v.json(v.essReport(receipts))
	case v.format == "csv":
		err = v.findingsCSV(receipts)
	}
	if err == nil && refused {
		return errRefused
	}
	return err
}

// inbox gives what reads and checks: the workspace's, or one with an empty
// store in memory where there is none.
func (v *validation) inbox(ctx context.Context) (*inbox.Inbox, error) {
	c, err := v.maybeConfig()
	if err != nil {
		return nil, err
	}
	if c != nil {
		return v.app.inbox(ctx, c, "validate")
	}
	in, err := v.reader(nil)
	if err != nil {
		return nil, err
	}
	in.RunID = runID(v.now())
	in.Store, err = store.Open(ctx, "")
	return in, err
}

// tried tells all findings of a file, in the order of its cells.
func (a *app) tried(r *inbox.Receipt) {
	if r.Outcome == inbox.Refused {
		a.tell("would_refuse", "file", r.File)
	} else {
		a.tell("would_accept", "file", r.File, "layout", r.Layout, "rows", r.Rows)
	}
	a.account(r)
	told := map[string]bool{}
	for _, f := range r.Findings {
		a.sayf("%s", plain(a.line(f)))
		if hint := f.Hint(a.lang); !told[hint] {
			told[hint] = true
			a.sayf("    -> %s", plain(hint))
		}
	}
	if r.Outcome == inbox.Refused && r.Layout != "" && !r.Unreadable && !r.Private {
		a.tell("later")
	}
}

// mark writes the review workbook of a file, where a cell has a finding.
func (v *validation) mark(ctx context.Context, path string, r *inbox.Receipt) error {
	cells, unknown := false, false
	for _, f := range r.Findings {
		cells, unknown = cells || f.Subject.Cell != "", unknown || f.Code == noLayout
	}
	switch {
	case r.Private || r.Uncopied: // a review is the file once more
		v.speaking(r.Lang).tell("private", "file", r.File)
	case unknown: // its rows may be about persons, and there is nothing to mark
		v.speaking(r.Lang).tell("unknown", "file", r.File)
	case r.Unreadable && v.review != "":
		v.speaking(r.Lang).tell("unread", "file", r.File)
	}
	if r.Private || r.Uncopied || unknown || r.Unreadable || !cells && v.review == "" {
		return nil
	}
	name := v.review
	if name == "" {
		name = review.FileName(path, r.Format)
	}
	if err := free(ctx, name, r.File); err != nil {
		if v.review != "" {
			return err
		}
		v.speaking(r.Lang).tell("there", "file", r.File, "review", name)
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = review.Write(ctx, &b, f, info.Size(), r.File, r.Findings, v.speaking(r.Lang).lang)
	if errors.Is(err, review.ErrUnmarkable) {
		if v.review != "" {
			return usageError{err: errors.New(v.speaking(r.Lang).word("unmarked", "file", r.File, "reason", err))}
		}
		v.speaking(r.Lang).tell("unmarked", "file", r.File, "reason", err)
		return nil
	}
	if err == nil {
		err = writePrivate(name, b.Bytes())
	}
	if err == nil {
		v.speaking(r.Lang).tell("review", "file", r.File, "review", name)
	}
	return err
}

// free says why a review can't be written to a name: a file is there, and it is
// no review of the same file, or somebody has worked in it.
func free(ctx context.Context, name, file string) (err error) {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || !review.Untouched(ctx, f, info.Size(), file) {
		return usagef("%s is there already and was not written over: it is no review of %s, or somebody has worked in it", name, file)
	}
	return nil
}

// writePrivate writes a file whole or not at all, for its owner alone: it may
// tell of persons.
func writePrivate(name string, b []byte) (err error) {
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
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// place gives the parts of a place in the order of a key: file, sheet, cell.
func place(p record.Place, cell string) []string { return []string{p.File, p.Sheet, cell} }
