package disclosure

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// Rounded counts what was rounded.
type Rounded struct {
	Base    int
	Method  rounding.Method
	Figures int // figures of persons, of all vintages
	Rates   int // that were withheld, since they tell a count
	Remarks int // of senders, that are not told, since they may tell a figure
	// Further are figures that went beyond the multiples next to them, so that
	// sums hold (controlled rounding).
	Further int
	// Apart are groups (State, indicator, year) of which sums could not be kept.
	Apart []string
	// Held are groups that random rounding would give away, since figures that add
	// up were rounded each by itself: they are rounded so that sums hold.
	Held []string
	// Narrow are figures that can be told to be one of less than three numbers all
	// the same.
	Narrow int
}

//go:embed figures.sql
var figuresSQL string

//go:embed round.sql
var roundSQL string

// Round puts in the place of the figures of persons, in a store that is held
// (store.Hold), multiples of a base: whatever reads observation_current,
// observation or observation_note through this connection afterwards reads these.
// What the options leave empty is as the policy says. The same store, policy and
// options give the same figures; and with random rounding, but for groups of which
// too much could be told, the same figure of the same thing comes out alike whatever
// else the store holds.
func Round(ctx context.Context, db *sql.DB, p Policy, o rounding.Options) (Rounded, error) {
	method, _ := p.Control.Rounds()
	o.Base, o.Method = cmp.Or(o.Base, p.Rounding.Base), cmp.Or(o.Method, method)
	s := Rounded{Base: o.Base, Method: o.Method}
	if err := errors.Join(o.Check(), o.Key.Check()); err != nil {
		return s, err
	}
	file, err := database(ctx, db)
	if err != nil {
		return s, err
	}
	figures, err := readFigures(ctx, db, p, file)
	if err != nil {
		return s, err
	}
	r := rounder{p: p, o: o, base: float64(o.Base), exact: settled{}, least: settled{}}
	if err := r.settle(ctx, db, &s); err != nil {
		return s, err
	}
	rows := make([]row, len(figures))
	for i, f := range figures {
		rows[i] = r.round(f)
		if rows[i].Withheld {
			s.Rates++
		} else if f.value != nil || f.lower != nil || f.upper != nil {
			s.Figures++
		}
	}
	b, err := json.Marshal(rows)
	if err != nil {
		return s, err
	}
	const create = `CREATE TEMP TABLE rounded AS SELECT unnest(from_json($rows, '[{"obs_id":"BIGINT","OBS_VALUE":"DOUBLE","LOWER_BOUND":"DOUBLE","UPPER_BOUND":"DOUBLE","withheld":"BOOLEAN","comment":"VARCHAR"}]'), recursive := true)`
	if _, err := db.ExecContext(ctx, create, sql.Named("rows", string(b))); err != nil {
		return s, err
	}
	const remarks = `SELECT count(*) FROM observation_note WHERE obs_id IN (SELECT obs_id FROM rounded) AND obs_id IN (SELECT obs_id FROM observation_current)`
	if err := db.QueryRowContext(ctx, remarks).Scan(&s.Remarks); err != nil {
		return s, err
	}
	_, err = db.ExecContext(ctx, strings.ReplaceAll(roundSQL+";\n"+untoldSQL+";\n"+settleSQL, "{file}", file))
	return s, err
}

// readFigures reads the figures of persons, of all vintages.
func readFigures(ctx context.Context, db *sql.DB, p Policy, file string) (list []observation, err error) {
	args, err := p.args()
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, strings.ReplaceAll(figuresSQL, "{file}", file), args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o observation
		k := &o.key
		if err := rows.Scan(&o.id, &o.state, &o.indicator, &k[dimPeriod], &k[0], &k[1], &k[2], &k[3], &k[4], &k[5], &k[6],
			&o.value, &o.lower, &o.upper, &o.missing, &o.derivation); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// row is an observation as it is read afterwards.
type row struct {
	ID       int64    `json:"obs_id"`
	Value    *float64 `json:"OBS_VALUE"`
	Lower    *float64 `json:"LOWER_BOUND"`
	Upper    *float64 `json:"UPPER_BOUND"`
	Withheld bool     `json:"withheld"`
	Comment  string   `json:"comment"`
}

// comment is what COMMENT_OBS says of a figure that was rounded; tables know it by
// this.
const comment = "rounded"

// thing is what a figure is about, whoever says it: in series that tell the same
// of it, in any table and any vintage, its draw is the same. So it is not drawn
// anew where a second source, another counting unit or another status of victims gives the
// same number.
func thing(state, indicator string, key [dims]string) []string {
	return append([]string{state, indicator}, key[:dimStatus]...)
}

// settled are the figures that sums settle, by thing.
type settled map[string][]struct{ from, to float64 }

func (s settled) add(thing []string, from, to float64) {
	name := strings.Join(thing, "|")
	s[name] = append(s[name], struct{ from, to float64 }{from, to})
}

// find gives what a figure of a thing came out as.
func (s settled) find(thing []string, v float64) (float64, bool) {
	for _, x := range s[strings.Join(thing, "|")] {
		if x.from == v {
			return x.to, true
		}
	}
	return 0, false
}

// near gives a multiple that the thing has already and that is beside a figure.
func (s settled) near(thing []string, v, base float64) (float64, bool) {
	for _, x := range s[strings.Join(thing, "|")] {
		if math.Abs(x.to-v) < base {
			return x.to, true
		}
	}
	return 0, false
}

// rounder rounds observations.
type rounder struct {
	p            Policy
	o            rounding.Options
	base         float64
	exact, least settled // of controlled rounding
}

// round gives an observation as it is read afterwards.
func (r *rounder) round(o observation) row {
	if _, rate := r.p.Rates[o.indicator]; rate {
		return row{ID: o.id, Withheld: true}
	}
	about := thing(o.state, o.indicator, o.key)
	switch {
	case o.value == nil && o.lower != nil && o.upper != nil && *o.lower == *o.upper: // exact, in other words
		v := r.figure(about, *o.lower)
		return row{ID: o.id, Lower: &v, Upper: &v, Comment: comment}
	case o.value == nil && o.derivation == "reported": // its reporter told no more
		return row{ID: o.id, Lower: o.lower, Upper: o.upper}
	}
	if o.value == nil && o.lower == nil && o.upper == nil {
		return row{ID: o.id}
	}
	out := row{ID: o.id, Comment: comment}
	out.Lower, out.Upper = r.bounds(about, o.lower, o.upper)
	switch {
	case o.value == nil:
	case o.missing > 0: // at least
		out.Value, _ = r.bounds(about, o.value, nil)
	default:
		v := r.figure(about, *o.value)
		out.Value = &v
		for _, b := range []struct{ was, is **float64 }{{&o.lower, &out.Lower}, {&o.upper, &out.Upper}} {
			if *b.was != nil && **b.was == *o.value {
				*b.is = &v
			}
		}
	}
	return out
}

// figure rounds one that is exact. Where sums are kept, one that is not among
// them (of an older vintage, a second total) is what the thing is already, if that
// is beside it: a revision within the same multiples is then not to be seen.
func (r *rounder) figure(about []string, v float64) float64 {
	if to, ok := r.exact.find(about, v); ok {
		return to
	}
	if to, ok := r.exact.near(about, v, r.base); ok {
		return to
	}
	return rounding.ToRandom(v, r.base, r.o.Key.Draw(about...))
}

// bounds rounds those of a figure outwards. What they tell is the sum of the parts
// that are exact, since how far they lie apart is known from the others, which were
// told: so the upper one hangs on the lower as it is rounded, and not on what it
// was. 29 and 1–4 would else be 30–33, from which 29 could be told.
func (r *rounder) bounds(about []string, lower, upper *float64) (low, high *float64) {
	draw := r.o.Key.Draw(about...)
	if lower == nil {
		if upper != nil {
			v := rounding.ToRandom(*upper, r.base, draw) + r.base
			high = &v
		}
		return nil, high
	}
	// What sums make of it (controlled), or a multiple at random and then the next
	// below, so that a bound of a single part tells no more than the part.
	down := rounding.Down(*lower, r.base)
	most := down + r.base - 1 // that it may be, as far as is told
	if to, ok := r.least.find(about, *lower); !ok || to != down {
		near := rounding.ToRandom(*lower, r.base, draw)
		down, most = max(0, near-r.base), near+r.base-1
	}
	if upper != nil {
		v := rounding.Up(most+*upper-*lower, r.base)
		high = &v
	}
	return &down, high
}

// settle rounds the figures of the newest vintage by groups: with controlled
// rounding all, with random rounding those of which an outsider could tell too much.
func (r *rounder) settle(ctx context.Context, db *sql.DB, s *Rounded) (err error) {
	list, err := groups(ctx, db, r.p)
	if err != nil {
		return err
	}
	t, err := readTree(ctx, db, r.p)
	if err != nil {
		return err
	}
	var solver *highs.Solver
	defer func() {
		if solver != nil {
			err = errors.Join(err, solver.Close())
		}
	}()
	for _, g := range list {
		c := newCells(g, r.p, t)
		if r.o.Method == rounding.Random && len(c.sums) == 0 {
			continue
		}
		if solver == nil {
			if solver, err = highs.New(ctx, highs.Limits{Nodes: rounding.Nodes}); err != nil {
				return err
			}
		}
		bad := r.group(ctx, solver, c, s)
		if bad == nil {
			continue
		}
		if ctx.Err() != nil {
			return bad
		}
		s.Apart = append(s.Apart, g.String()) // the solver's arithmetic fails: each figure by itself
		err, solver = solver.Close(), nil
		if err != nil {
			return err
		}
	}
	return nil
}

// group rounds a group so that sums hold, if it must be.
func (r *rounder) group(ctx context.Context, solver *highs.Solver, c *cells, s *Rounded) error {
	cells, sums, about := r.cells(c)
	aim := rounding.Nearest
	if r.o.Method == rounding.Random {
		values := make([]float64, len(cells))
		for i, x := range cells {
			values[i] = rounding.ToRandom(x.Value, r.base, x.Draw)
		}
		narrow, err := rounding.Narrow(ctx, solver, cells, r.ranges(c, cells, about, values), sums, true)
		if err != nil || len(narrow) == 0 {
			return err
		}
		s.Held = append(s.Held, c.g.String())
		aim = rounding.Drawn
	}
	out, err := rounding.ToControlled(ctx, solver, cells, sums, r.base, aim)
	if err != nil {
		return err
	}
	s.Further += len(out.Further)
	if len(out.Apart) > 0 {
		s.Apart = append(s.Apart, c.g.String())
	}
	for i, x := range cells {
		switch {
		case x.Told:
		case x.Least:
			r.least.add(about[i], x.Value, out.Values[i])
		default:
			r.exact.add(about[i], x.Value, out.Values[i])
		}
	}
	for _, p := range c.printed { // the same persons under another indicator
		if name := thing(p.state, p.indicator, p.key); p.as != p.key && len(p.cells) == 1 && !cells[p.cells[0]].Told {
			r.exact.add(name, cells[p.cells[0]].Value, out.Values[p.cells[0]])
		}
	}
	narrow, err := rounding.Narrow(ctx, solver, cells, r.ranges(c, cells, about, out.Values), sums, false)
	s.Narrow += len(narrow)
	return err
}

// ranges are what is known of each cell by itself once it is rounded.
func (r *rounder) ranges(c *cells, list []rounding.Cell, about [][]string, values []float64) []rounding.Range {
	ranges := make([]rounding.Range, len(list))
	for i, x := range list {
		ranges[i] = rounding.Around(values[i], r.base)
		if x.Told {
			ranges[i] = rounding.Range{Lower: x.Lower, Upper: x.Upper}
		}
		if to, ok := r.least.find(about[i], x.Value); ok && x.Least && to == values[i] {
			ranges[i].Lower = to
		}
	}
	for _, members := range c.at {
		for _, m := range members {
			if m.cell < 0 || m.low < 0 {
				continue
			}
			x := list[m.cell] // made from parts: its bounds are rounded too
			low, high := r.bounds(about[m.cell], &x.Lower, &x.Upper)
			ranges[m.cell] = rounding.Range{Lower: *low, Upper: *high}
		}
	}
	return ranges
}

// cells are those of a group as rounding knows them, and what they are about.
func (r *rounder) cells(c *cells) (list []rounding.Cell, sums []rounding.Sum, about [][]string) {
	list, about = make([]rounding.Cell, len(c.cells)), make([][]string, len(c.cells))
	for _, members := range c.at {
		for _, m := range members {
			for _, i := range []int{m.cell, m.low} {
				if i >= 0 {
					about[i] = thing(c.g.state, m.key[dimIndicator], m.key)
				}
			}
			if m.low >= 0 {
				list[m.low].Least = true
			}
		}
	}
	for i, cell := range c.cells {
		x := &list[i]
		x.Value, x.Told, x.Lower, x.Upper = cell.Value, cell.Told, cell.Lower, cell.Upper
		x.Draw = r.o.Key.Draw(about[i]...)
		if len(c.of[i]) == 0 { // what a total has beyond its parts is rounded with nothing
			x.Told, x.Upper = true, math.Inf(1)
		}
	}
	for _, p := range c.printed { // bounds made of parts are rounded as they are printed
		for _, i := range p.cells {
			if c.cells[i].Derived {
				list[i].Lower, list[i].Upper = *p.lower, *p.upper
			}
		}
	}
	for _, s := range c.sums {
		sums = append(sums, rounding.Sum{Total: s.Total, Parts: slices.DeleteFunc(slices.Clone(s.Parts), func(i int) bool { return len(c.of[i]) == 0 })})
	}
	return list, sums, about
}
