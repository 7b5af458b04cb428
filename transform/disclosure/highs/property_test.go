package highs_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// TestBruteForce holds small problems in integers against all points there are.
func TestBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	s := solver(t)
	statuses := map[highs.Status]int{}
	for range 300 {
		n := 1 + rnd.IntN(4)
		whole := func(size int) float64 { return float64(rnd.IntN(2*size+1) - size) }
		p := highs.Problem{Columns: columns(n, 0, 0, true)}
		for i := range p.Columns {
			p.Columns[i].Lower = whole(3)
			p.Columns[i].Upper = p.Columns[i].Lower + float64(rnd.IntN(5))
		}
		for range rnd.IntN(5) {
			r := highs.Row{Lower: whole(9)}
			r.Upper = r.Lower + float64(rnd.IntN(4))
			if rnd.IntN(3) == 0 {
				r.Lower = -inf
			}
			for i := range n {
				r.Terms = append(r.Terms, highs.Term{Col: i, Coef: whole(4)})
			}
			p.Rows = append(p.Rows, r)
		}
		cost := make([]float64, n)
		for i := range cost {
			cost[i] = whole(5)
		}
		low, high := inf, -inf
		points(p, func(x []float64) {
			v := dot(terms(cost...), x)
			low, high = min(low, v), max(high, v)
		})
		if err := s.Load(p); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			solve func() (highs.Solution, error)
			want  float64
		}{
			{func() (highs.Solution, error) { return s.Minimise(t.Context(), terms(cost...)) }, low},
			{func() (highs.Solution, error) { return s.Maximise(t.Context(), terms(cost...)) }, high},
		} {
			got, err := c.solve()
			if err != nil {
				t.Fatal(err)
			}
			statuses[got.Status]++
			if math.IsInf(c.want, 0) {
				if got.Status != highs.Infeasible {
					t.Errorf("%+v: %v, want infeasible", p, got)
				}
			} else if got.Status != highs.Optimal || got.Objective != c.want || !feasible(p, got.X, 0) {
				t.Errorf("%+v, cost %v: %v, want %v", p, cost, got, c.want)
			}
		}
	}
	if statuses[highs.Optimal] < 100 || statuses[highs.Infeasible] < 100 {
		t.Errorf("the problems are of one kind: %v", statuses)
	}
}

// points calls f with each solution of a problem in integers.
func points(p highs.Problem, f func(x []float64)) {
	x := make([]float64, len(p.Columns))
	var next func(i int)
	next = func(i int) {
		if i == len(x) {
			if feasible(p, x, 0) {
				f(x)
			}
			return
		}
		for x[i] = p.Columns[i].Lower; x[i] <= p.Columns[i].Upper; x[i]++ {
			next(i + 1)
		}
	}
	next(0)
}

func dot(terms []highs.Term, x []float64) float64 {
	sum := 0.0
	for _, t := range terms {
		sum += t.Coef * x[t.Col]
	}
	return sum
}

func feasible(p highs.Problem, x []float64, tolerance float64) bool {
	for i, c := range p.Columns {
		if x[i] < c.Lower-tolerance || x[i] > c.Upper+tolerance {
			return false
		}
	}
	for _, r := range p.Rows {
		if v := dot(r.Terms, x); v < r.Lower-tolerance || v > r.Upper+tolerance {
			return false
		}
	}
	return true
}

// TestAgainstGonum holds random problems and tables against gonum's simplex.
func TestAgainstGonum(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	s := solver(t)
	for round := range 60 {
		n := 4 + rnd.IntN(20)
		var p highs.Problem
		if round%2 == 0 {
			p, _ = suppressed(rnd, n)
		} else {
			p.Columns = columns(n, 0, inf, false)
			x := make([]float64, n)
			for i := range x {
				x[i] = max(0, rnd.NormFloat64())
			}
			for range n / 2 {
				var r highs.Row
				for i := range n {
					r.Terms = append(r.Terms, highs.Term{Col: i, Coef: rnd.NormFloat64()})
				}
				r.Lower = dot(r.Terms, x)
				r.Upper = r.Lower
				p.Rows = append(p.Rows, r)
			}
		}
		if err := s.Load(p); err != nil {
			t.Fatal(err)
		}
		a, rhs := independent(p)
		for range 4 {
			cost := make([]float64, n)
			for i := range cost {
				cost[i] = rnd.NormFloat64()
			}
			want, _, err := lp.Simplex(cost, a, rhs, 0, nil)
			got, gotErr := s.Minimise(t.Context(), terms(cost...))
			switch {
			case gotErr != nil:
				t.Error(gotErr)
			case err == lp.ErrUnbounded:
				if got.Status != highs.Unbounded {
					t.Errorf("%d columns: %v, gonum says unbounded", n, got.Status)
				}
			case err != nil:
				t.Errorf("gonum: %v", err)
			case got.Status != highs.Optimal || math.Abs(got.Objective-want) > 1e-6*(1+math.Abs(want)):
				t.Errorf("%d columns: %v %v, gonum says %v", n, got.Status, got.Objective, want)
			case !feasible(p, got.X, 1e-7):
				t.Errorf("%d columns: %v is outside", n, got.X)
			}
		}
	}
}

// ranges solves the 2n problems of a table.
func ranges(t *testing.T, s *highs.Solver, p highs.Problem) []highs.Solution {
	if err := s.Load(p); err != nil {
		t.Error(err)
		return nil
	}
	var all []highs.Solution
	for i := range p.Columns {
		for _, solve := range []func() (highs.Solution, error){
			func() (highs.Solution, error) { return s.Minimise(t.Context(), []highs.Term{{Col: i, Coef: 1}}) },
			func() (highs.Solution, error) { return s.Maximise(t.Context(), []highs.Term{{Col: i, Coef: 1}}) },
		} {
			got, err := solve()
			if err != nil {
				t.Error(err)
			}
			all = append(all, got)
		}
	}
	return all
}

// TestRanges: the figures that a table hides lie within their ranges, and the
// ranges in integers within those without.
func TestRanges(t *testing.T) {
	p, x := suppressed(rand.New(rand.NewPCG(7, 8)), 40)
	s := solver(t)
	loose := ranges(t, s, p)
	for i := range p.Columns {
		p.Columns[i].Integer = true
	}
	tight := ranges(t, s, p)
	wide := 0
	for i, v := range x {
		low, high := tight[2*i].Objective, tight[2*i+1].Objective
		if low > v || high < v {
			t.Errorf("cell %d is %v, range %v to %v", i, v, low, high)
		}
		if l, h := loose[2*i].Objective, loose[2*i+1].Objective; l > low+1e-7 || h < high-1e-7 {
			t.Errorf("cell %d: range %v to %v, in integers %v to %v", i, l, h, low, high)
		}
		if high > low {
			wide++
		}
	}
	if wide < 10 {
		t.Errorf("only %d of %d cells are hidden", wide, len(x))
	}
}

// TestDeterminism: the same calls give the same bits, alone and beside others.
func TestDeterminism(t *testing.T) {
	p, _ := suppressed(rand.New(rand.NewPCG(9, 10)), 40)
	mixed := highs.Problem{Columns: slices.Clone(p.Columns), Rows: p.Rows}
	for i := range mixed.Columns {
		mixed.Columns[i].Integer = i%2 == 0
	}
	all := make([][]highs.Solution, 3)
	var wg sync.WaitGroup
	for i := range all {
		s := solver(t)
		wg.Go(func() { all[i] = append(ranges(t, s, p), ranges(t, s, mixed)...) })
	}
	wg.Wait()
	for _, a := range all[1:] {
		if d := gocmp.Diff(all[0], a); d != "" {
			t.Error(d)
		}
	}
}

// TestGap: a solution in integers may be worse by the gap and no more, and the best
// is found again afterwards.
func TestGap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 7))
	s := solver(t)
	p := highs.Problem{Columns: columns(12, 0, 9, true)}
	var cost []highs.Term
	row := highs.Row{Lower: 101, Upper: inf}
	for i := range p.Columns {
		cost = append(cost, highs.Term{Col: i, Coef: float64(5 + rnd.IntN(20))})
		row.Terms = append(row.Terms, highs.Term{Col: i, Coef: float64(3 + rnd.IntN(15))})
	}
	p.Rows = append(p.Rows, row)
	var best float64
	for _, gap := range []float64{0, 0.5, 0} {
		if err := s.SetGap(gap); err != nil {
			t.Fatal(err)
		}
		if err := s.Load(p); err != nil {
			t.Fatal(err)
		}
		got, err := s.Minimise(t.Context(), cost)
		if err != nil {
			t.Fatal(err)
		}
		if best == 0 {
			best = got.Objective
		}
		if got.Objective < best || gap == 0 && got.Objective != best || got.Objective > best/(1-gap) || !feasible(p, got.X, 0) {
			t.Errorf("gap %v: %v; the best is %v", gap, got, best)
		}
	}
	for _, gap := range []float64{-1, math.NaN()} {
		if s.SetGap(gap) == nil {
			t.Errorf("gap %v is taken", gap)
		}
	}
}
