package microdata

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// invented makes rows as a region's case rows are: few States, countries and
// forms are frequent and many rare.
func invented(n int) (rows [][]string) {
	rng := rand.New(rand.NewPCG(1, 2))
	state, country := rand.NewZipf(rng, 1.3, 2, 34), rand.NewZipf(rng, 1.4, 1, 120)
	form, band := rand.NewZipf(rng, 1.6, 1, 9), rand.NewZipf(rng, 1.2, 3, 11)
	for range n {
		s := state.Uint64()
		citizen, destination, sex := s, s, "F"
		if rng.IntN(3) == 0 {
			citizen = country.Uint64()
		}
		if rng.IntN(8) == 0 {
			destination = country.Uint64()
		}
		if rng.IntN(4) == 0 {
			sex = "M"
		}
		year, years, e := rng.IntN(10), band.Uint64(), form.Uint64()
		rows = append(rows, []string{fmt.Sprintf("S%d.%d", s%4, s), fmt.Sprintf("Y%d.%d", year/5, year), sex, fmt.Sprintf("G%d.%d", years%2, years),
			fmt.Sprintf("E%d.%d", e%3, e), fmt.Sprintf("C%d.%d", citizen%20, citizen), fmt.Sprintf("C%d.%d", destination%20, destination), fmt.Sprint("A", s)})
	}
	return rows
}

var inventedWeights = []float64{8, 4, 1, 1, 1, 1, 1, 1}

// TestRivals: the package comment says that other methods lose more.
func TestRivals(t *testing.T) {
	for _, n := range []int{300, 3000, 20000} {
		axes, classes := tabled(t, invented(n), inventedWeights...)
		groups := holds(t, axes, classes, 11)
		ours := paid(axes, classes, groups)
		mondrian, pooled := paid(axes, classes, topDown(axes, classes, 11, false)), paid(axes, classes, topDown(axes, classes, 11, true))
		t.Logf("%d rows: Mondrian loses %.2f times as much, top-down with a pool %.2f", n, float64(mondrian)/float64(ours), float64(pooled)/float64(ours))
		if mondrian < ours || pooled < ours {
			t.Errorf("%d rows: lost %d; Mondrian %d, top-down with a pool %d", n, ours, mondrian, pooled)
		}
	}
}

func BenchmarkAnonymise(b *testing.B) {
	for _, n := range []int{20_000, 200_000} {
		axes, classes := tabled(b, invented(n), inventedWeights...)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := anonymise(b.Context(), axes, classes, 11); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(classes)), "classes")
		})
	}
}

// topDown divides the rows, column by column and level by level, where most is
// gained. Strict, as Mondrian is, all parts must have k rows; pooled, the parts
// that have fewer go together, if they have k together.
func topDown(axes []*hierarchy, classes []class, k int, pooled bool) (out []group) {
	rows := func(set []int) (n int) {
		for _, c := range set {
			n += classes[c].n
		}
		return n
	}
	var divide func(set []int, at []int32, done []bool)
	divide = func(set []int, at []int32, done []bool) {
		var best cut
		for j := range axes {
			if done[j] {
				continue
			}
			c := cutAt(axes[j], j, classes, set, at[j], k)
			n := rows(c.rest)
			fits := n == 0 || pooled && n >= k
			if len(c.parts) > 0 && !(len(c.parts) == 1 && c.codes[0] == at[j]) && fits && (best.parts == nil || c.gain > best.gain) {
				best = c
			}
		}
		if best.parts == nil {
			s := &search{axes: axes, classes: classes, groups: []group{{codes: slices.Clone(classes[set[0]].codes)}}}
			for _, c := range set {
				s.join(0, c)
			}
			out = append(out, s.groups...)
			return
		}
		for i, part := range best.parts {
			below, over := slices.Clone(at), slices.Clone(done)
			below[best.column] = best.codes[i]
			over[best.column] = over[best.column] || best.codes[i] == at[best.column]
			divide(part, below, over)
		}
		if len(best.rest) > 0 {
			over := slices.Clone(done)
			over[best.column] = true
			divide(best.rest, at, over)
		}
	}
	all := make([]int, len(classes))
	for i := range all {
		all[i] = i
	}
	divide(all, make([]int32, len(axes)), make([]bool, len(axes)))
	return out
}

// cut is a division of rows by the codes of one column right below where it is.
type cut struct {
	column int
	parts  [][]int
	codes  []int32
	rest   []int
	gain   float64
}

func cutAt(axis *hierarchy, column int, classes []class, set []int, at int32, k int) cut {
	c := cut{column: column}
	parts := map[int32][]int{}
	sizes := map[int32]int{}
	var order []int32
	for _, i := range set {
		code := classes[i].codes[column]
		for code != at && axis.parent[code] != at {
			code = axis.parent[code]
		}
		if parts[code] == nil {
			order = append(order, code)
		}
		parts[code] = append(parts[code], i)
		sizes[code] += classes[i].n
	}
	slices.Sort(order)
	for _, code := range order {
		if sizes[code] < k {
			c.rest = append(c.rest, parts[code]...)
			continue
		}
		c.parts, c.codes = append(c.parts, parts[code]), append(c.codes, code)
		left := axis.share[code]
		if int(axis.depth[code]) == len(axis.above)-1 {
			left = 0
		}
		c.gain += axis.weight * float64(sizes[code]) * (axis.share[at] - left)
	}
	return c
}
