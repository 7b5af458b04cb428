package disclosure

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/suppress"
)

// little are shapes of which all choices can be tried.
var little = []shape{
	{"2 × 2", 4, axesOf{two(0, "F", "M"), two(dimAge, "Y0T17", "Y_GE18")}, [][]int{{0, 1}}},
	{"2 × 3", 4, axesOf{two(0, "F", "M"), two(2, "SEXUAL", "LABOUR", "OTHER")}, [][]int{{0, 1}}},
	{"3 × 3", 4, axesOf{two(2, "SEXUAL", "LABOUR", "OTHER"), two(3, "BRA", "COL", "HND")}, [][]int{{0, 1}}},
	{"hierarchy", 4, axesOf{two(0, "F", "M"), func(*rand.Rand) axis {
		return axis{dim: dimAge, finest: []string{"Y0T8", "Y9T17", "Y_GE18"}}.hold("_T", 0, 3).hold("Y0T17", 0, 2)
	}}, [][]int{{0, 1}}},
	{"linked", 4, axesOf{two(0, "F", "M"), two(dimAge, "Y0T17", "Y_GE18"), two(2, "SEXUAL", "LABOUR")}, [][]int{{0, 1}, {0, 2}}},
}

// two is an axis without unknown.
func two(dim int, codes ...string) func(*rand.Rand) axis {
	return func(*rand.Rand) axis { return axis{dim: dim, finest: codes}.hold("_T", 0, len(codes)) }
}

// cellsOf makes the cells of a table as Protect does, without a store.
func cellsOf(tb *randomTable, p Policy, codes *codelist.Set) *cells {
	t := tree{parent: map[string]string{}}
	for _, list := range []string{"CL_SEX", "CL_EXPLOITATION", "CL_AREA"} {
		l, _ := codes.List(list)
		for _, c := range l.Codes() {
			t.parent[list+"|"+c.ID] = c.Parent
		}
	}
	g := tb.group()
	for _, c := range tb.cells {
		g.obs = append(g.obs, observation{id: c.id, state: tb.state, indicator: tb.indicator, year: tb.year, freq: "A", key: c.key,
			series: c.agency, value: &c.value, lower: &c.value, upper: &c.value, derivation: "reported", record: "victims", preferred: true})
	}
	return newCells(g, p, t)
}

// search tries all choices of what is withheld beside the primary cells, and gives
// the least that one costs with which every cell has its interval.
type search struct {
	t      *testing.T
	c      *cells
	solver *highs.Solver
	tried  int
}

// best is the least cost, of those below a cost that is known to do.
func (s *search) best(known float64) float64 {
	hidden := make([]bool, len(s.c.cells))
	cost := 0.0
	var free []int
	for i, cell := range s.c.cells {
		if hidden[i] = cell.Primary; cell.Primary {
			cost += cell.Weight
		} else {
			free = append(free, i)
		}
	}
	type choice struct {
		set  int
		cost float64
	}
	var choices []choice
	for set := range 1 << len(free) {
		sum := cost
		for k, i := range free {
			if set>>k&1 == 1 {
				sum += s.c.cells[i].Weight
			}
		}
		if sum < known-1e-9 {
			choices = append(choices, choice{set, sum})
		}
	}
	slices.SortFunc(choices, func(a, b choice) int { return cmp.Or(cmp.Compare(a.cost, b.cost), a.set-b.set) })
	for _, ch := range choices {
		for k, i := range free {
			hidden[i] = ch.set>>k&1 == 1
		}
		if s.safe(hidden) {
			return ch.cost
		}
	}
	return known
}

// safe tells whether each hidden cell can be moved far enough.
func (s *search) safe(hidden []bool) bool {
	for _, sum := range s.c.sums { // what subtraction tells needs no programme
		n := oneIf(hidden[sum.Total])
		for _, i := range sum.Parts {
			n += oneIf(hidden[i])
		}
		if n == 1 {
			return false
		}
	}
	s.tried++
	var m highs.Problem
	for i, cell := range s.c.cells {
		col := highs.Column{}
		if hidden[i] {
			col = highs.Column{Lower: -cell.Value, Upper: 1000}
		}
		m.Columns = append(m.Columns, col)
	}
	for _, sum := range s.c.sums {
		row := highs.Row{Terms: []highs.Term{{Col: sum.Total, Coef: -1}}}
		for _, i := range sum.Parts {
			row.Terms = append(row.Terms, highs.Term{Col: i, Coef: 1})
		}
		m.Rows = append(m.Rows, row)
	}
	width := func(i int) (width float64) {
		if err := s.solver.Load(m); err != nil {
			s.t.Fatal(err)
		}
		for _, sign := range []float64{1, -1} {
			sol, err := s.solver.Maximise(context.Background(), []highs.Term{{Col: i, Coef: sign}})
			if err != nil || sol.Status != highs.Optimal {
				s.t.Fatal(err, sol.Status)
			}
			width += sol.Objective
		}
		return width
	}
	for i, cell := range s.c.cells {
		need := s.c.p.Protection
		if cell.Primary {
			need = s.c.p.Threshold
		}
		if hidden[i] && width(i) < need-1e-6 {
			return false
		}
	}
	for _, sum := range s.c.sums { // who is alone in a cell does not tell another small one
		var two []int
		for _, i := range append([]int{sum.Total}, sum.Parts...) {
			if hidden[i] {
				two = append(two, i)
			}
		}
		for k := range two {
			one := two[k]
			if other := s.c.cells[two[len(two)-1-k]]; len(two) != 2 || s.c.cells[one].Value != 1 || !other.Primary && !other.Disclosing {
				continue
			}
			col := m.Columns[one]
			m.Columns[one] = highs.Column{}
			w := width(two[1-k])
			if m.Columns[one] = col; w < s.c.p.Protection-1e-6 {
				return false
			}
		}
	}
	return true
}

// TestLossOfInformation: on small tables what is withheld costs little more than the
// best of all choices, which are all tried.
func TestLossOfInformation(t *testing.T) {
	opt := options(t)
	solver, err := highs.New(context.Background(), highs.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer solver.Close()
	n := scale.Of(150, 400)
	type sums struct {
		tables, best      int
		own, least, worst float64
		ownCells, hidBy   int
	}
	by := map[string]*sums{}
	for _, tb := range randomTables(t, opt.Codes, 9000, n, little) {
		c := cellsOf(tb, opt.Policy, opt.Codes)
		free := 0
		for _, cell := range c.cells {
			free += oneIf(!cell.Primary)
		}
		if !c.sensitive() || free > 13 || tb.sparse {
			continue
		}
		r, err := suppress.Suppress(context.Background(), solver, c.cells, c.sums, opt.Policy.Threshold, opt.Policy.Protection)
		if err != nil {
			t.Fatal(err)
		}
		own := 0.0
		for i, hidden := range r.Hidden {
			if hidden {
				own += c.cells[i].Weight
			}
		}
		s := &search{t: t, c: c, solver: solver}
		if !s.safe(r.Hidden) {
			t.Errorf("%s: what is withheld is not enough: %v", tb, r.Hidden)
		}
		least := s.best(own)
		if by[tb.shape] == nil {
			by[tb.shape] = &sums{}
		}
		of := by[tb.shape]
		of.tables, of.own, of.least, of.worst = of.tables+1, of.own+own, of.least+least, max(of.worst, own/least)
		of.best += oneIf(own < least+1e-9)
	}
	all := sums{}
	for _, s := range little {
		of := by[s.name]
		if of == nil || of.tables < 5 {
			t.Errorf("%s: too few tables: %+v", s.name, of)
			continue
		}
		t.Logf("%-9s %3d tables, the best choice found in %3d; costs %.1f %% more in sum, %.0f %% at worst", s.name, of.tables, of.best, 100*(of.own/of.least-1), 100*(of.worst-1))
		all.tables, all.best, all.own, all.least, all.worst = all.tables+of.tables, all.best+of.best, all.own+of.own, all.least+of.least, math.Max(all.worst, of.worst)
	}
	t.Logf("%-9s %3d tables, the best choice found in %3d; costs %.1f %% more in sum, %.0f %% at worst", "all", all.tables, all.best, 100*(all.own/all.least-1), 100*(all.worst-1))
	if all.own > 1.05*all.least || all.worst > 2 || 10*all.best < 7*all.tables {
		t.Error("more is lost than was so far")
	}
}
