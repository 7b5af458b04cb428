package disclosure

import (
	"maps"
	"slices"
	"strings"

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
	totals, exact := map[total]float64{}, map[string]map[string]float64{} // by codes, of each total
	name := func(t total) string { return strings.Join([]string{t.series, t.indicator, t.status}, "|") }
	for _, o := range g.obs {
		if !o.preferred || o.value == nil || o.missing > 0 {
			continue
		}
		t := total{o.series, o.indicator, o.key[dimStatus]}
		if exact[name(t)] == nil {
			exact[name(t)] = map[string]float64{}
		}
		exact[name(t)][o.within()] = *o.value
		if o.freq == "A" && o.broken() == 0 {
			totals[t] = *o.value
		}
	}
	// contradicts tells whether two say different things of the same.
	contradicts := func(a, b total) bool {
		for codes, v := range exact[name(a)] {
			if w, ok := exact[name(b)][codes]; ok && v != w {
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

// within gives the codes by which a figure is broken down, and its period.
func (o observation) within() string { return strings.Join(o.key[:dimStatus], "|") }

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
		members, at := c.at[series], map[string][]member{}
		for _, m := range members {
			name := m.key[dimIndicator] + "|" + m.key[dimStatus] + "|" + m.within()
			at[name] = append(at[name], m)
		}
		for _, m := range members {
			whole, ok := c.p.Among[m.key[dimIndicator]]
			if !ok || m.cell < 0 || c.cells[m.cell].Told {
				continue
			}
			for _, status := range c.g.statuses(whole, m.key[dimStatus]) {
				for _, of := range at[whole+"|"+status+"|"+m.within()] {
					if of.cell >= 0 && of.cell != m.cell && !c.cells[of.cell].Told && c.cells[of.cell].Value >= c.cells[m.cell].Value {
						c.add(dimIndicator, suppress.Sum{Total: of.cell, Parts: []int{m.cell}, Open: true})
					}
				}
			}
		}
	}
}

func (m member) within() string { return strings.Join(m.key[:dimStatus], "|") }
