package disclosure

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/suppress"
)

// Summary counts what was withheld.
type Summary struct {
	Cells     int // figures of persons that were looked at
	Told      int // that their reporters withheld, and gave bounds
	Primary   int // withheld since they are small or disclose
	Secondary int // withheld so that those can't be worked out
	// Unsafe are groups (State, indicator, year) in which a cell could not be
	// protected by others: all of it was withheld.
	Unsafe []string
}

//go:embed mask.sql
var maskSQL string

// Protect withholds in a store that is held (store.Hold) what the policy does
// not let out: whatever reads observation_current, observation or
// observation_note through this connection afterwards sees it no more. The same
// store and policy withhold the same.
func Protect(ctx context.Context, db *sql.DB, p Policy) (s Summary, err error) {
	list, err := groups(ctx, db, p)
	if err != nil {
		return s, err
	}
	t, err := readTree(ctx, db)
	if err != nil {
		return s, err
	}
	solver, err := highs.New(ctx, highs.Limits{})
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, solver.Close()) }() // the last one
	var withheld []int64
	var touched []string // groups of which something is withheld
	for _, g := range list {
		c := newCells(g, p, t)
		r, bad := suppress.Suppress(ctx, solver, c.cells, c.sums, p.threshold(g.state, g.obs[0].record, g.counted()), p.Kept)
		if bad != nil { // the solver's arithmetic fails: nothing of the group is let out
			if ctx.Err() != nil {
				return s, bad
			}
			r.Unsafe = []int{0}
			if err := solver.Close(); err != nil {
				return s, err
			}
			if solver, err = highs.New(ctx, highs.Limits{}); err != nil {
				return s, err
			}
		}
		ids := c.withheld(r, &s)
		if withheld = append(withheld, ids...); len(ids) > 0 {
			touched = append(touched, fmt.Sprintf("('%s', '%s', %d)", g.state, g.indicator, g.year))
		}
	}
	return s, mask(ctx, db, withheld, touched, p)
}

// withheld gives the observations of a group that are withheld.
func (c *cells) withheld(r suppress.Result, s *Summary) []int64 {
	s.Cells += len(c.cells)
	if len(r.Unsafe) > 0 {
		s.Unsafe = append(s.Unsafe, c.g.String())
		for i, cell := range c.cells {
			r.Hidden[i] = !cell.Known
		}
	}
	var ids []int64
	for i, cell := range c.cells {
		switch {
		case !r.Hidden[i]:
			if cell.Told {
				s.Told++
			}
			continue
		case cell.Primary:
			s.Primary++
		default:
			s.Secondary++
		}
		ids = append(ids, c.of[i]...)
		for key, rates := range c.rates { // a rate is its count for whoever knows the population
			for _, members := range c.at {
				for _, m := range members {
					if m.key == key && (m.cell == i || m.low == i) {
						ids = append(ids, rates...)
					}
				}
			}
		}
	}
	return ids
}

func (g group) counted() bool {
	for _, o := range g.obs {
		if o.counted {
			return true
		}
	}
	return false
}

// mask takes what is withheld out of what can be read.
func mask(ctx context.Context, db *sql.DB, withheld []int64, touched []string, p Policy) error {
	if _, err := db.ExecContext(ctx, "CREATE TEMP TABLE withheld (obs_id BIGINT); CREATE TEMP TABLE touched (REF_AREA VARCHAR, INDICATOR VARCHAR, REF_YEAR INTEGER)"); err != nil {
		return err
	}
	for _, part := range chunks(withheld) {
		if _, err := db.ExecContext(ctx, "INSERT INTO withheld VALUES "+part); err != nil {
			return err
		}
	}
	if len(touched) > 0 {
		if _, err := db.ExecContext(ctx, "INSERT INTO touched VALUES "+strings.Join(touched, ", ")); err != nil {
			return err
		}
	}
	for rate, count := range p.Rates {
		if _, err := db.ExecContext(ctx, "INSERT INTO touched SELECT REF_AREA, $rate, REF_YEAR FROM touched WHERE INDICATOR = $count",
			sql.Named("rate", rate), sql.Named("count", count)); err != nil {
			return err
		}
	}
	var file string
	if err := db.QueryRowContext(ctx, "SELECT current_database()").Scan(&file); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, strings.ReplaceAll(maskSQL, "{file}", `"`+strings.ReplaceAll(file, `"`, `""`)+`"`))
	return err
}

func chunks(ids []int64) (out []string) {
	const size = 5000
	for len(ids) > 0 {
		n := min(size, len(ids))
		var b strings.Builder
		for i, id := range ids[:n] {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "(%d)", id)
		}
		out, ids = append(out, b.String()), ids[n:]
	}
	return out
}
