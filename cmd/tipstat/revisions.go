package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/store"
)

func (a *app) revisionsCommand() *cobra.Command {
	var f tableFlags
	var above float64
	cmd := &cobra.Command{
		Use: "revisions", Short: "What newer files told otherwise than the ones whose place they took", Args: cobra.NoArgs,
		Long: `Each figure, of every breakdown, that a newer file of the same layout and agency changed
for a State and a period told before, that it has newly, or that it has no longer; from what
to what, by how much, when, and in which cell of the newer file. Withdrawn submissions are not
among them, and a file that was read again (tipstat reprocess) is where it first was.

It is for those who keep the store: figures are shown as they were sent. Of what was counted
from case rows none is shown (…). The table tipstat report revisions is for others.`,
		Example: "  tipstat revisions\n  tipstat revisions --since 2026-06-30 --states HND,PER\n  tipstat revisions --above 20 --json",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			c, st, err := a.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, st.Close()) }()
			p, err := f.params(c, a.lang)
			if err != nil {
				return err
			}
			if above < 0 || math.IsNaN(above) {
				return usagef("--above %v: want percent, 0 or more", above)
			}
			list, err := st.Revisions(cmd.Context(), p.Since)
			if err != nil {
				return err
			}
			list = slices.DeleteFunc(list, func(r store.Revision) bool {
				return len(p.States) > 0 && !slices.Contains(p.States, r.RefArea) || above > 0 && (r.Percent == nil || math.Abs(*r.Percent) <= above)
			})
			if a.asJSON {
				return a.json(list)
			}
			return a.printRevisions(list)
		},
	}
	cmd.Flags().StringSliceVar(&f.states, "states", nil, "States by ISO 3166-1 alpha-3 code, such as HND,GTM,MEX (default: all)")
	cmd.Flags().StringVar(&f.since, "since", "", "by files received after this day, YYYY-MM-DD (default: all)")
	cmd.Flags().Float64Var(&above, "above", 0, "only figures that moved by more than so many percent")
	return cmd
}

func (a *app) printRevisions(list []store.Revision) error {
	if len(list) == 0 {
		a.tell("revisions_none")
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REF_AREA\tSOURCE_AGENCY\tINDICATOR\tTIME_PERIOD\tDIMENSIONS\tBEFORE\tAFTER\tPERCENT\tRECEIVED\tFILE\tCELL")
	for _, r := range list {
		percent := "-"
		if r.Percent != nil {
			percent = fmt.Sprintf("%+.1f", *r.Percent)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.RefArea, r.SourceAgency, r.Indicator, r.TimePeriod, cmp.Or(r.About, "-"),
			cmp.Or(r.Before, "-"), cmp.Or(r.After, "-"), percent, r.ReceivedAt.Format(time.DateOnly), plain(r.FileName), cmp.Or(plain(r.Cell), "-"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.tell("revisions_inside", "count", len(list))
	return nil
}
