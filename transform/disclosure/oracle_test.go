package disclosure

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/disclosure/highs"
)

// oracle bounds what is withheld of a table in the plainest way there is: the unknowns are
// the finest cells, each of some persons or none, and each printed figure is the sum of those
// that it holds. It knows nothing of what tipstat's attacker knows of codes, sums and
// remainders. Parts may be missing, in two readings: the codes met are all there are, or
// each code may have a part that nobody ever printed (open).
type oracle struct {
	axes  []axis
	parts []map[string][]int // of each axis, the finest parts that a code holds
	sizes []int
}

// newOracle takes unknown categories for parts where one is printed, or all is.
func newOracle(t *randomTable, cells []randomCell, open, all bool) oracle {
	o := oracle{axes: t.axes}
	for _, a := range t.axes {
		name := func(code string) string { // as dated gives it
			var k [dims]string
			k[a.dim] = code
			return t.dated(k)[a.dim]
		}
		parts, n := map[string][]int{}, 0
		put := func(at int, codes ...string) {
			for _, c := range codes {
				parts[name(c)] = append(parts[name(c)], at)
			}
		}
		for i, fine := range a.finest {
			if fine == "_U" && !all && !slices.ContainsFunc(cells, func(c randomCell) bool { return c.key[a.dim] == "_U" }) {
				continue
			}
			put(n, fine)
			for _, up := range a.above {
				if slices.Contains(up.of, i) {
					put(n, up.id)
				}
			}
			n++
		}
		if open && a.dim != dimPeriod { // of a year all months are known
			whole := slices.MaxFunc(a.above, func(x, y code) int { return len(x.of) - len(y.of) })
			for _, up := range a.above {
				put(n, up.id)
				if up.id != whole.id {
					put(n, whole.id)
				}
				n++
			}
		}
		o.parts, o.sizes = append(o.parts, parts), append(o.sizes, n)
	}
	return o
}

// sum gives the finest cells of a cell.
func (o oracle) sum(c randomCell) (terms []highs.Term) {
	at := []int{0}
	for i, a := range o.axes {
		var next []int
		for _, base := range at {
			for _, part := range o.parts[i][c.key[a.dim]] {
				next = append(next, base*o.sizes[i]+part)
			}
		}
		at = next
	}
	for _, col := range at {
		terms = append(terms, highs.Term{Col: col, Coef: 1})
	}
	return terms
}

// bounds are those of hidden cells and of such as their reporter withheld; ok is false
// where no persons make all figures.
func (o oracle) bounds(t *testing.T, s *highs.Solver, cells []randomCell, hidden func(randomCell) bool) (found map[int64][2]float64, ok bool) {
	t.Helper()
	var p highs.Problem
	n := 1
	for _, size := range o.sizes {
		n *= size
	}
	for range n {
		p.Columns = append(p.Columns, highs.Column{Upper: math.Inf(1)})
	}
	for _, c := range cells {
		switch {
		case hidden(c):
		case c.told:
			p.Rows = append(p.Rows, highs.Row{Lower: c.lower, Upper: c.upper, Terms: o.sum(c)})
		default:
			p.Rows = append(p.Rows, highs.Row{Lower: c.value, Upper: c.value, Terms: o.sum(c)})
		}
	}
	if err := s.Load(p); err != nil {
		t.Fatal(err)
	}
	found = map[int64][2]float64{}
	for _, c := range cells {
		if !hidden(c) && !c.told {
			continue
		}
		var b [2]float64
		for i, optimum := range []func(context.Context, []highs.Term) (highs.Solution, error){s.Minimise, s.Maximise} {
			sol, err := optimum(t.Context(), o.sum(c))
			switch {
			case err != nil:
				t.Fatal(err)
			case sol.Status == highs.Infeasible:
				return nil, false
			case sol.Status == highs.Unbounded:
				b[i] = math.Inf(1)
			default:
				b[i] = sol.Objective
			}
		}
		found[c.id] = [2]float64{math.Ceil(b[0] - 1e-5), math.Floor(b[1] + 1e-5)}
	}
	return found, true
}

// TestOracle: of random tables that lack parts, and of some that lack none, the plainest
// reckoning by others tells no withheld figure more narrowly than the policy says, whether
// the parts met are taken for all there are or not; but for few (README names the gap).
func TestOracle(t *testing.T) {
	n := scale.Of(60, 1000)
	opt := options(t)
	solver, err := highs.New(t.Context(), highs.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = solver.Close() }()
	for _, reading := range []struct {
		name string
		open bool
		keep float64
		most int // of a thousand hidden figures
	}{{"complete", false, 1, 1}, {"closed", false, 0.75, 2}, {"open", true, 0.75, 1}} {
		t.Run(reading.name, func(t *testing.T) {
			tables := randomTables(t, opt.Codes, 900_000, n, shapes)
			for i, tb := range tables {
				r := rand.New(rand.NewPCG(uint64(900_000+i), 99))
				tb.cells = slices.DeleteFunc(tb.cells, func(c randomCell) bool {
					return c.key != tb.dated([dims]string{"_T", "_T", "_T", "_T", "_T", "_T", "_T", "%"}) && r.Float64() >= reading.keep
				})
			}
			db, _ := protected(t, tables, opt)
			withheld := map[string]bool{}
			for _, id := range texts(t, db, "SELECT obs_id::VARCHAR FROM withheld") {
				withheld[id] = true
			}
			hidden := func(c randomCell) bool { return withheld[strconv.FormatInt(c.id, 10)] }
			looked, told := 0, 0
			for _, tb := range tables {
				cells := slices.DeleteFunc(slices.Clone(tb.cells), func(c randomCell) bool { return c.agency != "UNODC" || c.indicator != "" })
				found, ok := newOracle(tb, cells, reading.open, false).bounds(t, solver, cells, hidden)
				if !ok {
					found, ok = newOracle(tb, cells, reading.open, true).bounds(t, solver, cells, hidden)
				}
				if !ok {
					t.Errorf("seed %d: nobody makes these figures", tb.seed)
				}
				for _, c := range cells {
					b, is := found[c.id]
					if !is {
						continue
					}
					looked++
					width := opt.Policy.Protection
					if !hidden(c) {
						width = min(width, c.upper-c.lower)
					}
					if c.value < b[0] || c.value > b[1] {
						t.Errorf("seed %d, %v: %v is not within %v", tb.seed, c.key, c.value, b)
					}
					if b[1]-b[0] < width {
						told++
						t.Logf("seed %d, %s, %v: %v is told as %v", tb.seed, tb.shape, c.key, c.value, b)
					}
				}
			}
			t.Logf("%d of %d told", told, looked)
			if told*1000 > reading.most*looked || looked < 4*n {
				t.Errorf("of %d withheld figures %d are told more narrowly", looked, told)
			}
		})
	}
}
