package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/store"
)

// tableFlags choose what a table shows.
type tableFlags struct {
	years, asOf string
	states      []string
}

func (f *tableFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.years, "years", "", "years, such as 2019-2023 or 2021 (default: the last five with data)")
	cmd.Flags().StringSliceVar(&f.states, "states", nil, "States by ISO 3166-1 alpha-3 code, such as HND,GTM,MEX (default: all of the OAS)")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "treaties: status on this day, YYYY-MM-DD (default: as far as the sources go)")
}

var reYearSpan = regexp.MustCompile(`^(\d{4})(?:-(\d{4}))?$`)

// params checks the flags.
func (f *tableFlags) params(c *config, lang string) (table.Params, error) {
	p := table.Params{Lang: lang, AsOf: f.asOf}
	if len(f.states) > 0 {
		set, err := c.vocabulary()
		if err != nil {
			return p, err
		}
		areas, _ := set.List("CL_AREA")
		for _, s := range f.states {
			s = strings.ToUpper(strings.TrimSpace(s))
			if _, ok := areas.Code(s); !ok {
				return p, usagef("--states %s: no such State; tipstat codes CL_AREA shows the codes", s)
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
	if f.asOf != "" {
		if _, err := time.Parse("2006-01-02", f.asOf); err != nil {
			return p, usagef("--as-of %s: want YYYY-MM-DD", f.asOf)
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
		return table.Spec{}, usagef("no table %q: tipstat report list shows them", name)
	}
	return specs[i], nil
}

// build makes the table from the workspace's store.
func (a *app) build(ctx context.Context, name string, flags tableFlags, use func(*config, *sql.DB, *table.Table) error) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	spec, err := findSpec(name)
	if err != nil {
		return err
	}
	p, err := flags.params(c, a.lang)
	if err != nil {
		return err
	}
	st, err := store.OpenReadOnly(ctx, c.path(c.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	t, err := table.Build(ctx, st.DB(), spec, p)
	if err != nil {
		return err
	}
	return use(c, st.DB(), t)
}

func (a *app) reportCommand() *cobra.Command {
	var flags tableFlags
	var format, paper, output string
	cmd := &cobra.Command{
		Use: "report NAME | list", Short: "A comparative table, with notes on what is not comparable", Args: cobra.ExactArgs(1),
		Long: `Makes a table from the store: as text on stdout, or as csv, xlsx, html (one
page that needs no network), pdf, md (Markdown) or json. Every figure
carries its comparability grade (A to D) with the reasons in the notes; a State
without data is a row too; what is not known is never shown as a zero.`,
		ValidArgsFunction: a.suggestTables(true),
		Example: `  tipstat report list
  tipstat report victims --years 2017-2021 --lang es
  tipstat report victims-sex-age --states PER,MEX --years 2022
  tipstat report treaties --as-of 2015-03-14
  tipstat report victims --format xlsx -o victims.xlsx
  tipstat report victims --format html --lang pt -o victims.html
  tipstat report victims --format csv > victims.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == "list" {
				return a.reportList()
			}
			if a.asJSON {
				format = "json"
			}
			write, ok := map[string]func(*bytes.Buffer, *table.Table) error{
				"text": func(b *bytes.Buffer, t *table.Table) error { return reports.WriteText(b, t) },
				"csv":  func(b *bytes.Buffer, t *table.Table) error { return reports.WriteCSV(b, t) },
				"xlsx": func(b *bytes.Buffer, t *table.Table) error { return reports.WriteXLSX(b, t) },
				"html": func(b *bytes.Buffer, t *table.Table) error { return reports.WriteHTML(b, t) },
				"pdf":  func(b *bytes.Buffer, t *table.Table) error { return reports.WritePDF(b, t, paper) },
				"md":   func(b *bytes.Buffer, t *table.Table) error { return reports.WriteMarkdown(b, t) },
				"json": func(b *bytes.Buffer, t *table.Table) error { return (&app{out: b}).json(t) },
			}[format]
			if !ok {
				return usagef("--format %s: want text, csv, xlsx, html, pdf, md or json", format)
			}
			if paper != "a4" && paper != "letter" {
				return usagef("--paper %s: want a4 or letter", paper)
			}
			return a.build(cmd.Context(), args[0], flags, func(c *config, _ *sql.DB, t *table.Table) error {
				if len(t.Columns) == 0 {
					a.sayf("No figures for this table yet. Next: tipstat ingest FILE")
				}
				var b bytes.Buffer
				if err := write(&b, t); err != nil {
					return err
				}
				if output == "" && (format == "xlsx" || format == "pdf") {
					output = filepath.Join(c.path(c.Out), t.ID+"."+t.Lang+"."+format)
				}
				if output == "" || output == "-" {
					_, err := a.out.Write(b.Bytes())
					return err
				}
				if err := writeFile(output, b.Bytes()); err != nil {
					return err
				}
				a.sayf("%s written", output)
				return nil
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text, csv, xlsx, html, pdf, md or json")
	cmd.Flags().StringVar(&paper, "paper", "a4", "paper of a pdf: a4 or letter")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write (default: stdout; for xlsx and pdf a file in the workspace's out folder)")
	suggest(cmd, "format", cobra.FixedCompletions([]string{"text", "csv", "xlsx", "html", "pdf", "md", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
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
