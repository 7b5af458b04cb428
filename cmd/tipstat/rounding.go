package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/rounding"
	"github.com/oas/tipstat/transform/store"
)

// round rounds the figures of persons in all that reads the store through this
// connection, by the workspace's secret, and says how.
func (a *app) round(ctx context.Context, c *config, st *store.Store, policy disclosure.Policy) (*table.Rounding, error) {
	var o rounding.Options
	var err error
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
	in := map[rounding.Method]string{rounding.Random: "rounded_random", rounding.Controlled: "rounded_controlled"}[s.Method]
	a.tell("rounded", "figures", strconv.Itoa(s.Figures), "how", a.word(in), "base", strconv.Itoa(s.Base),
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
	return &table.Rounding{Base: s.Base, Method: string(s.Method)}, nil
}
