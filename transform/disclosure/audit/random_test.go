package audit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func codes(tb testing.TB) *codelist.Set {
	tb.Helper()
	set, err := codelist.Load(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

// axis is one dimension of a random table: its finest codes, and totals over some
// of them.
type axis struct {
	dim    int
	finest []string
	totals map[string][]int // code to positions in finest
}

func flat(dim int, codes ...string) axis {
	a := axis{dim: dim, finest: codes, totals: map[string][]int{total: nil}}
	for i := range codes {
		a.totals[total] = append(a.totals[total], i)
	}
	return a
}

func hierarchy() axis {
	a := flat(Exploitation, "SEXUAL_PROSTITUTION", "SEXUAL_NEC", "LABOUR", "OTHER")
	a.totals["SEXUAL"] = []int{0, 1}
	return a
}

// randomTable is a table whose every figure is known to the test.
type randomTable struct {
	axes   []axis
	finest []int // the true figures, in row-major order
	cells  []randomCell
}

// randomCell is one printed cell: a sum of finest ones.
type randomCell struct {
	key    Key
	of     []int // positions in finest
	value  int
	lo, hi float64
	hidden bool
}

func (t *randomTable) size() int {
	n := 1
	for _, a := range t.axes {
		n *= len(a.finest)
	}
	return n
}

// fill makes the figures and all cells; each but the grand total is suppressed by
// chance, or censored where it is small.
func (t *randomTable) fill(rng *rand.Rand, largest int, hide, censor float64, base Key) {
	if t.finest == nil {
		for range t.size() {
			t.finest = append(t.finest, rng.IntN(largest+1))
		}
	}
	var each func(axis int, key Key, of []int)
	each = func(axis int, key Key, of []int) {
		if axis == len(t.axes) {
			t.add(rng, key, of, hide, censor)
			return
		}
		a := t.axes[axis]
		step := func(code string, positions []int) {
			var next []int
			for _, o := range of {
				for _, p := range positions {
					next = append(next, o*len(a.finest)+p)
				}
			}
			each(axis+1, key.with(a.dim, code), next)
		}
		for i, c := range a.finest {
			step(c, []int{i})
		}
		for _, c := range []string{"SEXUAL", total} {
			if ps, ok := a.totals[c]; ok {
				step(c, ps)
			}
		}
	}
	each(0, base, []int{0})
}

func (t *randomTable) add(rng *rand.Rand, key Key, of []int, hide, censor float64) {
	c := randomCell{key: key, of: of}
	for _, i := range of {
		c.value += t.finest[i]
	}
	c.lo, c.hi = float64(c.value), float64(c.value)
	switch x := rng.Float64(); {
	case len(of) == len(t.finest): // the grand total bounds the search
	case x < hide:
		c.lo, c.hi, c.hidden = 0, math.Inf(1), true
	case x < hide+censor && c.value < 5:
		c.lo, c.hi, c.hidden = 0, 4, true
	}
	t.cells = append(t.cells, c)
}

func (t *randomTable) publish(p *Published) {
	for i, c := range t.cells {
		p.Cells = append(p.Cells, Cell{Key: c.key, Lower: c.lo, Upper: c.hi, Hidden: c.hidden, Whole: true, Place: record.Place{File: p.Name, Cell: fmt.Sprint("A", i+1)}})
	}
}

func baseKey() Key {
	k := NewKey()
	k[RefArea], k[Indicator], k[TimePeriod], k[Agency] = "HND", "VICTIMS_DETECTED", "2024", "SAMPLE"
	return k
}

// enumerate finds the least and the greatest that each cell can be, over all
// tables of whole numbers that fit what is printed.
func (t *randomTable) enumerate() (least, most []int, ok bool) {
	least, most = make([]int, len(t.cells)), make([]int, len(t.cells))
	for i := range least {
		least[i] = math.MaxInt
	}
	holds := make([][]int, len(t.finest)) // the cells that a finest one is part of
	left := make([]int, len(t.cells))     // finest ones not set yet
	sum := make([]int, len(t.cells))
	for i, c := range t.cells {
		left[i] = len(c.of)
		for _, f := range c.of {
			holds[f] = append(holds[f], i)
		}
	}
	steps := 0
	var set func(f int)
	set = func(f int) {
		if steps++; steps > 300_000 {
			return
		}
		if f == len(t.finest) {
			for i, s := range sum {
				least[i], most[i] = min(least[i], s), max(most[i], s)
			}
			return
		}
		room := math.MaxInt
		for _, i := range holds[f] {
			if h := t.cells[i].hi; !math.IsInf(h, 1) {
				room = min(room, int(h)-sum[i])
			}
		}
		for v := 0; v <= room; v++ {
			fits := true
			for _, i := range holds[f] {
				sum[i] += v
				left[i]--
				fits = fits && (left[i] > 0 || float64(sum[i]) >= t.cells[i].lo)
			}
			if fits {
				set(f + 1)
			}
			for _, i := range holds[f] {
				sum[i] -= v
				left[i]++
			}
		}
	}
	set(0)
	return least, most, steps <= 300_000
}

// bounds runs an audit and gives the bounds of each cell by its key.
func bounds(t *testing.T, set *codelist.Set, pubs ...Published) (map[Key]Bounds, *Report) {
	t.Helper()
	r, err := Run(t.Context(), pubs, Options{Codes: set, Solver: shared})
	if err != nil {
		t.Fatal(err)
	}
	out := map[Key]Bounds{}
	for _, f := range r.Findings {
		out[f.Key] = f.Bounds
	}
	return out, r
}
