package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/transform/store"
)

type reprocessFlags struct {
	because
	layout, file string
	dryRun       bool
}

func (a *app) reprocessCommand() *cobra.Command {
	var f reprocessFlags
	cmd := &cobra.Command{
		Use: "reprocess [SUBMISSION...] (--dry-run | --reason TEXT)", Short: "Read accepted files again, after a layout or a code list was corrected",
		Long: `Reads the originals of submissions again (all that are not withdrawn, unless some are
named), through the layouts and code lists of now, and tells what they tell otherwise:
observations that are others, new or gone. With --dry-run that is all. Otherwise what is
read otherwise is stored as a new submission (feccc596d83b-2) that stands in the place of
the older reading: what was received later still supersedes it. The older reading is
withdrawn with the reason, and --as-of a day before shows it. A file that reads as before
stays as it is; one that is refused now too (exit code 3), with its findings.

A file is read through the layout of its id, as before, unless --layout names another; a
form by the form of now. A file that was not kept, since columns of it named persons, is
given once more with --file. Of what was counted from case rows no figure is shown. With
--json all differences are told, otherwise twenty for each file.

The reason is kept in the store: no names, no numbers of documents or telephones.`,
		Example:           "  tipstat reprocess --dry-run\n  tipstat reprocess feccc596d83b --reason \"the layout took unknown age for adults\"\n  tipstat reprocess --reason \"spellings of citizenship added\" --by mlopez",
		ValidArgsFunction: a.suggestSubmissions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reprocess(cmd.Context(), args, f)
		},
	}
	cmd.Flags().StringVar(&f.reason, "reason", "", "why, in one line")
	cmd.Flags().StringVar(&f.by, "by", "", "who decided (default: the user of the machine)")
	cmd.Flags().StringVar(&f.layout, "layout", "", "read them through this layout")
	cmd.Flags().StringVar(&f.file, "file", "", "the same bytes, of one submission whose file was not kept")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "tell what would be read otherwise, and store nothing")
	suggest(cmd, "layout", a.suggestLayouts(cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) reprocess(ctx context.Context, ids []string, f reprocessFlags) (err error) {
	if !f.dryRun {
		if err := f.complete(); err != nil {
			return err
		}
	}
	c, err := a.config()
	if err != nil {
		return err
	}
	in, err := a.inbox(ctx, c, strings.TrimSpace("reprocess "+strings.Join(ids, " ")))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Store.Close()) }()
	if _, ok := in.LayoutByID(f.layout); f.layout != "" && !ok {
		return usagef("no layout %q: tipstat layout list shows them", f.layout)
	}
	subs, err := chosen(ctx, in.Store, ids)
	if err != nil {
		return err
	}
	if f.file != "" && len(subs) != 1 {
		return usagef("--file is of one submission: name it")
	}
	receipts, refused, failed, same := []*inbox.Receipt{}, false, 0, 0
	defer func() { // what was stored is said, whatever came after
		if a.asJSON {
			err = errors.Join(a.json(receipts), err)
		}
	}()
	for _, sub := range subs {
		r, err := in.Reprocess(ctx, inbox.Again{Of: sub, Reason: f.reason, By: f.by, DryRun: f.dryRun, Path: f.file}, inbox.Options{Layout: f.layout})
		switch {
		case errors.Is(err, inbox.ErrNotKept):
			a.tell("reread_not_kept", "submission", sub.ID, "file", sub.FileName)
			continue
		case errors.Is(err, inbox.ErrOther) && f.file != "":
			return usagef("--file %s: these are other bytes than %s has", f.file, sub.ID)
		case errors.Is(err, inbox.ErrGone), errors.Is(err, inbox.ErrOther):
			a.tell("reread_damaged", "submission", sub.ID, "file", sub.FileName)
			failed++
			continue
		case err != nil:
			return err
		}
		receipts = append(receipts, r)
		switch r.Outcome {
		case inbox.Unchanged:
			same++
		case inbox.Refused:
			refused = true
		}
		if !a.asJSON {
			a.reread(r, f.dryRun)
		}
	}
	if !a.asJSON {
		a.tell("reread_same", "count", same, "all", len(subs))
	}
	switch {
	case failed > 0:
		return errors.New(a.word("reread_failed", "count", failed))
	case refused:
		return errRefused
	}
	return nil
}

// chosen are the submissions named, or else all that are not withdrawn, in their order.
func chosen(ctx context.Context, st *store.Store, ids []string) ([]store.Submission, error) {
	all, err := st.History(ctx)
	if err != nil {
		return nil, err
	}
	var list []store.Submission
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s store.Submission) bool { return s.ID == id })
		switch {
		case i < 0:
			return nil, usagef("no submission %q: tipstat history lists them", id)
		case all[i].Outcome == "withdrawn":
			return nil, usagef("%s is withdrawn: tipstat withdraw --undo takes that back, before it can be read again", id)
		}
		if !slices.ContainsFunc(list, func(s store.Submission) bool { return s.ID == id }) {
			list = append(list, all[i])
		}
	}
	if len(ids) == 0 {
		list = slices.DeleteFunc(all, func(s store.Submission) bool { return s.Outcome == "withdrawn" })
	}
	return list, nil
}

// mostChanges bounds the changes of one file that are printed.
const mostChanges = 20

// rereadWords tell a change in words.
var rereadWords = map[string]string{"new": "reread_new", "gone": "reread_gone", "changed": "reread_changed"}

// reread prints what a file tells otherwise.
func (a *app) reread(r *inbox.Receipt, dryRun bool) {
	switch {
	case r.Outcome == inbox.Refused:
		a.speaking(r.Lang).receipt(r)
		return
	case r.Outcome == inbox.Unchanged:
		return
	case dryRun:
		a.tell("reread_would", "submission", r.ReprocessOf, "file", r.File, "changed", r.Difference.Changed, "new", r.Difference.New, "gone", r.Difference.Gone, "records", r.Difference.Records)
	default:
		a.tell("reread_done", "submission", r.ReprocessOf, "file", r.File, "changed", r.Difference.Changed, "new", r.Difference.New, "gone", r.Difference.Gone, "records", r.Difference.Records, "reading", r.SubmissionID)
	}
	if len(r.Difference.Entry) > 0 {
		a.tell("reread_entry", "what", strings.Join(r.Difference.Entry, ", "))
	}
	for i, d := range r.Difference.Changes {
		if i == mostChanges {
			a.tell("reread_more", "count", len(r.Difference.Changes)-i)
			break
		}
		at := ""
		if d.Cell != "" {
			at = " (" + d.Cell + ")"
		}
		if d.What != "" && d.What != "OBS_VALUE" {
			at += " [" + d.What + "]"
		}
		a.sayf("  %s", plain(a.word(rereadWords[d.Change], "about", d.About, "before", d.Before, "after", d.After)+at))
	}
}
