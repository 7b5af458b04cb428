package main

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
)

// sdmxFlags say what is exported, in which formats, and where to.
type sdmxFlags struct {
	tableFlags
	version, format, output, since string
	sinceSaid                      bool
}

// The values of --sdmx-version and --format. SDMX 2.1 has no json here.
var (
	sdmxVersions = []string{string(sdmx.Version30), string(sdmx.Version21)}
	sdmxFormats  = []string{"csv", "json", "xml", "all"}
)

func (a *app) exportSDMXCommand() *cobra.Command {
	var flags sdmxFlags
	cmd := &cobra.Command{
		Use: "sdmx", Short: "Everything as SDMX 3.0 or 2.1: structures, data and reference metadata", Args: cobra.NoArgs,
		Long: `Writes the dataflow OAS:TIP(1.0.0) into a folder:

  data.csv         SDMX-CSV 2.0
  structure.json   SDMX-JSON 2: code lists in four languages, data structure, dataflow,
  data.json        providers, categories; the data; reference metadata (counting
  metadata.json    rules, coverage, quality) of each State and source agency
  structure.xml    the same as SDMX-ML 3.0
  data.xml
  data.xsd         schema of data.xml, beside those of SDMX-ML 3.0
  metadata.xml

With --sdmx-version 2.1, for receivers that read nothing newer, the same as

  data.csv         SDMX-CSV 1.0
  structure.xml    SDMX-ML 2.1; data.xml is structure-specific, by data.xsd, and
  data.xml         generic.xml has the same data for those who want no schema of
  data.xsd         their own; reference metadata are of a metadata structure with a
  generic.xml      target (provision agreements) and a report
  metadata.xml

The observations are those from which tables are made, of the States of the OAS, with
disclosure control: what is withheld has no value, OBS_STATUS Q and CONF_STATUS C.
Where it breaks case rows down it has no line at all: a line would tell that somebody
is there.
What is known within bounds has LOWER_BOUND and UPPER_BOUND. Counting unit, kind of
victim, unit of measure and source agency are part of the key: series of one State are
never blended. Where two files of one agency give the same key, the one received last
is taken, and it is told how many were left out. The messages are dated by the newest
file, or decision (withdraw): the same store gives the same bytes.
SHA256SUMS tells whether the files are whole (sha256sum -c).

With --since FOLDER it is what changed since the export in that folder (its data.csv, of
SDMX 3.0), which is what the receiver has; of it too only the --states and --years asked
for. Or since a run of tipstat (tipstat history names them) or the end of a day, as the
store stood then and under the rules of now: what a change of disclosure.yaml or of the
vocabulary did is not in it; for that name the folder. What is written as a day is a day,
and else a folder goes before a run: a folder 2026-06-30 is named ./2026-06-30. A folder
whose data.csv is not whole, or was made with rounding where this is not or the other way
round, is refused.
With the actions of SDMX: Delete for observations that are there no longer, of which only
the key is said, Replace for those of which anything is said otherwise, Append for new
ones. SDMX-CSV 1.0 has no actions: of 2.1 only the xml files say what changed.
The folder is replaced as a whole, if it holds an older export or nothing; it keeps its
mode, and where it is a link that stays. Exit code 3, and nothing written, if no figure is
of the States and years asked for.
With --control none nothing is withheld: not for publication.`,
		Example: `  tipstat export sdmx
  tipstat export sdmx -o sdmx --format csv --states HND,GTM --years 2020-2024
  tipstat export sdmx --as-of 2026-06-30 --format xml   # as it was sent then
  tipstat export sdmx --sdmx-version 2.1                    # for older systems
  tipstat export sdmx --since sent/2026-06 -o changes         # what changed since that export
  tipstat export sdmx --since 2026-06-30 -o changes           # or since the end of a day`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			flags.sinceSaid = cmd.Flags().Changed("since")
			return a.exportSDMX(cmd.Context(), flags)
		},
	}
	cmd.Flags().StringVar(&flags.version, "sdmx-version", string(sdmx.Version30), choices(sdmxVersions).String())
	cmd.Flags().StringVar(&flags.format, "format", "all", choices(sdmxFormats).String())
	cmd.Flags().StringVar(&flags.years, "years", "", "years, such as 2019-2023 or 2021 (default: all that the store has)")
	cmd.Flags().StringSliceVar(&flags.states, "states", nil, "States by ISO 3166-1 alpha-3 code (default: all of the OAS)")
	cmd.Flags().StringVar(&flags.asOf, "as-of", "", "as the store stood at the end of this day (UTC), YYYY-MM-DD (default: now)")
	cmd.Flags().StringVar(&flags.since, "since", "", "only what changed since the export in this folder, this run, or the end of this day (UTC), YYYY-MM-DD (a folder of such a name: ./YYYY-MM-DD), with SDMX actions")
	cmd.Flags().StringVarP(&flags.output, "output", "o", "", "folder to write to (default: sdmx, or sdmx-2.1, in the workspace's out folder; with --since sdmx-changes, or sdmx-2.1-changes)")
	flags.addControl(cmd)
	suggest(cmd, "sdmx-version", cobra.FixedCompletions(sdmxVersions, cobra.ShellCompDirectiveNoFileComp))
	suggest(cmd, "format", cobra.FixedCompletions(sdmxFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) exportSDMX(ctx context.Context, flags sdmxFlags) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	files, err := a.sdmxFiles(flags)
	if err != nil {
		return err
	}
	if flags.output == "" {
		flags.output = filepath.Join(c.path(c.Out), "sdmx")
		if flags.version != string(sdmx.Version30) {
			flags.output += "-" + flags.version
		}
		if flags.since != "" { // the whole export stays
			flags.output += "-changes"
		}
	}
	if err := a.sdmxSinceWhat(ctx, c, flags); err != nil {
		return err
	}
	if err := sdmxReplaceable(flags.output); err != nil {
		return err
	}
	set, err := c.vocabulary()
	if err != nil {
		return err
	}
	flags.trial, flags.quiet = true, true // what is refused below was shown to nobody
	st, p, err := flags.open(ctx, a, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.Hold(ctx); err != nil {
		return err
	}
	e, err := a.makeSDMX(ctx, st.DB(), set, p)
	if err != nil {
		return err
	}
	if flags.folder() {
		if err := a.sdmxSinceFolder(ctx, flags.since, p, st.DB(), e); err != nil {
			return err
		}
	}
	if flags.decisions != nil {
		a.told(flags.summary)
	}
	if err := flags.shown(ctx, a, c); err != nil {
		return err
	}
	if flags.since != "" && !flags.folder() {
		done, bad := a.sdmxSince(ctx, c, flags, set, e)
		if bad != nil {
			return bad
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	if e.Observations == 0 && e.Changes["Delete"] == 0 { // as the other data sets
		return errUnsafe{errors.New(a.word("dataset_none"))}
	}
	if err := replaceFolder(flags.output, func(dir string) error { return writeSDMX(ctx, e, dir, files) }); err != nil {
		return err
	}
	if a.asJSON {
		return a.json(struct {
			Folder  string   `json:"folder"`
			Version string   `json:"sdmx_version"`
			Files   []string `json:"files"`
			*sdmx.Export
		}{flags.output, flags.version, append(fileNames(files), sumsName), e})
	}
	if flags.since != "" {
		a.tell("sdmx_since", "folder", flags.output, "since", flags.since, "delete", e.Changes["Delete"], "replace", e.Changes["Replace"], "append", e.Changes["Append"])
		if gone := e.Retired(); len(gone) > 0 {
			a.tell("sdmx_retired", "codes", a.some(gone))
		}
	} else {
		a.tell("sdmx_written", "folder", flags.output, "observations", e.Observations, "series", e.Series, "withheld", e.Withheld, "agreements", e.Agreements)
	}
	if flags.noCSV() {
		a.tell("sdmx_no_csv")
	}
	if e.LeftOut > 0 {
		a.tell("sdmx_left_out", "count", e.LeftOut)
	}
	a.sayf("%s", p.Release())
	return nil
}

// noCSV tells whether the csv of a version can't say what is asked for.
func (f sdmxFlags) noCSV() bool { return f.since != "" && f.version == string(sdmx.Version21) }

// sdmxFiles are the files that are asked for.
func (a *app) sdmxFiles(flags sdmxFlags) ([]sdmx.File, error) {
	switch {
	case !slices.Contains(sdmxVersions, flags.version):
		return nil, usagef("--sdmx-version %s: want %s", flags.version, choices(sdmxVersions))
	case !slices.Contains(sdmxFormats, flags.format):
		return nil, usagef("--format %s: want %s", flags.format, choices(sdmxFormats))
	case flags.format == "csv" && flags.noCSV():
		return nil, usageError{err: errors.New(a.word("sdmx_csv_since"))}
	}
	files := sdmx.Files(sdmx.Version(flags.version))
	files = slices.DeleteFunc(files, func(f sdmx.File) bool {
		return flags.format != "all" && flags.format != f.Format || f.Format == "csv" && flags.noCSV()
	})
	if len(files) == 0 {
		return nil, usageError{err: errors.New(a.word("sdmx_no_format", "version", flags.version, "format", flags.format))}
	}
	return files, nil
}

func fileNames(files []sdmx.File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

// makeSDMX makes an export; a code that the vocabulary lacks is a refusal, with what to do.
func (a *app) makeSDMX(ctx context.Context, db *sql.DB, set *codelist.Set, p table.Params) (*sdmx.Export, error) {
	e, err := sdmx.Make(ctx, db, set, p)
	if bad := (*sdmx.CodeError)(nil); errors.As(err, &bad) {
		return nil, errUnsafe{errors.New(a.word("sdmx_code", "code", bad.Code, "component", bad.Component, "list", bad.Codelist))}
	}
	return e, err
}
