package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/template"
)

func (a *app) templateCommand() *cobra.Command {
	var state, period, out, from string
	var records []string
	cmd := &cobra.Command{
		Use: "template", Short: "Write the form that a ministry fills in, as a workbook", Args: cobra.NoArgs,
		Long: `Writes the form for a State and a year in one of the four languages: a cover, a
sheet of tables for each kind of record, definitions and counting rules, and
notes. Cells for writing have a yellow ground; the others are locked, without a
password. Drop-downs offer what may stand in place of a figure and the names of
countries; totals are computed, and what can't be is coloured.

tipstat ingest recognises the form whatever the file is called, and reads it by
the small grey codes in it, so that moved tables, translated sheet names and
inserted columns do no harm; a row or column without a code is refused.

Years that begin in another month are told on the cover of the form.`,
		Example: "  tipstat template --state HND --period 2025 --lang es\n  tipstat template --state BRA --period 2025 --lang pt --records victims,prosecutions -o formulario.xlsx\n  tipstat template --state HND --period 2026 --lang es --from .\n  tipstat template --state HTI --period 2025 --lang fr -o - > formulaire.xlsx",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			year, err := strconv.Atoi(period)
			if err != nil || year < 1900 || year > 2200 {
				return usagef("--period %q: want a year, such as 2025", period)
			}
			codes, err := a.vocabulary()
			if err != nil {
				return err
			}
			areas, _ := codes.List("CL_AREA")
			state = strings.ToUpper(state)
			if c, ok := areas.Code(state); !ok || len(c.ID) != 3 || c.ID[0] < 'A' || c.ID[0] > 'Z' {
				return usagef("--state %q: want an ISO 3166-1 alpha-3 code, such as HND: tipstat codes find CL_AREA Honduras", state)
			}
			form, err := template.Load(codes)
			if err != nil {
				return err
			}
			known := []string{}
			for _, s := range form.Sheets {
				known = append(known, s.ID)
			}
			for i, r := range records {
				r = strings.TrimSpace(r) // --records "victims, routes"
				records[i] = r
				if !slices.Contains(known, r) {
					return usagef("--records %q: want some of %s", r, strings.Join(known, ","))
				}
			}
			opts := template.Options{State: state, Year: year, Lang: cmp.Or(a.lang, "en"), Records: records}
			if from != "" {
				if opts.Last, err = a.lastForm(cmd.Context(), from, form, state, year-1); err != nil {
					return err
				}
			}
			if out == "-" {
				return form.Write(a.out, codes, opts)
			}
			if out == "" {
				out = opts.FileName()
			}
			if err := fileName("-o", out); err != nil {
				return err
			}
			if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
				return err
			}
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, os.ErrExist) {
				return usagef("%s is there already: a form that was begun is not written over; choose another name with -o", out)
			}
			if err != nil {
				return err
			}
			if err := errors.Join(form.Write(f, codes, opts), f.Close()); err != nil {
				return errors.Join(err, os.Remove(out))
			}
			a.tell("template_written", "file", out, "form", form.ID, "version", form.Version, "state", state, "year", year, "lang", opts.Lang)
			return nil
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "State that fills it in, ISO 3166-1 alpha-3")
	cmd.Flags().StringVar(&period, "period", "", "year of the figures")
	cmd.Flags().StringSliceVar(&records, "records", nil, "kinds of record: victims,routes,prosecutions,measures (default: all of them), or cases, one victim a row")
	cmd.Flags().StringVarP(&out, "output", "o", "", "file; - for stdout (default: tip-STATE-YEAR-LANG.xlsx)")
	cmd.Flags().StringVar(&from, "from", "", "workspace whose store has the State's form of the year before: its figures stand beside, grey, and its definitions and countries are filled in")
	suggest(cmd, "records", cobra.FixedCompletions([]string{"victims", "routes", "prosecutions", "measures", "cases"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// lastForm reads the form of a year from a workspace's store.
func (a *app) lastForm(ctx context.Context, dir string, form *template.Form, state string, year int) (last *template.Last, err error) {
	lang := a.lang
	a.workspace = dir
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	a.lang = lang
	st, err := c.DuckDB.OpenReadOnly(ctx, c.path(c.Store))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	last, err = form.ReadLast(ctx, st.DB(), state, year)
	if err == nil && last.Empty() {
		a.tell("template_no_form", "store", c.path(c.Store), "state", state, "year", year)
	}
	return last, err
}
