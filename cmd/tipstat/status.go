package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// openAll opens the workspace's store for reading, with what is withdrawn.
func (a *app) openAll(ctx context.Context) (*config, *store.Store, error) {
	c, err := a.config()
	if err != nil {
		return nil, nil, err
	}
	st, err := c.DuckDB.OpenAll(ctx, c.path(c.Store))
	return c, st, err
}

// openStore opens the workspace's store for reading.
func (a *app) openStore(ctx context.Context) (*config, *store.Store, error) {
	c, err := a.config()
	if err != nil {
		return nil, nil, err
	}
	st, err := c.DuckDB.OpenReadOnly(ctx, c.path(c.Store))
	return c, st, err
}

func (a *app) statusCommand() *cobra.Command {
	year := 0
	cmd := &cobra.Command{
		Use: "status [SUBMISSION]", Short: "What became of every row: observations, out of scope, refused", Args: cobra.MaximumNArgs(1),
		Long: `For each accepted file: rows read = rows that became observations + rows out of
scope, by the layout's rule + rows refused, by the code of the finding; and its
findings by code. With a submission id, all its findings with their cells. With --year,
who has sent what of that year: a line for each State, a column for each kind of record.`,
		Example:           "  tipstat status\n  tipstat status 3f2a9c01b7de\n  tipstat status --year 2025\n  tipstat status --json",
		ValidArgsFunction: a.suggestSubmissions,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if cmd.Flags().Changed("year") {
				return a.collection(cmd.Context(), year)
			}
			_, st, err := a.openAll(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, st.Close()) }()
			all, err := st.Status(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return a.oneStatus(cmd.Context(), st, all, args[0])
			}
			if a.asJSON {
				return a.json(all)
			}
			if len(all) == 0 {
				a.tell("store_empty")
			}
			for _, s := range all {
				a.printStatus(s)
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&year, "year", 0, "who has sent what of this year, by State and kind of record")
	return cmd
}

func (a *app) oneStatus(ctx context.Context, st *store.Store, all []store.Status, id string) error {
	for _, s := range all {
		if s.ID != id {
			continue
		}
		fs, err := st.FindingsOf(ctx, id)
		if err != nil {
			return err
		}
		if a.asJSON {
			return a.json(map[string]any{"status": s, "findings": fs})
		}
		a.printStatus(s)
		for _, f := range fs {
			fmt.Fprintf(a.out, "  %s\n", a.line(f))
		}
		return nil
	}
	return usagef("no submission %q: tipstat history lists them", id)
}

func (a *app) printStatus(s store.Status) {
	what := fmt.Sprint(s.Observations, " observations")
	if s.Actions > 0 { // a file of treaties has none
		what = fmt.Sprint(s.Actions, " actions under treaties")
	}
	fmt.Fprintf(a.out, "%s  %s  layout %s %s  %s\n", s.ID, s.FileName, s.Layout, s.LayoutVersion, what)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	var total int64
	for _, ac := range s.Account {
		fmt.Fprintf(w, "  %d\t  rows\t  %s\n", ac.Rows, accountText(ac, string(ac.Outcome)))
		total += ac.Rows
	}
	fmt.Fprintf(w, "  %d\t  rows\t  read in all\n", total)
	for _, f := range s.Findings {
		title := record.NewFinding(f.Code, record.Place{})
		fmt.Fprintf(w, "  %d\t  %s\t  %s %s\n", f.Count, f.Severity, f.Code, title.Title(a.lang))
	}
	w.Flush()
	a.printDecisions("  ", s.Decisions)
	fmt.Fprintln(a.out)
}

func (a *app) historyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "history", Short: "Accepted submissions, oldest first", Args: cobra.NoArgs,
		Example: "  tipstat history\n  tipstat history --json",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			_, st, err := a.openAll(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, st.Close()) }()
			subs, err := st.History(cmd.Context())
			if err != nil {
				return err
			}
			if a.asJSON {
				return a.json(subs)
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "SEQ\tSUBMISSION\tRECEIVED\tFILE\tLAYOUT\tVERSION\tSOURCE_AGENCY\tREFERENCE_DATE\tRUN\tOUTCOME")
			for _, s := range subs {
				ref := "-"
				if !s.ReferenceDate.IsZero() {
					ref = s.ReferenceDate.Format("2006-01-02")
				}
				name := s.FileName
				if s.ColumnsDropped > 0 {
					name += " (not kept: columns dropped)"
				}
				if s.ReprocessOf != "" {
					name += " (in place of " + s.ReprocessOf + ")"
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Seq, s.ID, s.ReceivedAt.Format("2006-01-02 15:04"), name,
					s.Layout, s.LayoutVersion, s.SourceAgency, ref, cmp.Or(s.RunID, "-"), s.Outcome)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			for _, s := range subs {
				a.printDecisions(s.ID+": ", s.Decisions)
			}
			return nil
		},
	}
}
