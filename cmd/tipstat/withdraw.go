package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/store"
)

// because says who decides something of a submission, and why.
type because struct{ reason, by string }

// complete checks it, and takes the user of the machine for who decides if nobody is named.
func (b *because) complete() error {
	b.reason = strings.TrimSpace(b.reason)
	switch {
	case b.reason == "":
		return usagef("--reason is missing: who reads the history later wants to know why")
	case !b.fits():
		return usagef("--reason, --by: want one line of at most %d characters", store.MostReason)
	}
	if b.by == "" {
		if u, err := user.Current(); err == nil {
			b.by = u.Username
		}
	}
	b.by = cmp.Or(b.by, "-")
	return nil
}

// fits tells whether both can be kept: each is one line, and not long.
func (b *because) fits() bool {
	return len([]rune(b.reason)) <= store.MostReason && !strings.ContainsFunc(b.reason+b.by, unicode.IsControl)
}

// withdrawFlags say what is decided of a submission.
type withdrawFlags struct {
	because
	undo bool
}

func (a *app) withdrawCommand() *cobra.Command {
	var f withdrawFlags
	cmd := &cobra.Command{
		Use: "withdraw SUBMISSION --reason TEXT", Short: "Take a submission out of the tables, or with --undo back into them", Args: cobra.ExactArgs(1),
		Long: `The figures of a submission are no longer current: what it superseded is current again,
and tables, packs and exports are made as if it had not come. Nothing is deleted: as of a
day before, tables are as they were (--as-of), history and status tell of it, with who
withdrew it, when and why, and --undo takes it back.

The same bytes sent again stay withdrawn; a corrected file is a new submission. What was
published stays published: the next pack is held against it as always (report pack
--previous), and withholds what a figure that comes back would tell.

The reason is kept in the store: no names, no numbers of documents or telephones.`,
		Example:           "  tipstat withdraw feccc596d83b --reason \"the ministry sent the file of another year\"\n  tipstat withdraw feccc596d83b --undo --reason \"it was right\" --by mlopez",
		ValidArgsFunction: a.suggestSubmissions,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.withdraw(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.reason, "reason", "", "why, in one line")
	cmd.Flags().StringVar(&f.by, "by", "", "who decided (default: the user of the machine)")
	cmd.Flags().BoolVar(&f.undo, "undo", false, "its figures are current again")
	return cmd
}

func (a *app) withdraw(ctx context.Context, id string, f withdrawFlags) (err error) {
	if err := f.complete(); err != nil {
		return err
	}
	c, err := a.config()
	if err != nil {
		return err
	}
	d := store.Decision{Submission: id, Action: store.Withdraw, Reason: f.reason, By: f.by, At: a.now(), RunID: runID(a.now())}
	key := "withdrawn"
	if f.undo {
		d.Action, key = store.Restore, "withdrawal_undone"
	}
	var other store.CurrentError
	moved, err := c.decide(ctx, d, "", "withdraw")
	switch {
	case errors.Is(err, store.ErrNoSubmission):
		return usagef("no submission %q: tipstat history lists them", id)
	case errors.As(err, &other):
		return usagef("%s: another reading of the same bytes is current: withdraw %s first (tipstat history)", id, other.Submission)
	case errors.Is(err, store.ErrDecided) && f.undo:
		return usagef("%s is not withdrawn", id)
	case errors.Is(err, store.ErrDecided):
		return usagef("%s is withdrawn already; --undo takes that back", id)
	case err != nil:
		return err
	}
	if a.asJSON {
		return a.json(struct {
			store.Decision
			store.Moved
		}{d, moved})
	}
	a.tell(key, "submission", id, "out", moved.Out, "back", moved.Back)
	return nil
}

// errMoved says that a submission stands elsewhere than it did when somebody looked at it.
var errMoved = errors.New("somebody decided about it, or a newer file came, meanwhile")

// decide records a decision. seen is where the submission stood for who decides (see
// store.Submission.Standing); empty: wherever it stands. Nobody else has the store meanwhile.
func (c *config) decide(ctx context.Context, d store.Decision, seen, command string) (moved store.Moved, err error) {
	st, err := c.DuckDB.Open(ctx, c.path(c.Store))
	if err != nil {
		return moved, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if seen != "" {
		all, err := st.History(ctx)
		if err != nil {
			return moved, err
		}
		i := slices.IndexFunc(all, func(s store.Submission) bool { return s.ID == d.Submission })
		if i < 0 || all[i].Standing() != seen {
			return moved, errMoved
		}
	}
	return st.Decide(ctx, d, version(), command)
}

// printDecisions tells what was decided about a submission, each line after some text.
func (a *app) printDecisions(before string, all []store.Decision) {
	for _, d := range all {
		key := map[store.Action]string{store.Withdraw: "decided_withdraw", store.Restore: "decided_restore", store.Confirm: "decided_confirm"}[d.Action]
		fmt.Fprintln(a.out, before+plain(a.word(key, "at", d.At.Format("2006-01-02 15:04"), "by", d.By, "reason", cmp.Or(d.Reason, "-"))))
	}
}
