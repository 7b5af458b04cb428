package highs_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// suppressed makes the problem of a reader of a table of three dimensions, all
// totals of two of them published: n cells are not, in blocks of two by two by
// two, and what they sum to along each line is known. It returns the cells too.
func suppressed(rnd *rand.Rand, n int) (highs.Problem, []float64) {
	side := int(math.Ceil(math.Cbrt(float64(3 * n))))
	column := map[[3]int]int{}
	var cells [][3]int
	for len(cells) < n {
		var at, step [3]int
		for d := range at {
			at[d] = rnd.IntN(side)
			step[d] = 1 + rnd.IntN(side-1)
		}
		for corner := range 8 {
			c := at
			for d := range c {
				c[d] = (c[d] + (corner>>d&1)*step[d]) % side
			}
			if _, ok := column[c]; !ok && len(cells) < n {
				column[c] = len(cells)
				cells = append(cells, c)
			}
		}
	}
	p := highs.Problem{Columns: make([]highs.Column, n)}
	x := make([]float64, n)
	row := map[[3]int]int{}
	for i, c := range cells {
		x[i] = float64(rnd.IntN(20))
		p.Columns[i].Upper = math.Inf(1)
		for d := range c {
			line := c
			line[d] = -1
			r, ok := row[line]
			if !ok {
				r = len(p.Rows)
				row[line] = r
				p.Rows = append(p.Rows, highs.Row{})
			}
			p.Rows[r].Terms = append(p.Rows[r].Terms, highs.Term{Col: i, Coef: 1})
			p.Rows[r].Lower += x[i]
			p.Rows[r].Upper += x[i]
		}
	}
	return p, x
}

// BenchmarkRanges finds how small and how large each unpublished cell can be: 2n
// problems that differ in the cost only.
func BenchmarkRanges(b *testing.B) {
	for _, n := range []int{50, 500} {
		p, _ := suppressed(rand.New(rand.NewPCG(1, 2)), n)
		b.Run(fmt.Sprintf("highs/n=%d", n), func(b *testing.B) {
			s := solver(b)
			for b.Loop() {
				if err := s.Load(p); err != nil {
					b.Fatal(err)
				}
				for i := range n {
					cost := []highs.Term{{Col: i, Coef: 1}}
					if got, err := s.Minimise(b.Context(), cost); err != nil || got.Status != highs.Optimal {
						b.Fatal(got.Status, err)
					}
					if got, err := s.Maximise(b.Context(), cost); err != nil || got.Status != highs.Optimal {
						b.Fatal(got.Status, err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*2*n), "µs/LP")
		})
		b.Run(fmt.Sprintf("gonum/n=%d", n), func(b *testing.B) {
			a, rhs := independent(p)
			cells := max(1, 250/n) // all n take hours
			for b.Loop() {
				for i := range cells {
					for _, sign := range []float64{1, -1} {
						c := make([]float64, n)
						c[i*n/cells] = sign
						if _, _, err := lp.Simplex(c, a, rhs, 0, nil); err != nil {
							b.Fatal(err)
						}
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*2*cells), "µs/LP")
		})
	}
}

// BenchmarkNew makes a Solver of code that is compiled already.
func BenchmarkNew(b *testing.B) {
	solver(b)
	for b.Loop() {
		s, err := highs.New(b.Context(), highs.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// independent returns the rows of equations that do not follow from the ones
// before, as gonum's simplex needs them.
func independent(p highs.Problem) (*mat.Dense, []float64) {
	n := len(p.Columns)
	var reduced [][]float64
	var pivots []int
	var data, rhs []float64
	for _, r := range p.Rows {
		full := make([]float64, n)
		for _, t := range r.Terms {
			full[t.Col] = t.Coef
		}
		left := append([]float64(nil), full...)
		for k, q := range reduced {
			if f := left[pivots[k]]; f != 0 {
				for j := range left {
					left[j] -= f * q[j]
				}
			}
		}
		pivot := 0
		for j := range left {
			if math.Abs(left[j]) > math.Abs(left[pivot]) {
				pivot = j
			}
		}
		if f := left[pivot]; math.Abs(f) > 1e-6 {
			for j := range left {
				left[j] /= f
			}
			reduced, pivots = append(reduced, left), append(pivots, pivot)
			data, rhs = append(data, full...), append(rhs, r.Lower)
		}
	}
	return mat.NewDense(len(rhs), n, data), rhs
}
