package suppress_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/suppress"
)

// TestAlone: whoever is the one person of a cell, and so knows it, can't tell another small
// one. Where it follows by subtraction it is asked for; that it holds for the rest of the
// table is seen here.
func TestAlone(t *testing.T) {
	s := solver(t)
	r := rand.New(rand.NewPCG(5, 6))
	ones, exact := 0, 0
	for range 40 {
		rows := make([][]float64, 2)
		for i := range rows {
			for range 2 {
				rows[i] = append(rows[i], float64([]int{1, 1, 2, 6, 9, 14}[r.IntN(6)]))
			}
		}
		cells, sums := square(rows)
		res, err := suppress.Suppress(context.Background(), s, cells, sums, width, kept)
		if err != nil {
			t.Fatal(err)
		}
		for one, c := range cells {
			if !res.Hidden[one] || c.Value != 1 {
				continue
			}
			ones++
			knows := slices.Clone(res.Hidden)
			knows[one] = false
			lower, upper := inferred(cells, sums, knows, 25)
			for i := range cells {
				if knows[i] && cells[i].Primary && upper[i]-lower[i] < kept {
					exact++
					t.Errorf("%v: who knows cell %d tells that %d is between %v and %v; withheld %v", rows, one, i, lower[i], upper[i], res.Hidden)
				}
			}
		}
	}
	t.Logf("%d persons alone in a cell; they tell %d others", ones, exact)
	if ones < 40 {
		t.Errorf("%d persons alone in a cell test little", ones)
	}
}
