package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/store"
	"github.com/oas/tipstat/transform/store/backup"
)

func (a *app) backupCommand() *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use: "backup FILE.tar.gz", Short: "Write what the workspace can't make again into one file", Args: cobra.ExactArgs(1),
		Long: `Writes the store, the accepted files, layouts and vocabulary of your own, the policy of
disclosure control, what it remembers to have withheld, and its secret into one file,
which tipstat restore makes a workspace of. The file is read back, and its store checked
as tipstat check does, before it gets its name; a file that is there is not written over.

It may run while files are taken in: it waits for the end of the run, or of the command,
that has the store (--wait), and holds the store while it is copied, no longer. Its date
is when it had the store. What is made from the store (out) is
not in it, nor are files that wait in an inbox, and audits.

The file holds what the workspace holds: rows about persons, reduced to codes, and the
secret of the rounding. Keep it where nobody else can read it, encrypted. Exit code 3,
and no file, if the store is faulty.`,
		Example: "  tipstat backup /backup/tip-2026-11-26.tar.gz\n  tipstat backup tip.tar.gz --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			w, err := c.kept()
			if err != nil {
				return err
			}
			w.Version, w.Now = version(), a.now
			m, found, err := writeBackup(cmd.Context(), args[0], w, wait)
			switch {
			case errors.Is(err, backup.ErrThere):
				return usagef("%s is there already, and is not written over", args[0])
			case errors.Is(err, backup.ErrFaulty):
				for _, f := range found.Faults {
					fmt.Fprintln(a.err, plain(a.fault(f)))
				}
				return errUnsafe{errors.New(a.word("backup_faulty", "count", len(found.Faults)))}
			case err != nil:
				return err
			}
			if a.asJSON {
				return a.json(m)
			}
			a.tell("backup_written", "file", args[0], "files", len(m.Files), "submissions", m.Submissions, "digest", m.Digest)
			return nil
		},
	}
	cmd.Flags().DurationVar(&wait, "wait", 10*time.Minute, "how long to wait for another process that has the store, such as a run")
	return cmd
}

// kept says what of a workspace goes into a backup.
func (c *config) kept() (w backup.Workspace, err error) {
	for _, name := range []string{c.Store, c.Originals, c.Layouts, c.Vocabulary} {
		if name != "" && !filepath.IsLocal(name) {
			return w, usagef("%s: %s lies outside of the workspace: back it up by itself, or move it in", filepath.Join(c.dir, configName), name)
		}
	}
	w = backup.Workspace{Dir: c.dir, Store: filepath.ToSlash(filepath.Clean(c.Store)), Files: []string{configName, disclosure.PolicyFile, disclosure.DecisionsFile, disclosure.KeyFile, servedFile}}
	if c.Originals != "" {
		w.Originals = filepath.ToSlash(filepath.Clean(c.Originals))
	}
	for _, name := range []string{c.Layouts, c.Vocabulary} {
		if name != "" {
			w.Files = append(w.Files, filepath.ToSlash(filepath.Clean(name)))
		}
	}
	return w, nil
}

// writeBackup writes a backup as soon as nobody has the store for writing.
func writeBackup(ctx context.Context, to string, w backup.Workspace, wait time.Duration) (m backup.Manifest, c store.Checked, err error) {
	until := time.Now().Add(wait)
	for {
		m, c, err = backup.Write(ctx, to, w)
		if !errors.Is(err, store.ErrLocked) || time.Now().After(until) {
			return m, c, err
		}
		select {
		case <-ctx.Done():
			return m, c, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (a *app) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE.tar.gz DIR", Short: "Make a workspace of a backup", Args: cobra.ExactArgs(2),
		Long: `Makes a workspace of what tipstat backup wrote, in a folder that is not there yet, or is
empty: nothing is written over. Every file is held against its SHA-256, and the rows of
the store against what they were; else nothing is made (exit code 3). The folders of inbox,
accepted and refused files are made as tipstat.yaml names them, those outside of the
workspace are not; tables are made again by tipstat report.`,
		Example: "  tipstat restore /backup/tip-2026-11-26.tar.gz tip\n  tipstat restore /backup/tip-2026-11-26.tar.gz tip --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkLang(); err != nil {
				return err
			}
			m, err := backup.Restore(cmd.Context(), args[0], args[1])
			switch {
			case errors.Is(err, backup.ErrThere):
				return usagef("%s is not empty: want a folder that is not there, or is empty", args[1])
			case errors.Is(err, backup.ErrBroken), errors.Is(err, backup.ErrName):
				return errUnsafe{errors.New(a.word("restore_broken", "file", args[0], "why", strings.TrimPrefix(err.Error(), backup.ErrBroken.Error()+": ")))}
			case err != nil:
				return err
			}
			c, err := (&app{workspace: args[1], lang: a.lang}).config()
			if err == nil {
				err = c.makeFolders()
			}
			if err != nil {
				return err
			}
			if a.asJSON {
				return a.json(m)
			}
			a.tell("restored", "folder", args[1], "made", m.MadeAt.Format(time.DateTime), "files", len(m.Files), "submissions", m.Submissions, "digest", m.Digest)
			return nil
		},
	}
}

// fault says what is wrong with a store, and what to do.
func (a *app) fault(f store.Fault) string {
	key := map[string]string{"table": "fault_table", "id": "fault_id", "clock": "fault_clock", "orphan": "fault_orphan", "account": "fault_account",
		"trace": "fault_trace", "number": "fault_number", "reading": "fault_reading", "original": "fault_original", "block": "fault_block", "file": "fault_file", auditCheck: auditFaults[f.Found]}[f.Check]
	return a.word(key, "subject", f.Subject, "found", f.Found, "expected", f.Expected)
}
