package suppress

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// reach is how far a cell is known to be movable while nothing published moves.
type reach struct{ up, down float64 }

// enough tells whether that leaves the cell as uncertain as it must be.
func (p *programme) enough(i int) bool {
	need := p.kept
	switch c := p.cells[i]; {
	case c.Derived && !p.hidden[i]:
		return true
	case c.Primary:
		need = p.width
		if room, ok := p.room[i]; ok {
			need = min(need, max(room, p.kept))
		}
	case c.Told:
		need = min(p.kept, c.Upper-c.Lower)
	}
	return p.reached[i].up+p.reached[i].down >= need-small
}

// together is how often all cells are moved at once.
const together = 8

// small is what the solver's arithmetic may be wrong by.
const small = 1e-6

// survey finds out how far cells can be moved. One solution moves many cells, and
// so each is counted for all of them; with alone, each that is left has a programme
// of its own. What was found stays true as more is withheld.
func (p *programme) survey(list []int, alone bool) error {
	open := slices.DeleteFunc(slices.Clone(list), p.enough)
	if len(open) == 0 {
		return nil
	}
	for _, part := range p.components(open) {
		m := p.freeModel(part)
		if err := p.s.Load(m.Problem); err != nil {
			return err
		}
		solve := func(cost []highs.Term) error {
			sol, err := p.s.Maximise(p.ctx, cost)
			if err != nil {
				return err
			}
			if sol.Status != highs.Optimal {
				return fmt.Errorf("the programme is %s", sol.Status)
			}
			for k, i := range m.cells {
				p.reached[i].up = max(p.reached[i].up, tidy(sol.X[k]))
				p.reached[i].down = max(p.reached[i].down, tidy(-sol.X[k]))
			}
			return nil
		}
		rnd := rand.New(rand.NewPCG(1, 2)) // the same for the same cells
		for range together {               // all that are open, each this way or that: where totals stand, not all can rise
			var cost []highs.Term
			for k, i := range m.cells {
				if slices.Contains(open, i) && !p.enough(i) {
					cost = append(cost, highs.Term{Col: k, Coef: float64(1 - 2*rnd.IntN(2))})
				}
			}
			if len(cost) < 2 {
				break
			}
			if err := solve(cost); err != nil {
				return err
			}
		}
		if !alone {
			continue
		}
		for k, i := range m.cells {
			for _, sign := range []float64{1, -1} {
				if !p.enough(i) && slices.Contains(open, i) {
					if err := solve([]highs.Term{{Col: k, Coef: sign}}); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// freeModel is the programme of cells that are not published: a variable for
// each, by how much it moves.
type freeModel struct {
	highs.Problem
	cells []int
}

func (p *programme) freeModel(part []int) freeModel {
	m := freeModel{cells: part}
	col := map[int]int{}
	for k, i := range part {
		col[i] = k
		up, down := 4*(p.width+p.value[i]), p.value[i] // room for others to move
		if c := p.cells[i]; c.Told {
			up, down = c.Upper-p.value[i], p.value[i]-c.Lower
		}
		m.Columns = append(m.Columns, highs.Column{Lower: -max(0, down), Upper: max(0, up)})
	}
	done := map[int]bool{}
	for _, i := range part {
		for _, k := range p.in[i] {
			if done[k] {
				continue
			}
			done[k] = true
			s := p.sums[k]
			var row highs.Row
			if c, ok := col[s.Total]; ok {
				row.Terms = append(row.Terms, highs.Term{Col: c, Coef: -1})
			}
			for _, j := range s.Parts {
				if c, ok := col[j]; ok {
					row.Terms = append(row.Terms, highs.Term{Col: c, Coef: 1})
				}
			}
			p.bind(&m.Problem, row, k)
		}
	}
	return m
}

// components gives the groups of free cells that are bound to each other by
// sums, of those cells that are listed.
func (p *programme) components(list []int) (out [][]int) {
	seen := make([]bool, len(p.cells))
	for _, first := range list {
		if seen[first] {
			continue
		}
		seen[first] = true
		part := []int{first}
		for at := 0; at < len(part); at++ {
			for _, k := range p.in[part[at]] {
				for _, j := range append([]int{p.sums[k].Total}, p.sums[k].Parts...) {
					if !seen[j] && p.free(j) {
						seen[j] = true
						part = append(part, j)
					}
				}
			}
		}
		slices.Sort(part)
		out = append(out, part)
	}
	return out
}
