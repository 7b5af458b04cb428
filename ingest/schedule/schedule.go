// Package schedule says when a batch is due: at the times of a cron expression, and
// soon after files have come into a folder.
package schedule

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// Cause says why a batch is due.
type Cause string

const (
	Clock   Cause = "clock"   // the time of the cron expression came
	Arrival Cause = "arrival" // files came
)

// Plan is a cron expression in a time zone.
type Plan struct {
	cron gocron.Cron
	zone *time.Location
}

// Parse reads a cron expression: minute, hour, day of the month, month, day of the
// week, or a word such as @daily or @every 2h. In the night in which clocks are put
// forward, a time that is left out is not made up for; when they are put back, a time
// that comes twice is taken once or twice, as the day has it: name an hour that neither
// touches.
func Parse(expression string, zone *time.Location) (*Plan, error) {
	if strings.Contains(expression, "TZ=") { // some of these make the parser panic
		return nil, fmt.Errorf("%q: the time zone is named apart from the expression", expression)
	}
	cron := gocron.NewDefaultCron(false)
	if err := cron.IsValid(expression, zone, time.Now()); err != nil {
		return nil, fmt.Errorf("%q: %s; want five fields (minute, hour, day of the month, month, day of the week), such as \"0 3 * * *\" for each day at 3:00, or @every 2h", expression, strings.ReplaceAll(err.Error(), "\n", ": "))
	}
	return &Plan{cron, zone}, nil
}

// Next gives the first time after another, in the plan's zone.
func (p *Plan) Next(after time.Time) time.Time { return p.cron.Next(after.In(p.zone)).In(p.zone) }

// look is how often the clock is looked at: it may be set, and a machine may sleep.
const look = 30 * time.Second

// Loop calls run when a batch is due, and once more for what came while it ran, until
// the context ends; that is no error. planned is told the next time of the plan
// whenever it is a new one. No two calls overlap. arrived may be nil. A nil plan
// waits for arrivals alone.
func Loop(ctx context.Context, p *Plan, now func() time.Time, arrived <-chan struct{}, planned func(time.Time), run func(context.Context, Cause)) {
	var next time.Time
	plan := func() {
		if p == nil {
			return
		}
		if n := p.Next(now()); !n.Equal(next) {
			next = n
			planned(next)
		}
	}
	plan()
	for {
		wait := look
		if !next.IsZero() {
			wait = min(wait, max(next.Sub(now()), 0))
		}
		timer := time.NewTimer(wait)
		cause := Clock
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case _, ok := <-arrived:
			timer.Stop()
			if !ok {
				arrived = nil
				continue
			}
			cause = Arrival
		case <-timer.C:
			if next.IsZero() || now().Before(next) {
				if !next.IsZero() && p.Next(now()).Before(next) { // the clock was set back
					plan()
				}
				continue
			}
		}
		if ctx.Err() != nil {
			return
		}
		run(ctx, cause)
		plan()
	}
}
