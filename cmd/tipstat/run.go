package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/transform/record"
)

// runConfig is what tipstat.yaml says of runs.
type runConfig struct {
	Publish []string          `yaml:"publish"`
	Langs   []string          `yaml:"langs"`
	Meeting string            `yaml:"meeting"`
	Senders map[string]string `yaml:"senders"`
	Settle  *time.Duration    `yaml:"settle"`
	Named   string            `yaml:"named"`
	Keep    *int              `yaml:"keep_runs"`
}

// runFlags say how a batch is run.
type runFlags struct {
	publish, log, metrics string
	settle, wait          time.Duration
	quiet                 bool
	cmd                   *cobra.Command
}

const (
	settleDefault = 10 * time.Second
	waitDefault   = 30 * time.Second
)

// What can be published.
const (
	publishTables, publishPack, publishNone = "tables", "pack", "none"
)

func (f *runFlags) add(cmd *cobra.Command) {
	f.cmd = cmd
	cmd.Flags().StringVar(&f.publish, "publish", "", "what to make anew when the store has changed: tables, pack, both (tables,pack) or none (default: as tipstat.yaml says, else none)")
	cmd.Flags().StringVar(&f.log, "log", "", "append the log to this file, one JSON object a line; - is stderr, in place of the text")
	cmd.Flags().StringVar(&f.metrics, "metrics", "", "write metrics to this file (FILE.prom), for the textfile collector of Prometheus' node exporter")
	cmd.Flags().DurationVar(&f.settle, "settle", settleDefault, "watch a file that was written less than this ago so long before it is taken (default also: run.settle of tipstat.yaml)")
	cmd.Flags().DurationVar(&f.wait, "wait", waitDefault, "how long to wait for the store while another process has it")
	cmd.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing where there was nothing to do, for cron, which mails what is printed")
	suggest(cmd, "publish", cobra.FixedCompletions([]cobra.Completion{publishTables, publishPack, publishTables + "," + publishPack, publishNone}, cobra.ShellCompDirectiveNoFileComp))
}

func (a *app) runCommand() *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use: "run", Short: "One batch: what came into the inbox is taken in, told of, and published", Args: cobra.NoArgs,
		Long: `Takes in all files of the workspace's inbox and of the folders in it, oldest first,
as tipstat ingest does. Each ends in the folder accepted or refused, under its own
name or, where that is taken, with a part of its hash; nothing is written over.
Beside it lie NAME.findings.txt, in the language of the form or of its folder
(run.senders in tipstat.yaml), NAME.receipt.json and, where cells are meant, the
review workbook. Bytes that were ingested already are not stored again.

A file that is still being written, that an office program has open, or that is
temporary (.part, .tmp, .crdownload, ~) waits for the next run. A file that names
persons is moved, and never copied or quoted; one that is named after a person is
renamed to a part of its hash.

With --publish (or run.publish in tipstat.yaml) the tables are written to out, or the
meeting pack, after disclosure control, when the store has changed since.

A run that did anything leaves runs/RUN.json and runs/RUN.txt, of which the newest 400
are kept (run.keep_runs). Refusals and failures are told by a webhook or by mail, if
tipstat.yaml says so under notify.

Exit codes: 0 all was accepted, or there was nothing to do; 1 a fault of ours or of
the machine, or a file that can't be read (the other files are taken in all the
same); 2 wrong usage; 3 a file was refused, or a pack was not let out; 4 another
process is at work in the workspace.`,
		Example: `  tipstat run
  tipstat run --publish tables,pack --log /var/log/tipstat.jsonl
  tipstat run --metrics /var/lib/prometheus/node-exporter/tipstat.prom
  tipstat run --json   # the report of the run`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			c, o, err := a.runOptions(flags)
			if err != nil {
				return err
			}
			r, err := a.batch(ctx, c, o, "")
			if r != nil && a.asJSON {
				err = errors.Join(err, a.json(r))
			}
			return err
		},
	}
	flags.add(cmd)
	return cmd
}

// runOptions is what a run does, checked.
type runOptions struct {
	runFlags
	what, langs []string
	command     string
	choose      func([]batch.File) []batch.File // those to take of what lies in the inbox; nil: all
}

// runOptions reads the workspace and checks what it and the flags say of runs.
func (a *app) runOptions(f runFlags) (*config, runOptions, error) {
	o := runOptions{runFlags: f, command: f.cmd.CommandPath()}
	c, err := a.config()
	if err != nil {
		return nil, o, err
	}
	name := filepath.Join(c.dir, configName)
	o.what = c.Run.Publish
	if f.publish != "" {
		o.what = strings.Split(f.publish, ",")
	}
	for i, w := range o.what {
		o.what[i] = strings.TrimSpace(w)
		if !slices.Contains([]string{publishTables, publishPack, publishNone}, o.what[i]) {
			return nil, o, usagef("publish %s: want tables, pack or none (--publish, or run.publish in %s)", w, name)
		}
	}
	if o.what = slices.DeleteFunc(slices.Clone(o.what), func(w string) bool { return w == publishNone }); len(o.what) > 0 {
		slices.Sort(o.what)
		o.what = slices.Compact(o.what)
	}
	o.langs = c.Run.Langs
	if len(o.langs) == 0 || a.asked {
		o.langs = []string{a.lang}
	}
	for _, lang := range append(mapValues(c.Run.Senders), o.langs...) {
		if !slices.Contains(record.Languages, lang) {
			return nil, o, usagef("%s: run: language %q: want en, es, pt or fr", name, lang)
		}
	}
	if c.Run.Named != "" && c.Run.Named != "move" && c.Run.Named != "delete" {
		return nil, o, usagef("%s: run.named: %q: want move or delete", name, c.Run.Named)
	}
	if c.Run.Keep != nil && *c.Run.Keep < 0 {
		return nil, o, usagef("%s: run.keep_runs: %d: want the number of reports to keep, or 0 for all", name, *c.Run.Keep)
	}
	if c.Run.Settle != nil && !f.cmd.Flags().Changed("settle") {
		o.settle = *c.Run.Settle
	}
	if o.settle < 0 || o.wait < 0 {
		return nil, o, usagef("--settle %s --wait %s: want no time below zero", o.settle, o.wait)
	}
	for _, folder := range []string{c.Accepted, c.Refused, c.Runs, c.Out, c.Originals} {
		if inside(c.path(c.Inbox), c.path(folder)) {
			return nil, o, usagef("%s: the folder %s lies in the inbox: what is put there would be taken in again", name, folder)
		}
	}
	return c, o, c.Notify.check(name)
}

func mapValues(m map[string]string) (values []string) {
	for _, v := range m {
		values = append(values, v)
	}
	slices.Sort(values)
	return values
}

// inside tells whether a folder is another or lies in it.
func inside(outer, folder string) bool {
	rel, err := filepath.Rel(outer, folder)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// batch runs one batch and keeps its report. The error says how it ended; the report
// is nil where it did not begin.
func (a *app) batch(ctx context.Context, c *config, o runOptions, cause string) (r *runReport, err error) {
	log, closeLog, err := a.runLog(o.log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	unlock, err := a.lockRuns(c)
	if err != nil {
		log.Error("locked", "error", err.Error())
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	start := a.now()
	b := &batchRun{app: a, c: c, o: o, log: log, report: &runReport{RunID: runID(start), Version: version(), Cause: cause, Started: start.UTC(),
		Files: []batch.Item{}, Waiting: []batch.Waiting{}, Findings: []batch.Count{}}}
	err = b.all(ctx)
	return b.report, b.end(ctx, err)
}

// runLog opens the log of a run. Its times are the program's clock.
func (a *app) runLog(name string) (*slog.Logger, func() error, error) {
	nothing := func() error { return nil }
	var to io.Writer
	switch name {
	case "":
		return slog.New(slog.DiscardHandler), nothing, nil
	case "-":
		to = a.err
	default:
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, usagef("--log: %w", err)
		}
		to, nothing = f, f.Close
	}
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{ReplaceAttr: func(groups []string, at slog.Attr) slog.Attr {
		if at.Key == slog.TimeKey && len(groups) == 0 {
			at.Value = slog.TimeValue(a.now().UTC())
		}
		return at
	}})), nothing, nil
}

// holder says who holds the lock of the runs.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// lockRuns takes the lock of the workspace's runs. The system lets go of it if we are
// killed.
func (a *app) lockRuns(c *config) (unlock func() error, err error) {
	dir := c.path(c.Runs)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "lock")
	lock := flock.New(name, flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if !got {
		who := "?"
		var h holder
		if b, err := os.ReadFile(name); err == nil && json.Unmarshal(b, &h) == nil {
			who = fmt.Sprintf("PID %d, %s, %s", h.PID, h.Host, h.Since.Format(time.RFC3339))
		}
		return nil, lockedError{errors.New(a.word("run_locked", "who", who, "file", name))}
	}
	host, _ := os.Hostname() // to say who holds it; nothing hangs on it
	b, err := json.Marshal(holder{os.Getpid(), cmp.Or(host, "?"), a.now().UTC()})
	if err == nil {
		err = os.WriteFile(name, b, 0o600) // into the locked file itself
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock.Unlock, nil
}
