package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/pack"
)

func (a *app) packCommand() *cobra.Command {
	var flags tableFlags
	var meeting, output, paper string
	cmd := &cobra.Command{
		Use: "pack", Short: "The meeting pack: cover, key figures, tables, State profiles, quality report and annex", Args: cobra.NoArgs,
		Long: `Makes the pack of a meeting from the store, in one language: as one pdf with
contents and bookmarks, one workbook with links, and pages for a browser that
need no network (index.html). With --as-of it is made as the store stood on that
day, byte for byte as it was then.`,
		Example: `  tipstat report pack --meeting "Fourth Meeting of National Authorities" --lang es --years 2019-2024
  tipstat report pack --as-of 2026-06-30 --since 2025-12-31 -o pack-june
  tipstat report pack --states HND,GTM,SLV --paper letter`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if paper != "a4" && paper != "letter" {
				return usagef("--paper %s: want a4 or letter", paper)
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			p, err := flags.params(c, a.lang)
			if err != nil {
				return err
			}
			st, err := flags.store(cmd.Context(), c)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, st.Close()) }()
			d, err := pack.Build(cmd.Context(), st.DB(), pack.Options{Meeting: meeting, AsOf: flags.asOf, Params: p})
			if err != nil {
				return err
			}
			dir := output
			if dir == "" {
				dir = filepath.Join(c.path(c.Out), "pack."+p.Lang)
			}
			return a.writePack(dir, paper, d)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&meeting, "meeting", "", "name of the meeting, for the cover")
	cmd.Flags().StringVar(&paper, "paper", "a4", "paper of the pdf: a4 or letter")
	cmd.Flags().StringVarP(&output, "output", "o", "", "folder to write to (default: pack.LANG in the workspace's out folder)")
	suggest(cmd, "paper", cobra.FixedCompletions([]cobra.Completion{"a4", "letter"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) writePack(dir, paper string, d *reports.Document) error {
	for name, write := range map[string]func(io.Writer) error{
		"pack.pdf":  func(w io.Writer) error { return reports.WritePDFDocument(w, d, paper) },
		"pack.xlsx": func(w io.Writer) error { return reports.WriteXLSXDocument(w, d) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := writeFile(filepath.Join(dir, name), b.Bytes()); err != nil {
			return err
		}
	}
	site := filepath.Join(dir, "site")
	if err := os.MkdirAll(site, 0o755); err != nil {
		return err
	}
	err := reports.WriteHTMLDocument(d, func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(site, name)) })
	if err == nil {
		a.sayf("%s: pack.pdf, pack.xlsx and site/index.html written", dir)
	}
	return err
}
