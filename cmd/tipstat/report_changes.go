package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

const previousHelp = "folder of the last pack: say which figures moved since, why, and who sent what moved them"

// wordless are the forms that hold figures alone. What moved is told in words, which
// differ by language.
var wordless = []string{"px", "json-stat"}

func (a *app) changesCommand() *cobra.Command {
	var flags tableFlags
	var file fileFlags
	var previous string
	cmd := &cobra.Command{
		Use: "changes --previous FOLDER", Short: "What moved since the last pack, before the next is published", Args: cobra.NoArgs,
		Long: `Holds the tables of the meeting pack, as they would be published now, against the
pack in the folder: each figure that moved, what it was, what it is, why, and who
sent what moved it; figures that are new are counted. Years and States are those of
the last pack unless others are named. The two packs may be in two languages.`,
		Example: `  tipstat report changes --previous pack-december
  tipstat report changes --previous pack-december --lang es --format xlsx -o changes.xlsx
  tipstat report changes --previous pack-december --as-of 2026-06-30`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if previous == "" {
				return usagef("--previous: name the folder of the last pack")
			}
			if !a.asJSON {
				if err := file.settle(); err != nil {
					return err
				}
			}
			if slices.Contains(wordless, file.format) {
				return usagef("--format %s: it says in words what moved, and %s holds figures alone", file.format, file.format)
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			o := pack.Options{AsOf: flags.asOf, Version: version()}
			if err := readPrevious(c, previous, &flags, &o); err != nil {
				return err
			}
			return a.writeReport(cmd.Context(), func(*config) (tableMaker, error) {
				return func(ctx context.Context, db *sql.DB, p table.Params) (*table.Table, error) {
					o := o
					o.Params = p
					return pack.Changes(ctx, db, o)
				}, nil
			}, flags, file)
		},
	}
	flags.add(cmd)
	flags.addControl(cmd)
	flags.addTrial(cmd)
	file.add(cmd)
	cmd.Flags().StringVar(&previous, "previous", "", previousHelp)
	return cmd
}

// readPrevious reads the last pack. Years and States are its own where none are named.
func readPrevious(c *config, dir string, flags *tableFlags, o *pack.Options) error {
	if _, err := os.Stat(filepath.Join(dir, changes.ManifestName)); errors.Is(err, fs.ErrNotExist) {
		return usagef("--previous %s: %s: no such file: name the folder that tipstat report pack wrote, or make the old pack again with --as-of", dir, changes.ManifestName)
	}
	last, err := changes.Read(os.DirFS(dir))
	if err != nil {
		return usagef("--previous %s: %v", dir, err)
	}
	m := last.Manifest
	policy, err := flags.policy(c)
	if err != nil {
		return err
	}
	if policy.Control != disclosure.None {
		if m.Control == "" || m.Control == string(disclosure.None) {
			return usagef("--previous %s: it is a working pack, and its figures have not passed disclosure control: name the last pack that was published, or --control none", dir)
		}
		if m.Control != string(policy.Control) || m.Rounding != nil && m.Rounding.Base != policy.Rounding.Base {
			was := m.Control
			if m.Rounding != nil {
				was += " --base " + strconv.Itoa(m.Rounding.Base)
			}
			return usagef("--previous %s: it was made with --control %s; figures published in two ways tell more than either", dir, was)
		}
		if policy.Control == disclosure.Suppression {
			p, err := readPack(dir)
			if err != nil {
				return err
			}
			flags.last = []audit.Published{p}
		}
	}
	if flags.asOf != "" && flags.asOf < m.Received {
		return usagef("--as-of %s: the pack in %s drew on files received up to %s; what moved is told from the older to the newer", flags.asOf, dir, m.Received)
	}
	flags.years = cmp.Or(flags.years, m.Years)
	if len(flags.states) == 0 {
		flags.states = m.States
	}
	sorted := func(list []string) string {
		list = slices.Clone(list)
		for i, s := range list {
			list[i] = strings.ToUpper(strings.TrimSpace(s))
		}
		slices.Sort(list)
		return strings.Join(list, ",")
	}
	if asked := strings.Join(flags.states, ","); sorted(flags.states) != sorted(m.States) {
		if len(m.States) == 0 {
			return usagef("--states %s: the pack in %s is of all of the OAS; totals of other States do not compare", asked, dir)
		}
		return usagef("--states %s: the pack in %s is of %s; totals of other States do not compare", asked, dir, strings.Join(m.States, ","))
	}
	o.Previous = last
	return nil
}
