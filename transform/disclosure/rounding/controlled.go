package rounding

import (
	"context"
	"errors"
	"math"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// Cell is one figure, however often it is printed.
type Cell struct {
	Value float64
	// Told cells are known to everybody within bounds, and to nobody exactly: they
	// are not rounded, but sums must leave room for them.
	Told         bool
	Lower, Upper float64
	// Least says that the figure is one of "at least": it goes down.
	Least bool
	// Draw settles what would be as good either way, and the cell where no sums
	// can be kept.
	Draw float64
}

// Sum says that a total is the sum of its parts. Where the parts have less than
// it, what they lack has no name, and they only must not have more; where they
// have more, the sum binds nothing.
type Sum struct {
	Total int
	Parts []int
}

// Result is how cells came out.
type Result struct {
	Values []float64 // multiples of the base; those of cells that were Told mean nothing
	// Further are cells that went to a multiple that is not next to them (Least:
	// that is not the next below).
	Further []int
	// Apart are cells that were rounded at random, since their sums could not be
	// kept with what the solver is allowed.
	Apart []int
}

// further is how many multiples beyond its neighbours a cell may go.
const further = 3

// Nodes is how much a solver should be given (highs.Limits) for a group of cells:
// beyond that it is rounded at random.
const Nodes = 20_000

// programme is the model of cells that hang together, in units of the base.
type programme struct {
	ctx   context.Context
	s     *highs.Solver
	cells []Cell
	sums  []Sum
	base  float64
	aim   Aim
	r     *Result
}

// Aim is what controlled rounding comes as near to as sums allow.
type Aim int

// The aims.
const (
	Nearest Aim = iota // the figures: they move the least, all together
	Drawn              // random rounding: the fewest go the other way than they are drawn
)

// ToControlled rounds cells to multiples of the base so that sums hold as they do
// in the cells. The same input gives the same result.
func ToControlled(ctx context.Context, s *highs.Solver, cells []Cell, sums []Sum, base float64, aim Aim) (Result, error) {
	r := Result{Values: make([]float64, len(cells))}
	p := programme{ctx: ctx, s: s, cells: cells, base: base, aim: aim, r: &r}
	p.bind(sums)
	for _, part := range p.components() {
		if len(part.sums) == 0 {
			for _, i := range part.cells {
				r.Values[i] = p.alone(i)
			}
			continue
		}
		for _, step := range []int{0, further} {
			ok, err := p.solve(part, step)
			if err != nil {
				return r, err
			}
			if ok {
				break
			}
			if step > 0 {
				p.apart(part)
			}
		}
	}
	return r, nil
}

// bind takes the sums that bind.
func (p *programme) bind(sums []Sum) {
	for _, m := range sums {
		if _, binds := p.slack(m); binds {
			p.sums = append(p.sums, m)
		}
	}
}

// slack tells whether a sum binds, and whether its parts may have less than it.
func (p *programme) slack(s Sum) (open, binds bool) {
	least, most := 0.0, 0.0
	for _, i := range s.Parts {
		lower, upper := p.bounds(i)
		least, most = least+lower, most+upper
	}
	lower, upper := p.bounds(s.Total)
	return most < lower, least <= upper
}

func (p *programme) bounds(i int) (lower, upper float64) {
	if c := p.cells[i]; c.Told {
		return c.Lower, c.Upper
	}
	return p.cells[i].Value, p.cells[i].Value
}

// alone rounds a cell that no sum binds.
func (p *programme) alone(i int) float64 {
	c := p.cells[i]
	low := Down(c.Value, p.base)
	rest := c.Value - low
	switch {
	case c.Least:
	case p.aim == Drawn:
		return ToRandom(c.Value, p.base, c.Draw)
	case rest > p.base/2 || rest == p.base/2 && c.Draw < 0.5:
		return low + p.base
	}
	return low
}

// price is what it costs that a cell goes up and not down.
func (p *programme) price(c Cell) float64 {
	rest := c.Value - Down(c.Value, p.base)
	switch {
	case p.aim == Nearest:
		return p.base - 2*rest
	case ToRandom(c.Value, p.base, c.Draw) > c.Value:
		return -1
	}
	return 1
}

// apart rounds cells one by one.
func (p *programme) apart(part component) {
	for _, i := range part.cells {
		c := p.cells[i]
		switch {
		case c.Told:
			continue
		case c.Least:
			p.r.Values[i] = Down(c.Value, p.base)
		default:
			p.r.Values[i] = ToRandom(c.Value, p.base, c.Draw)
		}
		p.r.Apart = append(p.r.Apart, i)
	}
}

// solve rounds cells that hang together, each to a multiple that is at most so
// many steps beyond those next to it. It is not ok if there is no way, or none
// is found in time.
//
// A cell is its multiple below plus a column that is 0 or 1; where it may go
// further, plus steps up and less steps down.
func (p *programme) solve(part component, steps int) (ok bool, err error) {
	var m highs.Problem
	var cost []highs.Term
	at := map[int]int{}  // the first column of each cell
	var far []highs.Term // steps beyond those next to a cell
	for _, i := range part.cells {
		c := p.cells[i]
		at[i] = len(m.Columns)
		if c.Told { // what is rounded around it can't keep its bounds, but their multiples
			m.Columns = append(m.Columns, highs.Column{Lower: Down(c.Lower, p.base) / p.base, Upper: Up(c.Upper, p.base) / p.base})
			continue
		}
		low := Down(c.Value, p.base)
		up := 1.0
		if c.Value == low || c.Least {
			up = 0
		}
		// Less than one unit for all cells together: it chooses only among equals.
		tie := (c.Draw - 0.5) / float64((1+2*steps)*(len(part.cells)+1))
		cost = append(cost, highs.Term{Col: len(m.Columns), Coef: significant(p.price(c) + tie)})
		m.Columns = append(m.Columns, highs.Column{Upper: up, Integer: true})
		if steps > 0 {
			for _, most := range []float64{float64(steps), min(float64(steps), low/p.base)} {
				far = append(far, highs.Term{Col: len(m.Columns), Coef: 1 + significant(tie/100)})
				m.Columns = append(m.Columns, highs.Column{Upper: most, Integer: true})
			}
		}
	}
	for _, s := range part.sums {
		var row highs.Row
		p.add(&row, at, s.Total, 1, steps)
		for _, i := range s.Parts {
			p.add(&row, at, i, -1, steps)
		}
		if open, _ := p.slack(s); open {
			row.Upper = math.Inf(1)
		}
		m.Rows = append(m.Rows, row)
	}
	if err := p.s.Load(m); err != nil {
		return false, err
	}
	if steps > 0 { // first which cells go further, then the others
		if sol, err := p.few(far); sol == nil {
			return false, err
		}
	}
	sol, err := p.minimise(cost)
	if sol == nil {
		return false, err
	}
	for _, i := range part.cells {
		c := p.cells[i]
		if c.Told {
			continue
		}
		low, x := Down(c.Value, p.base), sol[at[i]:]
		v := low + p.base*x[0]
		if steps > 0 {
			v += p.base * (x[1] - x[2])
		}
		p.r.Values[i] = v
		if math.Abs(v-c.Value) >= p.base || c.Least && v > low {
			p.r.Further = append(p.r.Further, i)
		}
	}
	return true, nil
}

// few finds few steps that make a solution, and settles them. The fewest would take
// many times as long to prove.
func (p *programme) few(far []highs.Term) ([]float64, error) {
	const gap = 0.9
	if err := p.s.SetGap(gap); err != nil {
		return nil, err
	}
	sol, err := p.minimise(far)
	if sol == nil {
		return nil, errors.Join(err, p.s.SetGap(0))
	}
	for _, f := range far {
		if err := p.s.SetBounds(f.Col, sol[f.Col], sol[f.Col]); err != nil {
			return nil, err
		}
	}
	return sol, p.s.SetGap(0)
}

// minimise gives the cheapest solution; nil if there is none, or none is found in
// time.
func (p *programme) minimise(cost []highs.Term) ([]float64, error) {
	sol, err := p.s.Minimise(p.ctx, cost)
	if errors.Is(err, highs.ErrLimit) {
		return nil, nil
	}
	return sol.X, err
}

// add adds a cell to the row of a sum.
func (p *programme) add(row *highs.Row, at map[int]int, i int, sign float64, steps int) {
	row.Terms = append(row.Terms, highs.Term{Col: at[i], Coef: sign})
	if p.cells[i].Told {
		return
	}
	below := sign * Down(p.cells[i].Value, p.base) / p.base
	row.Lower, row.Upper = row.Lower-below, row.Upper-below
	if steps > 0 {
		row.Terms = append(row.Terms, highs.Term{Col: at[i] + 1, Coef: sign}, highs.Term{Col: at[i] + 2, Coef: -sign})
	}
}

// significant drops what the solver would not take for a coefficient.
func significant(v float64) float64 {
	if math.Abs(v) < 1e-9 {
		return 0
	}
	return v
}

// component is what hangs together by sums.
type component struct {
	cells []int
	sums  []Sum
}

// components gives them in the order of their first cells.
func (p *programme) components() []component {
	root := make([]int, len(p.cells))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, s := range p.sums {
		for _, i := range s.Parts {
			root[find(i)] = find(s.Total)
		}
	}
	var list []component
	place := map[int]int{}
	for i := range p.cells {
		k, ok := place[find(i)]
		if !ok {
			k = len(list)
			place[find(i)] = k
			list = append(list, component{})
		}
		list[k].cells = append(list[k].cells, i)
	}
	for _, s := range p.sums {
		k := place[find(s.Total)]
		list[k].sums = append(list[k].sums, s)
	}
	return list
}
