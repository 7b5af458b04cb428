package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/exchange"
	"github.com/oas/tipstat/transform/disclosure"
)

// exportFlags say what is exported, and where to.
type exportFlags struct {
	tableFlags
	form, output, missing string
}

func (a *app) exportCommand() *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use: "export --for FORM", Short: "What the store has in the form that UNODC and the SDG database ask for", Args: cobra.NoArgs,
		Long: `Gives what the store has in the shape of a form that ministries answer every year, as
csv (or xlsx, by the name after -o), and lists what is missing, State by State:

  glotip  UNODC, data set of the Global Report on Trafficking in Persons: its 13
          columns and words; counts below 5 as "<5", as UNODC gives them, but 0 as 0
  sdg     SDG 16.2.2, data structure of the SDG indicators, as SDMX-CSV

Where a State has several series for a question and a year, one of them answers the
whole question, as in the totals of tables: the one with the best comparability
grade, then the one received last; sources are never blended. --json says what was passed
over. Totals that were made from their parts are among the rows. What is not known
(not available, not applicable, not collected, suppressed without bounds) has no row; nor
has, for glotip, a figure known only within bounds, unless they lie below 5; for sdg its
bounds stand in its row.
A figure that disclosure control withholds has no row, and is not said to be missing:
--json says where such figures are; but breakdowns of case rows that are withheld are as
if nobody had been counted, and said to be missing. With --control none nothing is
withheld but what the form itself does not ask for: for what a State sends UNODC or the
SDG custodian under their own rules of confidentiality, not for publication.`,
		Example: `  tipstat export --for glotip -o glotip.xlsx
  tipstat export --for glotip --years 2022-2023 --states HND,GTM --missing missing.csv > glotip.csv
  tipstat export --for sdg -o sdg-16.2.2.csv
  tipstat export --for sdg --json
  tipstat export --for glotip --as-of 2026-06-30   # as it was sent then
  tipstat export --for glotip --control none -o to-unodc.xlsx`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.export(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.form, "for", "", strings.Join(exchange.Forms(), " or "))
	cmd.Flags().StringVar(&flags.years, "years", "", "years, such as 2019-2023 or 2021 (default: all that the store has)")
	cmd.Flags().StringSliceVar(&flags.states, "states", nil, "States by ISO 3166-1 alpha-3 code (default: all of the OAS)")
	cmd.Flags().StringVar(&flags.asOf, "as-of", "", "as the store stood at the end of this day (UTC), YYYY-MM-DD (default: now)")
	cmd.Flags().StringVarP(&flags.output, "output", "o", "", "file to write, .csv or .xlsx (default: csv on stdout)")
	cmd.Flags().StringVar(&flags.missing, "missing", "", "csv file for the list of what is missing, year by year")
	flags.addControl(cmd)
	cmd.AddCommand(a.exportDatasetCommands()...)
	cmd.AddCommand(a.exportMicrodataCommand(), a.exportSDMXCommand())
	suggest(cmd, "for", cobra.FixedCompletions([]cobra.Completion{"glotip\tUNODC, Global Report on Trafficking in Persons", "sdg\tSDG 16.2.2"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) export(ctx context.Context, flags exportFlags) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	switch forms := exchange.Forms(); {
	case flags.form == "":
		return usagef("--for is missing: want %s", choices(forms))
	case !slices.Contains(forms, flags.form):
		return usagef("--for: no form %q; want %s", flags.form, choices(forms))
	}
	form, err := exchange.Load(flags.form)
	if err != nil {
		return err
	}
	write := (*exchange.Export).WriteCSV
	switch filepath.Ext(flags.output) {
	case ".xlsx":
		write = (*exchange.Export).WriteXLSX
	case ".csv", "":
	default:
		return usagef("--output %s: want a name that ends in .csv or .xlsx", flags.output)
	}
	if err := cmp.Or(fileName("--output", flags.output), fileName("--missing", flags.missing)); err != nil {
		return err
	}
	set, err := c.vocabulary()
	if err != nil {
		return err
	}
	policy, err := flags.policy(c)
	if err != nil {
		return err
	}
	if _, rounds := policy.Control.Rounds(); rounds { // nor could a rounded figure be told from one that is small
		return usagef("--for %s: the form has no place to say that figures are rounded; want --control %s or %s", flags.form, disclosure.Suppression, disclosure.None)
	}
	st, p, err := flags.openUnder(ctx, a, c, policy)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	e, err := exchange.Make(ctx, st.DB(), set, form, p)
	if err != nil {
		return err
	}
	if flags.missing != "" {
		if err := a.putFile(flags.missing, e.WriteMissing); err != nil {
			return err
		}
	}
	toFile := flags.output != "" && flags.output != "-"
	if toFile {
		if err := a.putFile(flags.output, func(w io.Writer) error { return write(e, w) }); err != nil {
			return err
		}
	}
	switch {
	case a.asJSON:
		return a.json(e)
	case !toFile:
		if err := write(e, a.out); err != nil {
			return err
		}
	}
	a.sayMissing(e, flags.missing, p.Release())
	return nil
}

// putFile writes a file by a function, whole or not at all.
func (a *app) putFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := writeFile(name, b.Bytes()); err != nil {
		return err
	}
	a.tell("written", "file", name)
	return nil
}

// mostGaps is how many gaps are told on a terminal; --missing lists all.
const mostGaps = 100

// sayMissing tells what disclosure control the figures have passed, and what the
// store does not have.
func (a *app) sayMissing(e *exchange.Export, list, release string) {
	a.tell("export_of", "form", e.Form.Title[a.lang], "from", e.From, "to", e.To, "rows", len(e.Rows))
	a.sayf("%s", release)
	if n := len(e.Several); n > 0 {
		a.tell("export_several", "answers", n)
	}
	if n := len(e.LeftOut); n > 0 {
		a.tell("export_left_out", "figures", n)
	}
	if n := len(e.Withheld); n > 0 {
		a.tell("export_withheld", "answers", n)
	}
	gaps, silent := e.Gaps()
	if len(silent) > 0 {
		a.tell("export_silent", "states", strings.Join(silent, ", "))
	}
	if len(gaps) > 0 {
		a.tell("export_gaps")
	}
	for i, g := range gaps {
		if i == mostGaps {
			a.tell("export_more_gaps", "more", len(gaps)-i, "list", cmp.Or(list, "--missing FILE"))
			break
		}
		a.sayf("  %s: %s: %s", g.State, g.Label, g.Years)
	}
}
