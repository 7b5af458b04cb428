package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
)

//go:embed told.sql
var toldSQL string

//go:embed difference.sql
var differenceSQL string

// Difference is what a second reading of the same bytes tells otherwise than the first.
type Difference struct {
	Changed int64 `json:"changed"` // observations, or actions under treaties, of which anything is said otherwise
	New     int64 `json:"new"`
	Gone    int64 `json:"gone"`
	// Records are rows of figures and case rows that were read otherwise, whether or not
	// observations tell of it.
	Records int64 `json:"records"`
	// Entry is what the submission's own entry has otherwise: its layout, record, agency,
	// reference date, or the account of its rows.
	Entry   []string `json:"entry,omitempty"`
	Changes []Change `json:"changes,omitempty"`
}

// Change is one observation that is told otherwise. Of what was counted from case rows there
// are no figures.
type Change struct {
	Change string `json:"change"` // new, gone or changed
	About  string `json:"about"`  // its codes, but for totals
	Before string `json:"before"`
	After  string `json:"after"`
	Cell   string `json:"cell,omitempty"`
	What   string `json:"what,omitempty"` // of a change, the columns that are others
}

// None tells whether both readings are the same.
func (d Difference) None() bool { return d.Changed+d.New+d.Gone+d.Records == 0 && len(d.Entry) == 0 }

// Difference tells what the newer of two readings of the same bytes tells otherwise.
func (t *Tx) Difference(ctx context.Context, older, newer string) (d Difference, err error) {
	args := []any{sql.Named("older", older), sql.Named("newer", newer)}
	rows, err := t.conn.QueryContext(ctx, toldSQL+differenceSQL, args...)
	if err != nil {
		return d, fmt.Errorf("difference.sql: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c Change
		if err := rows.Scan(&c.Change, &c.About, &c.Before, &c.After, &c.Cell, &c.What); err != nil {
			return d, err
		}
		switch c.Change {
		case "new":
			d.New++
		case "gone":
			d.Gone++
		default:
			d.Changed++
		}
		d.Changes = append(d.Changes, c)
	}
	if err := rows.Err(); err != nil {
		return d, err
	}
	for _, table := range []string{"figure", "case_row"} {
		n, err := t.otherRows(ctx, table, args)
		if err != nil {
			return d, err
		}
		d.Records += n
	}
	d.Entry, err = t.entries(ctx, args)
	return d, err
}

// entries tells what the entries of two readings have otherwise.
func (t *Tx) entries(ctx context.Context, args []any) (list []string, err error) {
	for _, column := range []string{"layout", "record", "source_agency", "repeats", "reference_date"} {
		var other bool
		if err := t.conn.QueryRowContext(ctx, `SELECT (SELECT `+column+` FROM submission WHERE submission_id = $older) IS DISTINCT FROM
			(SELECT `+column+` FROM submission WHERE submission_id = $newer)`, args...).Scan(&other); err != nil {
			return nil, fmt.Errorf("%s: %w", column, err)
		}
		if other {
			list = append(list, column)
		}
	}
	rows, err := t.otherRows(ctx, "row_account", args)
	if err == nil && rows > 0 {
		list = append(list, "row_account")
	}
	return list, err
}

// otherRows counts the rows of a table that either reading has and the other has not.
func (t *Tx) otherRows(ctx context.Context, table string, args []any) (n int64, err error) {
	err = t.conn.QueryRowContext(ctx, `WITH a AS (SELECT * EXCLUDE (submission_id) FROM `+table+` WHERE submission_id = $older),
		b AS (SELECT * EXCLUDE (submission_id) FROM `+table+` WHERE submission_id = $newer)
		SELECT greatest((SELECT count(*) FROM (FROM a EXCEPT ALL FROM b)), (SELECT count(*) FROM (FROM b EXCEPT ALL FROM a)))`, args...).Scan(&n)
	if err != nil {
		err = fmt.Errorf("%s: %w", table, err)
	}
	return n, err
}
