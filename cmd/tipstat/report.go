package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/cube"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

// tableFlags choose what a table shows.
type tableFlags struct {
	years, asOf, on, since string
	states                 []string
	control                string
	base                   int               // of rounding; 0: the workspace's
	last                   []audit.Published // the last pack, if the next may tell of it
	whole                  map[int64]bool    // observations that an audit could tell
	decisions              *disclosure.Decisions
	summary                disclosure.Summary
	afterRun               string // as the store stood then; empty: see asOf
	quiet                  bool   // the caller tells what was withheld
	trial                  bool   // the caller keeps the decisions, once what is made is let out
}

func (f *tableFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.years, "years", "", "years, such as 2019-2023 or 2021 (default: the last five with data)")
	cmd.Flags().StringSliceVar(&f.states, "states", nil, "States by ISO 3166-1 alpha-3 code, such as HND,GTM,MEX (default: all of the OAS)")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "as the store stood at the end of this day (UTC), YYYY-MM-DD (default: now)")
	cmd.Flags().StringVar(&f.on, "on", "", "treaties: status on this day, YYYY-MM-DD (default: as far as the sources go)")
	cmd.Flags().StringVar(&f.since, "since", "", "revisions: those received after this day, YYYY-MM-DD, such as that of the last pack (default: all)")
}

var reYearSpan = regexp.MustCompile(`^(\d{4})(?:-(\d{4}))?$`)

// params checks the flags.
func (f *tableFlags) params(c *config, lang string) (table.Params, error) {
	p := table.Params{Lang: lang, AsOf: f.on, Since: f.since}
	if len(f.states) > 0 {
		set, err := c.vocabulary()
		if err != nil {
			return p, err
		}
		areas, _ := set.List("CL_AREA")
		for _, s := range f.states {
			s = strings.ToUpper(strings.TrimSpace(s))
			if _, ok := areas.Code(s); !ok {
				return p, usagef("--states %s: no such State%s (tipstat codes CL_AREA shows the codes)", s, meant(set.Near("CL_AREA", s, 3)))
			}
			p.States = append(p.States, s)
		}
	}
	if f.years != "" {
		m := reYearSpan.FindStringSubmatch(f.years)
		if m == nil {
			return p, usagef("--years %s: want 2021 or 2019-2023", f.years)
		}
		p.FromYear, _ = strconv.Atoi(m[1]) // digits, by the expression
		p.ToYear = p.FromYear
		if m[2] != "" {
			p.ToYear, _ = strconv.Atoi(m[2])
		}
		switch {
		case p.ToYear < p.FromYear:
			return p, usagef("--years %s: the first year is after the last", f.years)
		case p.FromYear == 0 || p.ToYear-p.FromYear >= 100:
			return p, usagef("--years %s: at most 100 years fit into a table", f.years)
		}
	}
	for _, day := range []struct{ flag, value string }{{"on", f.on}, {"since", f.since}} {
		if _, err := time.Parse(time.DateOnly, day.value); day.value != "" && err != nil {
			return p, usagef("--%s %s: want YYYY-MM-DD", day.flag, day.value)
		}
	}
	return p, nil
}

// findSpec finds a table in the catalogue.
func findSpec(name string) (table.Spec, error) {
	specs, err := table.Load(nil)
	if err != nil {
		return table.Spec{}, err
	}
	i := slices.IndexFunc(specs, func(s table.Spec) bool { return s.ID == name })
	if i < 0 {
		var ids []string
		for _, s := range specs {
			ids = append(ids, s.ID)
		}
		return table.Spec{}, usagef("no table %q%s (tipstat report list shows them)", name, meant(codelist.Nearest(name, ids, 3)))
	}
	return specs[i], nil
}

// tableMaker makes a table from a store.
type tableMaker func(context.Context, *sql.DB, table.Params) (*table.Table, error)

// makerFinder finds what makes a table in a workspace.
type makerFinder func(*config) (tableMaker, error)

// bySpec makes the table of a spec.
func bySpec(spec table.Spec) tableMaker {
	return func(ctx context.Context, db *sql.DB, p table.Params) (*table.Table, error) {
		return table.Build(ctx, db, spec, p)
	}
}

// catalogued finds a table of the catalogue.
func catalogued(name string) makerFinder {
	return func(*config) (tableMaker, error) {
		spec, err := findSpec(name)
		return bySpec(spec), err
	}
}

// made is a table and what it was made from.
type made struct {
	c      *config
	db     *sql.DB
	maker  tableMaker
	params table.Params
	t      *table.Table
}

// withTable makes a table from the workspace's store.
func (a *app) withTable(ctx context.Context, find makerFinder, flags tableFlags, use func(made) error) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	maker, err := find(c)
	if err != nil {
		return err
	}
	st, p, err := flags.open(ctx, a, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	t, err := maker(ctx, st.DB(), p)
	if err != nil {
		return err
	}
	return use(made{c, st.DB(), maker, p, t})
}

func (a *app) reportCommand() *cobra.Command {
	var flags tableFlags
	var file fileFlags
	cmd := &cobra.Command{
		Use: "report NAME | list | query | pack | changes", Short: "A comparative table, with notes on what is not comparable", Args: cobra.ExactArgs(1),
		Long: `Makes a table from the store: as text on stdout, or as csv, xlsx, html (one
page that needs no network), pdf, md (Markdown), PX (PC-Axis, all four languages
in one file), JSON-stat 2.0 or json. Every figure
carries its comparability grade (A to D) with the reasons in the notes; a State
without data is a row too; what is not known is never shown as a zero.`,
		ValidArgsFunction: a.suggestTables(true),
		Example: `  tipstat report list
  tipstat report victims --years 2017-2021 --lang es
  tipstat report victims-sex-age --states PER,MEX --years 2022
  tipstat report treaties --on 2015-03-14
  tipstat report victims --as-of 2026-06-30   # as it was printed then
  tipstat report victims --format xlsx -o victims.xlsx
  tipstat report victims --format html --lang pt -o victims.html
  tipstat report victims --format pdf --paper letter
  tipstat report victims --format csv > victims.csv
  tipstat report victims --format px -o victims.px          # for PxWeb, in four languages
  tipstat report victims --format json-stat > victims.json
  tipstat report query --measure VICTIMS_DETECTED --columns SEX,TIME_PERIOD`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == "list" {
				return a.reportList()
			}
			return a.writeReport(cmd.Context(), catalogued(args[0]), flags, file)
		},
	}
	flags.add(cmd)
	flags.addControl(cmd)
	flags.addTrial(cmd)
	file.add(cmd)
	cmd.AddCommand(a.queryCommand(), a.packCommand(), a.changesCommand())
	return cmd
}

// fileFlags say in which form a table is written, and where to.
type fileFlags struct {
	format, paper, output string
	cmd                   *cobra.Command
}

// endings are those of files that can be of one form only.
var endings = map[string]string{".csv": "csv", ".xlsx": "xlsx", ".html": "html", ".htm": "html", ".pdf": "pdf", ".md": "md", ".px": "px"}

// settle takes the form from the file's name, where none is named.
func (f *fileFlags) settle() error {
	of, ok := endings[strings.ToLower(filepath.Ext(f.output))]
	switch {
	case !ok || of == f.format:
	case !f.cmd.Flags().Changed("format"):
		f.format = of
	default:
		return usagef("-o %s: the file's name is that of %s, and --format says %s", f.output, of, f.format)
	}
	return nil
}

// formats are the forms of a table.
var formats = []string{"text", "csv", "xlsx", "html", "pdf", "md", "px", "json-stat", "json"}

func (f *fileFlags) add(cmd *cobra.Command) {
	f.cmd = cmd
	cmd.Flags().StringVar(&f.format, "format", "text", choices(formats).String()+" (default: by the ending of -o)")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "file to write (default: stdout; for xlsx and pdf a file in the workspace's out folder)")
	cmd.Flags().StringVar(&f.paper, "paper", "a4", "paper of a pdf: a4 or letter")
	suggest(cmd, "paper", cobra.FixedCompletions([]cobra.Completion{"a4", "letter"}, cobra.ShellCompDirectiveNoFileComp))
	suggest(cmd, "format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// writers write a table, by form.
func writers(ctx context.Context, paper string) map[string]func(*bytes.Buffer, made) error {
	return map[string]func(*bytes.Buffer, made) error{
		"text":      func(b *bytes.Buffer, m made) error { return reports.WriteText(b, m.t) },
		"csv":       func(b *bytes.Buffer, m made) error { return reports.WriteCSV(b, m.t) },
		"xlsx":      func(b *bytes.Buffer, m made) error { return reports.WriteXLSX(b, m.t) },
		"html":      func(b *bytes.Buffer, m made) error { return reports.WriteHTML(b, m.t) },
		"pdf":       func(b *bytes.Buffer, m made) error { return reports.WritePDF(b, m.t, paper) },
		"md":        func(b *bytes.Buffer, m made) error { return reports.WriteMarkdown(b, m.t) },
		"px":        func(b *bytes.Buffer, m made) error { return writeCube(ctx, b, m, cube.WritePX, record.Languages...) },
		"json-stat": func(b *bytes.Buffer, m made) error { return writeCube(ctx, b, m, cube.WriteJSONStat) },
		"json":      func(b *bytes.Buffer, m made) error { return (&app{out: b}).json(m.t) },
	}
}

// writeReport makes a table and writes it.
func (a *app) writeReport(ctx context.Context, find makerFinder, flags tableFlags, file fileFlags) error {
	if a.asJSON {
		file.format = "json"
	} else if err := file.settle(); err != nil {
		return err
	}
	write, ok := writers(ctx, file.paper)[file.format]
	if !ok {
		return usagef("--format %s: want %s", file.format, choices(formats))
	}
	if file.paper != "a4" && file.paper != "letter" {
		return usagef("--paper %s: want a4 or letter", file.paper)
	}
	if err := fileName("-o", file.output); err != nil {
		return err
	}
	return a.withTable(ctx, find, flags, func(m made) error {
		if len(m.t.Columns) == 0 {
			a.tell("no_figures")
		}
		var b bytes.Buffer
		if err := write(&b, m); err != nil {
			return err
		}
		output := file.output
		if output == "" && (file.format == "xlsx" || file.format == "pdf") {
			output = filepath.Join(m.c.path(m.c.Out), m.t.ID+"."+m.t.Lang+"."+file.format)
		}
		if output == "" || output == "-" {
			_, err := a.out.Write(b.Bytes())
			return err
		}
		if err := writeFile(output, b.Bytes()); err != nil {
			return err
		}
		a.tell("written", "file", output)
		return nil
	})
}

// fileName finds, before anything is made, that what a flag names can be no file: it is a
// folder, lies in what is none, or is a link to what is not there. What else keeps it from being written is no wrong usage.
func fileName(flag, name string) error {
	if name == "" {
		return nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return usagef("%s %s: it is a folder; want the name of a file", flag, name)
	}
	if err := notDangling(flag, name); err != nil {
		return err
	}
	for dir := filepath.Dir(name); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return usagef("%s %s: %s is no folder", flag, name, dir)
		}
		if err == nil || dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// notDangling refuses a link, or a name under one, that leads to what is not there, such as a
// disk that is not mounted: what is written would take the link's place, or could not be.
func notDangling(flag, name string) error {
	for at := filepath.Clean(name); ; at = filepath.Dir(at) {
		_, err := os.Stat(at)
		if to, link := os.Readlink(at); link == nil && errors.Is(err, fs.ErrNotExist) {
			return usagef("%s %s: %s is a link to %s, which is not there: make that first, or name another place", flag, name, at, to)
		}
		if err == nil || at == filepath.Dir(at) {
			return nil
		}
	}
}

// writeFile writes a file whole or not at all. A pipe or a device, which
// nothing may be put in the place of, is written to.
func writeFile(name string, b []byte) (err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(b)
		return errors.Join(err, f.Close())
	}
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to // a link stays, and leads to the new file
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
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
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func (a *app) reportList() error {
	if _, err := a.maybeConfig(); err != nil {
		return err
	}
	specs, err := table.Load(nil)
	if err != nil {
		return err
	}
	type row struct {
		ID        string `json:"id"`
		Title     string `json:"title"`
		Question  string `json:"question"`
		Paragraph string `json:"paragraph"`
	}
	rows := []row{}
	for _, s := range specs {
		rows = append(rows, row{s.ID, s.Title[a.lang], s.Question[a.lang], s.Paragraph})
	}
	if a.asJSON {
		return a.json(rows)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\n", r.ID, r.Title)
	}
	return w.Flush()
}

// writeAll writes a table in every format of a file.
func writeAll(stem string, t *table.Table) error {
	var x, c bytes.Buffer
	if err := errors.Join(reports.WriteXLSX(&x, t), reports.WriteCSV(&c, t)); err != nil {
		return err
	}
	return errors.Join(writeFile(stem+".xlsx", x.Bytes()), writeFile(stem+".csv", c.Bytes()))
}
