package suppress

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// Cell is one statistical cell, however often it is printed.
type Cell struct {
	Value float64
	// Lower and Upper are what the world was told of a cell that its reporter
	// withheld; Told says that there are such bounds. Value is then unknown and
	// is worked out as any that the sums allow.
	Lower, Upper float64
	Told         bool
	// Derived cells are told as wide as their parts are: Lower and Upper say nothing,
	// and they need no width.
	Derived bool
	// Primary cells are small, or zeros that tell of everybody: they must be withheld, and
	// anything from nothing to the width.
	Primary bool
	// Disclosing cells must be withheld, whatever their value is: as wide as the others is
	// enough, since it is what they are beside, and not how many, that tells.
	Disclosing bool
	// Hidden cells were withheld before, and stay so.
	Hidden bool
	// Known cells can't be withheld any more: an earlier pack published them.
	Known bool
	// Weight is what it costs to withhold the cell; at least 1.
	Weight float64
}

// Sum says that a total is the sum of its parts. What the total has beyond them
// is a rest that its reporter left out, and nobody was told; where the parts have
// more than the total, the sum binds nothing.
type Sum struct {
	Total int
	Parts []int
	// Open sums have parts that nobody was told of, however well the others seem
	// to make up the total: they bind from above alone.
	Open bool
}

// Result is what is withheld.
type Result struct {
	// Hidden tells for each cell whether it is withheld. Cells that were Told are
	// not: their bounds stay.
	Hidden []bool
	// Unsafe are cells that could not be protected: those that an earlier pack
	// gives away, and those that no other cell can hide. A small cell that can't
	// have the whole width, for what was told of others, has what there is, and is
	// unsafe if that is less than the width kept.
	Unsafe []int
}

// programme is the model of one group of cells: a variable for each cell, by
// how much it may be moved, twice: up and down.
type programme struct {
	ctx    context.Context
	s      *highs.Solver
	cells  []Cell
	sums   []Sum
	value  []float64 // what the cells are taken for
	rest   []float64 // and the rests of the sums
	hidden []bool
	in     [][]int // the sums that each cell is in
	// reached is how far each cell was seen to be movable.
	reached []reach
	// room is how far small cells can be moved at all, where what was told of others
	// does not leave them the width.
	room  map[int]float64
	still int // a cell that may not move, known to whoever is alone in it
	pairs []pair
	width float64
	kept  float64
}

// Suppress chooses what is withheld of cells bound by sums, so that each small
// cell could be anything within an interval of the width, as far as the published
// ones tell, and each other that is not published anything within one of the
// width kept. Cells that no sum binds to another are safe once withheld. The same
// input gives the same result.
func Suppress(ctx context.Context, s *highs.Solver, cells []Cell, sums []Sum, width, kept float64) (Result, error) {
	p := &programme{ctx: ctx, s: s, cells: cells, sums: sums, hidden: make([]bool, len(cells)), room: map[int]float64{}, still: none, width: width, kept: kept}
	r := Result{Hidden: p.hidden}
	var queue []int
	for i, c := range cells {
		p.value = append(p.value, c.Value)
		switch {
		case (c.Primary || c.Disclosing) && c.Known:
			r.Unsafe = append(r.Unsafe, i)
		case c.Primary, c.Disclosing, c.Hidden && !c.Known:
			p.hidden[i] = true
		}
		if p.free(i) {
			queue = append(queue, i)
		}
	}
	if len(queue) == 0 {
		return r, nil
	}
	if err := p.guess(); err != nil {
		return r, err
	}
	p.reached, p.in = make([]reach, len(cells)), make([][]int, len(cells))
	for k, m := range p.sums {
		for _, i := range append([]int{m.Total}, m.Parts...) {
			p.in[i] = append(p.in[i], k)
		}
	}
	// Most of those that are left need others withheld, which helps many: one by one.
	if err := p.survey(queue, false); err != nil {
		return r, err
	}
	for len(queue) > 0 {
		for len(queue) > 0 {
			i := queue[0]
			queue = queue[1:]
			added, err := p.protect(i)
			if err != nil {
				return r, err
			}
			queue = append(queue, added...)
		}
		var err error
		if queue, err = p.part(); err != nil {
			return r, err
		}
	}
	if err := p.publishAgain(); err != nil {
		return r, err
	}
	for i := range cells {
		if p.free(i) && !p.enough(i) {
			r.Unsafe = append(r.Unsafe, i)
		}
	}
	return r, nil
}

// free tells whether the outsider does not know the cell.
func (p *programme) free(i int) bool { return p.hidden[i] || p.cells[i].Told }

// model writes the group as a linear programme in which every cell may move that
// an earlier pack did not publish. The variables are the moves up, the moves down,
// and those of the rests.
func (p *programme) model() highs.Problem {
	var m highs.Problem
	for i, c := range p.cells {
		up, down := math.Inf(1), p.value[i]
		if c.Told {
			up, down = c.Upper-p.value[i], p.value[i]-c.Lower
		}
		if !p.free(i) && c.Known || i == p.still {
			up, down = 0, 0
		}
		m.Columns = append(m.Columns, highs.Column{Upper: max(0, up)}, highs.Column{Upper: max(0, down)})
	}
	for k, s := range p.sums {
		row := highs.Row{Terms: []highs.Term{{Col: 2 * s.Total, Coef: -1}, {Col: 2*s.Total + 1, Coef: 1}}}
		for _, i := range s.Parts {
			row.Terms = append(row.Terms, highs.Term{Col: 2 * i, Coef: 1}, highs.Term{Col: 2*i + 1, Coef: -1})
		}
		p.bind(&m, row, k)
	}
	return m
}

// bind adds the row of a sum, and its rest if it has one.
func (p *programme) bind(m *highs.Problem, row highs.Row, k int) {
	if p.rest[k] > 0 || p.sums[k].Open {
		row.Terms = append(row.Terms, highs.Term{Col: len(m.Columns), Coef: 1})
		m.Columns = append(m.Columns, highs.Column{Lower: -p.rest[k], Upper: math.Inf(1)})
	}
	m.Rows = append(m.Rows, row)
}

// guess takes cells that were told within bounds for what the sums allow, with
// as little left over as can be, and works out the rests. Sums that can't be
// true are left out.
func (p *programme) guess() error {
	var m highs.Problem
	var cost []highs.Term
	for i := range p.cells {
		lower, upper := p.bounds(i)
		m.Columns = append(m.Columns, highs.Column{Lower: lower, Upper: upper})
	}
	n := len(p.cells)
	for k, s := range p.sums {
		row := highs.Row{Terms: []highs.Term{{Col: s.Total, Coef: -1}, {Col: n + 2*k, Coef: 1}, {Col: n + 2*k + 1, Coef: -1}}}
		for _, i := range s.Parts {
			row.Terms = append(row.Terms, highs.Term{Col: i, Coef: 1})
		}
		m.Rows = append(m.Rows, row)
		for c := range 2 { // what the parts lack, and what they have too much
			cost = append(cost, highs.Term{Col: n + 2*k + c, Coef: 1})
			m.Columns = append(m.Columns, highs.Column{Upper: math.Inf(1)})
		}
	}
	sol, err := p.solve(m, cost)
	if err != nil {
		return err
	}
	if sol == nil {
		return errors.New("what was told within bounds is not possible")
	}
	for i := range p.cells {
		p.value[i] = tidy(sol[i])
	}
	kept := p.sums[:0:0]
	for _, s := range p.sums {
		least, most := 0.0, 0.0
		for _, i := range s.Parts {
			lower, upper := p.bounds(i)
			least, most = least+lower, most+upper
		}
		lower, upper := p.bounds(s.Total)
		switch {
		case least > upper: // the parts have more than the total: it can't be true
		case most < lower:
			kept, p.rest = append(kept, s), append(p.rest, lower-most)
		default: // an outsider takes the parts for all there is
			kept, p.rest = append(kept, s), append(p.rest, 0)
		}
	}
	p.sums = kept
	return nil
}

// solve gives the values of the cheapest solution; nil if there is none.
func (p *programme) solve(m highs.Problem, cost []highs.Term) ([]float64, error) {
	if err := p.s.Load(m); err != nil {
		return nil, err
	}
	sol, err := p.s.Minimise(p.ctx, cost)
	if err != nil || sol.Status == highs.Infeasible {
		return nil, err
	}
	if sol.Status != highs.Optimal { // every move is bounded or has its price
		return nil, fmt.Errorf("the programme is %s", sol.Status)
	}
	return sol.X, nil
}

// bounds are what the world was told of a cell.
func (p *programme) bounds(i int) (lower, upper float64) {
	if c := p.cells[i]; c.Told {
		return c.Lower, c.Upper
	}
	return p.cells[i].Value, p.cells[i].Value
}

// tidy takes away what the solver's arithmetic leaves.
func tidy(v float64) float64 {
	if r := math.Round(v); math.Abs(v-r) < small {
		return r
	}
	return v
}

// needs gives how far up and down a cell must be movable. A small one must
// reach the threshold and zero; any other that is not published an interval of
// the width kept, wherever it lies.
func (p *programme) needs(i int) (up, down float64) {
	switch c := p.cells[i]; {
	case c.Primary:
		return p.width - p.value[i], p.value[i]
	case c.Told:
		up = min(p.kept, c.Upper-p.value[i])
		return up, min(p.kept-up, p.value[i]-c.Lower)
	case c.Disclosing && p.value[i] >= p.kept: // it is all there is: others may have some of it
		return 0, p.kept
	}
	return p.kept, 0
}

// protect withholds what it takes to make a cell safe, and names what was added.
func (p *programme) protect(i int) ([]int, error) {
	if err := p.survey([]int{i}, true); err != nil || p.enough(i) {
		return nil, err
	}
	up, down := p.needs(i)
	var added []int
	for _, way := range []struct {
		down bool
		by   *float64
	}{{false, &up}, {true, &down}} {
		if *way.by <= 0 {
			continue
		}
		more, ok, err := p.move(i, *way.by, way.down)
		switch c := p.cells[i]; {
		case err != nil || ok || c.Told:
		case c.Primary: // a part of a total that was told to be under 5 can't reach 5
			if *way.by, err = p.furthest(i, way.down); err == nil && *way.by > 0 {
				more, _, err = p.move(i, *way.by, way.down)
			}
			p.room[i] = up + down
		default:
			more, _, err = p.move(i, p.kept, !way.down)
		}
		if err != nil {
			return nil, err
		}
		added = append(added, more...) // what can't be made safe is told by Unsafe
	}
	return added, nil
}

// furthest tells how far a cell can be moved at all, whatever is withheld for it.
func (p *programme) furthest(i int, down bool) (float64, error) {
	m := p.model()
	col := 2 * i
	if down {
		col++
	}
	m.Columns[col^1].Upper = 0
	sol, err := p.solve(m, []highs.Term{{Col: col, Coef: -1}})
	if err != nil || sol == nil {
		return 0, err
	}
	return tidy(sol[col]), nil
}

// move finds the cheapest way to move a cell, and withholds what moves with it.
// It is not ok if there is none.
func (p *programme) move(i int, by float64, down bool) (added []int, ok bool, err error) {
	m := p.model()
	col := 2 * i
	if down {
		col++
	}
	if m.Columns[col].Upper < by {
		return nil, false, nil
	}
	m.Columns[col].Lower, m.Columns[col].Upper, m.Columns[col^1].Upper = by, by, 0
	var cost []highs.Term
	for k, c := range p.cells {
		w := c.Weight
		if p.free(k) {
			w = 1e-4 // no cell moves without need
		}
		cost = append(cost, highs.Term{Col: 2 * k, Coef: w}, highs.Term{Col: 2*k + 1, Coef: w})
	}
	sol, err := p.solve(m, cost)
	if err != nil || sol == nil {
		return nil, false, err
	}
	for k := range p.cells {
		by := tidy(sol[2*k] - sol[2*k+1])
		p.reached[k].up, p.reached[k].down = max(p.reached[k].up, by), max(p.reached[k].down, -by)
		if !p.free(k) && by != 0 {
			p.hidden[k] = true
			added = append(added, k)
		}
	}
	return added, true, nil
}
