package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/schedule"
)

// causeStart is the cause of the run with which a watch begins.
const causeStart schedule.Cause = "start"

func (a *app) scheduleCommand() *cobra.Command {
	var flags runFlags
	var expression, zone string
	var watch bool
	cmd := &cobra.Command{
		Use: "schedule", Short: "tipstat run at the times of a cron expression, or soon after files come", Args: cobra.NoArgs,
		Long: `Does what tipstat run does, with the same flags, at the times of a cron expression
(minute, hour, day of the month, month, day of the week; or @daily, @every 2h), in the
foreground, until it is interrupted or ended (SIGINT, SIGTERM): the file at hand is
rolled back then, and stays in the inbox for the next time. The times are those of the
machine's time zone, or of --timezone. A time at which it did not run is not made up
for; a batch that takes longer than to the next time is not doubled.

With --watch it also runs at its start, and whenever files have come into the inbox and
nothing has moved there for the time of --settle. Folders on a network tell nothing of
what others put there: name --cron too.

The exit code is 0 when it was ended. What a batch met with is in its report, and does
not end the schedule: 3 a file was refused, 1 a fault, 4 another process was at work.
tipstat schedule units prints what systemd or cron need to run it for you.`,
		Example: `  tipstat schedule --cron "0 3 * * *" --timezone America/Tegucigalpa
  tipstat schedule --watch --cron @hourly --publish tables --log tipstat.jsonl`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			if expression == "" && !watch {
				return usagef("when? want --cron \"0 3 * * *\", or --watch, or both")
			}
			at, err := time.LoadLocation(zone) // empty: UTC
			if err != nil {
				return usagef("--timezone %s: %w; want a name such as America/Bogota, or UTC", zone, err)
			}
			if zone == "" {
				at = time.Local
			}
			var plan *schedule.Plan
			if expression != "" {
				if plan, err = schedule.Parse(expression, at); err != nil {
					return usagef("--cron %w", err)
				}
			}
			c, o, err := a.runOptions(flags)
			if err != nil {
				return err
			}
			o.quiet = o.quiet || watch // a look that finds nothing is no news
			return a.schedule(ctx, c, o, plan, watch)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&expression, "cron", "", "when to run, as a cron expression")
	cmd.Flags().StringVar(&zone, "timezone", "", "time zone of the cron expression, such as America/Bogota (default: the machine's)")
	cmd.Flags().BoolVar(&watch, "watch", false, "run soon after files have come too")
	cmd.AddCommand(a.unitsCommand())
	return cmd
}

// schedule runs batches until the context ends.
func (a *app) schedule(ctx context.Context, c *config, o runOptions, plan *schedule.Plan, watch bool) error {
	run := func(ctx context.Context, cause schedule.Cause) {
		// tipstat.yaml may have changed since; what can't be read now may be next time.
		again := *a
		c, now, err := again.runOptions(o.runFlags)
		if err == nil {
			var r *runReport
			r, err = again.batch(ctx, c, now, string(cause))
			if r != nil && r.Outcome != runNothing && a.asJSON {
				err = errors.Join(err, a.json(r))
			}
		}
		if err != nil && !errors.Is(err, context.Canceled) && o.log != "-" {
			a.sayf("tipstat: %s", again.said(err))
		}
	}
	var arrived <-chan struct{}
	if watch {
		var err error
		arrived, err = schedule.Watch(ctx, c.path(c.Inbox), max(o.settle, 100*time.Millisecond), func(name string, gone bool) bool {
			base := filepath.Base(name)
			isLock := strings.HasPrefix(base, "~$") || strings.HasPrefix(base, ".~lock.")
			return gone == isLock && (isLock || !batch.Unfinished(base)) // a lock that goes frees its file
		})
		if err != nil {
			return err
		}
		if o.log != "-" {
			a.tell("schedule_watching", "folder", c.path(c.Inbox))
		}
		run(ctx, causeStart)
	}
	schedule.Loop(ctx, plan, a.now, arrived, func(next time.Time) {
		if o.log != "-" {
			a.tell("schedule_next", "time", next.Format("2006-01-02 15:04:05 MST (-07:00)"), "zone", next.Location())
		}
	}, run)
	if o.log != "-" {
		a.tell("schedule_ended")
	}
	return nil
}
