package audit

import (
	"cmp"
	"maps"
	"slices"
)

// passes bounds how often sets are looked at again: what is found of one is news to another.
const passes = 3

// absence finds parts of totals that nobody printed.
type absence struct {
	*summer
	p        int
	cells    map[Key]*variable
	children map[group][]Key
	codes    map[among][]string
	found    map[Key]bool
}

// among is where codes of parts are looked for: totals of a source over a dimension, of one code.
type among struct {
	over
	up string
}

func (g group) among() among { return among{over{g.key.source(), g.dim}, g.key[g.dim]} }

// absent adds parts of totals that nobody printed, where such are printed of other totals
// of the source: 13 are adults; of 48 men 37 are boys, so 2 women are adults. Parts that
// can be all there are are taken for that, unless the reader is wary.
func (s *summer) absent(p int, cells map[Key]*variable, children map[group][]Key) map[Key]bool {
	a := absence{s, p, cells, children, map[among][]string{}, map[Key]bool{}}
	for g, list := range children {
		for _, k := range list {
			if codes := a.codes[g.among()]; !slices.Contains(codes, k[g.dim]) {
				a.codes[g.among()] = append(codes, k[g.dim])
			}
		}
	}
	for range passes {
		before := len(a.found)
		for _, g := range slices.SortedFunc(maps.Keys(children), compareGroups) {
			if slices.Contains(breakdowns, g.dim) {
				a.add(g)
			}
		}
		if len(a.found) == before {
			break
		}
	}
	return a.found
}

func compareGroups(a, b group) int {
	return cmp.Or(compareKeys(a.key, b.key), cmp.Compare(a.dim, b.dim))
}

func (a absence) add(g group) {
	var have []string
	for _, k := range a.children[g] {
		if !a.found[k] {
			have = append(have, k[g.dim])
		}
	}
	codes := slices.Sorted(slices.Values(a.codes[g.among()]))
	if slices.Sort(have); len(have) == len(codes) {
		return
	}
	if _, complete := a.ways(g, have); complete && !a.wary {
		a.spared = true
		return
	}
	for _, code := range codes {
		k := g.key.with(g.dim, code)
		if _, there := a.cells[k]; there || !a.joins(k) {
			continue
		}
		a.cells[k], a.found[k] = a.vs.margin(a.p, k), true
		for _, d := range breakdowns {
			if up, ok := a.above(d, k[d]); ok {
				g := group{k.with(d, up), d}
				a.children[g] = append(a.children[g], k)
			}
		}
	}
}

// joins tells whether a cell is part of two totals: else nothing follows from it.
func (a absence) joins(k Key) bool {
	n := 0
	for _, d := range breakdowns {
		if up, ok := a.above(d, k[d]); ok && a.cells[k.with(d, up)] != nil {
			n++
		}
	}
	return n > 1
}
