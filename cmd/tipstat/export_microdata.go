package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/microdata"
)

// microdataFlags say which case rows are published, and where to.
type microdataFlags struct {
	tableFlags
	output string
	k      int
	kSaid  bool
}

func (a *app) exportMicrodataCommand() *cobra.Command {
	flags := microdataFlags{tableFlags: tableFlags{control: string(disclosure.None)}} // of tables; rows have their own
	cmd := &cobra.Command{
		Use: "microdata -o FILE.csv", Short: "Case rows fit for publication: k-anonymous, as CTDC publishes them", Args: cobra.NoArgs,
		Long: `Writes the case rows of the newest files as csv, one row a line, in which every
combination of codes stands k times or more (k = 11, as the Counter-Trafficking
Data Collaborative has it). What is too rare is generalised, each row by itself, in
the way that loses least: an age band to the broad one, a country to its subregion,
a year to five, and at last withheld: c. Unknown (_U) is another thing than
withheld. No name of a file, cell or submission is written, and the order of the
lines says nothing. Beside FILE.csv, FILE.csv-metadata.json holds the parameters.

All rows of the store are protected together and then those asked for are chosen by
what is published: a row whose State or year was generalised is not among them.
What was lost is told: values withheld and coarser, rows dropped (fewer than k of
one unit), the normalized certainty penalty (0 nothing lost, 1 all), the
discernibility metric, and how many rows share one form of exploitation with all
that are the same otherwise, which k does not prevent. Read it before you publish:
it is internal.

Columns, steps and k are under microdata in disclosure.yaml of the workspace.
Publish one file of one day: two with another k or other columns can be played
against each other, and so can this file and tables of the same rows.
Exit code 3, and nothing written, if nothing can be published.`,
		Example: `  tipstat export microdata -o cases.csv
  tipstat export microdata -o cases.csv --k 20 --states CRI,HND --years 2020-2024
  tipstat export microdata -o cases.csv --as-of 2026-06-30 --json > loss.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			flags.kSaid = cmd.Flags().Changed("k") // 0 is not the policy's
			return a.exportMicrodata(cmd.Context(), flags)
		},
	}
	cmd.Flags().IntVar(&flags.k, "k", 0, "how often each combination must occur, 2 or more (default: the policy's, 11)")
	cmd.Flags().StringVar(&flags.years, "years", "", "years, such as 2019-2023 or 2021 (default: all that the store has)")
	cmd.Flags().StringSliceVar(&flags.states, "states", nil, "States by ISO 3166-1 alpha-3 code (default: all)")
	cmd.Flags().StringVar(&flags.asOf, "as-of", "", "as the store stood at the end of this day (UTC), YYYY-MM-DD (default: now)")
	cmd.Flags().StringVarP(&flags.output, "output", "o", "", "file to write, .csv")
	return cmd
}

func (a *app) exportMicrodata(ctx context.Context, flags microdataFlags) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	if filepath.Ext(flags.output) != ".csv" {
		return usagef("--output %q: want the name of a file that ends in .csv", flags.output)
	}
	if err := fileName("--output", flags.output); err != nil {
		return err
	}
	policy, err := flags.policy(c)
	if err != nil {
		return err
	}
	if own := policy.Microdata.K; flags.kSaid {
		policy.Microdata.K = flags.k
		if policy.Microdata.Check() != nil { // the rest was read already, and is right
			return usagef("--k %d: want 2 or more (CTDC: 11)", flags.k)
		}
		if flags.k < own {
			a.tell("microdata_lower", "k", flags.k, "policy", own)
		}
	}
	set, err := c.vocabulary()
	if err != nil {
		return err
	}
	st, p, err := flags.open(ctx, a, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	r, err := microdata.Make(ctx, st.DB(), set, policy.Microdata, microdata.Params{States: p.States, FromYear: p.FromYear, ToYear: p.ToYear})
	if refused := (microdata.Refused{}); errors.As(err, &refused) {
		said := map[string]string{microdata.None: "microdata_none", microdata.Few: "microdata_few", microdata.Nothing: "microdata_nothing"}
		return errUnsafe{errors.New(a.word(said[refused.Reason], "rows", refused.Rows, "k", refused.K))}
	}
	if err != nil {
		return err
	}
	return a.writeMicrodata(r, flags)
}

// writeMicrodata writes the rows and what goes beside them, and tells the loss.
func (a *app) writeMicrodata(r *microdata.Release, flags microdataFlags) error {
	var rows, beside bytes.Buffer
	described := flags.output + "-metadata.json"
	if err := errors.Join(r.WriteCSV(&rows), r.WriteMetadata(&beside, filepath.Base(flags.output), flags.asOf)); err != nil {
		return err
	}
	if err := writeFile(described, beside.Bytes()); err != nil {
		return err
	}
	if err := writeFile(flags.output, rows.Bytes()); err != nil {
		return err
	}
	if a.asJSON {
		return a.json(struct {
			File     string           `json:"file"`
			Metadata string           `json:"metadata"`
			Policy   microdata.Policy `json:"policy"`
			Loss     microdata.Loss   `json:"loss"`
		}{flags.output, described, r.Policy, r.Loss})
	}
	a.sayLoss(r, flags.output, described)
	return nil
}

// sayLoss tells what was lost.
func (a *app) sayLoss(r *microdata.Release, file, described string) {
	l := r.Loss
	a.tell("microdata_written", "file", file, "metadata", described)
	a.tell("microdata_rows", "out", l.RowsOut, "in", l.RowsIn, "k", r.Policy.K, "sets", l.Combinations, "least", l.Smallest)
	a.tell("microdata_common", "rows", l.Common, "k", r.Policy.K)
	if l.Dropped > 0 {
		a.tell("microdata_dropped", "rows", l.Dropped, "unit", strings.Join(r.Policy.Unit, ", "), "k", r.Policy.K)
	}
	if l.Elsewhere > 0 {
		a.tell("microdata_elsewhere", "rows", l.Elsewhere)
	}
	words := strings.Split(a.word("microdata_head"), "|")
	a.sayf("  %-14s%12s%12s%12s%12s%12s", "", words[0], words[1], words[2], words[3], words[4])
	for _, c := range l.Columns {
		a.sayf("  %-14s%12d%12d%12d%12s%12s", c.Column, c.Kept, c.Coarser, c.Withheld, table.Number(a.lang, 100*c.Share, 1)+"%", table.Number(a.lang, c.Penalty, 3))
	}
	a.tell("microdata_loss", "penalty", table.Number(a.lang, l.Penalty, 3), "discern", l.Discern)
	for _, s := range l.Alike {
		if s.Rows > 0 {
			a.tell("microdata_alike", "rows", s.Rows, "sets", s.Sets, "column", s.Column)
		}
	}
}
