package suppress

import (
	"slices"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// pair is a cell that counts one person, and the one other cell of a sum that is
// not published: that person, who knows her own cell, would know the other.
type pair struct{ one, other int }

// pairs finds them, and keeps them: that others are withheld with them must not be
// undone.
func (p *programme) findPairs() {
	one := func(i int) bool { return p.hidden[i] && p.cells[i].Value == 1 }
	for k, s := range p.sums {
		if p.rest[k] > 0 || s.Open {
			continue // nobody knows the rest
		}
		var free []int
		for _, i := range append([]int{s.Total}, s.Parts...) {
			if p.free(i) {
				free = append(free, i)
			}
		}
		if len(free) != 2 {
			continue
		}
		for _, x := range []pair{{free[0], free[1]}, {free[1], free[0]}} {
			if one(x.one) && !(p.cells[x.other].Derived && !p.hidden[x.other]) && !slices.Contains(p.pairs, x) {
				p.pairs = append(p.pairs, x)
			}
		}
	}
}

// apart tells whether the other cell of a pair has the width kept for whoever knows
// the first.
func (p *programme) apart(x pair) (bool, error) {
	part := p.components([]int{x.one})[0]
	m := p.freeModel(part)
	col := 0
	for k, i := range part {
		switch i {
		case x.one:
			m.Columns[k] = highs.Column{}
		case x.other:
			col = k
		}
	}
	if err := p.s.Load(m.Problem); err != nil {
		return false, err
	}
	width := 0.0
	for _, sign := range []float64{1, -1} {
		sol, err := p.s.Maximise(p.ctx, []highs.Term{{Col: col, Coef: sign}})
		if err != nil {
			return false, err
		}
		width += sol.Objective
	}
	need := p.kept
	if c := p.cells[x.other]; c.Told {
		need = min(need, c.Upper-c.Lower)
	}
	return width >= need-small, nil
}

// part withholds more so that nobody who is alone in a cell can tell another from it,
// and names what was added.
func (p *programme) part() (added []int, err error) {
	p.findPairs()
	for _, x := range p.pairs {
		if ok, err := p.apart(x); err != nil || ok {
			if err != nil {
				return nil, err
			}
			continue
		}
		up, down := p.needs(x.other)
		if !p.cells[x.other].Told {
			up, down = p.kept, 0
		}
		p.still = x.one
		for _, way := range []struct {
			by   float64
			down bool
		}{{up, false}, {down, true}} {
			if way.by <= 0 {
				continue
			}
			var more []int
			if more, _, err = p.move(x.other, way.by, way.down); err != nil {
				break
			}
			added = append(added, more...)
		}
		p.still = none
		if err != nil {
			return nil, err
		}
	}
	return added, nil
}

// allApart tells whether that holds for all pairs of some cells.
func (p *programme) allApart(cells []int) (bool, error) {
	p.findPairs()
	for _, x := range p.pairs {
		if !slices.Contains(cells, x.one) || !p.free(x.other) {
			continue
		}
		if ok, err := p.apart(x); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// none is no cell.
const none = -1
