package disclosure

import (
	"maps"
	"slices"

	"github.com/oas/tipstat/transform/disclosure/suppress"
)

// Some indicators count persons whom another counts too (Policy.Among): the victims
// of whom the route is known are victims detected. Where the totals of both are the
// same, so are the persons, and each figure of the one is that of the other.

// alike gives the figures of a group with the codes under which they add up: those of
// whom another indicator counts the same persons stand there as the other's, in a
// layout of their own.
func (g group) alike(p Policy) []observation {
	type total struct{ series, indicator, status string }
	totals, exact := map[total]float64{}, map[total]map[[dims]string]float64{} // of each total, by codes
	for _, o := range g.obs {
		if !o.preferred || o.value == nil || o.missing > 0 {
			continue
		}
		t := total{o.series, o.indicator, o.key[dimStatus]}
		if exact[t] == nil {
			exact[t] = map[[dims]string]float64{}
		}
		exact[t][brokenBy(o.key)] = *o.value
		if o.freq == "A" && o.broken() == 0 {
			totals[t] = *o.value
		}
	}
	// contradicts tells whether two say different things of the same.
	contradicts := func(a, b total) bool {
		for codes, v := range exact[a] {
			if w, ok := exact[b][codes]; ok && v != w {
				return true
			}
		}
		return false
	}
	same := map[total]total{}
	for t, v := range totals {
		whole, ok := p.Among[t.indicator]
		if !ok {
			continue
		}
		for _, status := range g.statuses(whole, t.status) {
			of := total{t.series, whole, status}
			if w, ok := totals[of]; ok && v == w && !contradicts(t, of) {
				same[t] = of
				break
			}
		}
	}
	list := slices.Clone(g.obs)
	for i := range list {
		o := &list[i]
		o.as = o.key
		if of, ok := same[total{o.series, o.indicator, o.key[dimStatus]}]; ok {
			o.as[dimIndicator], o.as[dimStatus] = of.indicator, of.status
			o.layout = o.indicator + " " + o.layout
		}
	}
	return list
}

// brokenBy gives the codes by which a figure is broken down, and its period.
func brokenBy(key [dims]string) [dims]string {
	key[dimStatus], key[dimIndicator] = "", ""
	return key
}

// statuses are those of victims whom an indicator counts in a group that one of a
// status may count too: that status alone, or where it does not say, any; the widest
// first.
func (g group) statuses(indicator, status string) (list []string) {
	for _, o := range g.obs {
		s := o.key[dimStatus]
		if o.indicator == indicator && (s == status || status == "_Z") && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	slices.Sort(list) // DETECTED, which are the others together, comes first
	return list
}

// among adds that some are no more than all: what is counted of a part of the persons
// bounds what is counted of them.
func (c *cells) among() {
	for _, series := range slices.Sorted(maps.Keys(c.at)) {
		at := map[[dims]string][]member{}
		for _, m := range c.at[series] {
			at[m.key] = append(at[m.key], m)
		}
		for _, m := range c.at[series] {
			whole, ok := c.p.Among[m.key[dimIndicator]]
			if !ok || m.cell < 0 || c.cells[m.cell].Told {
				continue
			}
			for _, status := range c.g.statuses(whole, m.key[dimStatus]) {
				key := m.key
				key[dimIndicator], key[dimStatus] = whole, status
				for _, of := range at[key] {
					if of.cell >= 0 && of.cell != m.cell && !c.cells[of.cell].Told && c.cells[of.cell].Value >= c.cells[m.cell].Value {
						c.add(dimIndicator, suppress.Sum{Total: of.cell, Parts: []int{m.cell}, Open: true}, 0)
					}
				}
			}
		}
	}
}
