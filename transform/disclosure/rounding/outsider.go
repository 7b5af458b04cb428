package rounding

import (
	"context"
	"math"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// Range is what an outsider knows of a figure by itself.
type Range struct{ Lower, Upper float64 }

// Around is the range of a figure that was rounded.
func Around(v, base float64) Range { return Range{max(0, v-base+1), v + base - 1} }

// few is how many whole numbers a figure must be possible as, at least: what a
// zero leaves open with base 3.
const few = 3

// Narrow finds figures that an outsider can tell to be one of less than three
// numbers, since the true ones add up as sums say: ranges are what is known of each
// cell by itself. If first, it looks no further once one is found. Where ranges and
// sums contradict each other nothing follows.
func Narrow(ctx context.Context, s *highs.Solver, cells []Cell, ranges []Range, sums []Sum, first bool) ([]int, error) {
	p := programme{ctx: ctx, s: s, cells: cells}
	p.bind(sums)
	var found []int
	for _, part := range p.components() {
		if len(part.sums) == 0 {
			continue
		}
		if err := p.s.Load(p.outside(part, ranges)); err != nil {
			return nil, err
		}
		list, err := p.survey(part, first)
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
		if first && len(found) > 0 {
			break
		}
	}
	return found, nil
}

// outside is what an outsider knows of cells that hang together.
func (p *programme) outside(part component, ranges []Range) (m highs.Problem) {
	at := map[int]int{}
	for k, i := range part.cells {
		at[i] = k
		m.Columns = append(m.Columns, highs.Column{Lower: ranges[i].Lower, Upper: ranges[i].Upper})
	}
	for _, s := range part.sums {
		row := highs.Row{Terms: []highs.Term{{Col: at[s.Total], Coef: 1}}}
		for _, i := range s.Parts {
			row.Terms = append(row.Terms, highs.Term{Col: at[i], Coef: -1})
		}
		if open, _ := p.slack(s); open {
			row.Upper = math.Inf(1)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// survey looks at each figure of a component. A figure that two solutions show far
// enough apart needs no look of its own.
func (p *programme) survey(part component, first bool) (found []int, err error) {
	seen := make([]Range, len(part.cells))
	for k := range seen {
		seen[k] = Range{math.Inf(1), math.Inf(-1)}
	}
	wide := func(k int) bool {
		const tiny = 1e-6
		return math.Floor(seen[k].Upper+tiny)-math.Ceil(seen[k].Lower-tiny) >= few-1
	}
	look := func(cost []highs.Term) (bool, error) {
		for _, solve := range []func(context.Context, []highs.Term) (highs.Solution, error){p.s.Minimise, p.s.Maximise} {
			sol, err := solve(p.ctx, cost)
			if err != nil || sol.Status != highs.Optimal {
				return false, err
			}
			for k, x := range sol.X {
				seen[k] = Range{min(seen[k].Lower, x), max(seen[k].Upper, x)}
			}
		}
		return true, nil
	}
	all := make([]highs.Term, len(part.cells))
	for k := range all {
		all[k] = highs.Term{Col: k, Coef: 1}
	}
	if ok, err := look(all); !ok {
		return nil, err // contradicted
	}
	for k, i := range part.cells {
		if c := p.cells[i]; c.Told || c.Least || wide(k) {
			continue
		}
		if _, err := look([]highs.Term{{Col: k, Coef: 1}}); err != nil {
			return nil, err
		}
		if !wide(k) {
			if found = append(found, i); first {
				break
			}
		}
	}
	return found, nil
}
