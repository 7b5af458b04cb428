package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/query"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
)

// traced is the way back from one cell of a table.
type traced struct {
	Table        string                  `json:"table"`
	Cell         string                  `json:"cell"`
	Row          string                  `json:"row"`
	Column       string                  `json:"column"`
	Text         string                  `json:"text"`
	Observations []*harmonize.Provenance `json:"observations"`
	Actions      []table.Action          `json:"actions,omitempty"`
}

func (a *app) traceCommand() *cobra.Command {
	flags := tableFlags{control: string(disclosure.None)} // whoever traces has the store
	var format string
	var all bool
	var q query.Question
	cmd := &cobra.Command{
		Use: "trace TABLE CELL", Short: "The way back from a published cell to the cells of the file", Args: cobra.ExactArgs(2),
		Long: `Says for one cell of a table: the step that made the figure, the observation, the
file with its SHA-256, the layout, and each cell behind it with the text found
there. CELL is its codes (PER,2021) or its address in the xlsx of the same table
(G20); give the same --years, --states and --lang as for the report. TABLE is query
for a question of your own, asked once more with the flags that it was asked by. Of
case rows only the row numbers are shown.`,
		Example: `  tipstat trace victims HND,2022
  tipstat trace victims PER,PER_PNP,2021     # a State with several sources
  tipstat trace victims G20 --years 2017-2021
  tipstat trace treaties PER,TIP_PROTOCOL
  tipstat trace victims MEX,2023 --all
  tipstat trace query HND,F,2023 --measure VICTIMS_DETECTED --columns SEX,TIME_PERIOD`,
		ValidArgsFunction: a.suggestTables(false),
		RunE: func(cmd *cobra.Command, args []string) error {
			find := catalogued(args[0])
			if args[0] == "query" {
				find = asked(&q)
			} else if len(q.Measures)+len(q.Rows)+len(q.Columns)+len(q.Where) > 0 {
				return usagef("--measure, --rows, --columns and --where ask a question; the table %s is made without: trace query", args[0])
			}
			return a.withTable(cmd.Context(), find, flags, func(m made) error {
				t := m.t
				row, col, err := reports.Address(t, format, args[1])
				if err != nil {
					return usageError{err: err}
				}
				cell := t.Rows[row].Cells[col]
				tr := traced{Table: t.ID, Cell: args[1], Row: labels(t.Rows[row].Stub), Column: strings.Join(t.Columns[col].Labels, " / "),
					Text: cell.Text, Actions: cell.Actions, Observations: []*harmonize.Provenance{}}
				for _, id := range cell.ObsIDs {
					p, err := harmonize.Trace(cmd.Context(), m.db, id)
					if err != nil {
						return err
					}
					tr.Observations = append(tr.Observations, p)
				}
				if a.asJSON {
					return a.json(tr)
				}
				a.printTrace(tr, all)
				return nil
			})
		},
	}
	flags.add(cmd)
	a.addQuestion(cmd, &q, "query: ")
	cmd.Flags().StringVar(&format, "format", "xlsx", "the format that an address such as G20 is of")
	cmd.Flags().BoolVar(&all, "all", false, "list every cell (default: the first 20)")
	suggest(cmd, "format", cobra.FixedCompletions([]string{"xlsx", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func labels(stub []table.Label) string {
	var out []string
	for _, l := range stub {
		if text := cmp.Or(l.Text, l.Name, l.Code); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, " / ")
}

func (a *app) printTrace(tr traced, all bool) {
	fmt.Fprintf(a.out, "table        %s\nrow          %s\ncolumn       %s\nshown        %s\n", tr.Table, tr.Row, tr.Column, tr.Text)
	if len(tr.Observations) == 0 && len(tr.Actions) == 0 {
		fmt.Fprintln(a.out, "No observation stands behind this cell: nothing was reported, or the total is withheld.")
	}
	for _, act := range tr.Actions {
		fmt.Fprintf(a.out, "\naction       %s %s\nsubmission   %s\ncell         %s  %q\n", act.Action, act.Date, act.SubmissionID,
			record.Place{Sheet: act.Sheet, Cell: act.Cell}, act.Raw)
	}
	for _, p := range tr.Observations {
		fmt.Fprintf(a.out, "\nobservation  %d = %s  grade %s", p.ObsID, p.Value, p.Grade)
		if len(p.Reasons) > 0 {
			fmt.Fprintf(a.out, " (%s)", strings.Join(p.Reasons, ", "))
		}
		fmt.Fprint(a.out, "\nkey         ")
		for _, k := range slices.Sorted(maps.Keys(p.Key)) {
			fmt.Fprintf(a.out, " %s=%s", k, p.Key[k])
		}
		fmt.Fprintf(a.out, "\nstep         %s: %s", p.Step, p.Purpose)
		if p.SummedOver != "" {
			fmt.Fprintf(a.out, " (over %s)", p.SummedOver)
		}
		kept := ""
		if p.ColumnsDropped > 0 {
			kept = "\n             the file is not kept: columns that name persons were dropped"
		}
		fmt.Fprintf(a.out, "\nfile         %s  SHA-256 %s"+kept+"\nsubmission   %s, layout %s %s, run %s\n", p.File, p.SHA256, p.Submission, p.Layout, p.Version, p.RunID)
		a.printCells(p, all)
	}
}

func (a *app) printCells(p *harmonize.Provenance, all bool) {
	const few = 20
	if p.CasesHidden {
		fmt.Fprintf(a.out, "case rows    %d runs of rows; their contents are not shown\n", len(p.Cells))
	} else {
		fmt.Fprintf(a.out, "cells        %d\n", len(p.Cells))
	}
	for i, c := range p.Cells {
		if i == few && !all {
			fmt.Fprintf(a.out, "  ... and %d more (--all)\n", len(p.Cells)-few)
			return
		}
		at := c.Place
		at.File = ""
		fmt.Fprintf(a.out, "  %s", at)
		if p.CasesHidden {
			fmt.Fprintf(a.out, "  rows: %d\n", c.Rows)
			continue
		}
		fmt.Fprintf(a.out, "  %q", c.Raw)
		if c.Area != "" || p.SummedOver != "" {
			fmt.Fprint(a.out, "  ", strings.TrimSpace(c.Time+" "+c.Area))
		}
		fmt.Fprintln(a.out)
	}
}
