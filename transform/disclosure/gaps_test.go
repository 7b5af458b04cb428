package disclosure

import (
	"math/rand/v2"
	"testing"
)

// withGaps takes parts out of a table at random, so that totals have more than what is
// printed of them, and tells some of what is left again as victims by route: the same
// persons, or with some few that are not known.
func (t *randomTable) withGaps(r *rand.Rand) {
	var kept []randomCell
	for _, c := range t.cells {
		if c.key == t.dated([dims]string{"_T", "_T", "_T", "_T", "_T", "_T", "_T", "%"}) || r.Float64() < 0.75 {
			kept = append(kept, c)
		}
	}
	t.cells = kept
	if t.indicator != "VICTIMS_DETECTED" || r.IntN(2) == 0 {
		return
	}
	if r.IntN(2) == 0 {
		for i, v := range t.finest {
			t.finest[i] = max(0, v-float64(r.IntN(2)))
		}
	}
	byRoute := map[[dims]string]float64{}
	for _, axes := range t.prints {
		t.each(axes, func(key [dims]string, value float64) { byRoute[t.dated(key)] = value })
	}
	for _, c := range kept {
		if c.agency != "UNODC" || c.told || r.Float64() < 0.2 {
			continue
		}
		c.indicator, c.id, c.value = "ROUTE_VICTIMS", c.id+500, byRoute[c.key]
		t.cells = append(t.cells, c)
	}
}

// TestRandomGaps: so it is of tables that lack parts, and of two indicators of the same
// persons: neither a hidden cell nor what a total has beyond its parts can be told.
func TestRandomGaps(t *testing.T) {
	n := 100
	if testing.Short() {
		n = 60
	}
	opt := options(t)
	tables := randomTables(t, opt.Codes, 30_000, n, shapes)
	count := map[string]int{}
	for i, tb := range tables {
		tb.withGaps(rand.New(rand.NewPCG(uint64(i), 5)))
		for _, c := range tb.cells {
			if count["cells"]++; c.indicator != "" {
				count["by route"]++
			}
		}
	}
	_, before := attacked(t, opt, readable(t, storeOf(t, opt.Codes, tables), "random"))
	db, s := protected(t, tables, opt)
	_, r := attacked(t, opt, readable(t, db, "random"))
	count["hidden"], count["beyond, unprotected"] = r.Hidden, before.Beyond
	for _, f := range r.Failing() {
		t.Errorf("%v: inferred %v: %s", f.Key, f.Bounds, f.Verdict)
	}
	t.Logf("%v; wholly withheld: %d; exposed %d", count, len(s.Unsafe), len(s.Exposed))
	if count["by route"] < n || before.Beyond < n/4 {
		t.Error("the tables test little")
	}
}
