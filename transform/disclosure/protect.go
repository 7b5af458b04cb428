package disclosure

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/suppress"
	"github.com/oas/tipstat/transform/store"
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
	var solver *highs.Solver // made when it is needed, since that takes a second or two
	defer func() {
		if solver != nil {
			err = errors.Join(err, solver.Close())
		}
	}()
	withheld, touched := []int64{}, []place{}
	for _, g := range list {
		c := newCells(g, p, t)
		if !c.sensitive() {
			s.Cells += len(c.cells)
			continue
		}
		if solver == nil {
			if solver, err = highs.New(ctx, highs.Limits{}); err != nil {
				return s, err
			}
		}
		r, bad := suppress.Suppress(ctx, solver, c.cells, c.sums, p.threshold(g.state, g.obs[0].record, g.counted()), p.Kept)
		if bad != nil { // the solver's arithmetic fails: nothing of the group is let out
			if ctx.Err() != nil {
				return s, bad
			}
			r.Unsafe = []int{0}
			err, solver = solver.Close(), nil
			if err != nil {
				return s, err
			}
		}
		if ids := c.withheld(r, &s); len(ids) > 0 {
			withheld, touched = append(withheld, ids...), append(touched, place{g.state, g.indicator, g.year})
		}
	}
	return s, mask(ctx, db, withheld, touched, p)
}

// place is the State, indicator and year of a group, as mask.sql knows them.
type place struct {
	State     string `json:"REF_AREA"`
	Indicator string `json:"INDICATOR"`
	Year      int    `json:"REF_YEAR"`
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
	return slices.ContainsFunc(g.obs, func(o observation) bool { return o.counted })
}

// mask takes what is withheld out of what can be read. Rates of a group's counts
// are touched with it.
func mask(ctx context.Context, db *sql.DB, withheld []int64, touched []place, p Policy) error {
	for _, g := range touched {
		for rate, count := range p.Rates {
			if count == g.Indicator {
				touched = append(touched, place{g.State, rate, g.Year})
			}
		}
	}
	for _, t := range []struct {
		create string
		rows   any
	}{
		{`CREATE TEMP TABLE withheld AS SELECT unnest(from_json($rows, '["BIGINT"]')) AS obs_id`, withheld},
		{`CREATE TEMP TABLE touched AS SELECT unnest(from_json($rows, '[{"REF_AREA":"VARCHAR","INDICATOR":"VARCHAR","REF_YEAR":"INTEGER"}]'), recursive := true)`, touched},
	} {
		rows, err := json.Marshal(t.rows)
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, t.create, sql.Named("rows", string(rows))); err != nil {
			return err
		}
	}
	var file string
	if err := db.QueryRowContext(ctx, "SELECT current_database()").Scan(&file); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, strings.ReplaceAll(maskSQL, "{file}", store.Quoted(file)))
	return err
}
