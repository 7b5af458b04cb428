package main

import (
	"context"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/rounding"
	"github.com/oas/tipstat/transform/store"
)

// roundings are the values of --control that round.
var roundings = map[string]rounding.Method{"random-rounding": rounding.Random, "controlled-rounding": rounding.Controlled}

// addRounding adds the flags of rounding.
func (f *tableFlags) addRounding(cmd *cobra.Command) {
	names := append(slices.Sorted(maps.Keys(roundings)), "none")
	cmd.Flags().StringVar(&f.control, "control", "none", choices(names)+": round figures of persons in place of withholding some; the same for all that is published")
	cmd.Flags().IntVar(&f.base, "base", 0, "with rounding: to multiples of 3 or 5 (default: the workspace's, 3)")
	suggest(cmd, "control", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	suggest(cmd, "base", cobra.FixedCompletions([]cobra.Completion{"3", "5"}, cobra.ShellCompDirectiveNoFileComp))
}

// rounding tells whether figures are to be rounded, and how.
func (f *tableFlags) rounding() (o rounding.Options, round bool, err error) {
	o.Base = f.base
	o.Method, round = roundings[f.control]
	switch {
	case !round && f.control != "none" && f.control != "":
		err = usagef("--control %s: want %s", f.control, choices(append(slices.Sorted(maps.Keys(roundings)), "none")))
	case round && f.publish:
		err = usagef("--publish withholds figures and --control %s rounds them: want one of the two", f.control)
	case !round && f.base != 0:
		err = usagef("--base: only with --control random-rounding or controlled-rounding")
	case f.base != 0 && !slices.Contains(rounding.Bases, f.base):
		err = usagef("--base %d: want 3 or 5", f.base)
	}
	return o, round, err
}

// rounded rounds the figures of persons in all that reads the store through this
// connection, by the workspace's secret, and says how.
func (a *app) rounded(ctx context.Context, c *config, st *store.Store, o rounding.Options) (*table.Control, error) {
	policy, err := disclosure.LoadPolicy(os.DirFS(c.dir))
	if err != nil {
		return nil, err
	}
	if o.Key, err = disclosure.LoadKey(c.dir); err != nil {
		return nil, err
	}
	if err := st.Hold(ctx); err != nil {
		return nil, err
	}
	s, err := disclosure.Round(ctx, st.DB(), policy, o)
	if err != nil {
		return nil, err
	}
	how := map[rounding.Method]string{rounding.Random: "rounded_random", rounding.Controlled: "rounded_controlled"}[s.Method]
	a.tell("rounded", "figures", strconv.Itoa(s.Figures), "how", a.word(how), "base", strconv.Itoa(s.Base),
		"rates", strconv.Itoa(s.Rates), "remarks", strconv.Itoa(s.Remarks))
	if len(s.Held) > 0 {
		a.tell("rounded_held", "groups", strconv.Itoa(len(s.Held)))
	}
	if s.Narrow > 0 {
		a.tell("rounded_narrow", "figures", strconv.Itoa(s.Narrow))
	}
	if s.Further > 0 {
		a.tell("rounded_further", "further", strconv.Itoa(s.Further))
	}
	if len(s.Apart) > 0 {
		a.tell("rounded_apart", "list", strings.Join(s.Apart, ", "))
	}
	return &table.Control{Rounding: &table.Rounding{Base: s.Base, Method: string(s.Method)}}, nil
}
