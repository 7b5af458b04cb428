package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Action is what is decided about a submission.
type Action string

// The actions of table decision.
const (
	Withdraw Action = "withdraw" // its figures are no longer current
	Restore  Action = "restore"  // they are again
	Confirm  Action = "confirm"  // a statistician looked at them: no figure moves
)

// MostReason is how long a reason may be that a person gives, in characters.
const MostReason = 200

// Decision is one decision about one submission.
type Decision struct {
	Submission string    `json:"submission_id"`
	Action     Action    `json:"action"`
	Reason     string    `json:"reason"`
	By         string    `json:"decided_by"`
	At         time.Time `json:"decided_at"`
	RunID      string    `json:"run_id"`
}

// Errors of Decide.
var (
	ErrNoSubmission = errors.New("no such submission")
	ErrDecided      = errors.New("it is so already")
	ErrReprocessed  = errors.New("the same bytes were read again, and that reading is current")
)

// CurrentError is ErrReprocessed, and says which reading is current.
type CurrentError struct{ Submission string }

func (e CurrentError) Error() string { return ErrReprocessed.Error() + ": " + e.Submission }

// Unwrap gives ErrReprocessed.
func (e CurrentError) Unwrap() error { return ErrReprocessed }

// Moved is what a decision moved.
type Moved struct {
	Out  int64 `json:"no_longer_current"` // observations of the newest vintage that are not any more
	Back int64 `json:"current_again"`     // and those that are again
}

// Decide records a decision, in one transaction, as a run of its own: ErrNoSubmission,
// ErrDecided where it would change nothing, ErrReprocessed where the same bytes would be current
// twice. Where the clock stands before what was done
// last, the time after that is taken, since what is decided later holds later.
func (s *Store) Decide(ctx context.Context, d Decision, version, command string) (m Moved, err error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	if err := tx.Run(ctx, d.RunID, d.At, version, command); err != nil {
		return m, err
	}
	if _, err := tx.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE before AS SELECT obs_id FROM observation_current`); err != nil {
		return m, err
	}
	if err := tx.Decide(ctx, d); err != nil {
		return m, err
	}
	err = tx.conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM before ANTI JOIN observation_current USING (obs_id)), (SELECT count(*) FROM observation_current ANTI JOIN before USING (obs_id))`).Scan(&m.Out, &m.Back)
	if err != nil {
		return m, err
	}
	if _, err := tx.conn.ExecContext(ctx, `DROP TABLE before`); err != nil {
		return m, err
	}
	return m, tx.Commit(ctx)
}

// Decide writes a decision, later than all that was accepted and decided before; its errors
// are those of Store.Decide.
func (t *Tx) Decide(ctx context.Context, d Decision) error {
	var withdrawn bool
	err := t.conn.QueryRowContext(ctx, `SELECT submission_id IN (SELECT submission_id FROM submission_withdrawn) FROM submission WHERE submission_id = ?`, d.Submission).Scan(&withdrawn)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", d.Submission, ErrNoSubmission)
	case err != nil:
		return err
	case d.Action == Confirm && withdrawn, d.Action != Confirm && withdrawn == (d.Action == Withdraw):
		return fmt.Errorf("%s: %w", d.Submission, ErrDecided)
	}
	if d.Action == Restore {
		var other string
		err := t.conn.QueryRowContext(ctx, `SELECT submission_id FROM submission WHERE file_sha256 = (SELECT file_sha256 FROM submission WHERE submission_id = ?)
			AND submission_id NOT IN (SELECT submission_id FROM submission_withdrawn) LIMIT 1`, d.Submission).Scan(&other)
		if err == nil {
			return CurrentError{other}
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	last, err := t.last(ctx)
	if err != nil {
		return err
	}
	at := d.At.UTC()
	if !at.After(last) {
		at = last.Add(time.Microsecond)
	}
	_, err = t.conn.ExecContext(ctx, `INSERT INTO decision SELECT (SELECT coalesce(max(seq), 0) + 1 FROM decision), ?, ?, ?, ?, ?, ?`,
		d.Submission, string(d.Action), d.Reason, d.By, at, d.RunID)
	return err
}

// Standing names where a submission stands: which it is, its outcome and how often it was
// decided about.
// Who decides by what they saw decides about another thing once it is another.
func (s Submission) Standing() string {
	return fmt.Sprintf("%s-%s-%d", s.ID, s.Outcome, len(s.Decisions))
}

// Confirmed tells whether the last decision about a submission confirms it.
func (s Submission) Confirmed() bool {
	n := len(s.Decisions)
	return n > 0 && s.Decisions[n-1].Action == Confirm
}

// last is when something was accepted or decided last; the zero time if nothing was.
func (t *Tx) last(ctx context.Context) (time.Time, error) {
	var last sql.NullTime
	err := t.conn.QueryRowContext(ctx, `SELECT max(t) FROM (SELECT max(received_at) AS t FROM submission UNION ALL SELECT max(decided_at) FROM decision)`).Scan(&last)
	return last.Time, err
}

// decisions gives all decisions by submission, in their order.
func (s *Store) decisions(ctx context.Context) (map[string][]Decision, error) {
	out := map[string][]Decision{}
	err := s.each(ctx, `SELECT submission_id, action, reason, decided_by, decided_at, run_id FROM decision ORDER BY seq`, func(r *sql.Rows) error {
		var d Decision
		err := r.Scan(&d.Submission, &d.Action, &d.Reason, &d.By, &d.At, &d.RunID)
		out[d.Submission] = append(out[d.Submission], d)
		return err
	})
	return out, err
}
