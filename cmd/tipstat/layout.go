package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func (a *app) layoutCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "layout", Short: "Layouts of national files: list, check, draft",
		Long: `A layout is a YAML file that says how to recognise a national file and what its
columns mean. Built-in ones and those in the workspace's layouts folder are tried
on every file.`,
		Example: "  tipstat layout list\n  tipstat layout check trata_2024.xlsx\n  tipstat layout draft trata_2024.xlsx > hnd-mp.yaml\n  tipstat layout check --layout hnd-mp.yaml trata_2024.xlsx   # then move it to layouts/",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.layoutList(), a.layoutCheck(), a.layoutDraft())
	return cmd
}

func (a *app) layoutList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "The layouts, built-in and the workspace's", Args: cobra.NoArgs,
		Example: "  tipstat layout list\n  tipstat layout list --lang fr\n  tipstat layout list --json",
		RunE: func(*cobra.Command, []string) error {
			in, err := a.maybeReader()
			if err != nil {
				return err
			}
			type row struct {
				ID      string `json:"id"`
				Version string `json:"version"`
				Agency  string `json:"source_agency"`
				Record  string `json:"record"`
				Rows    string `json:"rows"`
				Title   string `json:"title"`
			}
			var rows []row
			for _, l := range in.Layouts {
				rows = append(rows, row{l.ID, l.Version, l.Agency, l.Record, l.Rows, l.Name(a.lang)})
			}
			if a.asJSON {
				return a.json(rows)
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "LAYOUT\tVERSION\tSOURCE_AGENCY\tRECORD\tROWS\tTITLE")
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Version, r.Agency, r.Record, r.Rows, r.Title)
			}
			return w.Flush()
		},
	}
}

func (a *app) maybeReader() (*inbox.Inbox, error) {
	c, err := a.maybeConfig()
	if err != nil {
		return nil, err
	}
	return a.reader(c)
}

func (a *app) layoutCheck() *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use: "check FILE", Short: "Show what would be read of a file; nothing is stored", Args: oneFile,
		Long:    "Says which layout recognises the file, what each column is read as, what would become of each row, and every finding. Exit code 3 if the file would be refused.",
		Example: "  tipstat layout check trata_2024.xlsx\n  tipstat layout check --layout hnd-mp.yaml trata_2024.xlsx",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.readable(args...); err != nil {
				return err
			}
			in, id, err := a.checker(id)
			if err != nil {
				return err
			}
			r, err := in.Check(cmd.Context(), args[0], inbox.Options{Layout: id})
			if err != nil {
				return err
			}
			if a.asJSON {
				err = a.json(r)
			} else {
				a.printCheck(r)
			}
			if err == nil && r.Outcome == inbox.Refused {
				return errRefused
			}
			return err
		},
	}
	cmd.Flags().StringVar(&id, "layout", "", "id of a layout, or a layout file")
	suggest(cmd, "layout", a.suggestLayouts(cobra.ShellCompDirectiveDefault))
	return cmd
}

// checker gives what reads a file by the layout named: a file that holds one,
// which needs no other layout to be right, or the id of one of the workspace.
func (a *app) checker(name string) (*inbox.Inbox, string, error) {
	if b, err := os.ReadFile(name); err == nil {
		codes, err := a.vocabulary()
		if err != nil {
			return nil, "", err
		}
		l, err := layout.Parse(b, filepath.Base(name), codes)
		if err != nil {
			return nil, "", usageError{err: err}
		}
		return &inbox.Inbox{Codes: codes, Layouts: []*layout.Layout{l}, Now: a.now}, l.ID, nil
	}
	in, err := a.maybeReader()
	if err != nil {
		return nil, "", err
	}
	if _, ok := in.LayoutByID(name); name != "" && !ok {
		return nil, "", usagef("no layout %q, and no such file: tipstat layout list shows them", name)
	}
	return in, name, nil
}

func (a *app) printCheck(r *inbox.Receipt) {
	if r.Layout != "" {
		fmt.Fprintf(a.out, "%s: layout %s, format %s, %d rows\n", r.File, r.Layout, r.Format, r.Rows)
	}
	for _, s := range r.Sheets {
		if s.Name != "" {
			fmt.Fprintf(a.out, "sheet '%s': ", s.Name)
		}
		fmt.Fprintf(a.out, "header in row %d, %d rows\n", s.HeaderRow, s.Rows)
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		for _, h := range slices.Sorted(maps.Keys(s.Columns)) {
			what := s.Columns[h]
			if what == "" {
				what = "not in the layout, not read"
			}
			fmt.Fprintf(w, "  %s\t%s\n", h, what)
		}
		w.Flush()
	}
	for _, ac := range r.Account {
		fmt.Fprintf(a.out, "%10d rows  %s\n", ac.Rows, accountText(ac, string(ac.Outcome)))
	}
	a.findings(r.Findings)
}

func (a *app) layoutDraft() *cobra.Command {
	return &cobra.Command{
		Use: "draft FILE", Short: "Propose a layout for a new file, on stdout", Args: oneFile,
		Long: `Guesses from headings and values which column carries which concept and writes a
layout to begin with. Every guess is marked: read it, complete what says TO DO,
and try it with tipstat layout check --layout DRAFT FILE.`,
		Example: "  tipstat layout draft trata_2024.xlsx > hnd-mp.yaml",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := a.readable(args...); err != nil {
				return err
			}
			codes, err := a.vocabulary() // no layouts: the one being drafted may stand among them
			if err != nil {
				return err
			}
			b, named, err := drafted(cmd.Context(), args[0], codes)
			var unreadable *sheet.Error
			if errors.As(err, &unreadable) {
				fd := unreadable.Finding()
				if a.asJSON {
					return errors.Join(a.json(record.Findings{fd}), errRefused)
				}
				a.sayf("%s: %s [%s]\n    -> %s", fd.Subject, fd.Message(a.lang), fd.Code, fd.Hint(a.lang))
				return errRefused
			}
			switch {
			case err != nil:
				return err
			case b == nil && a.asJSON:
				return errors.Join(a.json(named), errRefused)
			case b == nil:
				a.findings(named)
				return errRefused
			}
			a.findings(named)
			_, err = a.out.Write(b)
			return err
		},
	}
}

// drafted proposes a layout for a file, which drops the columns that name persons; named tells
// of these. Where that is not enough there is none (nil): the file has to be mended first.
func drafted(ctx context.Context, path string, codes *codelist.Set) (b []byte, named record.Findings, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	file := filepath.Base(path)
	ctx, stop := context.WithTimeout(ctx, inbox.ReadTime)
	defer stop()
	wb, err := sheet.Open(ctx, f, info.Size(), file, sheet.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, wb.Close()) }()
	defer sheet.Caught(&err, file)
	seen, err := gate.Look(ctx, wb, codes)
	if err != nil {
		return nil, nil, err
	}
	named = gate.Findings(file, seen.Refused(gate.Pass{}))
	columns, ok := seen.Droppable()
	if !ok {
		return nil, named, nil
	}
	var drop []string
	for _, c := range columns {
		drop = append(drop, c.Heading)
	}
	b, err = layout.Draft(ctx, wb, file, codes, drop...)
	return b, named, err
}
