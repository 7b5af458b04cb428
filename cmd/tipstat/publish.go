package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/store"
)

// store opens the store for reading, as it stood on the day of --as-of, without
// what may not be published if that is asked for.
func (f *tableFlags) store(ctx context.Context, a *app, c *config, p *table.Params) (st *store.Store, err error) {
	if f.asOf == "" {
		st, err = store.OpenReadOnly(ctx, c.path(c.Store))
	} else {
		day, bad := time.Parse(time.DateOnly, f.asOf)
		if bad != nil {
			return nil, usagef("--as-of %s: want YYYY-MM-DD", f.asOf)
		}
		st, err = store.OpenAsOf(ctx, c.path(c.Store), day)
	}
	if o, round, bad := f.rounding(); err == nil && (round || bad != nil) {
		if bad == nil {
			p.Control, bad = a.rounded(ctx, c, st, o)
		}
		if bad != nil {
			return nil, errors.Join(bad, st.Close())
		}
		return st, nil
	}
	if err != nil || !f.publish {
		return st, err
	}
	if err := a.protect(ctx, c, st, p); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// protect withholds what may not be published from all that reads the store
// through this connection.
func (a *app) protect(ctx context.Context, c *config, st *store.Store, p *table.Params) error {
	policy, err := disclosure.LoadPolicy(os.DirFS(c.dir))
	if err != nil {
		return err
	}
	if err := st.Hold(ctx); err != nil {
		return err
	}
	s, err := disclosure.Protect(ctx, st.DB(), policy)
	if err != nil {
		return err
	}
	p.Control = &table.Control{Threshold: policy.Threshold, ThresholdCases: policy.ThresholdCases}
	a.tell("protected", "cells", strconv.Itoa(s.Cells), "primary", strconv.Itoa(s.Primary), "secondary", strconv.Itoa(s.Secondary), "told", strconv.Itoa(s.Told))
	if len(s.Unsafe) > 0 {
		a.tell("all_withheld", "list", strings.Join(s.Unsafe, ", "))
	}
	return nil
}
