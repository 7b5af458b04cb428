package rounding_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "github.com/oas/tipstat/testdata/machinecode"
	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/rounding"
)

func solver(t testing.TB) *highs.Solver {
	t.Helper()
	s, err := highs.New(context.Background(), highs.Limits{Nodes: rounding.Nodes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// cube is a table of so many codes in each dimension, with all its totals. The
// last place of each dimension is the total.
func cube(rnd *rand.Rand, most int, size ...int) (cells []rounding.Cell, sums []rounding.Sum) {
	n := 1
	for _, k := range size {
		n *= k + 1
	}
	cells = make([]rounding.Cell, n)
	place := func(at []int) int {
		i := 0
		for d, k := range size {
			i = i*(k+1) + at[d]
		}
		return i
	}
	all := func(f func(at []int)) {
		at := make([]int, len(size))
		for i := range n {
			for d, rest := len(size)-1, i; d >= 0; d-- {
				at[d], rest = rest%(size[d]+1), rest/(size[d]+1)
			}
			f(at)
		}
	}
	all(func(at []int) {
		cells[place(at)].Draw = rnd.Float64()
		for d, k := range size {
			if at[d] == k {
				return
			}
		}
		v := float64(rnd.IntN(most + 1))
		for sum := range 1 << len(size) { // it and all totals that it is in
			to := slices.Clone(at)
			for d, k := range size {
				if sum>>d&1 == 1 {
					to[d] = k
				}
			}
			cells[place(to)].Value += v
		}
	})
	all(func(at []int) {
		for d, k := range size {
			if at[d] != k {
				continue
			}
			s := rounding.Sum{Total: place(at)}
			for j := range k {
				part := slices.Clone(at)
				part[d] = j
				s.Parts = append(s.Parts, place(part))
			}
			sums = append(sums, s)
		}
	})
	return cells, sums
}

// deviation is how far figures moved, all together.
func deviation(cells []rounding.Cell, values []float64) (sum float64) {
	for i, c := range cells {
		if !c.Told {
			sum += math.Abs(values[i] - c.Value)
		}
	}
	return sum
}

// holds tells whether the sums that hold of the figures hold of the rounded ones.
func holds(cells []rounding.Cell, sums []rounding.Sum, values []float64) bool {
	for _, s := range sums {
		true0, rounded := cells[s.Total].Value, values[s.Total]
		for _, i := range s.Parts {
			true0, rounded = true0-cells[i].Value, rounded-values[i]
		}
		if true0 == 0 && rounded != 0 || true0 > 0 && rounded < 0 {
			return false
		}
	}
	return true
}

// TestControlled: in tables of two to four dimensions all figures are multiples,
// neighbours but for those that are told of, and all sums hold. A table of two
// dimensions always has a solution in neighbours.
func TestControlled(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	s := solver(t)
	further := 0
	for n := range 120 {
		size := [][]int{{2, 3}, {4, 5}, {3, 3, 2}, {2, 2, 2}, {3, 2, 4}, {2, 2, 2, 2}}[n%6]
		base := float64(rounding.Bases[n/6%2])
		cells, sums := cube(rnd, []int{2, 6, 30}[n%3], size...)
		r, err := rounding.ToControlled(t.Context(), s, cells, sums, base, rounding.Nearest)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Apart) > 0 || len(size) == 2 && len(r.Further) > 0 {
			t.Errorf("%v: %d apart, %d further", size, len(r.Apart), len(r.Further))
		}
		further += len(r.Further)
		for i, c := range cells {
			if v := r.Values[i]; v < 0 || math.Mod(v, base) != 0 || (math.Abs(v-c.Value) >= base) != slices.Contains(r.Further, i) {
				t.Errorf("%v, base %v: %v is %v; further are %v", size, base, c.Value, v, r.Further)
			}
		}
		if !holds(cells, sums, r.Values) {
			t.Errorf("%v, base %v: a sum does not hold any more", size, base)
		}
		again, err := rounding.ToControlled(t.Context(), s, cells, sums, base, rounding.Nearest)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, again); d != "" {
			t.Errorf("%v: another time (-first +second): %s", size, d)
		}
	}
	t.Logf("%d figures went further", further)
}

// search finds the least deviation of all ways to round to neighbours so that
// all sums hold; none: infinite.
func search(cells []rounding.Cell, sums []rounding.Sum, base float64) float64 {
	best := math.Inf(1)
	values := make([]float64, len(cells))
	var try func(i int)
	try = func(i int) {
		if i == len(cells) {
			if holds(cells, sums, values) {
				best = min(best, deviation(cells, values))
			}
			return
		}
		for _, v := range slices.Compact([]float64{rounding.Down(cells[i].Value, base), rounding.Up(cells[i].Value, base)}) {
			values[i] = v
			try(i + 1)
		}
	}
	try(0)
	return best
}

// TestSearch holds small tables against all ways to round them: those of two
// dimensions, of three without totals of all, and sums with a rest.
func TestSearch(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	s := solver(t)
	none := 0
	for n := range 150 {
		base := float64(rounding.Bases[n%2])
		cells, sums := cube(rnd, 7, [][]int{{2, 2}, {3, 2}, {2, 3}, {1, 2, 1}}[n%4]...)
		if n%5 == 0 { // a reporter left something out
			cells[rnd.IntN(len(cells))].Value += float64(rnd.IntN(3))
		}
		want := search(cells, sums, base)
		r, err := rounding.ToControlled(t.Context(), s, cells, sums, base, rounding.Nearest)
		if err != nil {
			t.Fatal(err)
		}
		got := deviation(cells, r.Values)
		switch {
		case math.IsInf(want, 1):
			none++
			if len(r.Further) == 0 || !holds(cells, sums, r.Values) {
				t.Errorf("%+v has no solution in neighbours, and got %v", cells, r.Values)
			}
		case math.Abs(got-want) > 1e-9 || len(r.Further) > 0:
			t.Errorf("%+v, base %v: moved by %v, %d further; want %v", cells, base, got, len(r.Further), want)
		}
	}
	t.Logf("%d of the tables have no solution in neighbours", none)
}

// TestOne: single figures, sums that do not hold, and figures known within bounds.
func TestOne(t *testing.T) {
	s := solver(t)
	told := func(lower, upper float64) rounding.Cell {
		return rounding.Cell{Told: true, Lower: lower, Upper: upper}
	}
	v := func(v float64) rounding.Cell { return rounding.Cell{Value: v, Draw: 0.25} }
	sum := []rounding.Sum{{Total: 0, Parts: []int{1, 2}}}
	for _, tt := range []struct {
		name    string
		cells   []rounding.Cell
		sums    []rounding.Sum
		want    []float64
		further []int
	}{
		{"no sums: to the nearest", []rounding.Cell{v(1), v(2), v(6), v(1.5)}, nil, []float64{0, 3, 6, 3}, nil},
		{"at least: down", []rounding.Cell{{Value: 2, Least: true}, {Value: 8, Least: true}}, nil, []float64{0, 6}, nil},
		{"the sum of known parts: down, and its parts with it", []rounding.Cell{{Value: 8, Least: true}, v(8)}, []rounding.Sum{{Total: 0, Parts: []int{1}}}, []float64{6, 6}, nil},
		{"two of 1 are 2, of which one goes up", []rounding.Cell{v(2), v(1), {Value: 1, Draw: 0.75}}, sum, []float64{3, 3, 0}, nil},
		{"a rest without a name", []rounding.Cell{v(10), v(2), v(2)}, sum, []float64{9, 3, 3}, nil},
		{"parts must not get more than a total", []rounding.Cell{v(6), v(5), v(0)}, sum, []float64{6, 6, 0}, nil},
		{"parts that have more bind nothing", []rounding.Cell{v(4), v(5), v(2)}, sum, []float64{3, 6, 3}, nil},
		{"told: any multiple that its bounds touch", []rounding.Cell{v(10), v(8), told(0, 4)}, sum, []float64{9, 9, 0}, nil},
		{"told: the whole of a total may hang on it", []rounding.Cell{v(6), v(1), told(5, 5)}, sum, []float64{6, 0, 0}, nil},
		{"a total known within bounds", []rounding.Cell{told(12, 15), v(8), v(5)}, sum, []float64{0, 9, 6}, nil},
		{"no cells", nil, nil, []float64{}, nil},
	} {
		r, err := rounding.ToControlled(t.Context(), s, tt.cells, tt.sums, 3, rounding.Nearest)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for i, c := range tt.cells {
			if c.Told {
				r.Values[i] = 0
			}
		}
		if d := cmp.Diff(tt.want, r.Values); d != "" {
			t.Errorf("%s (-want +got): %s", tt.name, d)
		}
		if d := cmp.Diff(tt.further, r.Further); d != "" {
			t.Errorf("%s: further (-want +got): %s", tt.name, d)
		}
	}
}

// TestFurther: a table of four dimensions that has no solution in neighbours is
// rounded all the same; that it has none is found by trying all its inner cells.
func TestFurther(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	s := solver(t)
	for range 400 {
		cells, sums := cube(rnd, 4, 2, 2, 2, 2)
		r, err := rounding.ToControlled(t.Context(), s, cells, sums, 3, rounding.Nearest)
		if err != nil {
			t.Fatal(err)
		}
		if !holds(cells, sums, r.Values) || len(r.Apart) > 0 {
			t.Fatalf("%+v: %+v", cells, r)
		}
		if len(r.Further) == 0 {
			continue
		}
		if inner(cells, sums, 3) {
			t.Errorf("%+v has a solution in neighbours, and %d went further", cells, len(r.Further))
		}
		return
	}
	t.Error("all have solutions in neighbours: the test tests nothing")
}

// inner tells whether a table has a solution in neighbours: it tries all ways to
// round the cells that are no totals, and works out the totals.
func inner(cells []rounding.Cell, sums []rounding.Sum, base float64) bool {
	total := map[int]bool{}
	for _, s := range sums {
		total[s.Total] = true
	}
	var free []int
	for i, c := range cells {
		if !total[i] && math.Mod(c.Value, base) != 0 {
			free = append(free, i)
		}
	}
	values := make([]float64, len(cells))
	for way := range 1 << len(free) {
		for i, c := range cells {
			values[i] = rounding.Down(c.Value, base)
		}
		for k, i := range free {
			values[i] += base * float64(way>>k&1)
		}
		ok := true
		for _, s := range sums { // those of totals stand after those of their parts
			values[s.Total] = 0
			for _, i := range s.Parts {
				values[s.Total] += values[i]
			}
			ok = ok && math.Abs(values[s.Total]-cells[s.Total].Value) < base
		}
		if ok && holds(cells, sums, values) {
			return true
		}
	}
	return false
}

// TestApart: where not even multiples further off keep the sums, figures are
// rounded one by one, and told of; what hangs not together with them is not.
func TestApart(t *testing.T) {
	s := solver(t)
	cells := []rounding.Cell{{Value: 6}, {Value: 90}, {Value: 5, Draw: 0.5}, {Told: true, Upper: 100}, {Value: 2, Least: true}, {Value: 2, Draw: 0.9}, {Value: 2, Draw: 0.9}}
	sums := []rounding.Sum{{Total: 0, Parts: []int{2, 3}}, {Total: 1, Parts: []int{2, 3}}, {Total: 0, Parts: []int{4}}, {Total: 5, Parts: []int{6}}}
	r, err := rounding.ToControlled(t.Context(), s, cells, sums, 3, rounding.Nearest)
	if err != nil {
		t.Fatal(err)
	}
	want := rounding.Result{Values: []float64{6, 90, 6, 0, 0, 3, 3}, Apart: []int{0, 1, 2, 4}}
	if d := cmp.Diff(want, r); d != "" {
		t.Errorf("(-want +got): %s", d)
	}
}

// BenchmarkControlled rounds a table of 3 by 4 by 12 codes with all its totals.
func BenchmarkControlled(b *testing.B) {
	s := solver(b)
	cells, sums := cube(rand.New(rand.NewPCG(1, 1)), 12, 3, 4, 12)
	for b.Loop() {
		r, err := rounding.ToControlled(b.Context(), s, cells, sums, 3, rounding.Nearest)
		if err != nil {
			b.Fatal(err)
		}
		if len(r.Apart) > 0 {
			b.Fatal("no solution in time")
		}
	}
	b.ReportMetric(float64(len(cells)), "cells")
}
