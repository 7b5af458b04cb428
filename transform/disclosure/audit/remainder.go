package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What a total has beyond figures that count none of its persons twice is a count that
// nobody printed, and that whoever subtracts has: of 64 victims 30 are girls, 12 women and
// 20 boys, and 2 are none of these. Where the figures are exact it is found here, by
// subtraction along any dimensions; what follows from bounds of one dimension is found with
// the linear programmes (set.beyond).

// cover is some of the persons of a cell, or all: figures that count none of them twice.
type cover struct {
	sum float64
	of  []*variable
	all bool // as far as the codes tell
}

// maxCovers bounds the covers that are kept of a margin, and of a total.
const maxCovers = 8

// remainder is what a total has beyond a cover, or beyond several lines of it.
type remainder struct {
	key   Key
	value float64
	of    []*variable // what it follows from: the total, or where nobody printed that, figures that make it, first
}

// coversOf gives the covers of a cell: its figure if it is printed, else those made of its
// parts.
func (s *summer) coversOf(p int, v *variable) []cover {
	if v.known() && s.prints(p, v) {
		return []cover{{v.lower, []*variable{v}, true}}
	}
	return s.covers[v]
}

// subtract finds what the total of a set has beyond covers of its parts.
func (s *summer) subtract(p int, st set) {
	g := group{st.key, st.dim}
	covers := []cover{{all: st.all}}
	plain := true // set.beyond tells what is left
	for _, v := range st.parts {
		of := s.coversOf(p, v)
		if len(of) == 0 && v.margin { // nothing is known of those; of what is hidden its own bounds tell
			of = []cover{{}}
		}
		plain = plain && v.known()
		var more []cover
		for _, c := range covers {
			for _, d := range of {
				if len(more) < maxCovers {
					more = append(more, cover{c.sum + d.sum, slices.Concat(c.of, d.of), c.all && d.all})
				}
			}
		}
		covers = more
	}
	switch {
	case !st.total.known():
		for _, c := range covers {
			s.margin(g, st.total, c)
		}
	case s.prints(p, st.total):
		for _, c := range covers {
			if !plain {
				s.remains(remainder{g.key.with(g.dim, Beyond), st.total.lower - c.sum, append([]*variable{st.total}, c.of...)})
			}
		}
	}
	s.last(p, g, st)
}

// last finds the one part that nobody printed of a total of which all else is told.
func (s *summer) last(p int, g group, st set) {
	c, ok := s.all(p, st.total)
	if !ok || !st.all {
		return
	}
	var one *variable
	c.of = slices.Clone(c.of)
	for _, v := range st.parts {
		part, ok := s.all(p, v)
		switch {
		case ok:
			c.sum, c.of = c.sum-part.sum, append(c.of, part.of...)
		case one != nil || !v.margin:
			return
		default:
			one = v
		}
	}
	if one != nil && c.sum >= -tiny {
		s.margin(g, one, c)
		s.remains(remainder{g.key.with(g.dim, Beyond), c.sum, c.of})
	}
}

// all gives a cover of a cell that is all of it.
func (s *summer) all(p int, v *variable) (cover, bool) {
	for _, c := range s.coversOf(p, v) {
		if c.all {
			return c, true
		}
	}
	return cover{}, false
}

// margin adds a cover of a margin, or of a total that is told within bounds. The larger of
// those that are all of it tells what it has beyond the others.
func (s *summer) margin(g group, v *variable, c cover) {
	c.all = c.all && c.sum >= v.lower-tiny && c.sum <= v.upper+tiny
	known := s.covers[v]
	if len(known) == maxCovers || slices.ContainsFunc(known, func(o cover) bool { return o.sum == c.sum && o.all == c.all }) {
		return
	}
	for _, o := range known {
		all, some := c, o
		if !c.all || o.all && o.sum > c.sum {
			all, some = o, c
		}
		if all.all {
			s.remains(remainder{g.key.with(g.dim, Beyond), all.sum - some.sum, slices.Concat(all.of, some.of)})
		}
	}
	s.covers[v] = append(known, c)
}

// few tells whether a count asks for protection.
func (s *summer) few(v float64) bool { return v >= 1-tiny && v <= s.protection+tiny }

// remains keeps a remainder that is small.
func (s *summer) remains(r remainder) {
	if s.few(r.value) {
		s.remainders = append(s.remainders, r)
	}
}

// box is persons of a cell without those of some codes.
type box struct {
	key     Key // Beyond where codes are left out
	without Key // those codes
}

// line is a box as a total over one dimension.
type line struct {
	box
	dim int
}

func (l line) part(code string) box { return box{l.key.with(l.dim, code), l.without} }

func (l line) less(codes []string) box {
	return box{l.key.with(l.dim, Beyond), l.without.with(l.dim, strings.Join(codes, "+"))}
}

func compareLines(a, b line) int {
	return cmp.Or(compareKeys(a.key, b.key), compareKeys(a.without, b.without), cmp.Compare(a.dim, b.dim))
}

// cross subtracts along several dimensions, of what a publication prints as figures: who is
// neither a woman nor an adult follows from all, women, adults, and women who are adults.
func (s *summer) cross(p int, cells map[Key]*variable) {
	at, level := map[box]remainder{}, []box{}
	hidden := map[source][]Key{}
	for k, v := range cells {
		if v != nil && v.known() && s.prints(p, v) {
			b := box{key: k}
			at[b], level = remainder{k, v.lower, []*variable{v}}, append(level, b)
		}
		if v != nil && v.hidden {
			hidden[k.source()] = append(hidden[k.source()], k)
		}
	}
	for depth := 1; len(level) > 0; depth++ {
		lines := s.lines(level)
		level = nil
		often := alternatives(lines)
		for _, l := range slices.SortedFunc(maps.Keys(lines), compareLines) {
			whole, ok := at[l.box]
			if !ok {
				continue
			}
			for _, codes := range often.of(l, lines[l]) {
				r, b := remainder{key: l.less(codes).key, value: whole.value, of: slices.Clone(whole.of)}, l.less(codes)
				for _, c := range codes {
					part := at[l.part(c)]
					r.value, r.of = r.value-part.value, append(r.of, part.of...)
				}
				if _, met := at[b]; met || r.value < -tiny {
					continue
				}
				at[b], level = r, append(level, b)
				if depth > 1 && s.few(r.value) && !s.veiled(b, hidden[b.key.source()]) { // else it is that of a set
					s.remains(r)
				}
			}
		}
	}
}

// veiled tells whether all of a hidden cell are in a box: then its own bounds tell.
func (s *summer) veiled(b box, hidden []Key) bool {
	return slices.ContainsFunc(hidden, func(k Key) bool {
		for d := range k {
			switch {
			case b.key[d] == k[d]:
			case !slices.Contains(breakdowns, d):
				return false
			case b.key[d] != Beyond:
				if !s.under(d, k[d], b.key[d]) {
					return false
				}
			default:
				codes := strings.Split(b.without[d], "+")
				if up, _ := s.above(d, codes[0]); !s.under(d, k[d], up) || slices.ContainsFunc(codes, func(c string) bool { return k[d] == c || s.under(d, k[d], c) }) {
					return false
				}
			}
		}
		return true
	})
}

// under tells whether a code is a part of another.
func (s *summer) under(dim int, code, of string) bool {
	for up, ok := s.above(dim, code); ok; up, ok = s.above(dim, up) {
		if up == of {
			return true
		}
	}
	return false
}

// lines gives the totals that boxes are parts of, each with the ways in which codes of them
// count nobody twice.
func (s *summer) lines(boxes []box) map[line][][]string {
	below := map[line][]string{}
	for _, b := range boxes {
		for _, d := range breakdowns {
			if up, ok := s.above(d, b.key[d]); ok && b.key[d] != Beyond {
				l := line{box{b.key.with(d, up), b.without}, d}
				below[l] = append(below[l], b.key[d])
			}
		}
	}
	lines := map[line][][]string{}
	for l, codes := range below {
		slices.Sort(codes)
		ways, _ := s.ways(group{l.key, l.dim}, codes)
		for _, way := range ways {
			var of []string
			for _, i := range way {
				of = append(of, codes[i])
			}
			lines[l] = append(lines[l], of)
		}
	}
	return lines
}

// over is what codes of totals have in common: the source and the dimension.
type over struct {
	source
	dim int
}

// choices are sets of codes that lines of a source have in common: what is left out of one
// must be left out of the other, or they can't be subtracted.
type choices map[over][][]string

// maxChoices bounds them.
const maxChoices = 8

func alternatives(lines map[line][][]string) choices {
	c := choices{}
	for _, l := range slices.SortedFunc(maps.Keys(lines), compareLines) {
		of := over{l.key.source(), l.dim}
		for _, codes := range lines[l] {
			for _, other := range append(c[of], codes) {
				both := slices.DeleteFunc(slices.Clone(codes), func(x string) bool { return !slices.Contains(other, x) })
				if len(both) > 0 && len(c[of]) < maxChoices && !slices.ContainsFunc(c[of], func(o []string) bool { return slices.Equal(o, both) }) {
					c[of] = append(c[of], both)
				}
			}
		}
	}
	return c
}

// of gives what may be left out of a line: all that may, and what may of others.
func (c choices) of(l line, ways [][]string) (list [][]string) {
	for _, way := range ways {
		list = append(list, way)
		for _, codes := range c[over{l.key.source(), l.dim}] {
			if len(codes) < len(way) && !slices.ContainsFunc(codes, func(x string) bool { return !slices.Contains(way, x) }) {
				list = append(list, codes)
			}
		}
	}
	return list
}

// remainders adds those that were not found already by the same figures.
func (r *Report) remainders(list []remainder, met map[string]bool) {
	for _, x := range list {
		name := names(x.of)
		if met[name] {
			continue
		}
		met[name] = true
		f := Finding{Key: x.key, Obs: x.of[0].obs, Places: x.of[0].places, From: observations(x.of), Bounds: Bounds{x.value, x.value}}
		f.Told.Lower, f.Told.Upper = NoBounds()
		f.Verdict = f.judge(r.Protection)
		r.add(f)
	}
}

// names tells sets of variables apart.
func names(list []*variable) string {
	var ns []int
	for _, v := range list {
		ns = append(ns, v.n)
	}
	slices.Sort(ns)
	return fmt.Sprint(slices.Compact(ns))
}
