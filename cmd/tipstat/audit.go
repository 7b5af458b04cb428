package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/reports/published"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

func (a *app) auditCommand() *cobra.Command {
	c := &auditing{app: a}
	cmd := &cobra.Command{
		Use: "audit DIR|FILE...", Short: "What an outsider can tell of the figures withheld, from what was published alone", Args: cobra.MinimumNArgs(1),
		Long: `Takes only what was published and computes, for each figure that was suppressed or
censored, the interval in which an outsider can tell it to lie, by linear
programming over all that totals, periods, shares, ratios, changes, rates and
regional totals say, all tables together. A pack may be released if every interval
is as wide as the protection level (4: the five figures that <5 leaves open), or as
the range that was printed where that is narrower. tipstat report pack does this
before it writes a pack.

DIR is a pack as tipstat report pack writes it, an export with its csv (tipstat export
sdmx or csv), or a folder of tables as tipstat report --format csv writes them; FILE is
such a table, or any published
spreadsheet that a layout reads. Name older packs too: what was printed in one
gives away what is hidden in the other. A population file gives away through rates.

Within a workspace, what several publications seem to tell of a figure that was
revised between them, and wrongly as the store knows, is counted apart.

The report is internal: it tells bounds of figures that were withheld.
Exit code 3 if any hidden cell is not safe.`,
		Example: `  tipstat audit pack-june                          # before a pack is released
  tipstat audit pack-june pack-december poblacion.csv
  tipstat audit --protection 10 --all pack-june
  tipstat audit --format csv data_glotip.xlsx > tight.csv`,
		RunE: c.run,
	}
	cmd.Flags().Float64Var(&c.protection, "protection", audit.Protection, "how wide the interval of a hidden figure must be")
	cmd.Flags().IntVar(&c.tightest, "tightest", 20, "how many of the cells that fail the text shows")
	cmd.Flags().BoolVar(&c.all, "all", false, "show all hidden cells, the safe ones too")
	cmd.Flags().StringVar(&c.format, "format", "text", "text or csv")
	suggest(cmd, "format", cobra.FixedCompletions([]cobra.Completion{"text", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// packDocuments are what a pack's folder holds beside its figures.
var packDocuments = []string{"pack.pdf", "pack.xlsx", "pack.json", "site"}

// auditing is one call of audit.
type auditing struct {
	*app
	protection float64
	tightest   int
	all        bool
	format     string
	in         *inbox.Inbox
	pubs       []audit.Published
	passed     passed // files of folders that were not read
}

// notCSV are the forms that tipstat writes and an audit does not read; the csv says the same.
var notCSV = []string{".parquet", ".arrow", ".px", ".json", ".xml", ".html", ".pdf", ".md"}

// passed are files that an audit passes over, for the end of a message; none say nothing.
type passed []string

func (p passed) String() string { return p.in("en") }

func (p passed) in(lang string) string {
	const shown = 5
	if len(p) == 0 {
		return ""
	}
	list := strings.Join(p[:min(shown, len(p))], ", ")
	if more := len(p) - shown; more > 0 {
		list += word(lang, "and_more", "count", more)
	}
	return word(lang, "audit_passed_over", "list", list)
}

// errUnsafe refuses a release, or a file; its text is for people.
type errUnsafe struct{ error }

func (errUnsafe) Unwrap() error { return errRefused }

func (c *auditing) run(cmd *cobra.Command, args []string) error {
	switch {
	case c.format != "text" && c.format != "csv":
		return usagef("--format %s: want text or csv; JSON is --json", c.format)
	case c.format == "csv" && c.asJSON:
		return usagef("--json or --format csv, not both")
	case !(c.protection > 0):
		return usagef("--protection %v: want a number above 0", c.protection)
	case c.tightest < 0:
		return usagef("--tightest %d: want 0 or more", c.tightest)
	}
	for _, path := range args {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return usagef("%s: there is no such file or folder; want the folder of a pack, or a published table", path)
		} else if err != nil {
			return usageError{err: err}
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), changes.ManifestName)); err == nil && slices.Contains(packDocuments, filepath.Base(path)) {
			return usagef("%s is a document of a pack, and says what its data say: want its folder, %s", path, filepath.Dir(path))
		}
	}
	conf, err := c.maybeConfig()
	if err != nil {
		return err
	}
	if c.in, err = c.reader(conf); err != nil {
		return err
	}
	for _, path := range args {
		if err := c.read(cmd.Context(), filepath.Clean(path)); err != nil {
			return err
		}
	}
	policy, err := c.disclosurePolicy(conf)
	if err != nil {
		return err
	}
	r, err := audit.Each(cmd.Context(), c.pubs, audit.Options{Codes: c.in.Codes, Wholes: policy.Wholes(), Among: policy.Among, Protection: c.protection})
	if err != nil {
		return err
	}
	if err := c.mistaken(cmd.Context(), conf, r); err != nil {
		return err
	}
	switch {
	case c.asJSON:
		err = c.json(r.Document())
	case c.format == "csv":
		err = r.WriteCSV(c.out)
	default:
		err = r.WriteText(c.out, c.lang, c.tightest, c.all)
	}
	if err == nil && r.Failed() > 0 {
		err = errUnsafe{errors.New(c.word("unsafe", "count", r.Failed(), "hidden", r.Hidden))}
	}
	return err
}

// mistaken marks what can be told of several publications and is wrong, since figures were
// revised between them: the workspace's store says so.
func (c *auditing) mistaken(ctx context.Context, conf *config, r *audit.Report) error {
	if conf == nil || len(c.pubs) < 2 || r.Failed() == 0 {
		return nil
	}
	if _, err := os.Stat(conf.path(conf.Store)); err != nil {
		return nil
	}
	figures, err := conf.figures(ctx, r.Failing())
	if err != nil && ctx.Err() == nil {
		c.tell("audit_alone", "why", err.Error())
		return nil
	}
	r.Excuse(audit.Mistaken, func(f audit.Finding) bool { return f.Wrong(figures) })
	return err
}

// disclosurePolicy is that of the workspace, or the one that comes with tipstat.
func (c *auditing) disclosurePolicy(conf *config) (disclosure.Policy, error) {
	if conf == nil {
		return disclosure.LoadPolicy(nil)
	}
	p, err := disclosure.LoadPolicy(os.DirFS(conf.dir))
	if err != nil {
		return p, usageError{err: err}
	}
	return p, nil
}

// read reads a folder or a file.
func (c *auditing) read(ctx context.Context, path string) error {
	before := len(c.pubs)
	c.passed = nil
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		err = c.folder(ctx, path)
	default:
		p := audit.Published{Name: path}
		if err = c.file(ctx, &p, path); err == nil {
			c.pubs = append(c.pubs, p)
		}
	}
	if err == nil && len(c.pubs) == before {
		return usagef("%s: no figures in csv are in it, and of a folder an audit reads csv alone: of a pack (%s), of tables (tipstat report --format csv) or of an export (tipstat export csv or sdmx)%s", path, changes.ManifestName, c.passed)
	}
	if err == nil && len(c.passed) > 0 {
		c.tell("audit_passed", "folder", path, "passed", c.passed.in(c.lang))
	}
	return err
}

// folder reads the packs in a folder and below, and other files each for itself;
// the csv of one folder were published together.
func (c *auditing) folder(ctx context.Context, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, changes.ManifestName)); err == nil {
		dir = filepath.Join(dir, changes.DataFolder) // its other documents say the same
	}
	for _, name := range []string{"data.csv", "observation.csv"} { // an export: its other files say the same, or what it means
		if b, err := os.ReadFile(filepath.Join(dir, name)); err == nil && published.IsExport(b) {
			return c.read(ctx, filepath.Join(dir, name))
		}
	}
	if _, err := os.Stat(filepath.Join(dir, dataset.PackageName)); err == nil {
		return c.passOver(dir) // a data set without a csv of figures: what csv it has are code lists
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return usagef("%s is not there: the pack is not whole; write it again with tipstat report pack", dir)
	}
	if err != nil {
		return err
	}
	p := audit.Published{Name: dir}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir():
			err = c.folder(ctx, name)
		case filepath.Ext(name) == ".csv":
			err = c.file(ctx, &p, name)
		default:
			c.pass(name)
		}
		if err != nil {
			return err
		}
	}
	if len(p.Cells)+len(p.Relations) > 0 {
		c.pubs = append(c.pubs, p)
	}
	return nil
}

// passOver passes over the figures of a data set.
func (c *auditing) passOver(dir string) error {
	return filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if ext := filepath.Ext(name); ext == ".parquet" || ext == ".arrow" {
			c.pass(name)
		}
		return err
	})
}

// pass notes that a file of a folder is not read, unless its csv stands beside it.
func (c *auditing) pass(name string) {
	if _, err := os.Stat(strings.TrimSuffix(name, filepath.Ext(name)) + ".csv"); err != nil {
		c.passed = append(c.passed, filepath.ToSlash(name))
	}
}

// file adds one file to what was published together: a table of ours, or a file
// that a layout reads.
func (c *auditing) file(ctx context.Context, p *audit.Published, path string) error {
	if slices.Contains(notCSV, filepath.Ext(path)) {
		return usagef("%s: an audit reads csv of tables, packs and exports, and spreadsheets that a layout reads; want the csv of the same figures (tipstat report --format csv, tipstat export csv)", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name := filepath.ToSlash(path)
	if published.Is(b) {
		if err := published.Read(p, name, b); err != nil {
			return usageError{err: err}
		}
		return nil
	}
	bar := c.progress(path)
	var batches []arrow.RecordBatch
	r, err := c.in.Check(ctx, path, inbox.Options{Progress: bar.rows, Figures: func(b arrow.RecordBatch) error {
		b.Retain()
		batches = append(batches, b)
		return nil
	}})
	bar.done()
	if err != nil {
		return err
	}
	if r.Outcome == inbox.Refused {
		return errUnsafe{c.why(r)}
	}
	for _, b := range batches {
		p.Figures(b, audit.File{Name: name, Agency: r.Agency, Layout: r.Layout, Adds: r.Adds})
		b.Release()
	}
	return nil
}

// noLayout is the code of the finding that no layout reads a file.
const noLayout = "TIP-L001"

// why tells why a file gives no figures.
func (c *auditing) why(r *inbox.Receipt) error {
	for _, f := range r.Findings {
		if f.Code == noLayout { // a table of ours in another form, for instance
			return errors.New(c.word("audit_no_layout", "finding", plain(c.line(f))))
		}
		if f.Severity == record.Error {
			return errors.New(c.word("audit_refused", "finding", plain(c.line(f))))
		}
	}
	return errors.New(c.word("audit_unread", "file", r.File))
}
