package audit

import (
	"cmp"
	"maps"
	"slices"
)

// passes bounds how often sets are looked at again: what is found of one is news to another.
const passes = 3

// divided are the dimensions whose totals have parts: the breakdowns, and the year, of which
// a quarter may be absent.
var divided = append(slices.Clone(breakdowns), TimePeriod)

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
// of the source: 13 are adults; of 48 men 37 are boys, so 2 women are adults. Where the
// printed parts of a total can be all there are they are taken for that, unless the reader
// is wary. To be wary tells more where somebody must be in a part that is absent, since
// those printed are too few, and nowhere else: it asks less of the figures.
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
			if slices.Contains(divided, g.dim) {
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

// add adds the parts of a total that are absent.
func (a absence) add(g group) {
	if a.complete(g) && !a.wary {
		a.spared = a.spared || len(a.here(g)) < len(a.codes[g.among()])
		return
	}
	must := a.fewer(g)
	for _, code := range slices.Sorted(slices.Values(a.codes[g.among()])) {
		k := g.key.with(g.dim, code)
		if v, there := a.cells[k]; there {
			if a.found[k] {
				v.must = v.must || must
			}
			continue
		}
		if !a.joins(k) {
			continue
		}
		v := a.vs.margin(a.p, k)
		v.must = must
		a.cells[k], a.found[k] = v, true
		for _, d := range divided {
			if up, ok := a.above(d, k[d]); ok {
				g := group{k.with(d, up), d}
				a.children[g] = append(a.children[g], k)
			}
		}
	}
}

// here gives the parts of a total that are not absent.
func (a absence) here(g group) (codes []string) {
	for _, k := range a.children[g] {
		if !a.found[k] {
			codes = append(codes, k[g.dim])
		}
	}
	slices.Sort(codes)
	return codes
}

// complete tells whether parts of a total can be all there are.
func (a absence) complete(g group) bool {
	_, complete := a.ways(g, a.here(g))
	return complete
}

// fewer tells whether parts of a total are absent, and somebody must be in them.
func (a absence) fewer(g group) bool {
	total := a.cells[g.key]
	if total == nil || len(a.children[g]) >= len(a.codes[g.among()]) && len(a.here(g)) == len(a.children[g]) {
		return false
	}
	most := 0.0
	for _, code := range a.here(g) {
		v := a.cells[g.key.with(g.dim, code)]
		if v == nil {
			return false
		}
		most += a.bounds(v).Upper
	}
	return most < total.lower
}

// joins tells whether a cell is part of two totals: else nothing follows from it. Unless
// the reader is wary, it is of nobody if other parts of one of them can be all there are.
func (a absence) joins(k Key) bool {
	n := 0
	for _, d := range divided {
		up, ok := a.above(d, k[d])
		if !ok || a.cells[k.with(d, up)] == nil {
			continue
		}
		if n++; !a.wary && a.complete(group{k.with(d, up), d}) {
			return false
		}
	}
	return n > 1
}
