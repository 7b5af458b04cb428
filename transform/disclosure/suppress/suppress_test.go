package suppress_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	_ "github.com/oas/tipstat/testdata/machinecode"
	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/suppress"
)

const (
	width = 5.0
	kept  = 2.0
)

func solver(t testing.TB) *highs.Solver {
	t.Helper()
	s, err := highs.New(context.Background(), highs.Limits{})
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

// square is a table of rows and columns with their totals: the cells row by row,
// the total of each row last, and the row of totals below.
func square(rows [][]float64) (cells []suppress.Cell, sums []suppress.Sum) {
	n, m := len(rows), len(rows[0])
	all := make([][]float64, n+1)
	all[n] = make([]float64, m+1)
	for i, r := range rows {
		all[i] = append(slices.Clone(r), 0)
		for j, v := range r {
			all[i][m] += v
			all[n][j] += v
			all[n][m] += v
		}
	}
	at := func(i, j int) int { return i*(m+1) + j }
	for _, r := range all {
		for _, v := range r {
			cells = append(cells, suppress.Cell{Value: v, Primary: v > 0 && v < width, Weight: 1 + math.Log2(1+v)})
		}
	}
	for i := range n + 1 {
		s := suppress.Sum{Total: at(i, m)}
		for j := range m {
			s.Parts = append(s.Parts, at(i, j))
		}
		sums = append(sums, s)
	}
	for j := range m + 1 {
		s := suppress.Sum{Total: at(n, j)}
		for i := range n {
			s.Parts = append(s.Parts, at(i, j))
		}
		sums = append(sums, s)
	}
	return cells, sums
}

// inferred gives the least and the most that an outsider finds possible of each
// withheld cell, by trying all whole numbers: what can't be is struck out until
// nothing more can.
func inferred(cells []suppress.Cell, sums []suppress.Sum, hidden []bool, most float64) (lower, upper []float64) {
	var free []int
	for i, c := range cells {
		if hidden[i] || c.Told {
			free = append(free, i)
		}
	}
	value := make([]float64, len(cells))
	for i, c := range cells {
		value[i] = c.Value
		lower, upper = append(lower, math.Inf(1)), append(upper, math.Inf(-1))
	}
	fits := func(k int) bool { // all sums whose cells are all settled
		for _, s := range sums {
			sum, settled := -value[s.Total], settledBy(s.Total, free, k)
			for _, i := range s.Parts {
				sum += value[i]
				settled = settled && settledBy(i, free, k)
			}
			if settled && sum != 0 {
				return false
			}
		}
		return true
	}
	var try func(k int)
	try = func(k int) {
		if k == len(free) {
			for _, i := range free {
				lower[i], upper[i] = min(lower[i], value[i]), max(upper[i], value[i])
			}
			return
		}
		i := free[k]
		from, to := 0.0, most
		if cells[i].Told {
			from, to = cells[i].Lower, cells[i].Upper
		}
		for v := from; v <= to; v++ {
			value[i] = v
			if fits(k + 1) {
				try(k + 1)
			}
		}
		value[i] = cells[i].Value
	}
	try(0)
	return lower, upper
}

// settledBy tells whether a cell has a value once the first k free ones have.
func settledBy(i int, free []int, k int) bool {
	at := slices.Index(free, i)
	return at < 0 || at < k
}

// TestNobodyFindsOut: in random tables of two dimensions, where whole numbers are
// no help, each withheld cell may be anything within its width.
func TestNobodyFindsOut(t *testing.T) {
	s := solver(t)
	r := rand.New(rand.NewPCG(1, 2))
	withheld, unsafe := 0, 0
	for n := range 30 {
		rows := make([][]float64, 2+r.IntN(2))
		for i := range rows {
			for range 2 {
				rows[i] = append(rows[i], float64(r.IntN(14)))
			}
		}
		cells, sums := square(rows)
		res, err := suppress.Suppress(context.Background(), s, cells, sums, width, kept)
		if err != nil {
			t.Fatal(err)
		}
		unsafe += len(res.Unsafe)
		lower, upper := inferred(cells, sums, res.Hidden, 40)
		for i, c := range cells {
			if c.Primary && !res.Hidden[i] {
				t.Errorf("table %d: a small cell stands: %v", n, rows)
			}
			if res.Hidden[i] && !slices.Contains(res.Unsafe, i) {
				if withheld++; upper[i]-lower[i] < need(c) {
					t.Errorf("table %d: cell %d is between %v and %v: %v, withheld %v", n, i, lower[i], upper[i], rows, res.Hidden)
				}
			}
		}
	}
	if withheld < 100 || unsafe > 0 {
		t.Errorf("%d cells withheld, %d unsafe: the tables test little, or too few are protected", withheld, unsafe)
	}
}

// TestToldBounds: what a reporter withheld as "under 5" is not given away by the
// total and the other part.
func TestToldBounds(t *testing.T) {
	cells := []suppress.Cell{{Value: 12, Weight: 4}, {Value: 10, Weight: 3}, {Upper: 4, Told: true, Weight: 1}}
	sums := []suppress.Sum{{Total: 0, Parts: []int{1, 2}}}
	res, err := suppress.Suppress(context.Background(), solver(t), cells, sums, width, kept)
	if err != nil {
		t.Fatal(err)
	}
	if want := []bool{false, true, false}; !slices.Equal(res.Hidden, want) || len(res.Unsafe) > 0 {
		t.Errorf("withheld %v, unsafe %v; want %v: the cheaper of the two", res.Hidden, res.Unsafe, want)
	}
}

// TestNothingToHide: a table without small cells is published whole, and so is
// one whose parts are known to be more than the total: it binds nothing.
func TestNothingToHide(t *testing.T) {
	cells, sums := square([][]float64{{10, 20}, {30, 40}})
	res, err := suppress.Suppress(context.Background(), solver(t), cells, sums, width, kept)
	if err != nil || slices.Contains(res.Hidden, true) {
		t.Errorf("withheld %v, %v", res.Hidden, err)
	}
	cells = []suppress.Cell{{Value: 10, Weight: 1}, {Value: 9, Weight: 1}, {Value: 3, Primary: true, Weight: 1}}
	res, err = suppress.Suppress(context.Background(), solver(t), cells, []suppress.Sum{{Total: 0, Parts: []int{1, 2}}}, width, kept)
	if err != nil || !slices.Equal(res.Hidden, []bool{false, false, true}) {
		t.Errorf("withheld %v, %v: 9 and 3 are not 10", res.Hidden, err)
	}
}

// TestOpen: a sum with parts that nobody was told of still bounds what is withheld.
func TestOpen(t *testing.T) {
	cells := []suppress.Cell{{Value: 3, Weight: 1}, {Value: 3, Primary: true, Weight: 1}}
	res, err := suppress.Suppress(context.Background(), solver(t), cells, []suppress.Sum{{Total: 0, Parts: []int{1}, Open: true}}, width, kept)
	if err != nil || !res.Hidden[0] {
		t.Errorf("withheld %v, %v: a part of 3 is 3 at most", res.Hidden, err)
	}
}

// TestKnown: what an earlier pack published is not withheld again, and a small
// cell that it gives away is told.
func TestKnown(t *testing.T) {
	cells, sums := square([][]float64{{2, 20}, {30, 40}})
	for i := range cells {
		cells[i].Known = true
	}
	res, err := suppress.Suppress(context.Background(), solver(t), cells, sums, width, kept)
	if err != nil || slices.Contains(res.Hidden, true) || !slices.Equal(res.Unsafe, []int{0}) {
		t.Errorf("withheld %v, unsafe %v, %v", res.Hidden, res.Unsafe, err)
	}
}

// TestLoss: on small tables what is withheld costs at most half as much again as
// the best choice, which is found by trying all; in sum a tenth.
func TestLoss(t *testing.T) {
	s := solver(t)
	r := rand.New(rand.NewPCG(3, 4))
	cost, best := 0.0, 0.0
	for range 25 {
		rows := [][]float64{{float64(r.IntN(9)), float64(5 + r.IntN(9))}, {float64(5 + r.IntN(9)), float64(5 + r.IntN(9))}}
		cells, sums := square(rows)
		res, err := suppress.Suppress(context.Background(), s, cells, sums, width, kept)
		if err != nil {
			t.Fatal(err)
		}
		least := math.Inf(1)
		for choice := range 1 << len(cells) {
			hidden := make([]bool, len(cells))
			sum := 0.0
			for i, c := range cells {
				if hidden[i] = choice>>i&1 == 1; hidden[i] {
					sum += c.Weight
				}
			}
			if sum >= least || exposed(cells, hidden) {
				continue
			}
			lower, upper := inferred(cells, sums, hidden, 40)
			safe := true
			for i := range cells {
				safe = safe && (!hidden[i] || upper[i]-lower[i] >= need(cells[i]))
			}
			for i := range cells { // nor does a person who is alone in a cell tell another
				if !safe || !hidden[i] || cells[i].Value != 1 {
					continue
				}
				knows := slices.Clone(hidden)
				knows[i] = false
				lower, upper := inferred(cells, sums, knows, 40)
				for j := range cells {
					safe = safe && (!knows[j] || !cells[j].Primary || upper[j]-lower[j] >= kept)
				}
			}
			if safe {
				least = sum
			}
		}
		own := 0.0
		for i, c := range cells {
			if res.Hidden[i] {
				own += c.Weight
			}
		}
		if own > least*1.5+1e-9 {
			t.Errorf("%v: %v withheld at a cost of %.1f; the best is %.1f", rows, res.Hidden, own, least)
		}
		cost, best = cost+own, best+least
	}
	t.Logf("cost %.1f, the best choice %.1f: %.1f %% more", cost, best, 100*(cost/best-1))
	if cost > best*1.1 {
		t.Errorf("the cost is %.1f, that of the best choice %.1f", cost, best)
	}
}

// need is how wide the interval of a withheld cell must be.
func need(c suppress.Cell) float64 {
	if c.Primary {
		return width
	}
	return kept
}

// exposed tells whether a small cell stands.
func exposed(cells []suppress.Cell, hidden []bool) bool {
	for i, c := range cells {
		if c.Primary && !hidden[i] {
			return true
		}
	}
	return false
}

// TestSame: the same cells are withheld each time.
func TestSame(t *testing.T) {
	cells, sums := square([][]float64{{2, 20, 7}, {30, 1, 9}, {8, 8, 3}})
	var first []bool
	for range 3 {
		res, err := suppress.Suppress(context.Background(), solver(t), cells, sums, width, kept)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = res.Hidden
		}
		if !slices.Equal(first, res.Hidden) {
			t.Errorf("%v, then %v", first, res.Hidden)
		}
	}
}
