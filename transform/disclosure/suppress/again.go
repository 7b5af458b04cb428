package suppress

import (
	"cmp"
	"slices"
)

// publishAgain gives back what was withheld for the sake of others and proves
// not to be needed, dearest first.
func (p *programme) publishAgain() error {
	var list []int
	for i := range p.cells {
		if p.hidden[i] && !p.cells[i].Primary && !p.cells[i].Disclosing && !p.cells[i].Hidden {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(x, y int) int { return cmp.Compare(p.cells[y].Weight, p.cells[x].Weight) })
	for _, i := range list {
		part := p.components([]int{i})[0]
		if len(part) > mostTried {
			continue
		}
		before := slices.Clone(p.reached)
		p.hidden[i] = false
		part = slices.DeleteFunc(part, func(k int) bool { return k == i || !p.enough(k) })
		for _, k := range part {
			p.reached[k] = reach{}
		}
		p.reached[i] = reach{}
		if err := p.survey(part, true); err != nil {
			return err
		}
		if !slices.ContainsFunc(part, func(k int) bool { return !p.enough(k) }) {
			apart, err := p.allApart(part)
			if err != nil {
				return err
			}
			if apart {
				continue
			}
		}
		p.hidden[i] = true
		p.reached = before
	}
	return nil
}

// mostTried is how many cells may be withheld together for it to be tried whether all
// are needed: the tries grow with the square of their number.
const mostTried = 60
