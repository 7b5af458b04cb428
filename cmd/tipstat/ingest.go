package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/transform/record"
)

func (a *app) ingestCommand() *cobra.Command {
	var layoutID, refDate string
	cmd := &cobra.Command{
		Use: "ingest FILE...", Short: "Take files in: each whole, or refused with its findings", Args: cobra.MinimumNArgs(1),
		Long: `Recognises each file by its content, reads it through its layout, and stores it in
one transaction. A finding of severity error refuses the whole file and leaves
the store as it was; exit code 3 then. The same bytes are taken in once.`,
		Example: `  tipstat ingest data_glotip.xlsx trata_2024.csv
  tipstat ingest sdmx/data.csv                        # of export sdmx, data.xml too
  tipstat ingest --layout can-sdg-16-2-2-rate Indicator_16-2-2.csv
  tipstat ingest --reference-date 2015-03-14 18-12-a.csv
  tipstat ingest --json *.xlsx > receipts.json`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			c, err := a.config()
			if err != nil {
				return err
			}
			opts := inbox.Options{Layout: layoutID}
			if refDate != "" {
				if opts.ReferenceDate, err = time.Parse("2006-01-02", refDate); err != nil {
					return usagef("--reference-date %s: want YYYY-MM-DD", refDate)
				}
			}
			if err := a.readable(args...); err != nil { // before anything is stored
				return err
			}
			in, err := a.inbox(cmd.Context(), c, "ingest "+strings.Join(args, " "))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Store.Close()) }()
			if layoutID != "" {
				if _, ok := in.LayoutByID(layoutID); !ok {
					return usagef("no layout %q: tipstat layout list shows them", layoutID)
				}
			}
			receipts, refused := []*inbox.Receipt{}, false
			defer func() { // what was stored is said, whatever came after
				if a.asJSON {
					err = errors.Join(a.json(receipts), err)
				}
			}()
			for _, path := range args {
				bar := a.progress(path)
				opts.Progress = bar.rows
				r, err := in.File(cmd.Context(), path, opts)
				bar.done()
				if err != nil {
					return err
				}
				receipts = append(receipts, r)
				refused = refused || r.Outcome == inbox.Refused
				if !a.asJSON {
					a.speaking(r.Lang).receipt(r)
				}
			}
			if refused {
				return errRefused
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&layoutID, "layout", "", "take this layout instead of recognising the file")
	cmd.Flags().StringVar(&refDate, "reference-date", "", "day up to which the source is complete, YYYY-MM-DD")
	suggest(cmd, "layout", a.suggestLayouts(cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// readable finds names that are of no file, and those that name persons: every
// message and the run in the store would tell them, so that nothing is read.
func (a *app) readable(paths ...string) error {
	codes, err := a.vocabulary()
	if err != nil {
		return err
	}
	var named record.Findings
	for i, path := range paths {
		is, err := gate.FileName(path, codes)
		if err != nil {
			return err
		}
		if is {
			f := record.NewFinding("TIP-P008", record.Place{File: record.Unquoted + filepath.Ext(path)})
			f.Count = i + 1
			named = append(named, f)
		}
	}
	if len(named) > 0 {
		a.findings(named)
		return errRefused
	}
	for _, path := range paths {
		if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return usagef("%s: no such file", path)
		} else if err != nil {
			return usageError{err: err}
		} else if info.IsDir() {
			return usagef("%s is a folder: name the files in it", path)
		} else if !info.Mode().IsRegular() { // a pipe would be waited for
			return usagef("%s is no file: save it as one, and name that", path)
		}
	}
	return nil
}

// bar shows progress on a terminal; elsewhere it does nothing.
type bar struct{ pb *progressbar.ProgressBar }

func (a *app) progress(path string) bar {
	f, ok := a.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || a.asJSON {
		return bar{progressbar.DefaultSilent(-1)}
	}
	return bar{progressbar.NewOptions64(-1, progressbar.OptionSetWriter(io.Writer(f)), progressbar.OptionSetDescription(path),
		progressbar.OptionShowCount(), progressbar.OptionSetItsString("rows"), progressbar.OptionShowIts(),
		progressbar.OptionClearOnFinish(), progressbar.OptionSpinnerType(14))}
}

func (b bar) rows(n int64) { _ = b.pb.Set64(n) } // a bar that can't be drawn must not stop a file
func (b bar) done()        { _ = b.pb.Finish() }

// findingsShown is how many findings of one code are printed for people; the
// rest are counted. JSON and the store have them all.
const findingsShown = 5

// receipt prints what became of a file.
func (a *app) receipt(r *inbox.Receipt) {
	switch r.Outcome {
	case inbox.Already:
		a.tell("already", "file", r.File, "submission", r.SubmissionID)
		a.findings(slices.DeleteFunc(slices.Clone(r.Findings), func(f record.Finding) bool { return f.Severity == record.Info })) // that it was withdrawn
		return
	case inbox.Accepted:
		a.tell("accepted", "file", r.File, "submission", r.SubmissionID, "layout", r.Layout, "rows", r.Rows)
	default:
		a.tell("refused", "file", r.File)
	}
	a.account(r)
	a.findings(r.Findings)
}

// account tells what became of the rows of a file.
func (a *app) account(r *inbox.Receipt) {
	for _, ac := range r.Account {
		outcome := string(ac.Outcome)
		if ac.Outcome == record.Refused {
			outcome = "refused_rows"
		}
		ac.Rule = cmp.Or(a.word("rule_"+ac.Rule), ac.Rule)
		a.sayf("  %8d %s  %s", ac.Rows, a.word("rows"), accountText(ac, a.word(outcome)))
	}
}

func accountText(ac record.RowAccount, outcome string) string {
	s := outcome
	if ac.Rule != "" {
		s += ": " + ac.Rule
	}
	if ac.Sheet != "" {
		s += "  ['" + ac.Sheet + "']"
	}
	return s
}

// findings prints findings for people: place, message, what to do. The errors
// come first, since they are why a file was refused.
func (a *app) findings(fs record.Findings) {
	shown, held := map[string]int{}, map[string]int{}
	var order []string
	for _, severity := range []record.Severity{record.Error, record.Warning, record.Info} {
		for _, f := range fs {
			if f.Severity != severity {
				continue
			}
			if shown[f.Code] == 0 {
				order = append(order, f.Code)
			}
			if shown[f.Code]++; shown[f.Code] > findingsShown {
				held[f.Code]++
				continue
			}
			a.sayf("%s", a.line(f))
			if shown[f.Code] == 1 {
				a.sayf("    -> %s", f.Hint(a.lang))
			}
		}
	}
	for _, code := range order {
		if held[code] > 0 {
			a.tell("more", "count", held[code], "code", code)
		}
	}
}

// line prints a finding in one line, with the cells it stands for.
func (a *app) line(f record.Finding) string {
	const few = 5
	s := fmt.Sprintf("%s: %s [%s %s]", f.Subject, f.Message(a.lang), f.Severity.Name(a.lang), f.Code)
	if f.Count > 1 && len(f.Cells) > 0 {
		cells := strings.Join(f.Cells[:min(few, len(f.Cells))], ", ")
		if f.Count > few {
			cells += " …"
		}
		s += fmt.Sprintf(" (%d: %s)", f.Count, cells)
	}
	if f.Explanation != "" {
		s += " " + a.word("explained") + ": " + strconv.Quote(f.Explanation)
	}
	return s
}
