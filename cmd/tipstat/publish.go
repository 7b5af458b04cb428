package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/rounding"
	"github.com/oas/tipstat/transform/store"
)

// addControl adds the flag of what is made for others to see.
func (f *tableFlags) addControl(cmd *cobra.Command) {
	names := controlNames()
	cmd.Flags().StringVar(&f.control, "control", "", "disclosure control: "+choices(names).String()+" (a working table, not for publication) (default: the workspace's, suppression)")
	cmd.Flags().IntVar(&f.base, "base", 0, "with rounding: to multiples of 3 or 5 (default: the workspace's, 3)")
	suggest(cmd, "control", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	suggest(cmd, "base", cobra.FixedCompletions([]cobra.Completion{"3", "5"}, cobra.ShellCompDirectiveNoFileComp))
}

// controlNames are the values of --control.
func controlNames() (names []string) {
	for _, c := range disclosure.Controls {
		names = append(names, string(c))
	}
	return names
}

// addTrial adds the flag of tables that are made to see what would be withheld.
func (f *tableFlags) addTrial(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.trial, "trial", false, "see what would be withheld, to try a policy: not for publication, and not remembered as shown")
}

// policy reads what the workspace lets out, with --control before it.
func (f *tableFlags) policy(c *config) (disclosure.Policy, error) {
	p, err := disclosure.LoadPolicy(os.DirFS(c.dir))
	if err != nil {
		return p, usageError{err: err}
	}
	codes, err := c.vocabulary()
	if err != nil {
		return p, err
	}
	if err := p.Check(codes); err != nil {
		return p, usageError{err: err}
	}
	p.Control = cmp.Or(disclosure.Control(f.control), p.Control)
	if !slices.Contains(disclosure.Controls, p.Control) {
		return p, usagef("--control %s: want one of %s", f.control, choices(controlNames()))
	}
	if f.base == 0 {
		return p, nil
	}
	p.Rounding.Base = f.base
	switch _, rounds := p.Control.Rounds(); {
	case !rounds:
		return p, usagef("--base: only with --control %s or %s", disclosure.RandomRounding, disclosure.ControlledRounding)
	case !slices.Contains(rounding.Bases, f.base):
		return p, usagef("--base %d: want 3 or 5", f.base)
	}
	return p, nil
}

// open checks the flags and opens the store for reading, as it stood on the day of
// --as-of, without what may not be published.
func (f *tableFlags) open(ctx context.Context, a *app, c *config) (*store.Store, table.Params, error) {
	policy, err := f.policy(c)
	if err != nil {
		return nil, table.Params{}, err
	}
	return f.openUnder(ctx, a, c, policy)
}

// openUnder is open under a policy that was read already.
func (f *tableFlags) openUnder(ctx context.Context, a *app, c *config, policy disclosure.Policy) (st *store.Store, p table.Params, err error) {
	if p, err = f.params(c, a.lang); err != nil {
		return nil, p, err
	}
	switch {
	case f.afterRun != "":
		st, err = c.DuckDB.OpenAfterRun(ctx, c.path(c.Store), f.afterRun)
	case f.asOf == "":
		st, err = c.DuckDB.OpenReadOnly(ctx, c.path(c.Store))
	default:
		day, bad := time.Parse(time.DateOnly, f.asOf)
		if bad != nil {
			return nil, p, usagef("--as-of %s: want YYYY-MM-DD", f.asOf)
		}
		if day.After(a.now()) {
			return nil, p, usagef("--as-of %s: that day is still to come; want today or earlier", f.asOf)
		}
		st, err = c.DuckDB.OpenAsOf(ctx, c.path(c.Store), day)
	}
	if err != nil || policy.Control == disclosure.None {
		return st, p, err
	}
	p.Control = &table.Control{Method: string(policy.Control), Threshold: policy.Threshold, ThresholdCases: policy.ThresholdCases, Trial: f.trial && !f.quiet}
	p.Control.Low, p.Control.High, _ = policy.Others()
	if policy.Control == disclosure.Suppression {
		a.otherWay(c, disclosure.KeyFile, a.word("way_rounding"))
		err = f.protect(ctx, a, c, st, policy, p)
	} else {
		a.otherWay(c, disclosure.DecisionsFile, a.word("way_suppression"))
		p.Control.Rounding, err = a.round(ctx, c, st, policy)
	}
	if err != nil {
		return nil, p, errors.Join(err, st.Close())
	}
	return st, p, nil
}

// otherWay tells that figures were let out in another way, if it left its file here.
func (a *app) otherWay(c *config, file, control string) {
	if _, err := os.Stat(c.path(file)); err == nil {
		a.tell("other_way", "control", control)
	}
}

// protect withholds what may not be published from all that reads the store
// through this connection.
func (f *tableFlags) protect(ctx context.Context, a *app, c *config, st *store.Store, policy disclosure.Policy, p table.Params) error {
	codes, err := c.vocabulary()
	if err != nil {
		return err
	}
	if f.decisions == nil {
		file := c.path(disclosure.DecisionsFile)
		if f.decisions, err = a.readDecisions(file); err != nil {
			return err
		}
		if gone(file) {
			a.tell("decisions_gone", "file", file)
		}
	}
	if err := st.Hold(ctx); err != nil {
		return err
	}
	s, err := disclosure.Protect(ctx, st.DB(), disclosure.Options{Policy: policy, Codes: codes, Decisions: f.decisions, Earlier: disclosure.NewEarlier(f.last), Whole: f.whole})
	if err != nil {
		return err
	}
	s.Unsettled = slices.DeleteFunc(s.Unsettled, func(g disclosure.Group) bool { return !p.Chooses(g.State, g.Year) })
	f.summary = s
	if !f.quiet {
		a.told(s)
	}
	if len(s.Unsettled) > 0 && (!f.trial || f.quiet) { // of a trial that the user asked for it is only told
		return errUnsafe{errors.New(a.word("unsettled", "list", a.some(groups(s.Unsettled))))}
	}
	if f.trial {
		return nil
	}
	return f.shown(ctx, a, c)
}

func groups(list []disclosure.Group) (names []string) {
	for _, g := range list {
		names = append(names, g.String())
	}
	return names
}

// shown keeps what was decided of what is shown from here on; that it can't be kept is told.
func (f *tableFlags) shown(ctx context.Context, a *app, c *config) error {
	if f.decisions == nil { // nothing was withheld by decision
		return nil
	}
	if err := a.keep(ctx, c, f.decisions); err != nil {
		if ctx.Err() != nil {
			return err
		}
		a.tell("decisions_lost", "file", c.path(disclosure.DecisionsFile), "why", err.Error())
	}
	return nil
}

// keep writes down what was decided and shown, with what other runs wrote meanwhile.
func (a *app) keep(ctx context.Context, c *config, d *disclosure.Decisions) (err error) {
	if !d.Moved() {
		return nil
	}
	file := c.path(disclosure.DecisionsFile)
	lock := flock.New(file + lockName)
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	there, err := a.readDecisions(file)
	if err != nil {
		return err
	}
	b, err := d.JSON(there)
	if err != nil {
		return err
	}
	return writeInternal(file, append(b, '\n'))
}

// writeInternal writes a file that tells of withheld figures: for who made it alone.
func writeInternal(name string, b []byte) error {
	if err := writeFile(name, b); err != nil {
		return err
	}
	return os.Chmod(name, 0o600)
}

// lockRetry is how often it is tried to get at a file that another run writes.
const lockRetry = 20 * time.Millisecond

// told tells what was withheld.
func (a *app) told(s disclosure.Summary) {
	a.tell("protected", "cells", strconv.Itoa(s.Cells), "primary", strconv.Itoa(s.Primary), "unseen", strconv.Itoa(s.Unseen), "secondary", strconv.Itoa(s.Secondary), "told", strconv.Itoa(s.Told))
	if len(s.Unsettled) > 0 {
		a.tell("unsettled", "list", a.some(groups(s.Unsettled)))
	}
	if len(s.Unsafe) > 0 {
		a.tell("all_withheld", "list", a.some(s.Unsafe))
	}
	if len(s.Exposed) > 0 {
		a.tell("exposed", "list", a.some(s.Exposed))
	}
	if len(s.Differs) > 0 {
		a.tell("differs", "list", a.some(s.Differs))
	}
}

// mostNamed is how many groups one line names.
const mostNamed = 12

// some names the first of a list.
func (a *app) some(list []string) string {
	if n := len(list) - mostNamed; n > 1 {
		return strings.Join(list[:mostNamed], ", ") + a.word("and_more", "count", n)
	}
	return strings.Join(list, ", ")
}

// gone tells whether a file that was written here is not there any more: its lock is.
func gone(file string) bool {
	_, there := os.Stat(file)
	_, locked := os.Stat(file + lockName)
	return errors.Is(there, fs.ErrNotExist) && locked == nil
}

// lockName is what the name of a file's lock ends with.
const lockName = ".lock"

func (a *app) readDecisions(file string) (*disclosure.Decisions, error) {
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		b = nil
	case err != nil:
		return nil, err
	case b == nil:
		b = []byte{}
	}
	d, err := disclosure.ReadDecisions(b)
	switch {
	case errors.Is(err, disclosure.ErrNoDecisions):
		return nil, errors.New(a.word("decisions_none", "file", file))
	case err != nil:
		return nil, errors.New(a.word("decisions_damaged", "file", file, "why", err.Error()))
	}
	return d, nil
}
