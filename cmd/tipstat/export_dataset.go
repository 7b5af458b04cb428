package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/transform/disclosure"
)

// datasetFlags say which figures are exported, and where to.
type datasetFlags struct {
	tableFlags
	format          dataset.Format
	output, licence string
	baseURL         string
}

// datasetFormats says what is special to each format.
var datasetFormats = []struct {
	format      dataset.Format
	short, what string
}{
	{dataset.Parquet, "The figures as Parquet, parted by record and State, with all that describes them",
		"as Parquet: data/victims/HND/observation.parquet, and so on for each\nrecord and State that has a figure; zstd, with the least and greatest value of each column and page.\nDuckDB reads them as one: FROM read_parquet('FOLDER/data/*/*/*.parquet')"},
	{dataset.Arrow, "The figures as one Arrow file, with all that describes them",
		"as observation.arrow: the IPC file format of Arrow (Feather version 2), zstd"},
	{dataset.CSV, "The figures as csv, with all that describes them",
		"as observation.csv (UTF-8, commas, what is not there is empty), and beside it\nobservation.csv-metadata.json: the W3C's metadata for tabular data (CSVW)"},
}

// exportDatasetCommands are the exports of all figures as a data set.
func (a *app) exportDatasetCommands() []*cobra.Command {
	var list []*cobra.Command
	for _, f := range datasetFormats {
		list = append(list, a.exportDatasetCommand(f.format, f.short, f.what))
	}
	return list
}

func (a *app) exportDatasetCommand(format dataset.Format, short, what string) *cobra.Command {
	flags := datasetFlags{format: format}
	name := string(format)
	cmd := &cobra.Command{
		Use: name + " -o FOLDER", Short: short, Args: cobra.NoArgs,
		Long: `Writes into a folder all figures of the States of the OAS that tables use,
` + what + `.
In the folder are also the code lists (codelists, csv in four languages);
datapackage.json, a Data Package with the columns of each file and its keys; and
dcat.jsonld, DCAT, with which open data portals harvest: each file with its size
and SHA-256.

Columns are those of the data structure, record, REF_YEAR, at_least (the value is
only a lower bound), derivation, grade, and what leads back: layout, submission_id, obs_id.
A figure that disclosure control withholds has neither value nor bounds (OBS_STATUS Q,
CONF_STATUS C); one that breaks case rows down has no row, which would tell that
somebody is there. All files say what control was applied; with --control none, that they are not for
publication. Senders' own comments are only in these.

The same store and flags give the same bytes: dates are those of the files received.
An older export in FOLDER is replaced as a whole; a folder with anything else is
refused. Exit code 3, and nothing written, if no figure is of the States and years asked for.`,
		Example: `  tipstat export ` + name + ` -o tip-` + name + `
  tipstat export ` + name + ` -o tip-` + name + ` --states HND,GTM --years 2019-2023 --lang es
  tipstat export ` + name + ` -o tip-` + name + ` --as-of 2026-06-30 --licence CC-BY-4.0`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.exportDataset(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.years, "years", "", "years, such as 2019-2023 or 2021 (default: all that the store has)")
	cmd.Flags().StringSliceVar(&flags.states, "states", nil, "States by ISO 3166-1 alpha-3 code (default: all of the OAS)")
	cmd.Flags().StringVar(&flags.asOf, "as-of", "", "as the store stood at the end of this day (UTC), YYYY-MM-DD (default: now)")
	cmd.Flags().StringVarP(&flags.output, "output", "o", "", "folder to write to")
	cmd.Flags().StringVar(&flags.licence, "licence", "", "under which others may use it: CC-BY-4.0, CC-BY-SA-4.0, CC0-1.0, ODC-BY-1.0, or the https address of another (default: none is stated)")
	cmd.Flags().StringVar(&flags.baseURL, "base-url", "", "address at which the folder will be published, for dcat.jsonld, such as https://example.org/tip/ (default: addresses are from where the file lies)")
	flags.addControl(cmd)
	suggest(cmd, "licence", cobra.FixedCompletions([]cobra.Completion{"CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "ODC-BY-1.0"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) exportDataset(ctx context.Context, flags datasetFlags) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	if flags.output == "" {
		return usagef("--output: want the name of a folder")
	}
	licence, err := dataset.FindLicence(flags.licence)
	if err != nil {
		return usagef("--licence: %w", err)
	}
	base, err := baseURL(flags.baseURL)
	if err != nil {
		return err
	}
	if err := replaceable(flags.output); err != nil {
		return err
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
	if p.Control == nil && licence != nil {
		return usagef("--licence: with --control %s nothing is for publication", disclosure.None)
	}
	var made *dataset.Set
	err = replaceFolder(flags.output, func(dir string) error {
		made, err = dataset.Write(ctx, st.DB(), set, dir, dataset.Options{Format: flags.format, Params: p, AsOf: flags.asOf, Licence: licence, BaseURL: base})
		return err
	})
	if errors.Is(err, dataset.ErrNothing) {
		return errUnsafe{errors.New(a.word("dataset_none"))}
	}
	if err != nil {
		return err
	}
	if a.asJSON {
		return a.json(struct {
			Folder string `json:"folder"`
			*dataset.Set
		}{flags.output, made})
	}
	var size int64
	for _, f := range made.Files {
		size += f.Bytes
	}
	a.tell("dataset_written", "folder", flags.output, "rows", made.Rows, "states", len(made.States), "from", made.From, "to", made.To,
		"withheld", made.Withheld, "files", len(made.Files), "kb", (size+1023)/1024)
	a.sayf("%s", p.Release())
	return nil
}

// baseURL checks an address that others are to begin with, and ends it in a slash.
func baseURL(said string) (string, error) {
	if said == "" {
		return "", nil
	}
	u, err := url.Parse(said)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsAny(said, "?#") {
		return "", usagef("--base-url %s: want an address with https:// or http://, without a query or fragment", said)
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// replaceable refuses a folder that is not empty and not an older export.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return notDangling("--output", dir)
	}
	if err != nil {
		return usagef("--output %s: %w; want the name of a folder", dir, err)
	}
	var described struct {
		Name      string
		Resources []struct{ Path any } // one, or a list
	}
	b, err := os.ReadFile(filepath.Join(dir, dataset.PackageName))
	if err == nil {
		err = json.Unmarshal(b, &described)
	}
	if err != nil || !strings.HasPrefix(described.Name, "oas-tip-") {
		return usagef("--output %s: the folder holds something, and no older export (no %s of one); name a new or empty one", dir, dataset.PackageName)
	}
	if err := othersIn(dir, entries, func(name string) bool { return slices.Contains(dataset.Names, name) }); err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, r := range described.Resources {
		switch paths := r.Path.(type) {
		case string:
			ours[paths] = true
		case []any:
			for _, p := range paths {
				ours[fmt.Sprint(p)] = true
			}
		}
	}
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error { // and in its folders what it describes
		if err == nil && !d.IsDir() && strings.Contains(name, "/") && !ours[name] {
			err = othersHere(dir, name)
		}
		return err
	})
}

// othersIn refuses a folder in which something is not ours.
func othersIn(dir string, entries []fs.DirEntry, ours func(name string) bool) error {
	for _, e := range entries {
		if !ours(e.Name()) {
			return othersHere(dir, e.Name())
		}
	}
	return nil
}

func othersHere(dir, name string) error {
	return usagef("--output %s: beside an older export, which would be replaced, it holds %s; move that away, or name another folder", dir, name)
}

// replaceFolder makes a folder anew, beside where it will stand, and then puts it in the
// place of the older one: nothing of that may remain among the new files, since what
// reads a folder of parts takes all that lie in it. A link to the folder stays, and the new
// one may be read by those who could read the older: its mode is kept, and its group where
// we may give it.
func replaceFolder(dir string, write func(dir string) error) (err error) {
	if dir, err = filepath.Abs(dir); err != nil { // the folder may be this one: .
		return err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(dir), ".new-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(made)) }()
	whole := filepath.Join(made, "whole")
	if err := os.Mkdir(whole, 0o755); err != nil {
		return err
	}
	if err := write(whole); err != nil {
		return err
	}
	if was, err := os.Stat(dir); err == nil {
		giveGroup(whole, was)
		if err := os.Chmod(whole, was.Mode()); err != nil { // last: another group takes setgid away
			return err
		}
	}
	old := filepath.Join(made, "old")
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(whole, dir); err != nil {
		if back := os.Rename(old, dir); back != nil && !errors.Is(back, fs.ErrNotExist) {
			return errors.Join(err, fmt.Errorf("the older export is lost: %w", back))
		}
		return err
	}
	return nil
}
