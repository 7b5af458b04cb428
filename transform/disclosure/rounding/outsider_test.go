package rounding_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// candidates gives how many whole numbers each figure of a table may be for an
// outsider who sees it rounded, and knows that the true ones add up.
func candidates(t *testing.T, s *highs.Solver, values []float64, sums []rounding.Sum, base float64) []int {
	t.Helper()
	var p highs.Problem
	for _, v := range values {
		p.Columns = append(p.Columns, highs.Column{Lower: max(0, v-base+1), Upper: v + base - 1})
	}
	for _, m := range sums {
		row := highs.Row{Terms: []highs.Term{{Col: m.Total, Coef: -1}}}
		for _, i := range m.Parts {
			row.Terms = append(row.Terms, highs.Term{Col: i, Coef: 1})
		}
		p.Rows = append(p.Rows, row)
	}
	if err := s.Load(p); err != nil {
		t.Fatal(err)
	}
	list := make([]int, len(values))
	for i := range values {
		cost := []highs.Term{{Col: i, Coef: 1}}
		low, err := s.Minimise(t.Context(), cost)
		if err != nil {
			t.Fatal(err)
		}
		high, err := s.Maximise(t.Context(), cost)
		if err != nil {
			t.Fatal(err)
		}
		const small = 1e-6
		list[i] = 1 + int(math.Floor(high.Objective+small)-math.Ceil(low.Objective-small))
	}
	return list
}

// TestOutsider: what rounding leaves to be told of small figures, in tables of
// small figures. That random rounding gives some away, and controlled rounding
// hardly any, is what doc.go says.
func TestOutsider(t *testing.T) {
	s := solver(t)
	for _, tt := range []struct {
		method rounding.Method
		base   float64
		most   float64 // of a thousand small figures, how many may be told exactly
	}{
		{rounding.Random, 3, 20}, {rounding.Random, 5, 5}, {rounding.Controlled, 3, 5}, {rounding.Controlled, 5, 5},
	} {
		rnd := rand.New(rand.NewPCG(11, 12))
		small, exact, two := 0, 0, 0
		for n := range 60 {
			cells, sums := cube(rnd, 9, [][]int{{3, 4}, {2, 5}, {2, 3, 2}}[n%3]...)
			values := make([]float64, len(cells))
			for i, c := range cells {
				values[i] = rounding.ToRandom(c.Value, tt.base, c.Draw)
			}
			if tt.method == rounding.Controlled {
				r, err := rounding.ToControlled(t.Context(), s, cells, sums, tt.base, rounding.Nearest)
				if err != nil {
					t.Fatal(err)
				}
				values = r.Values
			}
			for i, n := range candidates(t, s, values, sums, tt.base) {
				if v := cells[i].Value; v > 0 && v < 5 {
					small++
					switch n {
					case 0, 1: // 0: the true ones are beyond what neighbours allow
						exact++
					case 2:
						two++
					}
				}
			}
		}
		t.Logf("%s, base %v: of %d small figures %d are told exactly, %d are one of two", tt.method, tt.base, small, exact, two)
		if got := 1000 * float64(exact) / float64(small); got > tt.most {
			t.Errorf("%s, base %v: %.1f of a thousand are told exactly; want at most %v", tt.method, tt.base, got, tt.most)
		}
	}
}

// TestNarrow: found are the figures that an outsider who looks at each finds to be
// one of less than three numbers; and rounded near to their draws, none are exact.
func TestNarrow(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 14))
	s := solver(t)
	const base = 3
	found, like, all := 0, 0, 0
	for n := range 40 {
		cells, sums := cube(rnd, 2, [][]int{{3, 4}, {2, 3, 2}, {2, 2, 2, 2}}[n%3]...)
		values, ranges := make([]float64, len(cells)), make([]rounding.Range, len(cells))
		for i, c := range cells {
			values[i] = rounding.ToRandom(c.Value, base, c.Draw)
			ranges[i] = rounding.Around(values[i], base)
		}
		var want []int
		for i, n := range candidates(t, s, values, sums, base) {
			if n < 3 {
				want = append(want, i)
			}
		}
		got, err := rounding.Narrow(t.Context(), s, cells, ranges, sums, false)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v; want %v", got, want)
		}
		first, err := rounding.Narrow(t.Context(), s, cells, ranges, sums, true)
		if err != nil || len(first) != min(1, len(got)) {
			t.Errorf("the first of %v: %v, %v", got, first, err)
		}
		found += len(got)
		r, err := rounding.ToControlled(t.Context(), s, cells, sums, base, rounding.Drawn)
		if err != nil {
			t.Fatal(err)
		}
		if !holds(cells, sums, r.Values) {
			t.Error("a sum does not hold")
		}
		for i := range cells {
			all++
			if r.Values[i] == values[i] {
				like++
			}
		}
	}
	if found == 0 || like*4 < all*3 {
		t.Errorf("%d figures found; %d of %d came out as they were drawn", found, like, all)
	}
}
