package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/table"
)

func (a *app) packCommand() *cobra.Command {
	var flags tableFlags
	var meeting, output, paper, previous string
	var without []string
	cmd := &cobra.Command{
		Use: "pack", Short: "The meeting pack: cover, key figures, tables, State profiles, quality report and annex", Args: cobra.NoArgs,
		Long: `Makes the pack of a meeting from the store, in one language: as one pdf with
contents and bookmarks, one workbook with links, and pages for a browser that
need no network (index.html). With --as-of it is made as the store stood on that
day, byte for byte as it was then. Beside these it writes the figures of each
table as csv (data) and what the pack is made of (pack.json): with --previous, the
folder of the last pack, the new one says which figures moved since, why, and who
sent what moved them, and is of the same years and States unless others are named;
tipstat report changes says it before.

A pack is published: before it is written, it is audited as tipstat audit does, with
the last one and the one that the folder holds, and what could be told of a withheld
figure is withheld too; where that is not enough, nothing is written and the exit code
is 3: leave out years, States or, with --without, tables. What an outsider can tell
stands in the workspace, in audits/FOLDER.txt, which is internal. With --control none
it is a working pack, not for publication.`,
		Example: `  tipstat report pack --meeting "Fourth Meeting of National Authorities" --lang es --years 2019-2024
  tipstat report pack --as-of 2026-06-30 --previous pack-december -o pack-june
  tipstat report pack --states HND,GTM,SLV --paper letter`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if paper != "a4" && paper != "letter" {
				return usagef("--paper %s: want a4 or letter", paper)
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			o := pack.Options{Meeting: meeting, AsOf: flags.asOf, Version: version()}
			if previous != "" {
				if err := readPrevious(c, previous, &flags, &o); err != nil {
					return err
				}
			}
			if o.Without, err = a.without(without, cmd.Flags().Changed("without"), o.Previous); err != nil {
				return err
			}
			dir := output
			if dir == "" {
				dir = filepath.Join(c.path(c.Out), "pack."+a.lang)
			}
			if err := notDangling("--output", dir); err != nil {
				return err
			}
			return a.releasePack(cmd.Context(), c, &release{flags: flags, options: o, dir: dir, paper: paper})
		},
	}
	flags.add(cmd)
	flags.addControl(cmd)
	cmd.Flags().StringVar(&meeting, "meeting", "", "name of the meeting, for the cover")
	cmd.Flags().StringVar(&previous, "previous", "", previousHelp)
	cmd.Flags().StringSliceVar(&without, "without", nil, "tables to leave out, by their ids, such as routes,citizens (default: with --previous, those left out of that; --without= leaves out none)")
	cmd.Flags().StringVar(&paper, "paper", "a4", "paper of the pdf: a4 or letter")
	cmd.Flags().StringVarP(&output, "output", "o", "", "folder to write to (default: pack.LANG in the workspace's out folder)")
	suggest(cmd, "paper", cobra.FixedCompletions([]cobra.Completion{"a4", "letter"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// without checks which tables are left out; of none those that the last pack left out.
func (a *app) without(ids []string, named bool, last *changes.Published) ([]string, error) {
	if !named && last != nil {
		return last.Manifest.Without, nil
	}
	all, err := pack.Tables()
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		ids[i] = strings.TrimSpace(id)
		if !slices.Contains(all, ids[i]) {
			return nil, usageError{err: errors.New(a.word("pack_no_table", "id", id, "tables", strings.Join(all, ", ")))}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// tables gives the tables of a pack whose figures are written as csv, by the name
// of the file in its folder.
func packTables(d *reports.Document) map[string]*table.Table {
	out := map[string]*table.Table{}
	for _, c := range d.Chapters {
		for _, part := range c.Tables {
			if part.Name == part.Table.ID { // a profile repeats figures of the tables
				out[changes.DataFolder+"/"+part.Name+".csv"] = part.Table
			}
		}
	}
	return out
}

// writePack writes pack.json last, and takes that of an older pack away first: a
// folder that has one holds a whole pack, against which the next can be held.
func (a *app) writePack(dir, paper string, d *reports.Document, m changes.Manifest) error {
	files := map[string]func(io.Writer) error{
		"pack.pdf":  func(w io.Writer) error { return reports.WritePDFDocument(w, d, paper) },
		"pack.xlsx": func(w io.Writer) error { return reports.WriteXLSXDocument(w, d) },
	}
	for name, t := range packTables(d) {
		files[name] = func(w io.Writer) error { return reports.WriteCSV(w, t) }
	}
	manifest := filepath.Join(dir, changes.ManifestName)
	if err := os.Remove(manifest); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		var b bytes.Buffer
		if err := files[name](&b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), b.Bytes()); err != nil {
			return err
		}
	}
	site := filepath.Join(dir, "site")
	if err := os.MkdirAll(site, 0o755); err != nil {
		return err
	}
	err := reports.WriteHTMLDocument(d, func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(site, name)) })
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(manifest, append(b, '\n')); err != nil {
		return err
	}
	a.tell("pack_written", "folder", dir)
	return nil
}
