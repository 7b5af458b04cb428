package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
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

// remainder is what a total has beyond a cover.
type remainder struct {
	key   Key
	total *variable
	value float64
	of    []*variable // the total, and what is subtracted
	// without are codes of those of whom nobody is in it, by dimension: where all of a line
	// are printed.
	without map[int][]string
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
func (s *summer) subtract(p int, g group, st set) {
	covers := []cover{{all: st.all}}
	plain := true
	var codes []string
	for _, v := range st.parts {
		if g.dim != TimePeriod && v.key[Layout] != st.total.key[Layout] {
			return
		}
		var more []cover
		for _, c := range covers {
			for _, d := range s.coversOf(p, v) {
				if len(more) < maxCovers {
					more = append(more, cover{c.sum + d.sum, slices.Concat(c.of, d.of), c.all && d.all})
				}
			}
		}
		covers = more
		plain = plain && v.known()
		codes = append(codes, v.key[g.dim])
	}
	switch {
	case !st.total.known():
		for _, c := range covers {
			s.margin(g, st.total, c)
		}
	case s.prints(p, st.total):
		for _, c := range covers {
			r := remainder{g.key.with(g.dim, Beyond), st.total, st.total.lower - c.sum, append([]*variable{st.total}, c.of...), nil}
			switch {
			case !plain:
				s.remains(r)
			case r.value > 0 && slices.Contains(breakdowns, g.dim):
				r.without = map[int][]string{g.dim: codes}
				s.lines = append(s.lines, r)
			}
		}
	}
}

// margin adds a cover of a margin. Those that are all of it tell the margin, and what it has
// beyond the others.
func (s *summer) margin(g group, v *variable, c cover) {
	known := s.covers[v]
	if len(known) == maxCovers || slices.ContainsFunc(known, func(o cover) bool { return o.sum == c.sum && o.all == c.all }) {
		return
	}
	for _, o := range known {
		all, some := c, o
		if !c.all {
			all, some = o, c
		}
		if all.all {
			s.remains(remainder{g.key.with(g.dim, Beyond), all.of[0], all.sum - some.sum, slices.Concat(all.of, some.of), nil})
		}
	}
	s.covers[v] = append(known, c)
}

// remains keeps a remainder that is small.
func (s *summer) remains(r remainder) {
	if r.value >= 1-tiny && r.value <= s.protection+tiny {
		s.rests = append(s.rests, r)
	}
}

// cross subtracts remainders of lines from those of the lines above them: who is neither a
// woman nor an adult follows from all, women, adults, and women who are adults.
func (s *summer) cross(p int) {
	at := map[Key][]remainder{}
	for level := s.lines; len(level) > 0; {
		below := map[group][]remainder{}
		for _, r := range level {
			at[r.key] = append(at[r.key], r)
			for _, d := range breakdowns {
				if up, ok := s.above(d, r.key[d]); ok && r.key[d] != Beyond {
					g := group{r.key.with(d, up), d}
					below[g] = append(below[g], r)
				}
			}
		}
		level = nil
		for _, g := range slices.SortedFunc(maps.Keys(below), func(a, b group) int { return cmp.Or(compareKeys(a.key, b.key), cmp.Compare(a.dim, b.dim)) }) {
			for _, whole := range at[g.key] {
				if r, ok := s.crossed(g, whole, below[g]); ok {
					s.remains(r)
					level = append(level, r)
				}
			}
		}
	}
	s.lines = nil
}

// crossed gives what is left of a remainder without those of lines below it, as far as they
// are some of its persons.
func (s *summer) crossed(g group, whole remainder, list []remainder) (remainder, bool) {
	var parts []remainder
	var codes []string
	for _, r := range list {
		if code := r.key[g.dim]; whole.holds(r) && !slices.Contains(codes, code) {
			parts, codes = append(parts, r), append(codes, code)
		}
	}
	if len(parts) == 0 {
		return whole, false
	}
	ways, _ := s.ways(g, codes)
	if len(ways) == 0 {
		return whole, false
	}
	left := remainder{whole.key.with(g.dim, Beyond), whole.total, whole.value, slices.Clone(whole.of), maps.Clone(whole.without)}
	left.without[g.dim] = nil
	for _, i := range ways[0] {
		left.value -= parts[i].value
		left.of = append(left.of, parts[i].of...)
		left.without[g.dim] = append(left.without[g.dim], codes[i])
	}
	return left, left.value > tiny
}

// holds tells whether all of another remainder are of this one too: whoever is left out
// here is left out there.
func (r remainder) holds(o remainder) bool {
	for d, codes := range r.without {
		for _, code := range codes {
			if !slices.Contains(o.without[d], code) {
				return false
			}
		}
	}
	return true
}

// remainders adds those that are small, but for what was found already by the same figures.
func (r *Report) remainders(list []remainder, met map[string]bool) {
	for _, x := range list {
		name := names(x.of)
		if met[name] {
			continue
		}
		met[name] = true
		f := Finding{Key: x.key, Obs: x.total.obs, Places: x.total.places, From: observations(x.of), Bounds: Bounds{x.value, x.value}}
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
