package disclosure

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/oas/tipstat/transform/disclosure/suppress"
)

// line holds the cells that differ in one dimension alone, by its code: several where
// layouts say different things of the same.
type line map[string][]member

// linesOf gives the lines of a series in one dimension.
func linesOf(members []member, d int) (list []line) {
	at := map[[dims]string]int{}
	for _, m := range members {
		k := m.key
		k[d] = ""
		if _, ok := at[k]; !ok {
			at[k] = len(list)
			list = append(list, line{})
		}
		r := list[at[k]]
		r[m.key[d]] = append(r[m.key[d]], m)
	}
	return list
}

// as gives the line as it is with the cells of one layout, and what it lacks from the
// others: a total of one form and parts of another tell the rest.
func (r line) as(layout string) map[string]member {
	out := map[string]member{}
	for code, list := range r {
		out[code] = list[max(0, slices.IndexFunc(list, func(m member) bool { return m.layout == layout }))]
	}
	return out
}

// layouts of a line.
func (r line) layouts() (list []string) {
	for _, same := range r {
		for _, m := range same {
			if !slices.Contains(list, m.layout) {
				list = append(list, m.layout)
			}
		}
	}
	slices.Sort(list)
	return list
}

// front moves a name to the front.
func front(name string, list []string) []string {
	return append([]string{name}, slices.DeleteFunc(list, func(s string) bool { return s == name })...)
}

// sumsOf finds the sums of a series: over each dimension, of each total the
// parts that stand below it.
func (c *cells) sumsOf(members []member) {
	for d := range dims {
		for _, r := range linesOf(members, d) {
			if len(r) < 2 {
				continue
			}
			for _, code := range slices.Sorted(maps.Keys(r)) {
				for _, total := range r[code] {
					for _, layout := range front(total.layout, r.layouts()) {
						with := r.as(layout)
						for _, parts := range c.tree.parts(d, code, with) {
							c.sum(d, total, parts, with)
						}
					}
				}
			}
		}
	}
}

// sum adds the sum of a total. A bound made of parts is the sum of those of its layout
// that are exact; a total that is exact is the sum of all.
func (c *cells) sum(d int, total member, parts []string, with map[string]member) {
	var all, known []int
	sum, own := 0.0, true
	for _, code := range parts {
		m := with[code]
		own = own && m.layout == total.layout
		switch {
		case m.cell < 0: // itself a bound of parts
			known, sum = append(known, m.low), sum+c.cells[m.low].Value
		case c.cells[m.cell].Told:
			all = append(all, m.cell)
		default:
			all, known, sum = append(all, m.cell), append(known, m.cell), sum+c.cells[m.cell].Value
		}
	}
	if total.low >= 0 && len(known) > 0 && own {
		if low := &c.cells[total.low]; math.IsNaN(low.Value) {
			low.Value = sum
		}
		c.add(d, suppress.Sum{Total: total.low, Parts: known}, 0)
	}
	if total.cell >= 0 && len(all) > 0 {
		whole := c.cells[total.cell]
		exact := len(all) == len(parts) && len(known) == len(parts) && !whole.Told
		rest := whole.Value - sum
		if !exact || !own && d != dimPeriod || !c.small(rest) {
			rest = 0
		}
		// One part alone leaves room for others, unless the total was made of it; and where
		// nothing is known of anybody, those of whom it is unknown are all. Case rows give no
		// figure of nobody, and that there is nobody else may follow from what crosses it: of
		// 31 women 31 were exploited sexually, so all that were for their labour are men.
		alone := len(all) < 2 && !(c.g.counted() && exact && sum == whole.Value)
		open := rest == 0 && alone && !whole.Derived && !c.derived[total.cell] && !slices.Equal(parts, []string{"_U"})
		c.add(d, suppress.Sum{Total: total.cell, Parts: all, Open: open}, rest)
	}
}

// small tells whether what a total has beyond its parts is small: nobody was told of it,
// and it is looked after up to the protection where the threshold is less.
func (c *cells) small(v float64) bool { return v > 0 && v < max(c.threshold, c.p.Protection+1) }

// add adds a sum that was not added before. What the total has beyond its parts, if that
// is small, is a cell of its own: nobody printed it, and whoever subtracts has it all the
// same. Of 30 victims 27 are women: 3 are not.
func (c *cells) add(d int, s suppress.Sum, beyond float64) {
	name := fmt.Sprint(s)
	if c.met[name] {
		return
	}
	c.met[name] = true
	if beyond > 0 {
		s.Parts = append(s.Parts, len(c.cells))
		c.cells, c.of = append(c.cells, suppress.Cell{Value: beyond, Primary: true, Weight: 1}), append(c.of, nil)
	}
	c.sums, c.over = append(c.sums, s), append(c.over, d)
}

// zeros marks what tells an attribute of every member of a small group: zeros where
// one part alone is not zero, beside a total or without one; and a part alone that is
// as much as its total.
func (c *cells) zeros() {
	for i := range c.cells {
		if math.IsNaN(c.cells[i].Value) { // a range of no parts that are exact
			c.cells[i].Value = 0
		}
	}
	for k, s := range c.sums {
		total := c.cells[s.Total]
		if c.over[k] >= dimPeriod || total.Told || total.Value <= 0 || total.Value >= c.p.Group {
			continue // a month, or what is counted, is no attribute of persons
		}
		c.shared(s.Parts)
		if part := &c.cells[s.Parts[0]]; len(s.Parts) == 1 && !part.Told && part.Value == total.Value {
			part.Disclosing = true
		}
		if c.over[k] == dimSex || c.over[k] == dimAge { // no child among twelve: all are adults
			c.none(s.Parts)
		}
	}
	for _, series := range slices.Sorted(maps.Keys(c.at)) {
		for d := range dimPeriod {
			for _, r := range linesOf(c.at[series], d) {
				for _, layout := range r.layouts() {
					for _, parts := range c.tree.siblings(d, r.as(layout)) {
						c.shared(parts)
					}
				}
			}
		}
	}
}

// none marks cells that are all zero.
func (c *cells) none(parts []int) {
	if slices.ContainsFunc(parts, func(i int) bool { return c.cells[i].Told || c.cells[i].Value != 0 }) {
		return
	}
	for _, i := range parts {
		c.cells[i].Primary = true
	}
}

// shared marks the zeros among cells of which one alone is not zero, if that is a small
// group.
func (c *cells) shared(parts []int) {
	var zero []int
	all := 0.0
	for _, i := range parts {
		if c.cells[i].Told {
			return
		}
		if all += c.cells[i].Value; c.cells[i].Value == 0 {
			zero = append(zero, i)
		}
	}
	if all < c.p.Group && len(zero) > 0 && len(zero) == len(parts)-1 {
		for _, i := range zero {
			c.cells[i].Primary = true
		}
	}
}
