package microdata

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"
)

// class is all rows that have the same codes.
type class struct {
	codes []int32 // one for each column
	n     int
}

// group is rows that are published alike.
type group struct {
	codes   []int32 // as published: in each column the lowest code that holds those of all rows
	classes []int
	n       int
}

// anonymise puts classes of rows into groups of k rows or more that are published
// alike, as the package comment says. Fewer than k rows in all give no group.
func anonymise(ctx context.Context, axes []*hierarchy, classes []class, k int) ([]group, error) {
	s := &search{axes: axes, classes: classes, k: k}
	total := 0
	for i, c := range classes {
		s.pool = append(s.pool, i)
		total += c.n
	}
	if total < k {
		return nil, nil
	}
	if err := s.keys(); err != nil {
		return nil, err
	}
	all, err := ways(axes)
	if err != nil {
		return nil, err
	}
	for _, way := range all {
		if len(s.pool) == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.step(way)
	}
	s.rest()
	return s.groups, nil
}

// search is the state of the walk.
type search struct {
	axes    []*hierarchy
	classes []class
	k       int
	groups  []group
	pool    []int     // classes in no group yet, in order
	parts   [][][]key // of keys: by column, level and code
}

// key is the codes of a class under a way to generalise, packed.
type key struct{ low, high uint64 }

// keys prepares what keys are made of.
func (s *search) keys() error {
	shift := 0
	for _, x := range s.axes {
		width := bits.Len(uint(len(x.codes) - 1))
		if shift < 64 && shift+width > 64 {
			shift = 64
		}
		if shift+width > 128 {
			return fmt.Errorf("the columns have too many codes together; name fewer columns under microdata")
		}
		var levels [][]key
		for _, up := range x.above {
			parts := make([]key, len(up))
			for code, at := range up {
				if shift < 64 {
					parts[code].low = uint64(at) << shift
				} else {
					parts[code].high = uint64(at) << (shift - 64)
				}
			}
			levels = append(levels, parts)
		}
		s.parts = append(s.parts, levels)
		shift += width
	}
	return nil
}

func (s *search) key(class int, way []int) (k key) {
	for j, code := range s.classes[class].codes {
		part := s.parts[j][way[j]][code]
		k.low |= part.low
		k.high |= part.high
	}
	return k
}

// ways are all ways to generalise, a level for each column, from what costs
// least; of equals, those first that leave the first columns as they are.
func ways(axes []*hierarchy) ([][]int, error) {
	n := 1
	for _, x := range axes {
		if n *= x.height() + 1; n > mostWays {
			return nil, fmt.Errorf("there are more than %d ways to generalise; name fewer columns or steps under microdata", mostWays)
		}
	}
	type priced struct {
		way  []int
		cost int64
	}
	all := make([]priced, 0, n)
	var from func(way []int, cost int64)
	from = func(way []int, cost int64) {
		if len(way) == len(axes) {
			all = append(all, priced{slices.Clone(way), cost})
			return
		}
		x := axes[len(way)]
		for level := range x.height() + 1 {
			from(append(way, level), cost+x.levelCost(level))
		}
	}
	from(make([]int, 0, len(axes)), 0)
	slices.SortStableFunc(all, func(a, b priced) int { return cmp.Compare(a.cost, b.cost) })
	out := make([][]int, len(all))
	for i, p := range all {
		out[i] = p.way
	}
	return out, nil
}

// step publishes what is the same k times under one way to generalise.
func (s *search) step(way []int) {
	type same struct{ at, n int }
	index := map[key]int{}
	var found []same
	at := make([]int, len(s.pool))
	for i, c := range s.pool {
		k := s.key(c, way)
		b, ok := index[k]
		if !ok {
			b = len(found)
			index[k] = b
			found = append(found, same{at: -1})
		}
		at[i] = b
		found[b].n += s.classes[c].n
	}
	left := s.pool[:0]
	for i, c := range s.pool {
		b := &found[at[i]]
		if b.n < s.k {
			left = append(left, c)
			continue
		}
		if b.at < 0 {
			b.at = len(s.groups)
			s.groups = append(s.groups, group{codes: slices.Clone(s.classes[c].codes)})
		}
		s.join(b.at, c)
	}
	s.pool = left
}

// join adds a class to a group, whose codes then hold those of the class.
func (s *search) join(to, class int) {
	g := &s.groups[to]
	for j, x := range s.axes {
		g.codes[j] = x.join(g.codes[j], s.classes[class].codes[j])
	}
	g.classes = append(g.classes, class)
	g.n += s.classes[class].n
}

// rest puts the rows that are left, fewer than k, into the group that then loses
// least.
func (s *search) rest() {
	if len(s.pool) == 0 {
		return
	}
	best, least := 0, int64(-1)
	for i := range s.groups {
		if more := s.more(i); least < 0 || more < least {
			best, least = i, more
		}
	}
	for _, c := range s.pool {
		s.join(best, c)
	}
	s.pool = nil
}

// more is what it costs that all that is left joins a group.
func (s *search) more(to int) (cost int64) {
	g := s.groups[to]
	codes := slices.Clone(g.codes)
	for _, c := range s.pool {
		for j, x := range s.axes {
			codes[j] = x.join(codes[j], s.classes[c].codes[j])
		}
	}
	for j, x := range s.axes {
		for _, c := range g.classes {
			code := s.classes[c].codes[j]
			cost += int64(s.classes[c].n) * (x.cost(code, codes[j]) - x.cost(code, g.codes[j]))
		}
		for _, c := range s.pool {
			cost += int64(s.classes[c].n) * x.cost(s.classes[c].codes[j], codes[j])
		}
	}
	return cost
}
