package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/store"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Whether the store is whole: its rows, and the accepted files", Args: cobra.NoArgs,
		Long: `Reads the store whole, and the accepted files, and tells of all that is not as it must
be: a block of its file that is damaged, a table that can't be read, rows that belong to nothing, rows of a file that its
account does not have, observations that go back to no cell, files that are missing or
were changed, a clock that was set back between two files; and, where the portal has
accounts, of what was changed in, put into or cut off its log of who did what, held
against portal.heads, unless a server has it: then that is told, and the page Log of the
portal verifies it. Nothing is changed.

digest is one of all rows of all tables, whatever their order: that of a backup, or of a
workspace that was restored, is the same. Exit code 3 if something is wrong.`,
		Example: "  tipstat check\n  tipstat check --json",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			found, err := a.checked(cmd.Context())
			if err != nil {
				return err
			}
			if a.asJSON {
				err = a.json(found)
			} else {
				for _, f := range found.Faults {
					fmt.Fprintln(a.out, plain(a.fault(f)))
				}
				a.tellPortal(found.Portal, found.Faults)
			}
			if !a.asJSON && found.Digest != "" { // it could be opened
				a.tell("checked", "submissions", found.Submissions, "observations", found.Observations, "originals", found.Originals,
					"private", found.NotKept, "extra", found.Extra, "digest", found.Digest)
			}
			if err == nil && len(found.Faults) > 0 {
				key := "check_failed"
				if !slices.ContainsFunc(found.Faults, func(f store.Fault) bool { return f.Check != auditCheck }) {
					key = "check_failed_audit" // a backup has none of it
				}
				err = errUnsafe{errors.New(a.word(key, "count", len(found.Faults)))}
			}
			return err
		},
	}
}

// checked is what was looked at in a workspace.
type checked struct {
	store.Checked
	Portal *portalChecked `json:"portal,omitempty"` // nil where it has no accounts
}

// checked checks the workspace: its store, and the audit log of its portal.
func (a *app) checked(ctx context.Context) (found checked, err error) {
	c, err := a.config()
	if err != nil {
		return found, err
	}
	if found.Checked, err = c.checkedStore(ctx); err != nil {
		return found, err
	}
	var faults []store.Fault
	found.Portal, faults, err = c.checkedPortal(ctx)
	found.Faults = append(found.Faults, faults...)
	return found, err
}

// checkedStore checks the store of the workspace. One whose file is so damaged that it can't
// be opened is faulty, as others are.
func (c *config) checkedStore(ctx context.Context) (found store.Checked, err error) {
	originals, name := "", c.path(c.Store)
	if c.Originals != "" {
		originals = c.path(c.Originals)
	}
	st, err := c.DuckDB.OpenAll(ctx, name)
	if errors.Is(store.Explained(err), store.ErrDamaged) {
		found.Faults, err = store.DamageOf(name, err)
	}
	if st == nil {
		return found, err
	}
	found, err = st.Check(ctx, originals)
	return found, errors.Join(err, st.Close())
}
