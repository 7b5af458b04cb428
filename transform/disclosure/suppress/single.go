package suppress

import (
	"slices"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// pair is a cell that counts one person, and another that must be withheld for what it is:
// that person, who knows her own cell, would know the other by subtraction. Of cells that
// are withheld to hide others she may know that they are large.
type pair struct{ one, other int }

// findPairs finds them, and keeps them: that others are withheld with them must not be
// undone.
func (p *programme) findPairs() {
	for one := range p.cells {
		if !p.hidden[one] || p.cells[one].Value != 1 {
			continue
		}
		knows := map[int]bool{one: true}
		for queue := []int{one}; len(queue) > 0; queue = queue[1:] {
			for _, k := range p.in[queue[0]] {
				i := p.left(k, knows)
				if i == none {
					continue
				}
				knows[i] = true
				queue = append(queue, i)
				if x := (pair{one, i}); p.needy(i) && !slices.Contains(p.pairs, x) {
					p.pairs = append(p.pairs, x)
				}
			}
		}
	}
}

// needy tells whether a cell is withheld for what it is.
func (p *programme) needy(i int) bool {
	c := p.cells[i]
	return p.hidden[i] && (c.Primary || c.Disclosing) || c.Told && !c.Derived
}

// left gives the one cell of a sum that is neither published nor known to somebody; none if
// there are several, or nobody knows the rest.
func (p *programme) left(k int, knows map[int]bool) int {
	s, one := p.sums[k], none
	if p.rest[k] > 0 || s.Open {
		return none
	}
	for _, i := range append([]int{s.Total}, s.Parts...) {
		switch {
		case !p.free(i) || knows[i] || i == one:
		case one != none:
			return none
		default:
			one = i
		}
	}
	return one
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
